/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where records go, in order (decision 9): the chain in /var/log/runvet, else the chain in /run/runvet, else the
 * journal alone. The journal is told as well in any case. Refused only if none took it.
 */
#pragma once

#include "audit/record.h"

/* Where things are; a test gives others. All absolute. */
struct places {
	const char *log_dir;     /* "/var/log/runvet"; rootless: below $XDG_RUNTIME_DIR/runvet (see places_default) */
	const char *run_dir;     /* "/run/runvet" */
	const char *journal;     /* first socket tried: "/run/systemd/journal.runvet/socket" */
	const char *journal_default; /* else "/run/systemd/journal/socket" */
	const char *ack;         /* varlink socket that belongs to the one in use is derived: dirname + /io.systemd.journal */
};

/* The built-in places; for a rootless user those below /run/user/EUID/runvet (or the arena's copy of xdg_runtime_dir/runvet when
 * that is not NULL and is a directory of the effective user). */
int places_default(struct arena *a, const char *xdg_runtime_dir, struct places *ret);

enum commit {
	COMMIT_NONE,     /* no sink has it */
	COMMIT_UNPROVED, /* the journal alone has it */
	COMMIT_CHAINED,  /* the chain under /var/log has it */
	COMMIT_SPILLED,  /* the chain under /run has it */
};

struct sink_want {
	const struct places *places;
	bool chain, journal;   /* the policy's switches */
	bool wait;             /* create, run, restore, denials: wait for journald's acknowledgement */
	long ack_ms;
	bool rootless;
};

/*
 * Appends to the chain (which adds chain, seq, prev, hash to the record), then tells journald. Bounded by the WAIT_*
 * constants. *ret says what is certain now. 0 unless COMMIT_NONE, then a negative errno with *reterr saying why each sink failed.
 * Leaves signal dispositions, umask and every descriptor as found (SIGXFSZ is ignored while it writes).
 */
int sink_write(struct record *r, const struct sink_want *want, enum commit *ret, struct fail *reterr);
