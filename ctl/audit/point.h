/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far an export came: for each chain the last record, for the journal its cursor. Sequence and hash say which
 * record it was, wherever its line is by now; where the line ended is a hint that saves reading what was exported
 * before.
 *
 *	{ "version": 1, "chains": [{ "chain": "…", "seq": 4801, "hash": "…", "inode": 17, "offset": 81920,
 *	                            "past": 81920, "line": 61 }],
 *	  "journal": "s=…" }
 */
#pragma once

#include "ctl/audit/source.h"
#include "ctl/audit/source_chain.h"

#define POINT_CHAINS 128u

struct point_chain {
	char chain[33], hash[65];
	uint64_t seq;
	uint64_t begin;               /* the first number that was passed on */
	uint64_t inode, offset;       /* behind that record; 0: not known */
	uint64_t past, line;          /* behind what is not sound and follows it, and the last line of that */
	uint64_t first, last;         /* numbers that were seen now; 0: none */
	bool changed;                 /* its record is another one now */
	bool used;                    /* something of the chain is there still */
};

struct point {
	struct arena arena;
	struct point_chain chains[POINT_CHAINS];
	size_t count;
	const char *cursor;           /* NULL: none */
	uint64_t told;                /* records that were passed on */
};

void point_init(struct point *p);
void point_done(struct point *p);

/* Reads it; a file that is missing is a beginning. 0 or a negative errno, complained of. */
int point_read(struct point *p, const char *path);

/* Writes it in one step: who is stopped meanwhile leaves the old one. 0 or a negative errno, complained of. */
int point_write(const struct point *p, const char *path);

/* Takes out what was exported before, where the hint still holds. The number of lines before the first that is left. */
unsigned long point_skip(struct point *p, struct parts *parts);

/* Whether the record is new. */
bool point_wants(struct point *p, const struct source *s);

/* It was passed on, or was not meant. 0 or -ENOMEM. */
int point_pass(struct point *p, const struct source *s);

/* Complains of what is not there any more, or another than it was. Whether there was something. */
bool point_missing(const struct point *p);
