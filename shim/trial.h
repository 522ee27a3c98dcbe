/* SPDX-License-Identifier: Apache-2.0 */
/* One judged call under way: what judge.c finds out, and what trial.c keeps of it. Private to the two. */
#pragma once

#include "shim/bundle.h"
#include "shim/context.h"
#include "validate/fingerprint/fingerprint.h"
#include "validate/policy/decide.h"

struct trial {
	struct call *call;
	struct policy policy;
	bool policy_read;           /* it is what stands there, not what holds while that cannot be read */
	struct input input;
	struct report report;
	const char *cache;          /* where facts about host and delegate are kept; NULL: nowhere */
	const struct doc *delegate; /* validate/host/delegate.h; NULL: nothing is known */
	const struct doc *config;   /* the config.json of a create, parsed; NULL otherwise */
	const struct doc *process;  /* of an exec: its process.json, or what its line says; NULL otherwise */
	bool spoken;                /* its line says it */
	const struct doc *host;     /* what was found out about the host */
	struct fingerprints fingerprints; /* of what makes a container, once they were asked for; "" otherwise */
	const struct doc *posture;  /* the container's; NULL: not known, or not yet asked for */
	struct standing standing;
	struct fail why;            /* what broke, when the decision is owed to that */
	bool broken;
	bool sound; /* the delegate passed its checks */
	bool never; /* it cannot be run, whoever wants it */
	struct decision decision;
	const char *record; /* id of the last record that a sink took */
	struct sink_later later; /* journald's word on it, while there is something else to do */
};

/*
 * Writes the record of what was decided; t->record is its id, NULL when no sink took it. 0, or a negative errno with
 * *reterr (CAUSE_AUDIT).
 */
int trial_record(struct trial *t, struct fail *reterr);

/* Who calls and for whom, as far as the policy asks for it: t->standing. `config` may be NULL. 0, or -ENOMEM. */
int trial_context(struct trial *t, const struct doc *config, struct fail *reterr);

/*
 * Holds the document against the specification, this machine, the delegate and the policy: t->report. 0, or a negative
 * errno with *reterr.
 */
int trial_hold(struct trial *t, const struct doc *root, struct fail *reterr);

/*
 * Notes what is remembered until the container is deleted. Nobody depends on it, so nothing is said when it cannot be
 * kept.
 */
void trial_remember(struct trial *t);
