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
 * Finds out. root: the parsed document of *in, NULL without one; what the policy speaks of is looked up. 0, or -ENOMEM
 * with *reterr (CAUSE_INTERNAL).
 */
int context_of_call(struct call *c, const struct input *in, const struct doc *root, const struct policy *p,
		    struct standing *ret, struct fail *reterr);

/*
 * Puts into the note of a create what exec and update will be held against: identity and posture. profile: that the
 * container was judged by; host: what was found out about the host while it was; both may be NULL.
 */
void context_note(struct call *c, const struct standing *s, const struct doc *config, const struct doc *host,
		  const char *profile, struct note *n);
