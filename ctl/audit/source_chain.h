/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of the chain's source share: the files of a chain, opened. */
#pragma once

#include <sys/types.h>

#include "ctl/audit/source.h"

struct part {
	const char *path; /* in the names */
	int fd;
	ino_t inode;
};

struct parts {
	const char *dir;  /* NULL: a file alone, which is not rotated */
	struct arena *names;
	struct part *list; /* the oldest first; what was read is taken out */
	size_t count, room;
	ino_t newest;      /* of the one opened last, also when it was taken out */
	uint64_t total;    /* bytes in all that were opened */
};

/* Opens one file; `since`: those written last before that hold nothing. 0 also where it is gone; else complains. */
int parts_add(struct parts *p, int dir, const char *name, const struct timespec *since);

/*
 * Opens the rotated files, oldest first, and the one that is written; of those what is newer than the inode `after` (0:
 * all). A rotation meanwhile takes nothing away. 0 or a negative errno, complained of.
 */
int parts_open(struct parts *p, int dir, ino_t after, const struct timespec *since);

/* Whether what is called `chain` still is what was opened last. */
bool parts_current(const struct parts *p, int dir);

void parts_drop(struct parts *p, size_t count); /* closes the first so many */
void parts_done(struct parts *p);

/*
 * A source that reads those files; it takes what `p` holds, also when it fails. `before`: lines of the first that are
 * passed over. NULL: no memory.
 */
struct source *chain_source(const struct query *q, struct parts *p, struct arena *names, unsigned long before);
struct parts *chain_parts(struct source *s);
