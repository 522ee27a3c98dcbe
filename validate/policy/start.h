/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the policy wants of `start`. A start reads no policy: it must not depend on one. So what holds for a container
 * is settled while it is created, and stands in its note:
 *
 *	{ "drift": "audit", "boundary": "audit", "rules": { "boundary.no-new-privileges": "enforce" },
 *	  "profile": "tenant", "exempt": [ … ] (start_exempt.h) }
 *
 * Each rule of drift and boundary is "enforce" (an error: start is refused), "audit" (recorded, at its own severity:
 * an error as would-deny), "warn" or "off"; the first two members are what holds for the rules that .rules does not
 * name. A profile says it (rules: { ID: { mode } }), else it is audit; the policy's "start": { "drift": MODE,
 * "boundary": MODE } is the most that comes of either on this node, and its "mode": "audit" the most that comes of
 * both.
 */
#pragma once

#include "validate/host/boundary.h"
#include "validate/policy/policy.h"

struct exempt_view;
struct library;
struct ruling;

/* What is known at start. */
struct start {
	const struct doc *wanted;   /* from the note */
	const char *file;           /* the document's name in reports */
	struct bytes text;
	const struct doc *config;   /* the document that was approved */
	const struct doc *boundary; /* what its container got */
};

/* Which of several profiles' rulings there are (profile_rulings), each of the whole library. */
struct start_rulings {
	const struct library *library;
	const struct ruling *rulings[2]; /* of the chosen profile; of one that is applied on a claim, or NULL */
	const char *profile;
	const struct exempt_view *exempt; /* the create as it was judged, for its exemptions; NULL: there are none */
};

/* What is wanted of the start of a container, for its note. NULL once memory is used up. */
const struct doc *start_make(struct arena *a, const struct policy *p, const struct start_rulings *from);

/* The mode of a rule ("drift.config", "boundary.root"); MODE_OFF where wanted is NULL. */
enum mode start_mode(const struct doc *wanted, const char *id);

/* The profile that was chosen at create, for whoever asks on whose word it is; "start" where nobody knows. */
const char *start_profile(struct arena *a, const struct doc *wanted);

/* Whether anything of that group ("drift", "boundary") is wanted at all. */
bool start_wants(const struct doc *wanted, const char *group);

/*
 * Judges the boundary by the rows of OF_BOUNDARY, each in its mode; the report is as evaluate's. 0, or a negative errno
 * with *reterr.
 */
int start_judge(struct arena *a, const struct start *s, struct report *ret, struct fail *reterr);

/* A breach of a rule without a place ("drift.config"), as it was found. */
struct start_breach {
	const char *id;
	const char *pointer; /* "": the document, or several places */
	const char *fact;    /* what makes it a breach; NULL: the rule's sentence is enough */
	const char *const *places; /* as struct finding has them; NULL: not known */
};

/*
 * Adds the breach to the report in the rule's mode; nothing where that is off. 0, or -ENOMEM. *ret_added (may be NULL)
 * tells whether there is a finding now.
 */
int start_add(struct arena *a, const struct doc *wanted, const struct start_breach *b, struct report *to,
	      bool *ret_added);
