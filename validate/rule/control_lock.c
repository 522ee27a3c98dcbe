/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: a container is held to what it was when its lock was made. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param params[] = {
	{ "file", DOC_STRING, 0, "the lock file, an absolute path; without one nothing passes" },
	{ "learn", DOC_BOOL, 0, "whether the first container that is allowed writes the lock, where there is none yet, "
	  "and differences from it only warn; false" },
	{ "fingerprint", DOC_STRING, 0, "what of the document has to be the same: normal (all that has a meaning), or "
	  "posture (what confines it); normal" },
	{ "host", DOC_BOOL, 0, "whether kernel and host have to be the lock's as well; true" },
	{ "delegate", DOC_BOOL, 0, "whether the delegate has to be the lock's, to its binary; true" },
	{ "image", DOC_BOOL, 0, "whether the image has to be the lock's, where both are known; true" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "det.lock", .at = "", .of = OF_CONTROL, .must = &be_as_locked, .params = params,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "make a new lock with runvetctl lock if the change is meant", .spec = "docs/lock.md" },
};

const struct rules control_lock_rules = RULES(rows);
