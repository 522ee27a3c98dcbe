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

static struct stat stat_of(const struct statx *sx)
{
	return (struct stat){
		.st_dev = makedev(sx->stx_dev_major, sx->stx_dev_minor),
		.st_rdev = makedev(sx->stx_rdev_major, sx->stx_rdev_minor),
		.st_ino = sx->stx_ino,
		.st_mode = sx->stx_mode,
		.st_uid = sx->stx_uid,
		.st_gid = sx->stx_gid,
		.st_size = (off_t)sx->stx_size,
	};
}

/* What is at fd, and whether it lies on the mount that was expected: 0, or a negative errno; -EXDEV. */
static int look_at(const struct place_look *l, int fd, const struct mount *expected, struct stat *ret)
{
	const unsigned number = expected && expected->number ? STATX_MNT_ID_UNIQUE : STATX_MNT_ID;
	struct statx sx;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | number, &sx) < 0)
		return -errno;
	if (l->host->live && expected && (sx.stx_mask & number) &&
		sx.stx_mnt_id != (expected->number ? expected->number : expected->id))
		return -EXDEV;
	*ret = stat_of(&sx);
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

/* openat2(2) of what is there already, or of what lies on the same mount. */
static int open_listed(int dir, const char *name, uint64_t resolve)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | resolve,
	};
	const long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));
	return fd < 0 ? -errno : fd_high((int)fd);
}

/*
 * Without mountinfo, where no mount of this process has a server: then wherever the path leads, nothing waits, and the
 * kernel says on which mount it ended. It is opened from what the kernel has in memory, so that a server that was
 * mounted a moment ago is not asked for a name; else without leaving the mount. What is not there, or odd, is for
 * mountinfo to tell, unless it is sure on which mount it is not there.
 */
static int arrive_listed(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
	struct stat *st)
{
	struct statx sx;
	if (!*mount || !(*mount)->number || !listed_clear(l->listed, text))
		return -EAGAIN;
	int fd = open_listed(dir, name, RESOLVE_CACHED);
	if (fd == -EAGAIN || fd == -ENOENT)
		fd = open_listed(dir, name, RESOLVE_NO_XDEV);
	if (fd == -ELOOP || (fd == -ENOENT && !bytes_is((*mount)->type, "proc")))
		return fd;
	if (fd < 0)
		return -EAGAIN;
	const struct mount *on = NULL;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID_UNIQUE, &sx) == 0 &&
		(sx.stx_mask & STATX_MNT_ID_UNIQUE))
		on = sx.stx_mnt_id == (*mount)->number ? *mount : listed_find(l->arena, l->listed, sx.stx_mnt_id);
	if (!on) {
		(void)fd_close(fd);
		return -EAGAIN;
	}
	*st = stat_of(&sx);
	*mount = on;
	return fd;
}

int arrive(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
	struct stat *st)
{
	int fd = l->listed ? arrive_listed(l, dir, name, text, mount, st) : -EAGAIN;
	if (fd != -EAGAIN)
		return fd;
	if (l->listed)
		*mount = walk_by_list(l, *mount);
	const struct mount *const from = *mount;
	fd = arrive_once(l, dir, name, text, mount, st);
	if (fd != -EXDEV || !l->host->live || l->walks->refreshed)
		return fd;
	/* Something was mounted since mountinfo was read. What points into the old list stays in the arena. */
	l->walks->refreshed = true;
	l->mounts = (struct mounts){ 0 };
	mounts_get(l->arena, l->host, &l->mounts);
	*mount = from;
	return arrive_once(l, dir, name, text, mount, st);
}

/* The directory that this name is in, with *ret_last the last part of the name; negative when it is not to be had. */
static int neighbourhood(struct place_look *l, int dir, const char *name, const char **ret_last)
{
	struct near *n = &l->walks->near[dir != l->host->root];
	const char *slash = strrchr(name, '/');
	*ret_last = slash ? slash + 1 : name;
	if (!slash)
		return dir;
	const size_t len = (size_t)(slash - name);
	if (n->fd >= 0 && n->from == dir && n->path.len == len && memcmp(n->path.data, name, len) == 0)
		return n->fd;
	char *copy = arena_copy(l->arena, (struct bytes){ name, len });
	const int fd = copy ? open_listed(dir, copy, RESOLVE_CACHED) : -ENOMEM;
	if (fd >= 0) {
		(void)fd_close(n->fd);
		*n = (struct near){ .fd = fd, .from = dir, .path = { copy, len } };
	}
	return fd;
}

/* One name in a directory that is open leads to what is there, or to what is mounted on it, and both have no server. */
bool arrive_by_name(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
	struct stat *st)
{
	const char *last;
	struct statx sx;
	if (!l->listed || !*mount || !(*mount)->number || !listed_clear(l->listed, text))
		return false;
	const int in = neighbourhood(l, dir, name, &last);
	if (in < 0 ||
		statx(in, last, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
			STATX_BASIC_STATS | STATX_MNT_ID_UNIQUE, &sx) < 0 ||
		!(sx.stx_mask & STATX_MNT_ID_UNIQUE) || S_ISLNK(sx.stx_mode))
		return false;
	const struct mount *on = sx.stx_mnt_id == (*mount)->number ? *mount
								   : listed_find(l->arena, l->listed, sx.stx_mnt_id);
	if (!on)
		return false;
	*st = stat_of(&sx);
	*mount = on;
	return true;
}

void arrive_done(struct place_look *l)
{
	for (size_t i = 0; i < sizeof(l->walks->near) / sizeof(l->walks->near[0]); i++)
		l->walks->near[i].fd = fd_close(l->walks->near[i].fd);
}
