/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One open, one read, one set of questions. The order matters: the questions are asked of the descriptor, never of the
 * path, and the answer to "did it change while we read" comes after the last byte. What has no size of its own (/proc,
 * a fifo, a device) is refused, because nobody could tell later that it still is what was judged.
 */
#include "validate/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "validate/base/digest.h"
#include "validate/base/fd.h"

#define UID_OVERFLOW ((uid_t)65534) /* fs.overflowuid is nowhere set to another value */

static int64_t nanoseconds(struct timespec t)
{
	int64_t ns;
	if (__builtin_mul_overflow((int64_t)t.tv_sec, INT64_C(1000000000), &ns) ||
		__builtin_add_overflow(ns, (int64_t)t.tv_nsec, &ns))
		return t.tv_sec < 0 ? INT64_MIN : INT64_MAX; /* a file system may claim the year 3000 */
	return ns;
}

struct identity identity_of(const struct stat *st)
{
	return (struct identity){
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = (uint64_t)st->st_size,
		.modified = nanoseconds(st->st_mtim),
		.changed = nanoseconds(st->st_ctim),
	};
}

bool identity_equal(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size && a->modified == b->modified &&
		a->changed == b->changed;
}

bool owner_is_root(uid_t uid, bool writable)
{
	return uid == 0 || (uid == UID_OVERFLOW && !writable && rootless());
}

static int broken(const struct file_want *want, int code, struct fail *reterr, const char *says)
{
	(void)fail(reterr, code, want->cause, want->rule, "%s", says);
	if (reterr)
		(void)snprintf(reterr->file, sizeof(reterr->file), "%s", want->path);
	return code;
}

static int check_owner(const struct file_want *want, int fd, const struct stat *st, struct fail *reterr)
{
	const bool root = owner_is_root(st->st_uid, st->st_uid != 0 && fd_writable(fd));
	if (want->owner == OWNER_ANY)
		return 0;
	if (want->owner == OWNER_BUNDLE) {
		if (!root && st->st_uid != geteuid())
			return broken(want, -EPERM, reterr, "it belongs neither to root nor to the user who runs this");
		if (st->st_mode & S_IWOTH)
			return broken(want, -EPERM, reterr, "others may write to it");
		return 0;
	}
	if (!root)
		return broken(want, -EPERM, reterr, "it does not belong to root");
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return broken(want, -EPERM, reterr, "its group or others may write to it");
	return 0;
}

/* Asks the opened file all that can be asked before it is read. */
static int check_stat(const struct file_want *want, int fd, struct stat *st, struct fail *reterr)
{
	if (fstat(fd, st) < 0)
		return broken(want, -errno, reterr, errno_words(errno));
	if (!S_ISREG(st->st_mode))
		return broken(want, -ENOTSUP, reterr, "it is no regular file");
	int r = check_owner(want, fd, st, reterr);
	if (r < 0)
		return r;
	if ((uint64_t)st->st_size > want->limit)
		return broken(want, -EFBIG, reterr, "it is over the size limit");
	return 0;
}

/*
 * Reads at most `size` + 1 bytes of a file that had `size`, to its end. The number of bytes, or a negative errno. When
 * there are `size`, and the one more that was asked for did not come, that is the end: read(2) is not asked again
 * whether it is. Had the file grown meanwhile, fstat(2) would say so, which the caller asks in any case.
 */
static ssize_t read_up_to(int fd, char *to, size_t size)
{
	size_t len = 0;
	while (len < size || len == 0) {
		ssize_t n = read(fd, to + len, size + 1 - len);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
	}
	return (ssize_t)len;
}

static int read_whole(struct arena *a, const struct file_want *want, struct file *f, struct fail *reterr)
{
	const size_t size = (size_t)f->st.st_size;
	char *data = arena_alloc(a, size + 2); /* one byte to see growth, one NUL */
	if (!data)
		return broken(want, -ENOMEM, reterr, "it does not fit into memory");
	ssize_t n = read_up_to(f->fd, data, size);
	if (n < 0)
		return broken(want, (int)n, reterr, errno_words((int)n));
	if (size == 0 && n > 0)
		return broken(want, -ENOTSUP, reterr, "it has no size of its own, so it cannot be pinned");

	struct stat after;
	if (fstat(f->fd, &after) < 0)
		return broken(want, -errno, reterr, errno_words(errno));
	f->identity = identity_of(&f->st);
	const struct identity now = identity_of(&after);
	if ((size_t)n != size || !identity_equal(&f->identity, &now))
		return broken(want, -ESTALE, reterr, "it changed while it was read");
	data[n] = '\0';
	f->bytes = (struct bytes){ data, (size_t)n };
	if (want->digest)
		digest_hex(f->bytes, (struct bytes){ 0 }, f->digest);
	return 0;
}

int file_read(struct arena *a, const struct file_want *want, struct file *ret, struct fail *reterr)
{
	struct file f = { .path = want->path };
	f.fd = fd_open(want->dir, want->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
	if (f.fd == -ENXIO) /* a socket */
		return broken(want, -ENOTSUP, reterr, "it is no regular file");
	if (f.fd < 0)
		return broken(want, f.fd, reterr, errno_words(f.fd));
	int r = check_stat(want, f.fd, &f.st, reterr);
	if (r == 0)
		r = read_whole(a, want, &f, reterr);
	if (r < 0) {
		(void)fd_close(f.fd);
		return r;
	}
	*ret = f;
	return 0;
}

int file_unchanged(int dir, const struct file *f, enum cause cause, struct fail *reterr)
{
	const struct file_want want = { .path = f->path, .cause = cause, .rule = "" };
	struct stat st;
	if (fstatat(dir, f->path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return broken(&want, -ESTALE, reterr, "it is gone since it was read");
	const struct identity now = identity_of(&st);
	if (!identity_equal(&f->identity, &now))
		return broken(&want, -ESTALE, reterr, "it changed since it was read");
	return 0;
}
