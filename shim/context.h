/* SPDX-License-Identifier: Apache-2.0 */
/* What the shim knows of a call, put together for the policy and for records. */
#pragma once

#include "audit/caller.h"
#include "shim/bundle.h"
#include "shim/call.h"
#include "validate/policy/policy.h"

/* Who calls, and for whom. Zeroed: nobody has asked yet. */
struct standing {
	struct caller caller;
	const struct doc *context; /* validate/policy/context.h; NULL: not known */
};

/*
 * Finds out. root: the parsed document of *in, NULL without one; what the policy speaks of is looked up, and of a
 * create the image. 0, or -ENOMEM with *reterr (CAUSE_INTERNAL).
 */
int context_of_call(struct call *c, const struct input *in, const struct doc *root, const struct policy *p,
		    struct standing *ret, struct fail *reterr);
