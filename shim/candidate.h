/* SPDX-License-Identifier: Apache-2.0 */
/* A file that could be the delegate: opened once, and all that is said of it is said of what was opened. */
#pragma once

#include "shim/runtimes.h"

struct candidate {
	int fd; /* readable, or O_PATH of what may only be executed; -1: none */
	bool unreadable;
	struct stat st;
};

enum ring {
	RING_NONE,
	RING_SELF, /* the very file that this process runs */
	RING_COPY, /* another runvet */
};

/* Opens what stands at path, whatever it is. 0, or a negative errno; the caller closes. */
int candidate_open(const char *path, struct candidate *ret);
void candidate_close(struct candidate *c);

/* Whether it is a runvet, which would only come back here. */
enum ring candidate_ring(const struct candidate *c);

/*
 * The first of r's paths that is a regular file which we may execute, opened; runvet itself and its copies are passed
 * over unless `rings` is set. NULL when there is none.
 */
const char *candidate_first(const struct runtime *r, bool rings, struct candidate *ret);

/*
 * Whether path is absolute, and such a file and no ring; then it is open. Not to be skipped for verbs that always have
 * to work: an endless execve is no way to work.
 */
bool candidate_fit(const char *path, struct candidate *ret);
