/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal knows of a chain: each record's links as they were told to it, and the checkpoints. */
#pragma once

#include <stdint.h>
#include <time.h>

#include "validate/base/bytes.h"

/* One entry of runvet's. What it points to is gone after the visit. */
struct witness {
	struct bytes chain, hash; /* empty: it is of no chain */
	struct bytes prev;        /* hash of the record before it; empty: not known */
	struct bytes id;          /* of the record */
	uint64_t seq;
	uint64_t gap;             /* records that this one tells the journal did not get; of an audit gap */
	bool checkpoint;          /* hash is that of the chain's line of that number, not of a record of its own */
	bool proved;              /* what the entry says gives that hash */
};

/*
 * Visits what root sent (by journald's word; for who is not root, what he sent himself), of this host's journal with
 * its namespace runvet or of the file or directory `file`, since `since` (zero: all). Stops when `visit` returns
 * something else than 0. 0, what it returned, or a negative errno once it has complained.
 */
int witness_each(const char *file, struct timespec since, int (*visit)(const struct witness *w, void *data),
	void *data);
