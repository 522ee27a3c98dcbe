/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runvet remembers of a container between its verbs: one small file per root and id, in run_dir/ctr, 0600. A
 * convenience: a missing, unreadable or foreign note never stops anything (decision 6), and none is believed that
 * others could write.
 */
#pragma once

#include "audit/sink.h"
#include "validate/base/file.h"
#include "validate/doc/doc.h"

struct note {
	const char *delegate;  /* absolute path that created it */
	const char *runtime;   /* name of the runtimes.d entry: "runc" */
	const char *dialect;   /* how it speaks, should that entry be gone by then; "" when unknown */
	const char *record;    /* id of the create's record */
	const char *bundle;    /* absolute */
	char config_digest[65];
	struct identity config;
	uint64_t bundle_device, bundle_inode; /* of the directory it lies in; 0: not known, as of an older runvet's */
	pid_t pid;             /* of the runvet that wrote it, which became the delegate */
	uint64_t pid_started;  /* its start time, clock ticks since boot: finds a ring */
	const struct doc *identity; /* context_identity of the create; NULL: not known, as of an older runvet's */
	const struct doc *posture;  /* posture_make of it; NULL likewise */
	const char *config_file;    /* absolute, where that is not the bundle's config.json; "": it is */
	bool judged_anew;           /* .config is what the delegate made of it, judged at start */
	const char *pid_file;       /* --pid-file of the create, absolute; "": none */
	const struct doc *start;    /* what is wanted of start (validate/policy/start.h); NULL: nothing is known */
	const struct doc *sketch;   /* of config.json as approved: validate/fingerprint/sketch.h; NULL: not known */
};

/*
 * Writes (replacing) atomically, creating run_dir and run_dir/ctr 0700. Where the note would be longer than
 * LIMIT_NOTE_BYTES, the sketch is left out first, then the posture, then the identity. 0 or a negative errno; nothing
 * is logged.
 */
int note_write(struct arena *a, const char *run_dir, const char *root, const char *id, const struct note *n);

/*
 * 0; -ENOENT when there is none, -ESTALE when it is of another boot, which no container outlives; or -EPERM, -EBADMSG
 * when it cannot be believed.
 */
int note_read(struct arena *a, const char *run_dir, const char *root, const char *id, struct note *ret);

/* delete was asked for this container: the note may be swept once its state directory is gone. Best effort. */
void note_retire(const char *run_dir, const char *root, const char *id);

/*
 * Whether no delegate has a container of that id below that root any more: then a note about it is history. Without a
 * root it is looked for where delegates keep theirs by default.
 */
bool note_container_gone(struct arena *a, const char *run_dir, const char *root, const char *id);

/*
 * Removes a few notes, of another boot or retired with their container gone; bounded, best effort. Called at create;
 * once nothing was left to be removed, nothing happens for a minute.
 */
void note_sweep(struct arena *a, const char *run_dir);

/* The same as it will be at that time (seconds since the epoch), whenever that was last. Whether no more is left. */
bool note_sweep_at(struct arena *a, const char *run_dir, time_t when);

/* Start time of a process from /proc/PID/stat, clock ticks since boot; 0 when unknown. */
uint64_t process_started(pid_t pid);
