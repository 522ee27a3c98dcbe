/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where records are read from: one row of files that is a chain, or journald. A source gives one record at a time, the
 * oldest first, and holds no more than that one.
 */
#pragma once

#include "ctl/audit/query.h"
#include "ctl/audit/seen.h"

struct source {
	/* 1: .seen is the next record, until the next call; 0: there is none for now; or -errno, complained of. */
	int (*next)(struct source *s);
	void (*done)(struct source *s); /* frees the source as well */
	struct seen seen;
	uint64_t bytes, total;          /* read so far, and to be read; 0 where that is not known */
	uint64_t inode, offset;         /* of a chain: the file, and where in it the record's line ends */
};

#define SOURCES_MOST 96u

struct sources {
	struct source *list[SOURCES_MOST];
	size_t count;
};

/*
 * Adds a source for each chain of this host, or below q->directory (a chain's directory, or one file of it): the chain
 * with what was rotated out of it, what was merged, what was spilled. Lines outside of the query's time are passed
 * over. 0, or a negative errno once it has complained.
 */
int source_chain_open(const struct query *q, struct sources *to);

/* The directories that chains are looked for in: one or two. Returns how many; 0: no memory. */
size_t source_chain_places(const struct query *q, struct arena *a, const char *ret[static 2]);

/* Adds the journal: this host's, in namespace runvet and the default one, or q->file. As above. */
int source_journal_open(const struct query *q, struct sources *to);

/* Goes to the entry behind that cursor; with NULL to the end, where what comes later will be. 0 or a negative errno. */
int source_journal_seek(struct source *s, const char *cursor);

/* What poll(2) has to wait for, until when; and what has to be called once it woke. */
int source_journal_poll(struct source *s, short *ret_events, int *ret_timeout_ms);
void source_journal_woke(struct source *s);

/* The entry of the installed message catalogue, to be freed; NULL: there is none. */
char *source_journal_catalog(const char *message_id);

void sources_done(struct sources *all);
