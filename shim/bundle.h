/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine handed over to be run: read once, judged, and still the same right before execve.
 *
 * Failures name one of these rules (bundle.md#containerFormat01, and ours on who may own what): bundle.directory,
 * bundle.owner, bundle.config-present, bundle.config-regular-file, bundle.process-file, bundle.resources-file,
 * bundle.unchanged.
 */
#pragma once

#include "shim/argv.h"
#include "validate/base/file.h"
#include "validate/doc/doc.h"

enum input_kind {
	INPUT_NONE,      /* exec without --process, update by options: nothing to read */
	INPUT_CONFIG,    /* config.json of the bundle, or crun's --config */
	INPUT_PROCESS,   /* exec --process */
	INPUT_RESOURCES, /* update --resources FILE or - */
};

/* A directory by its path and by what that path stood for when it was opened; .fd -1: there is none. */
struct folder {
	int fd;           /* O_PATH|O_DIRECTORY|O_CLOEXEC */
	const char *path; /* as given, without the slashes at its end; in the arena */
	struct stat st;
};

struct input {
	enum input_kind kind;
	const char *name;   /* what messages call the document: "config.json", "process.json", "resources" */
	const char *bundle; /* absolute path of the bundle directory; NULL for exec and update */
	struct folder root; /* the bundle directory; .fd -1 for exec and update */
	struct folder dir;  /* where the document lies; .fd equals root.fd for config.json; -1 for stdin */
	struct file file;
	bool from_stdin;   /* replayed by input_replay */
	bool cut;          /* stdin was read in part: it cannot be given back, so nothing may run */
	bool mapped_owner; /* the bundle is owned by the mapped root of its user namespace: a warning */
};

/*
 * Finds and reads what the request names: symlink-free at the end, owner and mode of the file by decision 13, size
 * limit, one read, digest. stdin is read to its end within WAIT_STDIN_MS. 0, or a negative errno with *reterr
 * (CAUSE_BUNDLE); .kind, .name and .bundle are filled as far as known in either case. The caller closes with
 * input_close.
 */
int input_read(struct arena *a, const struct request *q, struct input *ret, struct fail *reterr);

/*
 * Decision 13 about the directory the document lies in, after parsing, because a container with a user namespace may
 * own its bundle: root's, ours, or (config.json only; sets .mapped_owner) the host id that linux.uidMappings gives to
 * the container's root; writable by others only if sticky. 0, or -EPERM with *reterr (CAUSE_BUNDLE, bundle.owner).
 */
int input_owner(struct input *in, const struct doc *config, struct fail *reterr);

/*
 * The last look before execve: bundle directory and file are what was read. 0 or -ESTALE with *reterr
 * (bundle.unchanged).
 */
int input_unchanged(const struct input *in, struct fail *reterr);

/*
 * Puts what was read from stdin back on descriptor 0: a sealed memfd at offset 0, or a pipe where RLIMIT_FSIZE forbids
 * that. Nothing to do for files. 0, or a negative errno with *reterr (CAUSE_INTERNAL).
 */
int input_replay(const struct input *in, struct fail *reterr);

/*
 * The path from the root on, as notes and records name it. A working directory that is gone leaves it as it was given.
 * NULL once memory is used up.
 */
const char *path_absolute(struct arena *a, const char *path);

/* Closes what input_read opened; fine after a failure, and on a zeroed struct whose kind is INPUT_NONE. */
void input_close(struct input *in);
