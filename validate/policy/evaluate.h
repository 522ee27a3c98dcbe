/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one evaluator, for the shim, for runvetctl and for tests: a document, held against the specification, the
 * host, the delegate and the policy, one after the other; what is found is one report.
 */
#pragma once

#include "validate/host/host.h"
#include "validate/policy/policy.h"

struct evaluation {
	const char *file;             /* the document's name in reports */
	struct bytes text;
	const struct doc *root;
	const char *below;            /* "process", "linux.resources"; "" is all of a config.json */
	const struct doc *whole;      /* the whole config.json, when known beside a part of it; NULL */
	const struct policy *policy;
	const struct host *host;      /* where to look; NULL: nothing is known of any host */
	const struct doc *delegate;   /* validate/host/delegate.h; NULL: unknown */
	const struct doc *context;    /* validate/policy/context.h; NULL: unknown */
	/* It was put together from a command line, and holds no more than that says: only the policy judges it. */
	bool spoken;
	struct timespec now;          /* that exemptions are held against; zero: the clock's */
};

/*
 * Fills *ret, findings of the specification first, then of host and delegate, then of the policy. *ret_host (may be
 * NULL) is what was found out about the host on the way. 0, or a negative errno with *reterr (CAUSE_INTERNAL).
 */
int evaluate(struct arena *a, const struct evaluation *e, struct report *ret, const struct doc **ret_host,
	     struct fail *reterr);
