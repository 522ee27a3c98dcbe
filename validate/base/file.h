/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file, opened once and read once. Everything runvet judges or believes comes through here: it is a regular
 * file, no symlink at the end of its path, owned by who may own it, and what was read is known by its identity.
 */
#pragma once

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "validate/base/arena.h"
#include "validate/base/bytes.h"
#include "validate/base/fail.h"

/* What tells a file from another one, or from itself after a change. Nanoseconds since the epoch. */
struct identity {
	uint64_t device, inode, size;
	int64_t modified, changed;
};

struct identity identity_of(const struct stat *st);
bool identity_equal(const struct identity *a, const struct identity *b);

enum owner {
	OWNER_BUNDLE, /* root or the effective user (decision 13); not writable by others */
	OWNER_ROOT,   /* configuration: root only (see owner_is_root); not writable by group or others */
	OWNER_ANY,    /* the caller's own business: runvetctl, of a file that it was given */
};

struct file {
	int fd;                   /* O_RDONLY|O_CLOEXEC, kept open while what was read matters; -1 when there is none */
	const char *path;         /* as given, not owned */
	struct bytes bytes;       /* in the arena, NUL-terminated beyond len */
	struct identity identity; /* at the time of reading */
	struct stat st;
	char digest[65];          /* SHA-256 of bytes, lower-case hex; "" unless asked for */
};

struct file_want {
	int dir;            /* directory descriptor or AT_CWD */
	const char *path;
	size_t limit;       /* bytes */
	enum owner owner;
	enum cause cause;   /* what a failure is owed to */
	const char *rule;   /* id that a failure names, "" for none */
	bool digest;
};

/*
 * Opens, checks and reads. 0, or a negative errno with *reterr filled: -ENOENT missing, -ELOOP a symlink, -ENOTSUP
 * not a regular file with a size of its own (no waiting for a fifo: O_NONBLOCK), -EPERM owner or mode, -EFBIG over the
 * limit, -ESTALE it changed under our eyes, -ENOMEM. *ret is written on success only; the caller closes ret->fd.
 */
int file_read(struct arena *a, const struct file_want *want, struct file *ret, struct fail *reterr);

/* Whether path (below dir) still is the very file that was read: 0, or -ESTALE with *reterr filled. */
int file_unchanged(int dir, const struct file *f, enum cause cause, struct fail *reterr);

/*
 * Whether this owner counts as root: uid 0; or, in a user namespace whose uid_map does not map host 0, the overflow
 * uid on a file that we cannot write (decision 14). `writable` is the answer of access(2) for that file.
 */
bool owner_is_root(uid_t uid, bool writable);

/*
 * Whether this process lives in a user namespace that does not map host uid 0. Asked once; reads /proc/self/uid_map
 * where the kernel does not tell of itself that this is the machine's own.
 */
bool rootless(void);

/*
 * Whether it lives in the user namespace that the machine began with, in which every id is what it seems. Asked once.
 * False also where that cannot be told (before Linux 6.11): there /proc may know more. Its inode is the same on every
 * Linux since 3.8 (<linux/nsfs.h>: USER_NS_INIT_INO).
 */
#define USER_NAMESPACE_INODE UINT64_C(0xeffffffd)
bool user_namespace_initial(void);
