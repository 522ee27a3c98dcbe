/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered about journald between two records, below run_dir: that it is slow, and what it missed. */
#pragma once

#include "audit/chain.h"
#include "validate/base/fd.h"

/* Whether journald was too slow within the last WAIT_JOURNAL_REST_S. */
bool journal_resting(const char *run_dir);

/* Notes that it was too slow just now. Best effort. */
void journal_rest(const char *run_dir);

/* Notes that journald missed the record made at `when` (RFC 3339, nanoseconds). Best effort, WAIT_GAP_MS at most. */
void gap_note(const char *run_dir, struct bytes when);

/*
 * Notes that the record made at `when` was sent to that socket of journald's, and that nobody asked whether it arrived,
 * because journald rests. Best effort, as above.
 */
void unconfirmed_note(const char *run_dir, const char *socket, struct bytes when);

/*
 * journald confirmed all that was sent to that socket. If it still is the one that those records were sent to, they are
 * forgotten; if it is another, with the queue of the one before they may be gone: then they are missed.
 */
void unconfirmed_settle(const char *run_dir, const char *socket);

/*
 * Tells in one audit-gap record, to the chain below log_dir and to journald, which records that chain did not take, and
 * in which one they are. Best effort, without waiting for journald; damaged ones are told by nobody.
 */
void merged_tell(struct arena *a, const struct places *p, const struct merged *merged);

/*
 * Tells in one audit-gap record, to the chain below log_dir and to journald, what was missed, and forgets it once both
 * have it. Nothing to tell, or somebody else is at it: nothing happens. Best effort, without waiting for journald.
 */
void gap_tell(struct arena *a, const struct places *p);
