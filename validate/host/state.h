/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runtimes write of their containers, for themselves: runc and youki below their root as ID/state.json, crun as
 * ID/status, runsc as ID.state. A state is whoever's who owns it: nothing is believed but what stands there.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "validate/doc/doc.h"

struct state {
	const char *runtime; /* "runc", "crun", "youki", "runsc" */
	const char *id;      /* as it stands there; NULL: it does not */
	const char *bundle;  /* absolute; NULL: not known */
	pid_t pid;           /* of the container's first process (of runsc's sandbox), 0: not known */
	uint64_t started;    /* its start time, clock ticks since boot; 0: not known */
	struct timespec created; /* zero: not known */
};

/* Tells whose state a document is, and what it says; strings are copied. False when it is no known runtime's. */
bool state_tell(struct arena *a, const struct doc *root, struct state *ret);

/* The start time in the text of a /proc/PID/stat, clock ticks since boot; false when there is none in it. */
bool state_started(struct bytes stat, uint64_t *ret);
