/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs below `runvetctl policy` share: each is a file of its own, and a row in policy.c. */
#pragma once

#include "ctl/ctl.h"
#include "validate/policy/policy_parts.h"

extern const struct subverb policy_check, policy_coverage, policy_diff, policy_init, policy_install, policy_show,
	policy_test;

/* A policy of which the words of a command line may name one at most: see policy_open. */
struct opened {
	struct arena arena;
	const char *path; /* of its policy.json */
	struct policy policy;
	const struct policy_fault *faults;
};

/*
 * Reads the policy that is meant by `given`: a directory that holds policy.json and policy.d, or the file itself; NULL
 * is the one of this host, and that has to be root's. 0, or a negative errno with the faults listed; the caller ends
 * with policy_close in either case.
 */
int policy_open(const char *given, struct opened *ret);
void policy_close(struct opened *o);

/* Every fault on standard output, "FILE:LINE:COLUMN: error: SAYS [RULE]". Returns their number. */
size_t policy_print_faults(struct opened *o);

/* A case about a start. */
struct policy_start_case {
	const struct doc *config; /* as it was created */
	const struct doc *wanted; /* what that settled (validate/policy/start.h) */
	const struct doc *found;  /* { RULE: [JSON Pointer…] }: what is found at start */
	struct timespec now;      /* zero: the clock's */
};

/* What that comes to, exemptions applied. 0, or a negative errno once it has complained. */
int policy_test_start(struct arena *a, const struct policy_start_case *c, struct report *ret);
