/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a container's life that nobody judges: start, kill, delete, pause, resume, checkpoint. A short record of
 * each ties it to the record of the create that made the container. These verbs have to work on a machine on which
 * nothing else does: a step is told where that can be done at once, and is left untold where not.
 */
#pragma once

#include "audit/note.h"
#include "audit/record.h"

struct step {
	const char *verb, *id, *root; /* root: --root as it was given, NULL without one */
	const char *signal;           /* of a kill, as signal_word has it; NULL: none that is known */
	const char *delegate;         /* the path that it goes on to */
	const struct note *note;      /* what is known since the create; NULL: nothing */
};

/* Fills a started record about the step. 0 or -ENOMEM. */
int record_fill_step(struct record *r, const struct step *s);

struct policy_seen;

/*
 * Tells a filled record to the sinks that are switched on, and waits for nothing: neither for the chain's lock nor for
 * a journald whose queue is full; rotates nothing. Says nothing of what went wrong. Leaves descriptors and signal
 * dispositions as found.
 */
void record_tell(struct record *r, const struct places *p, const struct policy_seen *seen);

/*
 * Tells the step to both sinks, as far as the policy that was seen last wants that (audit/policy_seen.h). Waits for
 * nothing: neither for the chain's lock nor for a journald whose queue is full, and rotates nothing. Says nothing of
 * what went wrong. Leaves descriptors and signal dispositions as found.
 */
void lifecycle_tell(struct arena *a, const struct places *p, const struct step *s);

/*
 * "SIGKILL" for "9", "KILL", "sigkill" as delegates take it, "SIGRTMIN+3" for what lies between; NULL for what is no
 * signal of Linux. The arena keeps it.
 */
const char *signal_word(struct arena *a, const char *said);
