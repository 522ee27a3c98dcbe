/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule is a row: identity, place, check, severity and source stand together and cannot drift apart.
 *
 *	{ .id = "spec.process.oom-score-range", .at = "process.oomScoreAdj", .type = DOC_INT, .must = &be_within,
 *	  .range = { -1000, 1000 }, .severity = SEV_ERROR, .since = SPEC_1_0_0, .spec = "config.md#configLinuxProcess" },
 *
 * A row without .id is a field: it only gives its place a type. The finding for a breach of .type is called
 * `type.` and the place in kebab case (type.process.oom-score-adj), whichever row carries the type; one row per place may.
 * Zero is the harmless choice everywhere: an omitted member asks for nothing.
 *
 * The rows are also the vocabulary: a key that no row's .at mentions is unknown (an extension, legal), a key that folds
 * onto a mentioned one is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "validate/doc/doc.h"

/* Which kind of document a row speaks of. */
enum subject {
	OF_BUNDLE, /* config.json; process.json and update's resources are subtrees of it */
	OF_POLICY,
	OF_RUNTIME, /* a file of runtimes.d */
	OF_MAX,
};

enum severity { SEV_OFF, SEV_INFO, SEV_WARNING, SEV_ERROR };

enum presence {
	OPTIONAL,
	REQUIRED,  /* absent (or null) is a breach, when the parent is there */
	FORBIDDEN,
};

/* What of the value a record or a refusal may show; `runvetctl check` shows all. */
enum quote {
	QUOTE_NEVER, /* env, args, annotations, anything free */
	QUOTE_CLASS, /* its JSON type, its length */
	QUOTE_VALUE, /* enumerations, numbers, paths that are not below a secret's */
};

/* The runtime-spec release that brought a rule or a property. */
enum spec_version { SPEC_ANY, SPEC_1_0_0, SPEC_1_0_1, SPEC_1_0_2, SPEC_1_1_0, SPEC_1_2_0, SPEC_1_2_1, SPEC_1_3_0 };

/* The runvet release that brought a row or raised it; it warns until the policy's `rules` says that release. */
enum release { RELEASE_0_1 };

/* Why it is so: what a report calls the basis. */
enum basis { BASIS_MUST, BASIS_REQUIRED, BASIS_SHOULD, BASIS_SCHEMA, BASIS_KERNEL, BASIS_IMPLEMENTATION };

/* Which argument of the row a predicate reads; the table test holds rows to it. */
enum takes { TAKES_NOTHING, TAKES_WORDS, TAKES_RANGE, TAKES_TEXT };

struct rule;

/*
 * What predicates may know besides the value. Pure data; NULL members are unknown, and unknown is never a breach.
 */
struct facts {
	const struct doc *root;   /* the whole document */
	enum spec_version version; /* as the document's ociVersion says; SPEC_ANY when it does not say */
};

struct predicate {
	const char *says; /* finishes "NAME must ...": "be an absolute path"; {} stands for the row's argument */
	enum takes takes;
	/*
	 * Whether the value (of the row's type, never null) keeps the rule. A breach that is better shown at a place below
	 * `value` stores that place in *ret_at.
	 */
	bool (*holds)(const struct rule *r, const struct doc *value, const struct facts *f, const struct doc **ret_at);
};

/* The C type of an integer property, as the spec's Go types have it. INT_ANY: all of int64 and uint64. */
enum width { INT_ANY, INT_U8, INT_U16, INT_U32, INT_U64, INT_I32, INT_I64 };

struct rule {
	const char *id;      /* stable, dotted, lower case, never renamed; the catalogue's. NULL: a field */
	const char *at;      /* "" the document; "process.cwd", "mounts[].destination", "annotations.*", "hooks.prestart[].env[]" */
	enum subject of;
	enum presence presence;
	unsigned type;       /* DOC_* bits; 0 says nothing about the type */
	enum width width;    /* for DOC_INT: breach is a type breach too */
	const struct predicate *must;
	union {
		const char *const *words; /* NULL-terminated */
		struct {
			int64_t min, max;
		} range;
		const char *text;
	};
	enum severity severity; /* of .presence and .must; a type breach is always an error */
	enum basis basis;
	enum quote quote;
	enum spec_version since;
	enum release in;
	const char *fix;     /* what would be right, as one clause; NULL when the sentence says it already */
	const char *spec;    /* "config.md#configProcess" */
};

/* A table of rows; every file of rows gives one, tables.c lists them all. */
struct rules {
	const struct rule *rows;
	size_t count;
};

/* All tables, closed by { NULL, 0 }: the one place that names them. Fixed order. */
extern const struct rules *const rule_tables[];

#define RULES(array) { (array), sizeof(array) / sizeof((array)[0]) }

/* "error", "warning", "info", "off". */
const char *severity_name(enum severity s);

/* "MUST", "REQUIRED", "SHOULD", "schema", "kernel", "implementation". */
const char *basis_name(enum basis b);

/* The row of that id, NULL when there is none. Derived type.* ids give the row that carries the type. */
const struct rule *rule_find(const char *id);

/* Writes the derived id of a type breach at `at`: "process.oomScoreAdj" becomes "type.process.oom-score-adj". */
void rule_type_id(const char *at, struct text *to);

/*
 * Whether the tables are well-formed: ids unique and well-spelled, places parseable, argument fits predicate, one type
 * per place, no row without effect. 0, or -EINVAL with the first fault in *reterr. The tests call it first.
 */
int rule_verify(struct fail *reterr);
