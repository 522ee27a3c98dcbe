/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drift: what was approved at create is no longer what is there. These rows have no place, for they speak of the
 * document as a file; shim/drift.c finds the breaches. They stand beside the rows of the boundary because a profile
 * names both alike, and the same verb is stopped by either (validate/policy/start.h).
 */
#include "validate/rule/tables.h"

#define ROW .of = OF_BOUNDARY, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)"

static const struct rule rows[] = {
	{ .id = "drift.config", .says = "config.json must say at start, and when exec reads it, what create approved",
	  .severity = SEV_ERROR, .fix = "delete the container and create it again", ROW },
	{ .id = "drift.missing", .says = "config.json must still be there at start", .severity = SEV_ERROR,
	  .fix = "delete the container and create it again", ROW },
	/* An overlay may give a directory another number while it is the same one: so it is no error by itself. */
	{ .id = "drift.bundle", .says = "the bundle's directory should be the one that it was at create",
	  .severity = SEV_WARNING, ROW },
	{ .id = "drift.replaced", .says = "config.json should be the file that create approved, not a copy of it",
	  .severity = SEV_INFO, ROW },
	{ .id = "drift.rewritten",
	  .says = "the runtime should pass on config.json as it was approved; what one known to rewrite it (its entry "
	  "in runtimes.d has the quirk rewrites-config) has made of it is judged anew", .severity = SEV_INFO, ROW },
};

const struct rules boundary_drift_rules = RULES(rows);
