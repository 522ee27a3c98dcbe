/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's life as the runtime-spec has it (runtime.md#lifecycle), told by its records: creating, created,
 * running, paused, stopped, and gone. Records are fed in the order of their time; one that no state allows is named as
 * impossible, never left out.
 */
#pragma once

#include <time.h>

#include "ctl/audit/seen.h"

enum life_state {
	LIFE_UNKNOWN,  /* no create was seen: older than the trail */
	LIFE_REFUSED,  /* its create was denied, or could not be judged */
	LIFE_CREATING, /* its create went to the runtime; whether that worked is not known yet */
	LIFE_CREATED,  /* proved: a start, an exec or a pause came for it */
	LIFE_RUNNING,
	LIFE_PAUSED,
	LIFE_STOPPED,  /* a kill was asked for; the runtime's word on it is not ours */
	LIFE_FAILED,   /* deleted without ever having been started */
	LIFE_GONE,     /* deleted */
	LIFE_MAX,
};

struct life_step {
	struct timespec when;
	const char *action, *record; /* the record's own words */
	enum life_state before, after;
	const char *odd;             /* NULL; else why this cannot be: "start of a container that is running" */
};

struct life {
	const char *container, *root, *create; /* id, --root, and the create's record; NULL: not known */
	enum life_state state;
	bool started, paused; /* ever; now */
	struct life_step *steps;
	size_t count, room;
	size_t odd;           /* steps that no state allows */
};

/* The lives of a container, or of many: an id that comes again after its delete is another life. In order of begin. */
struct lives {
	struct life *list;
	size_t count, room;
};

const char *life_state_name(enum life_state s);

/*
 * Takes one more record of any container to the life that it is of: by its create_id, else by id and root. Records that
 * are of no container are passed over. 0 or -ENOMEM. The list may move.
 */
int lives_add(struct arena *a, struct lives *all, const struct seen *s);
