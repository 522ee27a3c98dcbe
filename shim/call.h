/* SPDX-License-Identifier: Apache-2.0 */
/* One call by an engine: its command line, the container it speaks of, and the delegate it is meant for. */
#pragma once

#include "shim/delegate.h"

struct call {
	struct arena arena;
	struct timespec began; /* CLOCK_MONOTONIC */
	int argc;
	char **argv, **envp; /* what the delegate gets; argv is our copy for judged verbs, see call_blank */
	char **received;     /* the caller's own argv, in the memory that /proc/self/cmdline shows */
	struct runtimes_dirs dirs;
	struct runtime_seen *seen; /* what they said */
	struct places places;
	struct request request;
	int parsed; /* what argv_read said, and why */
	struct fail parse_failure;
	struct note note;
	bool noted;               /* .note is this container's */
	struct delegate delegate; /* the best there is, without the checks of judged verbs */
	int top;                  /* O_PATH descriptor of "/", opened by call_top; 0: not yet */
};

/* Starts c from main's arguments; looks at nothing yet. */
void call_init(struct call *c, int argc, char **argv, char **envp);

/*
 * Chooses the delegate's dialect by the name we were called by, reads the line, looks for the container's note, and
 * where that names another delegate reads the line again as that one would. Cannot fail: what is wrong is kept in
 * .parsed, and a delegate that is not there has an empty path. Of a judged verb the file is not looked for: call_choose
 * will ask more of it.
 */
void call_read(struct call *c);

/* Looks for the delegate's file, for who has to do with the best there is, where that was not done. */
void call_settle(struct call *c);

/*
 * "/" as an O_PATH descriptor, lent: opened once for all who look at this machine. -1: nothing can be looked at. The
 * process that becomes the delegate loses it then.
 */
int call_top(struct call *c);

/* Whether the delegate is to have the call without a question: nothing on the line is ours to judge. */
bool call_passes(const struct call *c);

/* Whether the verb makes a container: create, run, restore. */
bool call_creates(const struct call *c);

/* The root a note is filed under: --root as it was given, "" without one. */
const char *call_root(const struct call *c);

/*
 * Chooses the delegate again with the checks of judged verbs. 0, or a negative errno with *reterr (CAUSE_RUNTIMES);
 * .delegate stays the best there is.
 */
int call_choose(struct call *c, struct fail *reterr);

/*
 * Wipes the words after argv[0] from the memory that /proc/self/cmdline shows: journald copies it into every record.
 */
void call_blank(struct call *c);

/* Becomes the delegate. Returns only on failure: a negative errno with *reterr (CAUSE_RUNTIMES). */
int call_exec(struct call *c, struct fail *reterr);

/*
 * The way of the verbs that pass: looks at what is started (shim/start.h), tells of a step in its container's life,
 * retires the note on delete, becomes the delegate. Returns an exit code, having said why.
 */
int call_pass(struct call *c);
