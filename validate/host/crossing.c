/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mount hangs on a directory of its parent, so that id of the parent and name of the point say where it is for sure,
 * also when others were mounted over one another.
 */
#include "validate/host/crossing.h"

/* Whether `path` is `above` or lies below it; both are resolved. */
static bool lies_at(struct bytes above, struct bytes path)
{
	if (above.len == 1)
		return true;
	return path.len >= above.len && (path.len == above.len || path.data[above.len] == '/') &&
		memcmp(path.data, above.data, above.len) == 0;
}

const struct mount *crossing_next(const struct mounts *all, const struct mount *on, struct bytes to)
{
	const struct mount *next = NULL;
	const size_t least = on ? on->point.len : 2;
	for (size_t i = 0; i < all->count; i++) {
		const struct mount *m = &all->list[i];
		if ((!on || (m->parent == on->id && m->id != on->id)) && m->point.len >= least &&
			lies_at(m->point, to) &&
			(!next || m->point.len < next->point.len || (!on && m->point.len == next->point.len)))
			next = m;
	}
	return next;
}

const struct mount *crossing_mount(const struct mounts *all, uint64_t id)
{
	const struct mount *found = NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct mount *m = &all->list[i];
		if (id ? m->id == id : m->point.len == 1 && (!found || m->parent == found->id))
			found = m;
	}
	return found;
}

/* Whether a layer, an absolute path, comes across a mount with a server. */
static bool layer_waits(const struct mounts *all, struct bytes layer)
{
	for (size_t i = 0; i < all->count; i++)
		if (mount_waits(all->list[i].type) && lies_at(all->list[i].point, layer))
			return true;
	return false;
}

bool crossing_waits(const struct mounts *all, const struct mount *m)
{
	bool any = false;
	if (mount_waits(m->type))
		return true;
	if (!bytes_is(m->type, "overlay"))
		return false;
	for (size_t i = 0; i < all->count && !any; i++)
		any = mount_waits(all->list[i].type) && !bytes_is(all->list[i].type, "autofs");
	if (!any)
		return false;
	/* Layers are parted by colons, options by commas: all start behind one of them, or behind "=". */
	for (size_t start = 0, i = 0; i <= m->super.len; i++) {
		if (i < m->super.len && m->super.data[i] != ':' && m->super.data[i] != ',' && m->super.data[i] != '=')
			continue;
		if (i > start && layer_waits(all, (struct bytes){ m->super.data + start, i - start }))
			return true;
		start = i + 1;
	}
	return false;
}

bool crossing_below(const struct mounts *all, const struct mount *on, struct bytes path)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct mount *m = &all->list[i];
		if ((!on || (m->parent == on->id && m->id != on->id)) && m->point.len > path.len &&
			lies_at(path, m->point))
			return true;
	}
	return false;
}
