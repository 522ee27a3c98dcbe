/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hash-linked file: one JSON line per record, "prev" the previous line's "hash", "hash" = SHA-256 over prev's hex
 * digits followed by the line's canonical JSON without "hash". `chain` holds the lines, `head` (a cache, repaired from
 * the last line) chain id, sequence, hash and size; `chain.1` … `chain.8` are what was rotated out. The lock is on
 * `head`.
 */
#pragma once

#include "audit/record.h"
#include "audit/sink.h"
#include "validate/base/fd.h"

/*
 * Appends r below dir (made 0700 when missing), file 0600. Adds FIELD_CHAIN, FIELD_SEQ, FIELD_PREV, FIELD_HASH to r.
 * limit > 0: refuse with -EFBIG beyond it instead of rotating (the spill under /run). Sets r->opens.
 * 0, or a negative errno with *reterr: -ETIMEDOUT no lock by the deadline, -EPERM the directory is not ours, -ENOSPC
 * ... A short write is truncated back: the file never keeps half a line of ours.
 */
int chain_append(struct record *r, const char *dir, off_t limit, struct deadline until, struct fail *reterr);

/* A spilled chain that came home. */
struct merged {
	char name[96];              /* the file below log_dir */
	char chain[33], hash[DIGEST_HEX]; /* its id, and the last line's hash; empty when its lines are damaged */
	char since[WHEN_SIZE];      /* when the first of its records was made */
	uint64_t seq, count;        /* the last line's number, and how many lines there are; 0: not known */
};

/*
 * Moves a spilled chain below run_dir to log_dir as `merged-CHAIN.jsonl` (`-SEQ` before the dot when its first line is
 * not its number 1) and removes it; at most LIMIT_MERGED_KEEP are kept. 0 when there was nothing to do, 1 with *ret
 * (which may be NULL) when something came home; -ETIMEDOUT leaves it where it was.
 */
int chain_merge(struct arena *a, const char *run_dir, const char *log_dir, struct deadline until, struct merged *ret);

/*
 * Reads the file and its rotated predecessors, then the merged ones, and checks sequence, prev and hash of every line,
 * and what the head knows. Half a line at the end that the head never knew is a killed writer's, and no fault. Writers
 * are held up for a moment only.
 * 0: unbroken, *ret_count lines; -EBADMSG with *reterr naming file and line of the first fault.
 */
int chain_verify(struct arena *a, const char *dir, uint64_t *ret_count, struct fail *reterr);
