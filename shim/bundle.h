/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine handed over to be run: read once, judged, and still the same right before execve. */
#pragma once

#include "shim/argv.h"
#include "validate/base/file.h"

enum input_kind {
	INPUT_NONE,      /* exec without --process, update by options: nothing to read */
	INPUT_CONFIG,    /* config.json of the bundle, or crun's --config */
	INPUT_PROCESS,   /* exec --process */
	INPUT_RESOURCES, /* update --resources FILE or - */
};

struct input {
	enum input_kind kind;
	const char *bundle;   /* absolute path of the bundle directory; NULL for exec and update */
	int bundle_fd;        /* O_PATH|O_DIRECTORY, -1 when there is none */
	struct identity bundle_identity;
	struct file file;
	bool from_stdin;      /* replayed by input_replay */
	bool mapped_owner;    /* the bundle is owned by the mapped root of its user namespace: a warning */
};

/*
 * Finds and reads what the request names: symlink-free at the end, owner and mode by decision 13, size limit, one read, digest.
 * stdin is read to its end within WAIT_STDIN_MS. 0, or a negative errno with *reterr (CAUSE_BUNDLE).
 */
int input_read(struct arena *a, const struct request *q, struct input *ret, struct fail *reterr);

/* The last look before execve: bundle directory and file are what was read. 0 or -ESTALE with *reterr. */
int input_unchanged(const struct input *in, const struct request *q, struct fail *reterr);

/* Puts what was read from stdin back on descriptor 0 (a sealed memfd at offset 0). Nothing to do for files. */
int input_replay(const struct input *in, struct fail *reterr);
