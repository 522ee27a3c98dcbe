/* SPDX-License-Identifier: Apache-2.0 */
/* What judging found: data, in a fixed order (severity is no part of it: table, then place). */
#pragma once

#include "validate/rule/rule.h"

/* What becomes of what is found: of everything (the policy's "mode"), of a profile, of one rule. */
enum mode { MODE_ENFORCE, MODE_WARN, MODE_AUDIT, MODE_OFF };

struct finding {
	const char *id;          /* of the rule; a derived type.* id, or json.* when the document did not parse */
	const struct rule *rule; /* NULL for json.*, unknown keys and the like */
	enum severity severity;  /* SEV_OFF: an exemption removed it, and it counts for nothing */
	struct place place;
	const char *pointer;     /* JSON Pointer, "" is the document */
	const struct doc *at;    /* what stands there; lives as long as the document. NULL when it did not parse */
	const struct doc *judged; /* the value that the rule judged: at, or what it is in */
	const char *says;        /* "process.cwd must be an absolute path": quotes no value */
	const char *found;       /* what was found, quoted: "found \"rootfs\""; may be secret; NULL for nothing */
	const char *found_safe;  /* the same within the place's .quote, for records and refusals; NULL for nothing */
	const char *fact;        /* what of the host, the delegate or the policy makes it one; NULL for nothing */
	const char *fix;         /* NULL when says is enough */
	/* Of controls: what the policy makes of it. */
	enum mode mode;          /* MODE_AUDIT: an error that refuses nothing; MODE_ENFORCE otherwise */
	const char *profile;     /* whose rule it is: "baseline@v1.37"; NULL: not a policy's */
	const char *exempt;      /* id of the exemption that removed it, or made it weigh less; NULL: none did */
	/* Of drift: JSON Pointers of what is not as it was, closed by NULL; NULL: not known. */
	const char *const *places;
};

/* What another profile would have said: it is recorded, and refuses nothing. */
struct shadowed {
	const char *profile;
	size_t errors, warnings;
	const struct finding *findings; /* without those that an exemption removed */
	size_t count;
};

/* Which part of a policy was applied. */
struct applied {
	const char *profile;     /* "baseline@v1.37", "tenant" */
	enum mode mode;          /* the most that comes of its rules: MODE_ENFORCE, unless the choice of it says less */
	const char *claimed;     /* the profile that was applied beside it, on the word of a claim; NULL: none */
	const char *const *exempt; /* the ids of the exemptions that were used, each once */
	size_t exempt_count;
	const struct shadowed *shadows;
	size_t shadow_count;
	const struct learning *learn; /* the lock to be written once it is allowed (policy/held.h); NULL: none */
	const struct doc *start; /* what is wanted of a create's start (validate/policy/start.h); NULL: not known */
};

struct report {
	const char *file;        /* the document's name; not owned */
	struct finding *findings;
	size_t count;            /* kept */
	size_t errors, warnings, infos; /* all, also those beyond LIMIT_FINDINGS */
	size_t audited;          /* of the errors: those of MODE_AUDIT */
	size_t exempted;         /* removed by an exemption: listed, and in none of the sums above */
	const struct applied *applied; /* NULL: no policy was */
};

/* Adds the findings of `more`, and its sums, behind those of `to`. 0 or -ENOMEM. */
int report_append(struct arena *a, struct report *to, const struct report *more);

enum show {
	SHOW_SAFE, /* records, refusals */
	SHOW_ALL,  /* runvetctl check, on the caller's own file */
};

/* "says, found_or_found_safe: fact; fix" of one finding, on one line. */
void finding_write(const struct finding *f, enum show show, struct text *to);

/* A finding as the failure of reading `file`, for who needs no more than the first: gives -EINVAL. */
int finding_fail(const struct finding *f, const char *file, enum cause cause, struct fail *reterr);

/* On whose word it is one: basis_name of the rule, "schema" for a wrong type; NULL when no rule was broken. */
const char *finding_basis(const struct finding *f);

/* Findings that are counted and not listed, beyond LIMIT_FINDINGS. */
size_t report_left_out(const struct report *r);

/* A finding for a document that could not be parsed (or read), so that it is listed like any other. */
int report_of_fail(struct arena *a, const struct fail *why, struct report *ret);
