/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of delegate_look: running a delegate (delegate_run.c), what its words mean (delegate_ask.c), and what is
 * kept of it (delegate_cache.c).
 */
#pragma once

#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/host/delegate.h"

#define CODE_UNKNOWN (-1)

/* What came of one run. */
struct delegate_heard {
	struct bytes text;
	bool ended; /* by itself, in time, having printed no more than LIMIT_FEATURES_BYTES */
	int code;   /* its exit code; CODE_UNKNOWN when a signal ended it, or nobody can tell */
};

/*
 * `PATH word`, until it ends or time is up; then it is killed, with the process group that it was given. 0; -ENOMEM; or
 * -ECHILD when nothing could be run here: then *ret tells nothing. No child is left, but one that the kernel cannot
 * kill within WAIT_REAP_MS.
 */
int delegate_run(struct arena *a, const struct delegate_want *want, const char *word, struct deadline until,
		 struct delegate_heard *ret);

/* What a delegate said of itself. */
struct delegate_answer {
	char digest[DIGEST_HEX];    /* of the binary; "" when it cannot be read */
	struct bytes version, spec; /* words of what --version prints; empty when it has none */
	const struct doc *features; /* an object; NULL when there is none */
	bool settled;               /* it would say the same again: it has these features, or no such command */
	const char *lacks;          /* why there are no features, as one clause; NULL when there are */
};

/*
 * Runs the delegate, `--version` first. 0; -ENOMEM; or -ESTALE when the file at the path is not (or no longer) the one
 * that want->identity speaks of, and -ECHILD when nothing could be run here: then *ret tells nothing. No child is left.
 */
int delegate_ask(struct arena *a, const struct delegate_want *want, struct delegate_answer *ret);

/* What was kept. */
struct delegate_kept {
	const struct doc *document; /* of that very binary; NULL when there is none to be believed */
	bool stale;                 /* it told too little, and that long ago */
};

/* 0 with *ret, or -ENOMEM. */
int delegate_cache_read(struct arena *a, int dir, const struct delegate_want *want, struct delegate_kept *ret);

/*
 * A descriptor that holds the right to ask this delegate until it is closed; -EWOULDBLOCK while another process has it,
 * or another negative errno.
 */
int delegate_cache_lock(int dir, const char *path);

/* Adds to the document by what it will be believed, and what the answer lacks. */
void delegate_cache_mark(struct arena *a, struct doc *document, const struct delegate_want *want,
			 const struct delegate_answer *answer);

/* Keeps a marked document. Best effort: who cannot keep it asks again. */
void delegate_cache_write(struct arena *a, int dir, const char *path, const struct doc *document);
