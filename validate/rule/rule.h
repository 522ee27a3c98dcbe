/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule is a row: identity, place, check, severity and source stand together and cannot drift apart.
 *
 *	{ .id = "spec.process.oom-score-range", .at = "process.oomScoreAdj", .type = DOC_INT, .must = &be_within,
 *	  .range = { -1000, 1000 }, .severity = SEV_ERROR, .basis = BASIS_KERNEL, .since = SPEC_1_0_0,
 *	  .spec = "config.md#configLinuxProcess" },
 *
 * A row without .id is a field: it only gives its place a type. The finding for a breach of .type is called
 * `type.` and the place in kebab case (type.process.oom-score-adj), whichever row carries the type; one row per place
 * may. Zero is the harmless choice everywhere: an omitted member asks for nothing.
 *
 * The rows are also the vocabulary: a key that no row's .at mentions is unknown (an extension, legal), a key that folds
 * onto a mentioned one is refused.
 *
 * A place is written as its names joined by dots, with "[]" for every element and "*" for every key of a map.
 * Alternatives stand in braces and are whole steps: "hooks.{prestart,poststop}[].path". A row without .at is judged
 * where no place can be given: by the reader (json.utf8) or by the engine itself (json.unknown-property).
 *
 * Rows of OF_HOST, OF_CONTROL and OF_BOUNDARY speak of places of config.json that OF_BUNDLE's rows have given a type:
 * they have none of their own, and are not asked about a value that has another type than their predicate takes. What
 * the host or the delegate is not known to lack is there: unknown is never a breach.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "validate/doc/doc.h"
#include "validate/rule/ask.h"

/* Which kind of document a row speaks of, and what the document is held against. */
enum __attribute__((packed)) subject {
	OF_BUNDLE,   /* config.json; process.json and update's resources are subtrees of it */
	OF_HOST,     /* config.json, held against the host and the delegate's features */
	OF_CONTROL,  /* config.json, held against the site's policy */
	OF_BOUNDARY, /* config.json, held against what its container got: validate/host/boundary.h */
	OF_POLICY,
	OF_RUNTIME,  /* a file of runtimes.d */
	OF_FEATURES, /* what a delegate prints about itself */
	OF_MACHINE,  /* host.json: what a host has, see validate/host/host.h */
	OF_LOCK,     /* a lock file: validate/lock/lock.h */
	OF_MAX,
};

/* Whether rows of the subject hold a document, which OF_BUNDLE's rows have judged, against something beside it. */
static inline bool subject_is_second_look(enum subject of)
{
	return of == OF_HOST || of == OF_CONTROL || of == OF_BOUNDARY;
}

enum __attribute__((packed)) severity { SEV_OFF, SEV_INFO, SEV_WARNING, SEV_ERROR };

enum __attribute__((packed)) presence {
	OPTIONAL,
	REQUIRED,  /* absent (or null) is a breach, when the parent is there */
	FORBIDDEN,
};

/*
 * What of a place's value a record or a refusal may show; `runvetctl check` shows all. Said by the row that gives the
 * type.
 */
enum __attribute__((packed)) quote {
	QUOTE_NEVER, /* env, args, annotations, anything free */
	QUOTE_CLASS, /* its JSON type and size */
	QUOTE_VALUE, /* enumerations, numbers, paths that are not below a secret's */
};

/* The runtime-spec release that brought a rule or a property; in their order. version.h reads and names them. */
enum __attribute__((packed)) spec_version { SPEC_ANY, SPEC_1_0_0, SPEC_1_0_1, SPEC_1_0_2, SPEC_1_1_0, SPEC_1_2_0,
	SPEC_1_2_1, SPEC_1_3_0 };
#define SPEC_NEWEST SPEC_1_3_0

/* The runvet release that brought a row or raised it; it warns until the policy's `rules` says that release. */
enum __attribute__((packed)) release { RELEASE_0_1, RELEASE_MAX };

/* Why it is so: what a report calls the basis. */
enum __attribute__((packed)) basis { BASIS_MUST, BASIS_REQUIRED, BASIS_SHOULD, BASIS_SCHEMA, BASIS_KERNEL,
	BASIS_IMPLEMENTATION, BASIS_TEXT, BASIS_POLICY }; /* the last of controls, and of them only */

/* Which argument of the row a predicate reads; the table test holds rows to it. */
enum takes { TAKES_NOTHING, TAKES_WORDS, TAKES_RANGE, TAKES_TEXT };

struct rule;

/*
 * What predicates may know besides the value. Pure data; NULL members are unknown, and unknown is never a breach.
 */
struct facts {
	const struct doc *root;   /* the whole config.json; NULL when only a part of it is there to be judged */
	enum spec_version version; /* that the document's ociVersion stands for; SPEC_ANY when it does not say */
	const char *below;        /* where the judged document stands in a config.json: "process"; "" is all of it */
	const struct doc *host;     /* what the host has: validate/host/host.h */
	const struct asked *asked;  /* of places of this very document: all answers of host; NULL: look there */
	const struct doc *delegate; /* what the delegate is and can: validate/host/delegate.h */
	const struct doc *context;  /* who calls, for which container of which engine: validate/policy/context.h */
	const struct doc *params;   /* of controls: an object for each id */
	const struct doc *boundary; /* what the container got: validate/host/boundary.h */
};

struct predicate {
	/*
	 * Finishes "NAME must ...": "be an absolute path". {} stands for the row's argument; of words, {0} is the
	 * first, {1} the others, and {near} the one that the value was probably meant for.
	 */
	const char *says;
	enum takes takes;
	unsigned judges;  /* DOC_* bits that it can be given; the place's type has to lie within */
	bool of_keys;     /* it is about names, or about what is not there: no value is shown as what was found */
	/*
	 * Whether the value (of the row's type, never null) keeps the rule. A breach that is better shown at a place
	 * below `value` stores that place in *ret_at; the sentence then names that one.
	 */
	bool (*holds)(const struct rule *r, const struct doc *value, const struct facts *f, const struct doc **ret_at);
	/*
	 * Writes, for a breach at `at`, the fact that makes it one, as a clause: "this host has cgroup v2", "the policy
	 * allows CAP_CHOWN and CAP_KILL". Nothing of the document but what may be shown of it. NULL: there is no such
	 * fact beside the document.
	 */
	void (*tells)(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to);
};

/*
 * A parameter of a control, set by profiles: "rules": { ID: { "params": { NAME: value } } }. What is not set has the
 * value that .says names.
 */
struct param {
	const char *name; /* NULL closes a list */
	unsigned type;    /* DOC_* bits */
	unsigned of;      /* of an array's or a map's entries; 0: it has none */
	const char *says; /* one clause for the manual: "capabilities that may be held; none when it is not set" */
};

/* The C type of an integer property, as the spec's Go types have it. INT_ANY: all of int64 and uint64. */
enum __attribute__((packed)) width { INT_ANY, INT_U8, INT_U16, INT_U32, INT_U64, INT_I32, INT_I64 };

/*
 * What is small stands together, in a byte each: a create spells out some four hundred of these, and touches every page
 * of them for the first time.
 */
struct rule {
	const char *id;      /* stable, dotted, lower case, never renamed; the catalogue's. NULL: a field */
	const char *at;      /* "" the document; "process.cwd", "mounts[].destination", "annotations.*" */
	unsigned type;       /* DOC_* bits; 0 says nothing about the type */
	enum subject of;
	enum presence presence;
	enum width width;    /* for DOC_INT: breach is a type breach too */
	enum severity severity; /* of .presence and .must; a type breach is always an error */
	enum basis basis;
	enum quote quote;
	/*
	 * The specification changes its mind, and a document is held to the release that it names (ociVersion). One
	 * that names none, or cannot (process.json), is held to the newest, and no property of it is too new or old.
	 *
	 * .since is the release that brought the rule or, of a field, the property: a field in an older document is
	 * spec.version.property-newer. A rule that came later than its property says what it is in documents of an
	 * earlier release by .before (SEV_OFF: the same). A rule that was loosened is .relaxed_to from release .relaxed
	 * on; SEV_OFF there ends it. A field in a document of .until or later is spec.version.property-removed.
	 */
	enum spec_version since, relaxed, until;
	enum severity before, relaxed_to;
	enum release in;
	const struct predicate *must;
	uint64_t asks;       /* ASK() bits, of OF_HOST and OF_CONTROL: what to look up where this place is set */
	const struct param *params; /* of OF_CONTROL, closed by a NULL name; around_param reads them */
	const struct doc *said;     /* of a row that a policy made: the entry that it was made from; NULL otherwise */
	union {
		const char *const *words; /* NULL-terminated */
		struct {
			int64_t min, max;
		} range;
		const char *text;
	};
	const char *says;    /* of a row without a place, what must hold, as one sentence without a full stop */
	const char *fix;     /* what would be right, as one clause; NULL when the sentence says it already */
	const char *spec;    /* "config.md#configProcess" */
};

/* A table of rows; every file of rows gives one, tables.c lists them all. */
struct rules {
	const struct rule *rows;
	size_t count;
};

/*
 * All tables, closed by NULL: the one place that names them. Fixed order. Who judges does not read them: the build
 * compiles them into the program's image (image.h), and the rows are reached through the functions here.
 */
extern const struct rules *const rule_tables[];

#define RULES(array) { (array), sizeof(array) / sizeof((array)[0]) }

/* "error", "warning", "info", "off". */
const char *severity_name(enum severity s);

/* "MUST", "REQUIRED", "SHOULD", "schema", "kernel", "implementation", "text" (prose without a keyword), "policy". */
const char *basis_name(enum basis b);

/* What that means, as one clause: "the specification demands it in that word". */
const char *basis_words(enum basis b);

/* A row by its number among all rows of all tables: those without a place come first, see json.h. */
const struct rule *rule_row(size_t number);

/* The next row of a subject; *at starts with 0. NULL after the last. */
const struct rule *rule_next(enum subject of, size_t *at);

/* The same by number and id alone, which costs nothing: for who lists many and needs few. False after the last. */
bool rule_next_id(enum subject of, size_t *at, size_t *ret_number, const char **ret_id);

/* The row of that id, NULL when there is none. Derived type.* ids give the row that carries the type. */
const struct rule *rule_find(const char *id);

/*
 * Writes the derived id of a type breach at a concrete place (no braces): "process.oomScoreAdj" becomes
 * "type.process.oom-score-adj", "process.args[]" becomes "type.process.args", "annotations.*" "type.annotations.*";
 * other documents are kept apart as type.policy.*, type.runtimes.*, type.features.*, type.machine.*, type.lock.*; the
 * document itself, "", is json.top-level-object.
 */
void rule_type_id(enum subject of, const char *at, struct text *to);

/*
 * Whether the tables are well-formed: ids unique and well-spelled, places parseable, argument fits predicate, one type
 * per place, no row without effect. 0, or -EINVAL with the first fault in *reterr. The tests call it first.
 */
int rule_verify(struct fail *reterr);

/* The same for any list of tables closed by NULL: so that broken ones can be shown to be found. */
int rule_verify_tables(const struct rules *const *tables, struct fail *reterr);
