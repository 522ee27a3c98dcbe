/* SPDX-License-Identifier: Apache-2.0 */
/* Where paths count from, and what is told of what lies there. */
#include <stdio.h>
#include <sys/sysmacros.h>

#include "validate/base/fd.h"
#include "validate/host/arrive.h"
#include "validate/host/place_parts.h"
#include "validate/rule/around.h"

bool place_ready(struct place_look *l)
{
	if (!l->walks) {
		l->walks = arena_new(l->arena, struct walks);
		if (l->walks)
			l->walks->rootfs.fd = l->walks->near[0].fd = l->walks->near[1].fd = -1;
	}
	return l->walks != NULL;
}

const struct doc *place_config(const struct place_look *l)
{
	return l->whole || *l->below ? l->whole : l->config;
}

const struct doc *place_owner(const struct doc *value, const char *member)
{
	while (value && !doc_get(value, member))
		value = value->parent;
	return value;
}

/* Where relative paths count from: its symlinks are not those of the path. */
static struct bytes bundle(struct place_look *l)
{
	struct walks *w = l->walks;
	struct spot s;
	if (w->bundle_known || !l->host->bundle)
		return w->bundle;
	w->bundle_known = true;
	walk(l, walk_host(l), bytes_of(l->host->bundle), &s);
	if (s.found == FOUND_IT)
		w->bundle = s.path;
	spot_done(&s);
	return w->bundle;
}

static const struct spot nothing = { .fd = -1 };

/* As a path from the root; empty when that is not known. */
static struct bytes from_root(struct place_look *l, struct bytes path)
{
	if (!path.len || !place_ready(l) || path.data[0] == '/')
		return l->walks ? path : (struct bytes){ 0 };
	const struct bytes from = bundle(l);
	char *joined = from.len ? arena_array(l->arena, from.len + path.len + 2, 1) : NULL;
	if (!joined)
		return (struct bytes){ 0 };
	memcpy(joined, from.data, from.len);
	joined[from.len] = '/';
	memcpy(joined + from.len + 1, path.data, path.len);
	return (struct bytes){ joined, from.len + 1 + path.len };
}

void place_walk_host(struct place_look *l, struct bytes path, struct spot *ret)
{
	*ret = nothing;
	path = from_root(l, path);
	if (path.len)
		walk(l, walk_host(l), path, ret);
}

void place_look_host(struct place_look *l, struct bytes path, struct spot *ret)
{
	*ret = nothing;
	path = from_root(l, path);
	if (path.len)
		walk_look(l, walk_host(l), path, ret);
}

const struct spot *place_rootfs_spot(struct place_look *l)
{
	if (!place_ready(l))
		return &nothing;
	if (!l->walks->rootfs_known) {
		l->walks->rootfs_known = true;
		place_walk_host(l, doc_string(place_config(l), "root.path", (struct bytes){ 0 }), &l->walks->rootfs);
	}
	return &l->walks->rootfs;
}

/* The destination without "." and "..", as names alone have it: "/a/b", "" is the root. NULL data: no memory. */
static struct bytes normal(struct arena *a, struct bytes path)
{
	char *to = arena_array(a, path.len + 2, 1);
	size_t len = 0, at = 0;
	struct bytes part;
	while (to && path_part(path, &at, &part)) {
		if (bytes_is(part, "..")) {
			while (len > 0 && to[--len] != '/')
				;
			continue;
		}
		to[len++] = '/';
		memcpy(to + len, part.data, part.len);
		len += part.len;
	}
	return (struct bytes){ to, len };
}

static bool covers_make(struct place_look *l)
{
	struct walks *w = l->walks;
	const struct doc *mounts = doc_get(place_config(l), "mounts");
	if (w->covers || !mounts || mounts->type != DOC_ARRAY)
		return true;
	w->covers = arena_array(l->arena, mounts->count + 1, sizeof(*w->covers));
	for (const struct doc *m = mounts->first; w->covers && m; m = m->next) {
		const struct bytes c = normal(l->arena, around_string(m, "destination"));
		if (!c.data)
			return false;
		w->covers[w->cover_count++] = c;
	}
	return w->covers != NULL;
}

/* A path below the rootfs, walked from there. */
static void walk_below(struct place_look *l, const struct walk_root *root, struct bytes path, struct spot *ret)
{
	*ret = nothing;
	if (path.data[0] != '/') {
		char *absolute = arena_array(l->arena, path.len + 2, 1);
		if (!absolute)
			return;
		absolute[0] = '/';
		memcpy(absolute + 1, path.data, path.len);
		path = (struct bytes){ absolute, path.len + 1 };
	}
	walk_look(l, root, path, ret);
}

/* The same paths, but for the symlinks that the rootfs has on the way to them. */
static const struct bytes *covers_resolved(struct place_look *l, const struct walk_root *root)
{
	struct walks *w = l->walks;
	struct spot s;
	if (w->resolved || !w->cover_count)
		return w->resolved;
	w->resolved = arena_array(l->arena, w->cover_count, sizeof(*w->resolved));
	for (size_t i = 0; w->resolved && i < w->cover_count; i++) {
		w->resolved[i] = w->covers[i];
		if (!w->covers[i].len)
			continue;
		walk_below(l, root, w->covers[i], &s);
		w->resolved[i] = s.path.len > 1 ? s.path : w->covers[i];
		spot_done(&s);
	}
	return w->resolved;
}

void place_walk_below(struct place_look *l, struct bytes path, size_t covers, bool sure, struct spot *ret)
{
	const struct spot *rootfs = place_rootfs_spot(l);
	*ret = nothing;
	if (!path.len || rootfs->found != FOUND_IT || !S_ISDIR(rootfs->st.st_mode) || !covers_make(l))
		return;
	struct walk_root root = { .fd = rootfs->fd, .path = rootfs->path, .mount = rootfs->mount, .st = &rootfs->st };
	if (rootfs->path.len == 1)
		root.path = (struct bytes){ 0 };
	if (sure)
		root.covers = covers_resolved(l, &root);
	if (!root.covers)
		root.covers = l->walks->covers;
	root.cover_count = covers < l->walks->cover_count ? covers : l->walks->cover_count;
	walk_below(l, &root, path, ret);
}

void place_walk_container(struct place_look *l, struct bytes path, bool executable, struct spot *ret)
{
	place_walk_below(l, path, SIZE_MAX, false, ret);
	const bool good = ret->found == FOUND_IT && !ret->escapes &&
		(executable ? S_ISREG(ret->st.st_mode) && (ret->st.st_mode & 0111) : S_ISDIR(ret->st.st_mode));
	if (good || (ret->found != FOUND_IT && ret->found != FOUND_ABSENT))
		return;
	spot_done(ret);
	place_walk_below(l, path, SIZE_MAX, true, ret);
}

static const char *kind_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFSOCK:
		return "socket";
	case S_IFIFO:
		return "fifo";
	case S_IFBLK:
		return "block";
	case S_IFCHR:
		return "character";
	default:
		return "other";
	}
}

void place_tell_numbers(struct place_look *l, struct doc *to, const char *name, dev_t device)
{
	char numbers[32];
	(void)snprintf(numbers, sizeof(numbers), "%u:%u", major(device), minor(device));
	make_string(l->arena, to, name, bytes_of(numbers));
}

/* What the mount says: all but "rw", which is no restriction. */
static void tell_flags(struct place_look *l, const struct mount *m, struct doc *to)
{
	struct doc *flags = make_array(l->arena, to, "flags");
	for (size_t i = 0; i < m->options.len;) {
		const char *comma = memchr(m->options.data + i, ',', m->options.len - i);
		const size_t end = comma ? (size_t)(comma - m->options.data) : m->options.len;
		const struct bytes flag = { m->options.data + i, end - i };
		if (flag.len && !bytes_is(flag, "rw"))
			make_string(l->arena, flags, NULL, flag);
		i = end + 1;
	}
}

static void tell_found(struct place_look *l, const struct spot *s, struct doc *to)
{
	struct arena *a = l->arena;
	const mode_t mode = s->st.st_mode;
	make_uint(a, to, "uid", s->st.st_uid);
	make_uint(a, to, "gid", s->st.st_gid);
	make_uint(a, to, "mode", mode & 07777);
	make_bool(a, to, "executable", S_ISREG(mode) && (mode & 0111));
	place_tell_numbers(l, to, "device", s->st.st_dev);
	make_uint(a, to, "inode", s->st.st_ino);
	if (S_ISBLK(mode) || S_ISCHR(mode))
		place_tell_numbers(l, to, "number", s->st.st_rdev);
}

/* Creates the object that is told of; NULL when there is nothing to tell. */
static struct doc *tell_start(struct place_look *l, const struct spot *s, struct doc *answer, const char *name)
{
	if (s->found != FOUND_IT && s->found != FOUND_ABSENT && s->found != FOUND_WAITING)
		return NULL;
	struct doc *to = name ? make_object(l->arena, answer, name) : answer;
	if (s->found == FOUND_ABSENT)
		make_string(l->arena, to, "kind", BYTES("absent"));
	else if (s->found == FOUND_IT)
		make_string(l->arena, to, "kind", bytes_of(kind_name(s->st.st_mode)));
	make_string(l->arena, to, "path", s->path);
	if (s->found != FOUND_WAITING)
		make_bool(l->arena, to, "clean", s->clean);
	if (s->found == FOUND_IT)
		tell_found(l, s, to);
	return to;
}

struct doc *place_tell(struct place_look *l, const struct spot *s, struct doc *answer, const char *name)
{
	struct doc *to = tell_start(l, s, answer, name);
	if (!to || !s->mount || s->found == FOUND_ABSENT)
		return to;
	make_string(l->arena, to, "filesystem", s->mount->type);
	make_bool(l->arena, to, "network", s->found == FOUND_WAITING);
	if (s->found != FOUND_IT)
		return to;
	tell_flags(l, s->mount, to);
	/* Of what is bound; of the rootfs nobody asks for it, so it is told where it costs nothing. */
	if (S_ISDIR(s->st.st_mode) && (s != &l->walks->rootfs || !l->listed))
		make_bool(l->arena, to, "submounts", walk_submounts(l, s));
	return to;
}

void place_tell_below(struct place_look *l, const struct spot *s, struct doc *answer, const char *name)
{
	struct doc *to = tell_start(l, s, answer, name);
	if (to && s->found != FOUND_WAITING)
		make_bool(l->arena, to, "escapes", s->escapes);
	else if (to)
		make_bool(l->arena, to, "network", true);
}

void place_done(struct place_look *l)
{
	if (!l->walks)
		return;
	arrive_done(l);
	spot_done(&l->walks->rootfs);
}
