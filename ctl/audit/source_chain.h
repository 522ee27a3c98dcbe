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

void parts_drop(struct parts *p, size_t count); /* closes the first so many */
void parts_done(struct parts *p);

/*
 * A source that reads those files; it takes what `p` holds, also when it fails. `before`: lines of the first that are
 * passed over. NULL: no memory.
 */
struct source *chain_source(const struct query *q, struct parts *p, struct arena *names, unsigned long before);
