/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a policy: which rules and profiles there are, whom a clause is for, what an exemption covers. For the
 * one evaluator, and for those who show, explain or compare policies.
 */
#pragma once

#include "validate/policy/policy.h"

/* A rule that profiles may name: a control or a rule of start (a row of ours), or a rule of the policy's own. */
struct control {
	const char *id;
	const struct rule *rows; /* of a custom rule; else there is one, of that number: see control_rows */
	size_t row_count, number;
	bool start;              /* of drift or boundary: judged at start (start.h), not by a look */
	bool custom;
	enum mode mode;          /* of a custom rule, until a profile says another */
	struct origin from;      /* of a custom rule */
};

/* Its rows: spelt out when they are asked for, because of two hundred controls a profile turns forty on. */
const struct rule *control_rows(const struct control *c);

/* What a profile says of one rule. */
struct setting {
	size_t control;          /* its index in the library */
	bool moded;
	enum mode mode;          /* when moded */
	const struct doc *params; /* NULL: none */
	const struct doc *at;
};

struct profile {
	const char *name;
	struct origin from;      /* .file NULL: built in */
	bool moded;
	enum mode mode;          /* when moded: the most that comes of what it extends, and what its own rules do */
	struct profile **extends;
	size_t extend_count;
	struct setting *rules;
	size_t rule_count;
	bool open, checked;      /* while circles are looked for */
	struct profile *next;
};

struct library {
	struct arena *arena;
	struct control *controls; /* ours in table order, those of start last, then the policy's */
	size_t count, room;
	uint32_t *slots;         /* of a hash table: index + 1; 0 is free */
	size_t slot_count;       /* a power of two */
	struct profile *profiles; /* the policy's own, and the built-in ones that were asked for */
	const struct newer *newer;
	bool failed;             /* no memory */
};

/* A place that asks for a version which this runvet does not know yet; the newest that it knows holds there. */
struct newer {
	struct origin from;
	const struct profile *instead;
	const struct newer *next;
};

/* Controls of the tables, with room for `more` others. NULL when there is no memory. */
struct library *library_new(struct arena *a, size_t more);

/* The control's index; SIZE_MAX when there is none. */
size_t library_find(const struct library *lib, struct bytes id);

/* The profile of that name: the policy's own, or a built-in one, read when it is first asked for. NULL: none. */
struct profile *library_profile(struct library *lib, struct bytes name);

/* Built-in profiles, in the order of families and versions, closed by a NULL name. */
struct builtin {
	const char *name;  /* "baseline@v1.37" */
	const char *about; /* one sentence */
	const uint64_t *flat; /* as in a policy file's profiles, and as validate/host/flat.h has it */
	size_t flat_len;      /* bytes */
};
extern const struct builtin builtin_profiles[];

/* The newest built-in profile of the family ("baseline"); NULL when there is none. */
const char *builtin_newest(struct bytes family);

/*
 * The newest of the family where "baseline@v1.99" asks for one that is newer still, as the standards' own admission has
 * it: a cluster may be ahead of its nodes. NULL for every other name.
 */
const char *builtin_instead(struct bytes name);

/* What all of it comes to for one rule. */
struct ruling {
	bool named;              /* some profile turned it on, or it is a custom rule */
	enum mode mode;
	const struct doc *params; /* merged; NULL: none */
	const struct profile *from; /* the last one that had a say; NULL: a custom rule's own */
	const struct doc *at;    /* where; in from's file */
};

/*
 * The rulings of a profile, one for each control of the library. No mode exceeds `limit`, and that of custom rules
 * that no profile names `custom`; a rule of start that none names is recorded (MODE_AUDIT), whatever the limit. NULL
 * when there is no memory.
 */
struct ruling *profile_rulings(struct library *lib, const struct profile *p, enum mode limit, enum mode custom);

/* The mode that is less strict: enforce is stricter than audit, audit than warn, warn than off. */
enum mode mode_least(enum mode a, enum mode b);
bool mode_stricter(enum mode a, enum mode b);

/*
 * Whether everything that the second forbids is forbidden by the first: every rule in at least as strict a mode, with
 * the same parameters. *ret_control (may be NULL) is the first rule of which that is not so.
 */
bool rulings_tighten(const struct library *lib, const struct ruling *tight, const struct ruling *than,
		     size_t *ret_control);

/* A clause of select or of shadow. */
struct selection {
	struct origin from;
	const struct doc *when; /* NULL: for all */
	bool any;               /* "trust": "any" */
	const struct profile *profile;
	enum mode mode;         /* the most that comes of its rules; MODE_ENFORCE when nothing is said */
};

/* Whether a document of conditions on the context is met. */
enum met {
	MET_NO,
	MET_CLAIM, /* by the word of somebody who may say anything */
	MET_YES,
};

/* `when` (or an exemption's match): every fact has one of its values. *ret_fact (may be NULL) is the one at fault. */
enum met conditions_met(const struct doc *when, const struct doc *context, const struct doc **ret_fact);

/* Which profile is applied to a context (NULL: unknown), in which mode. */
struct chosen {
	const struct profile *profile;
	enum mode mode, custom;          /* the most that comes of its rules; of custom ones that it does not name */
	const struct selection *clause;  /* NULL: the default */
	const struct selection *claimed; /* applied as well: on the word of a claim one may only tighten; NULL: none */
};

/* 0, or -EINVAL when there is no profile to apply (CAUSE_INTERNAL). */
int policy_choose(const struct policy *p, struct library *lib, const struct doc *context, struct chosen *ret,
		  struct fail *reterr);

struct exemption {
	struct origin from;
	const char *id;
	const char *const *rules, *const *provided; /* closed by NULL */
	const struct doc *match, *values;           /* NULL: none */
	struct timespec ends;
	enum mode mode; /* what is left of an error: MODE_OFF (nothing), MODE_WARN, MODE_AUDIT */
};

/* Whether an exemption covers a finding, and why not. */
enum exempts {
	EXEMPT_APPLIES,
	EXEMPT_OTHER_RULE,
	EXEMPT_ENDED,
	EXEMPT_CLOCK,         /* the clock shows a time before the policy was issued */
	EXEMPT_OTHER_CONTEXT, /* detail: the fact */
	EXEMPT_CLAIM,         /* detail: the fact that only a claim gives */
	EXEMPT_OTHER_VALUE,   /* detail: the name */
	EXEMPT_NO_VALUE,      /* detail: the name that has no value at this finding */
	EXEMPT_NOT_PROVIDED,  /* detail: the rule that is broken */
};

/* What an exemption is held against. */
struct exempt_view {
	const struct policy *policy;
	struct timespec now;
	const struct doc *context, *host;
	const char *below;           /* of the document, as in struct evaluation */
	const struct report *report; /* for `provided` ... */
	const struct report *hidden; /* ... and what rules have found that the profile does not name; NULL: nothing */
};

/* *ret_detail (may be NULL) points into exemption or report; empty when there is none. */
enum exempts exemption_covers(const struct exemption *x, const struct finding *f, const struct exempt_view *v,
			      struct bytes *ret_detail);

/*
 * The same without a finding: by its date, for that call, and with what it demands in return. What it comes to for a
 * container can then be said before anything is found (start_exempt.h).
 */
enum exempts exemption_holds(const struct exemption *x, const struct exempt_view *v, struct bytes *ret_detail);

/*
 * Exempts what is exempt in a report: a removed finding stays listed (SEV_OFF), and leaves the sums. *ret (may be
 * NULL) is told which exemptions were used. One that ends within 14 days, and is used, is a warning of its own
 * ("policy.exempt-ends"); a finding that one covered until it ended says so. v->report is that report. 0 or -ENOMEM.
 */
int exempt_report(struct arena *a, const struct exempt_view *v, struct report *report, struct applied *ret);

/* "it ended", "it is for another context" ... for the manual and explain. */
const char *exempts_words(enum exempts e);
