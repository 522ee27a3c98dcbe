/* SPDX-License-Identifier: Apache-2.0 */
/* Where walks start, and by what they know of mounts: their numbers (validate/host/listed.h), or mountinfo. */
#include <fcntl.h>

#include "validate/base/fd.h"
#include "validate/host/crossing.h"
#include "validate/host/walk.h"

/* The mount at the root, without mountinfo. */
static const struct mount *root_listed(struct place_look *l, int fd)
{
	struct statx sx = { 0 };
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID_UNIQUE, &sx) < 0 ||
		!(sx.stx_mask & STATX_MNT_ID_UNIQUE))
		return NULL;
	return listed_find(l->arena, l->listed, sx.stx_mnt_id);
}

const struct walk_root *walk_host(struct place_look *l)
{
	struct walk_root *r = &l->walks->host;
	struct statx sx = { 0 };
	if (l->walks->host_known)
		return r;
	l->walks->host_known = true;
	*r = (struct walk_root){ .fd = l->host->root };
	if (l->listed && (r->mount = root_listed(l, r->fd)))
		return r;
	l->listed = NULL;
	mounts_get(l->arena, l->host, &l->mounts);
	if (!l->host->live)
		r->mount = crossing_mount(&l->mounts, 0);
	else if (statx(r->fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &sx) == 0)
		r->mount = crossing_mount(&l->mounts, sx.stx_mask & STATX_MNT_ID ? sx.stx_mnt_id : 0);
	return r;
}

const struct mount *walk_by_list(struct place_look *l, const struct mount *mount)
{
	mounts_get(l->arena, l->host, &l->mounts);
	if (l->listed) {
		l->listed = NULL;
		if (l->walks->host.mount)
			l->walks->host.mount = crossing_mount(&l->mounts, l->walks->host.mount->id);
		if (l->walks->rootfs.mount)
			l->walks->rootfs.mount = crossing_mount(&l->mounts, l->walks->rootfs.mount->id);
	}
	return mount ? crossing_mount(&l->mounts, mount->id) : NULL;
}

bool walk_submounts(struct place_look *l, const struct spot *spot)
{
	if (spot->found != FOUND_IT || !S_ISDIR(spot->st.st_mode))
		return false;
	const struct mount *on = l->listed ? walk_by_list(l, spot->mount) : spot->mount;
	return crossing_below(&l->mounts, on, spot->path);
}

void spot_done(struct spot *s)
{
	s->fd = fd_close(s->fd);
}
