/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where records go, in order (decision 9): the chain in /var/log/runvet, else the chain in /run/runvet, else the
 * journal alone. The journal is told as well in any case. Refused only if none took it.
 */
#pragma once

#include "audit/rare.h"
#include "audit/record.h"
#include "validate/base/fd.h"

/* Where things are; a test gives others. All absolute. */
struct places {
	const char *log_dir;     /* "/var/log/runvet"; rootless: below $XDG_RUNTIME_DIR/runvet (see places_default) */
	const char *run_dir;     /* "/run/runvet" */
	const char *journal;     /* first socket tried: "/run/systemd/journal.runvet/socket" */
	const char *journal_default; /* else "/run/systemd/journal/socket"; its neighbour io.systemd.journal acks */
};

/*
 * The built-in places. For a rootless user those below xdg_runtime_dir/runvet (the arena's copy), when that is a
 * directory of the effective user's own, else below /run/user/UID/runvet, with the log in log/; but root of a user
 * namespace that owns /run, and has no such directory, keeps things where root does. 0 or -ENOMEM.
 */
int places_default(struct arena *a, const char *xdg_runtime_dir, struct places *ret);

enum commit {
	COMMIT_NONE,     /* no sink has it */
	COMMIT_UNPROVED, /* the journal alone has it */
	COMMIT_CHAINED,  /* the chain under /var/log has it */
	COMMIT_SPILLED,  /* the chain under /run has it */
};

/* What sink_write left to be done: journald was asked, and has not answered yet. Zeroed: nothing. */
struct sink_later {
	bool waits;
	int fd;
	struct deadline until;
	struct record record;
	const struct places *places;
	const char *socket; /* one of theirs */
	struct rare rare;   /* as seen before the record was written */
	bool checkpoint;    /* one is due */
};

struct sink_want {
	const struct places *places;
	bool chain, journal;   /* the policy's switches */
	bool wait;             /* create, run, restore, denials: wait for journald's acknowledgement */
	bool synced;           /* ... if the policy wants it: "commit": "synced", not "sent" */
	bool to_disk;          /* the chain's line is on the disk before anything runs ("fdatasync") */
	long ack_ms;           /* at most WAIT_JOURNAL_ACK_MOST_MS of it counts */
	bool rootless;
	bool hidden;           /* the delegate's command line holds what may not be seen */
	struct sink_later *later; /* set: where a chain has the record, sink_settle is to wait for journald */
};

/*
 * Appends to the chain (which adds chain, seq, prev, hash to the record), then tells journald. Bounded by the WAIT_*
 * constants. *ret says what is certain now. 0 unless COMMIT_NONE, then a negative errno with *reterr saying why each
 * sink failed. Leaves signal dispositions, umask and every descriptor as found (SIGXFSZ is ignored while it writes, and
 * SIGPIPE never raised).
 *
 * While a chain has the record, journald costs at most ack_ms (want->wait) or nothing; once it was too slow,
 * run_dir/journal-slow says so, and nobody waits for it during WAIT_JOURNAL_REST_S. What it did not take or confirm is
 * counted in run_dir/audit-gap, and told in one audit-gap record, in both sinks, once it takes records again. A spilled
 * chain is brought home by the next record that waits, which tells of it in an audit-gap record, too. Where the chain
 * stands is told to journald now and then (audit/upkeep.h).
 *
 * journald copies the sender's command line into a record, but only when it comes to it: by then the sender may be the
 * delegate, which has its words back. With want->hidden a child sends it, which is gone and reaped on return; such a
 * record has _PID and _UID from journald, and what else it says of the caller in fields of our own.
 */
int sink_write(struct record *r, const struct sink_want *want, enum commit *ret, struct fail *reterr);

/*
 * Waits for journald's answer where that was left for later, by the deadline that ran from then on, and does what
 * sink_write does once it knows. To be called before the process becomes another one; what has been settled is nothing.
 */
void sink_settle(struct sink_later *later);
