/* SPDX-License-Identifier: Apache-2.0 */
/* An exemption under way: which findings it is for, and how narrow it can be said. */
#pragma once

#include "ctl/again.h"
#include "validate/policy/policy_parts.h"

struct exempting {
	struct arena *arena;
	const struct again *again;
	const struct policy *policy;
	const struct doc *host;      /* what was found out about it; NULL */
	const char *record;          /* its id: exemptions are called by it */
	const char *owner, *reason, *ticket; /* ticket may be NULL */
	struct timespec ends;
	struct doc *list;            /* the array "exempt", made */
	struct exemption *all;       /* the same, as the evaluator takes them */
	struct doc **lists;          /* of each, the array of its one value; NULL: it has several, or none */
	size_t count, room;
	size_t unnamed;              /* of them: those that name no value */
	const struct doc *match;     /* NULL: nothing that can be believed is known of the call */
	bool matched;                /* it says more than the verb */
	bool start;                  /* it is for what was found at start */
};

/* The conditions on the call: what is known best of it, and believed. */
int exempt_match(struct exempting *x);

/*
 * Adds the exemption that covers just this finding: its rule, its value, the call. 0; -ENOTSUP when nothing of it can
 * be named that would not let others pass, or it is no finding of a policy, with the sentence in *ret_why; -ENOMEM.
 */
int exempt_finding(struct exempting *x, const struct finding *f, const char **ret_why);

/* Whether a record is of what was found at start. */
bool exempt_is_start(const struct doc *record);

/* The findings of such a record, as far as they refuse; x->again has its document. CTL_GOOD, or as the verb ends. */
int exempt_started(struct exempting *x, const struct doc *record, struct report *ret);

/*
 * Whether that can be written to (NULL: standard output): neither a file that is there nor, by a shell, one of the
 * policy. Asked before the policy is read. CTL_GOOD, or an exit code once it has complained.
 */
int exempt_output(struct arena *a, const char *output);

/* Writes the text there, whole; into policy.d only what the policy can be read with. As exempt_output. */
int exempt_write(const struct exempting *x, const char *output, struct bytes text);

/* What a rule has judged where it found something at `at`: that, or what it is in. */
const struct doc *exempt_judged(const struct rule *r, const struct doc *at);
