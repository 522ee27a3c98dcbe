/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mounts of this process as /proc/self/mountinfo lists them: where a file system is, and of what type, without
 * touching it. Read once, when first asked for: on a busy node the list is long.
 */
#pragma once

#include "validate/host/host.h"

struct mount {
	uint32_t id, parent, major, minor;
	struct bytes root, point;    /* unescaped */
	struct bytes options, type, super; /* options of the mount; of the file system */
	struct bytes peers;          /* "shared:7 master:2": its optional fields; empty: it is private */
	uint64_t number;             /* that no other has until the next boot; 0 where mountinfo told (see listed.h) */
};

struct mounts {
	const struct mount *list; /* in the kernel's order: a later one covers an earlier one of the same point */
	size_t count;
	bool read;                /* it was tried; with count 0 nothing is known */
};

/* Reads the list below the host's root unless *m has it. Nothing is known (no /proc, no memory): count is 0. */
void mounts_get(struct arena *a, const struct host *h, struct mounts *m);

/* The same of a mountinfo at `path` below `dir`; one that is longer than `most` bytes is not known. */
void mounts_read(struct arena *a, int dir, const char *path, size_t most, struct mounts *m);

/*
 * The next other path under which a resolved path that lies on `on` is seen, by a mount that shows more of the same
 * file system, or was there before: what was bound there comes from that path. *at starts at 0. False at the end, or
 * when memory is used up.
 */
bool mounts_elsewhere(struct arena *a, const struct mounts *m, const struct mount *on, struct bytes path, size_t *at,
		      struct bytes *ret);

/* The word of a comma-separated list: whether it is there, and what stands behind its "=". */
bool mount_option(struct bytes options, const char *name, struct bytes *ret_value);

/* Whether a server stands behind the file system type (NFS, CIFS, FUSE ...), which may be gone: it is not touched. */
bool mount_waits(struct bytes type);
