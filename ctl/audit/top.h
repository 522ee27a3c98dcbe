/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The most frequent of names without end, in a table that ends: the space-saving algorithm (Metwally, Agrawal,
 * El Abbadi 2005). While there is room each count is exact; then a new name takes the place of the rarest and inherits
 * its count, and says how much of it may be another's. What is frequent is never missed.
 */
#pragma once

#include "ctl/audit/map.h"

#define TOP_NAME 224 /* bytes of a name that are kept; longer ones end in ... */

struct top_entry {
	char name[TOP_NAME];
	uint64_t hash;             /* of the whole name */
	uint64_t count, over;      /* at least count - over, at most count */
	uint64_t by[KIND_MAX];     /* since it has its place */
	struct timespec first, last;
	size_t next;               /* of the same slot, + 1; 0: none */
};

struct top {
	struct top_entry *entries;
	size_t *slots;             /* index + 1 */
	size_t room, used;
	uint64_t total;
	bool full;                 /* names had to make room */
};

/* Room for so many names, from the arena. 0 or -ENOMEM. */
int top_init(struct top *t, struct arena *a, size_t room);

/* Counts a name once. The entry, which may have been another's; NULL for an empty name. */
struct top_entry *top_add(struct top *t, struct bytes name, enum seen_kind kind, struct timespec when);

/* Fills `to` with at most `most` entries, the most frequent first, then by name. How many. */
size_t top_list(const struct top *t, const struct top_entry **to, size_t most);

/* "17", or "at least 17" where it is not exact: what is certain. */
uint64_t top_least(const struct top_entry *e);
