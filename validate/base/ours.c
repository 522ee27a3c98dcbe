/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only what the effective user owns and nobody else may write to is believed: so no link that somebody laid out can
 * turn a write of ours into a write elsewhere. A create looks into two or three such directories a dozen times; each
 * is opened once, because walking a path costs more than all that is then done in it.
 */
#include "validate/base/ours.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/text.h"

#define KEPT_MOST 6u   /* directories; a program that asks for more opens one anew now and then */
#define KEPT_NAME 192u /* bytes of a path; what is longer is opened each time */

static struct kept_dir {
	char name[KEPT_NAME];
	int fd; /* 0: none */
} kept_dirs[KEPT_MOST];

static bool briefly;

void dir_kept_briefly(void)
{
	briefly = true;
}

bool stat_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int dir_ours(int at, const char *path, bool make)
{
	static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
	struct stat st;
	int fd = fd_open(at, path, flags, 0);
	if (fd == -ENOENT && make) {
		/* A umask that takes our own rights away would lock us out for good. */
		const int made = mkdirat(at, path, 0700);
		if (made == 0 ? fchmodat(at, path, 0700, 0) < 0 : errno != EEXIST)
			return -errno;
		fd = fd_open(at, path, flags, 0);
	}
	if (fd < 0)
		return fd;
	const int r = fstat(fd, &st) < 0 ? -errno : stat_ours(&st) ? 0 : -EPERM;
	if (r < 0)
		(void)fd_close(fd);
	return r < 0 ? r : fd;
}

/* Where that directory is kept, or may be: an entry of its own, else the one that was taken longest ago. */
static struct kept_dir *kept_at(const char *name)
{
	static unsigned next;
	for (unsigned i = 0; i < KEPT_MOST; i++)
		if (kept_dirs[i].fd > 0 && strcmp(kept_dirs[i].name, name) == 0)
			return &kept_dirs[i];
	return &kept_dirs[next++ % KEPT_MOST];
}

static bool still_ours(const struct kept_dir *k, const char *name)
{
	struct stat st;
	return k->fd > 0 && name[0] && strcmp(k->name, name) == 0 &&
		(briefly || (fstat(k->fd, &st) == 0 && st.st_nlink > 0 && stat_ours(&st)));
}

int dir_kept(const char *path, const char *below, bool make)
{
	char name[KEPT_NAME];
	struct text t = text_over(name, sizeof(name));
	text_add(&t, path);
	if (below) {
		text_char(&t, '/');
		text_add(&t, below);
	}
	if (t.cut)
		name[0] = '\0';
	struct kept_dir *k = kept_at(name);
	if (still_ours(k, name))
		return k->fd;
	/*
	 * What is read is ours by itself, wherever it lies: nobody can put a directory of ours in a place of theirs.
	 * What is made is made in one that was looked at.
	 */
	const bool two = below && (make || !name[0]);
	const int above = two ? dir_kept(path, NULL, make) : AT_CWD;
	const int fd = two && above < 0 ? above : dir_ours(above, two ? below : below ? name : path, make);
	if (fd < 0)
		return fd;
	if (k->fd > 0)
		(void)fd_close(k->fd);
	memcpy(k->name, name, sizeof(name));
	k->fd = fd;
	return fd;
}
