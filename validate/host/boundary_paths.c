/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths of the container, looked at without entering what may keep us waiting. Mountinfo says what is mounted where.
 * Where that does not tell, the mount that the path lies on is entered (it is known to be local, and found again by its
 * number), and the rest is opened without crossing another mount or following a symlink. A path through symlinks is
 * left to what the kernel knows by heart (RESOLVE_CACHED).
 */
#include "validate/host/boundary_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/rule/around.h"

static int open_how(int dir, const char *path, uint64_t flags, uint64_t resolve)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = resolve | RESOLVE_NO_MAGICLINKS,
	};
	const long fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	return fd < 0 ? -errno : fd_high((int)fd);
}

/* What the descriptor is of, without asking its file system to look again. */
static bool look_at(int fd, struct statx *ret)
{
	return syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, ret) ==
		0;
}

/* Its "/", which is a directory of a mount that is not asked for anything by being opened. */
static int root_of(struct boundary *b)
{
	if (!b->root_tried && b->top && !mount_waits(b->top->type))
		b->root = fd_open(b->process, "root", O_PATH | O_DIRECTORY, 0);
	b->root_tried = true;
	return b->root;
}

static const struct mount *mount_of_number(const struct boundary *b, uint64_t id)
{
	for (size_t i = 0; i < b->mounts.count; i++)
		if (b->mounts.list[i].id == id)
			return &b->mounts.list[i];
	return NULL;
}

static void tell(struct boundary *b, const struct statx *st, struct sight *ret)
{
	ret->what = SIGHT_THERE;
	ret->mode = st->stx_mode;
	ret->major = st->stx_rdev_major;
	ret->minor = st->stx_rdev_minor;
	ret->uid = st->stx_uid;
	ret->gid = st->stx_gid;
	ret->looked = true;
	if (!(st->stx_mask & STATX_MNT_ID))
		return;
	ret->mount = mount_of_number(b, st->stx_mnt_id);
	ret->on_top = (st->stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* The upper directory (or the file) of a mount; stays open for the next path, as most of them are of one. */
static int enter(struct boundary *b, const struct mount *m)
{
	struct statx st;
	if (b->entered == m)
		return b->entered_fd;
	const int root = root_of(b);
	const char *path = root < 0 ? NULL : arena_copy(b->arena, m->point);
	b->entered = m;
	b->entered_fd = fd_close(b->entered_fd);
	if (!path)
		return -1;
	int fd = open_how(root, path, 0, RESOLVE_IN_ROOT | RESOLVE_CACHED);
	/* Before its own code runs nobody changes what was read a moment ago. */
	if ((fd == -EAGAIN || fd == -EINVAL) && b->of->created && !b->any_waits)
		fd = open_how(root, path, 0, RESOLVE_IN_ROOT);
	const bool same = fd >= 0 && look_at(fd, &st) &&
		(st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id == m->id : b->of->created);
	b->entered_fd = same ? fd : fd_close(fd);
	return b->entered_fd;
}

/* Through symlinks, wherever they lead. */
static void see_anywhere(struct boundary *b, const char *path, struct sight *ret)
{
	const int root = root_of(b);
	struct statx st;
	if (root < 0)
		return;
	int fd = open_how(root, path, O_NOFOLLOW, RESOLVE_IN_ROOT | RESOLVE_CACHED);
	if ((fd == -EAGAIN || fd == -EINVAL) && b->of->created && !b->any_waits)
		fd = open_how(root, path, O_NOFOLLOW, RESOLVE_IN_ROOT);
	if (fd == -ENOENT || fd == -ENOTDIR)
		ret->what = SIGHT_NONE;
	if (fd >= 0 && look_at(fd, &st))
		tell(b, &st, ret);
	(void)fd_close(fd);
}

void boundary_see(struct boundary *b, struct bytes path, bool closely, struct sight *ret)
{
	const struct mount *on = boundary_lies_on(b, path);
	*ret = (struct sight){ .mount = on };
	if (!on || !path.len)
		return;
	ret->on_top = bytes_equal(on->point, path);
	if (ret->on_top && !closely) {
		ret->what = SIGHT_THERE;
		return;
	}
	const char *whole = arena_copy(b->arena, path);
	if (!whole || mount_waits(on->type))
		return;
	const int dir = enter(b, on);
	const size_t skip = ret->on_top ? path.len : on->point.len == 1 ? 1 : on->point.len + 1;
	struct statx st;
	if (dir < 0)
		return;
	int fd = ret->on_top
		? -EALREADY
		: open_how(dir, whole + skip, O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
	const bool seen = (fd >= 0 || ret->on_top) && look_at(ret->on_top ? dir : fd, &st);
	if (fd == -ENOENT || fd == -ENOTDIR)
		ret->what = SIGHT_NONE;
	(void)fd_close(fd);
	if (fd == -ELOOP)
		see_anywhere(b, whole, ret);
	else if (seen)
		tell(b, &st, ret);
}

/* --- masked and readonly --------------------------------------------------------------------------------------- */

/*
 * A mask shows something else than what it lies on: an empty file system, an empty directory of another, a null device
 * (which may be one of the file system that it lies on). What was bound over itself hides nothing.
 */
static bool is_mask(const struct boundary *b, const struct mount *m)
{
	static const char null[] = "/null";
	const struct mount *below = mount_of_number(b, m->parent);
	const size_t n = sizeof(null) - 1;
	return (m->root.len >= n && memcmp(m->root.data + m->root.len - n, null, n) == 0) || !below ||
		below->major != m->major || below->minor != m->minor;
}

static const char *masked(struct boundary *b, struct bytes path)
{
	struct sight s;
	boundary_see(b, path, false, &s);
	if (s.what == SIGHT_THERE && !s.mount)
		return NULL;
	return s.what == SIGHT_NONE               ? "absent"
		: s.what == SIGHT_UNKNOWN         ? NULL
		: s.on_top && is_mask(b, s.mount) ? "masked"
						  : "open";
}

static const char *readonly(struct boundary *b, struct bytes path)
{
	struct sight s;
	boundary_see(b, path, false, &s);
	if (s.what == SIGHT_NONE)
		return "absent";
	if (s.what == SIGHT_UNKNOWN || !s.mount)
		return NULL;
	return mount_option(s.mount->options, "ro", NULL) || mount_option(s.mount->super, "ro", NULL) ||
			(s.on_top && is_mask(b, s.mount) && s.mount != b->top)
		? "readonly"
		: "writable";
}

static void tell_list(struct boundary *b, const char *name, const char *(*how)(struct boundary *b, struct bytes path))
{
	const struct doc *e = around_first(doc_get(b->of->config, "linux"), name);
	struct doc *to = e && b->top ? make_object(b->arena, b->to, name) : NULL;
	for (size_t n = 0; to && e && n < BOUNDARY_ASKED; e = e->next, n++) {
		const struct bytes path = e->type == DOC_STRING ? boundary_plain(b, e->string) : (struct bytes){ 0 };
		const char *says = path.len && !make_found(to, e->string) ? how(b, path) : NULL;
		const char *key = says ? arena_copy(b->arena, e->string) : NULL;
		if (key)
			make_string(b->arena, to, key, bytes_of(says));
	}
}

void boundary_paths(struct boundary *b)
{
	tell_list(b, "maskedPaths", masked);
	tell_list(b, "readonlyPaths", readonly);
}
