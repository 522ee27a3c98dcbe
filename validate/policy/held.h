/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container held to its lock: the rule det.lock. No predicate can judge by it, for the lock is a file that the
 * policy names, and every difference is a finding of its own. Read only where a profile asks for it, of what makes a
 * container.
 */
#pragma once

#include "validate/lock/lock.h"
#include "validate/policy/look.h"

/* A lock that was asked for, and is not there yet. */
struct learning {
	const char *file; /* absolute */
	struct lock lock;
};

/* What is held, and to what. */
struct lock_hold {
	const struct rule *row;    /* det.lock, with the severity that its mode gives it */
	const struct doc *params;  /* of the rule; NULL: none */
	struct bytes text;         /* of the config.json, for line and column */
	struct lock_of of;         /* .config and what is known beside it */
	const struct lock *lock;   /* NULL: it could not be read ... */
	const struct fail *why;    /* ... for this reason */
};

/*
 * Adds the findings to *ret: each difference, or why there is nothing to hold it to. Where the parameters say "learn"
 * they warn. 0 or -ENOMEM.
 */
int held_judge(struct arena *a, const struct lock_hold *h, struct report *ret);

/*
 * The same for the rows of a look that have the rule, with the lock that its parameters name. *ret_learn (may be NULL)
 * is set where there is none and it is to be learned; then nothing is found. Where nothing is known of any host
 * (evaluation.host is NULL), a file that is missing is unknown. 0 or -ENOMEM.
 */
int held_look(struct arena *a, const struct evaluation *e, const struct doc *host, struct look *look,
	      const struct learning **ret_learn);
