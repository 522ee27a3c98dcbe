/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mountinfo is old the moment it was read: the kernel is told not to cross a mount that we do not expect
 * (RESOLVE_NO_XDEV), and the mount that we arrived on is compared with the one expected.
 */
#include "validate/host/arrive.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/crossing.h"
#include "validate/host/walk.h"

/*
 * Follows nothing. Where the kernel cannot be told so (before 5.6, or by a filter that does not know the call), a path
 * is taken apart, and mountinfo alone keeps us from crossing: `known`.
 */
static int open_spot(int dir, const char *path, bool crossing, bool known)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | (crossing ? 0 : RESOLVE_NO_XDEV),
	};
	long fd;
	do
		fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	while (fd < 0 && errno == EINTR);
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return !known || strchr(path, '/') ? -ELOOP : fd_open(dir, path, O_PATH | O_NOFOLLOW, 0);
	return fd < 0 ? -errno : fd_high((int)fd);
}

/* What is at fd, and whether it lies on the mount that was expected: 0, or a negative errno; -EXDEV. */
static int look_at(const struct place_look *l, int fd, const struct mount *expected, struct stat *ret)
{
	struct statx sx;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, &sx) < 0)
		return -errno;
	if (l->host->live && expected && (sx.stx_mask & STATX_MNT_ID) && sx.stx_mnt_id != expected->id)
		return -EXDEV;
	*ret = (struct stat){
		.st_dev = makedev(sx.stx_dev_major, sx.stx_dev_minor),
		.st_rdev = makedev(sx.stx_rdev_major, sx.stx_rdev_minor),
		.st_ino = sx.stx_ino,
		.st_mode = sx.stx_mode,
		.st_uid = sx.stx_uid,
		.st_gid = sx.stx_gid,
		.st_size = (off_t)sx.stx_size,
	};
	return 0;
}

static int open_and_look(const struct place_look *l, int fd, const struct mount *expected, struct stat *st)
{
	const int r = fd < 0 ? fd : look_at(l, fd, expected, st);
	if (r < 0)
		(void)fd_close(fd);
	return r < 0 ? r : fd;
}

int arrive_near(const struct place_look *l, int dir, const char *name, const struct mount *mount, struct stat *st)
{
	return open_and_look(l, open_spot(dir, name, false, mount || !l->host->live), mount, st);
}

static int arrive_once(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
	struct stat *st)
{
	bool crossing = false;
	for (size_t i = 0; i < l->mounts.count; i++) { /* more there are not, and none twice */
		const struct mount *m = crossing_next(&l->mounts, *mount, text);
		if (!m)
			break;
		*mount = m;
		crossing = true;
		if (crossing_waits(&l->mounts, m))
			return -EREMOTE;
	}
	return open_and_look(l, open_spot(dir, name, crossing, *mount || !l->host->live), *mount, st);
}

int arrive(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
	struct stat *st)
{
	const struct mount *const from = *mount;
	const int fd = arrive_once(l, dir, name, text, mount, st);
	if (fd != -EXDEV || !l->host->live || l->walks->refreshed)
		return fd;
	/* Something was mounted since mountinfo was read. What points into the old list stays in the arena. */
	l->walks->refreshed = true;
	l->mounts = (struct mounts){ 0 };
	mounts_get(l->arena, l->host, &l->mounts);
	*mount = from;
	return arrive_once(l, dir, name, text, mount, st);
}
