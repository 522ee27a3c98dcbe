/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the policy wants of `start`. A start reads no policy: it must not depend on one. So what holds for a container
 * is settled while it is created, and stands in its note:
 *
 *	{ "drift": "audit", "boundary": "audit", "rules": { "boundary.no-new-privileges": "enforce" } }
 *
 * Each rule of drift and boundary is "enforce" (start is refused), "audit" (recorded, as would-deny where the rule is an
 * error), "warn" or "off"; the first two members are what holds for the rules that .rules does not name. A profile says it
 * (rules: { ID: { mode } }), else it is audit; the policy's "start": { "drift": MODE, "boundary": MODE } is the most that
 * comes of either on this node.
 */
#pragma once

#include "validate/host/boundary.h"
#include "validate/policy/policy.h"

/* What is known at start. */
struct start {
	const struct doc *wanted;   /* from the note */
	const char *file;           /* the document's name in reports */
	struct bytes text;
	const struct doc *config;   /* the document that was approved */
	const struct doc *boundary; /* what its container got */
};

/* The mode of a rule ("drift.config", "boundary.root"); MODE_OFF where wanted is NULL. */
enum mode start_mode(const struct doc *wanted, const char *id);

/* Whether anything of that group ("drift", "boundary") is wanted at all. */
bool start_wants(const struct doc *wanted, const char *group);

/*
 * Judges the boundary by the rows of OF_BOUNDARY, each in its mode; the report is as evaluate's. 0, or a negative errno
 * with *reterr.
 */
int start_judge(struct arena *a, const struct start *s, struct report *ret, struct fail *reterr);
