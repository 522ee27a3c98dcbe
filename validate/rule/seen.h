/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container was seen to have (validate/host/boundary.h), for the predicates that hold its document against it:
 * private to validate. What was not seen is NULL, UNKNOWN, or the answer that makes no breach.
 */
#pragma once

#include "validate/rule/known.h"

/*
 * A member of what was seen, "process.capabilities"; NULL when it was not. Of a container that has a kernel of its own
 * nothing was: its init on this one is the runtime.
 */
const struct doc *seen(const struct facts *f, const char *path);

/* What was seen of the very place of `value`, among those of one kind: "mounts", "devices". NULL when nothing was. */
const struct doc *seen_at(const struct facts *f, const char *kind, const struct doc *value);

/* Whether none but its runtime's code has run: all is as the runtime set it. */
bool seen_created(const struct facts *f);

/*
 * Whether the container's own code may have changed what takes that capability to change: it runs, and its bounding set
 * has it, or was not seen.
 */
bool seen_own_doing(const struct facts *f, const char *capability);

/* The bytes of that member of what was seen; empty when there are none. */
struct bytes seen_string(const struct facts *f, const char *path);

/*
 * Order of two integers of documents, below 0, 0, above 0. -1 in a limit, and the largest there is, are the same: no
 * limit.
 */
int seen_order(const struct doc *a, const struct doc *b);

/* An integer as it is said; "unlimited" for what seen_order takes for that. */
void say_amount(const struct doc *d, struct text *to);
