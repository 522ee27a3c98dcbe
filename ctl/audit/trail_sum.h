/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a trail comes to, held against what runs: the containers that were allowed and not deleted yet, and which
 * records the other sink lacks. Memory grows with the containers that live, with those of which the journal alone has a
 * step, and by a bit for each record.
 */
#pragma once

#include "ctl/audit/seen.h"

/* A container that was allowed; it goes with its delete, and with the boot. */
struct expected {
	const char *id, *root;   /* root: "" where none was said */
	char record[40];         /* of its create */
	struct timespec when;
	bool started;
	bool ended;              /* deleted, as the journal alone tells */
};

struct trail_sum {
	void *expected;          /* a tree of struct expected */
	struct expected *latest; /* of them: what comes next is mostly about that one */
	void *aside;             /* a tree of struct aside: steps that no chain was free to take */
	struct aside *latest_aside;
	struct numbers *numbers; /* of the journal's records, by chain */
	size_t chain_count;
	struct timespec first;   /* the oldest record there is; zero: none */
	struct timespec journal_first, journal_last;
	char boot[64];
	uint64_t records;        /* of the chains */
	uint64_t failed;         /* deleted without ever having been started */
	uint64_t gaps, gap_count; /* audit-gap records, and how many records they tell of */
	uint64_t journal_lacks;  /* records of chains that the journal should have and has not */
	char lacks_first[40];    /* the first of them */
	uint64_t changed, altered; /* lines of chains, entries of the journal */
};

void trail_sum_done(struct trail_sum *t);

/* Of another boot: nothing of that runs. */
void trail_sum_forget(struct trail_sum *t);

/* Visits of query_each: first of all that the journal has, then of all that the chains have, lifecycle included. */
int trail_sum_journal(const struct seen *s, void *sum);
int trail_sum_chain(const struct seen *s, void *sum);

/* The container that was allowed; NULL: there is no such record. An unknown root fits any. */
const struct expected *trail_sum_find(const struct trail_sum *t, const char *id, const char *root);

/* Calls `visit` for each that is expected still. */
void trail_sum_expected(const struct trail_sum *t, void (*visit)(const struct expected *e, void *data), void *data);
