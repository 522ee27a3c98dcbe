/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mounts as the process sees them. A mount hangs on a directory of its parent, so that a path is gone along from
 * mount to mount; what was mounted over hides what was there before. They are sorted once by parent and point: both the
 * list and what config.json asks for may be long.
 */
#include <stdio.h>
#include <stdlib.h>

#include "validate/host/boundary_parts.h"
#include "validate/rule/around.h"

static int by_place(const void *x, const void *y)
{
	const struct mount *a = *(const struct mount *const *)x, *b = *(const struct mount *const *)y;
	return a->parent == b->parent ? bytes_order(a->point, b->point) : a->parent < b->parent ? -1 : 1;
}

/* The mount that hangs on that mount at that path. */
static const struct mount *child_at(const struct boundary *b, uint32_t parent, struct bytes point)
{
	const struct mount wanted = { .parent = parent, .point = point }, *key = &wanted;
	const struct mount *const *found = bsearch(&key, b->by_place, b->mounts.count, sizeof(const struct mount *),
		by_place);
	return found ? *found : NULL;
}

/* What was mounted right over it, and over that; bounded, as a hostile text may say that they go round. */
static const struct mount *uppermost(const struct boundary *b, const struct mount *m)
{
	for (size_t i = 0; i < b->mounts.count; i++) {
		const struct mount *over = child_at(b, m->id, m->point);
		if (!over || over == m)
			break;
		m = over;
	}
	return m;
}

void boundary_mounts_read(struct boundary *b)
{
	struct mounts *all = &b->mounts;
	mounts_read(b->arena, b->process, "mountinfo", BOUNDARY_MOUNTINFO, all);
	b->by_place = all->count ? arena_array(b->arena, all->count, sizeof(const struct mount *)) : NULL;
	if (!b->by_place)
		return;
	for (size_t i = 0; i < all->count; i++) {
		b->by_place[i] = &all->list[i];
		b->any_waits = b->any_waits || mount_waits(all->list[i].type);
		if (!b->top && bytes_is(all->list[i].point, "/"))
			b->top = &all->list[i];
	}
	qsort(b->by_place, all->count, sizeof(const struct mount *), by_place);
	if (b->top)
		b->top = uppermost(b, b->top);
}

const struct mount *boundary_lies_on(const struct boundary *b, struct bytes path)
{
	const struct mount *on = b->top;
	for (size_t i = 1; on && i <= path.len; i++) {
		if (i < path.len && path.data[i] != '/')
			continue;
		const struct mount *next = child_at(b, on->id, (struct bytes){ path.data, i });
		on = next ? uppermost(b, next) : on;
	}
	return on;
}

struct bytes boundary_plain(const struct boundary *b, struct bytes path)
{
	char *to = path.len ? arena_array(b->arena, path.len + 2, 1) : NULL;
	size_t len = 0, at = 0;
	struct bytes part;
	while (to && path_part(path, &at, &part)) {
		if (bytes_is(part, ".."))
			return (struct bytes){ 0 };
		to[len++] = '/';
		memcpy(to + len, part.data, part.len);
		len += part.len;
	}
	if (to && !len)
		to[len++] = '/';
	return (struct bytes){ to, len };
}

static const char *propagation(const struct mount *m)
{
	struct bytes rest = m->peers;
	const char *ret = "private";
	while (rest.len) {
		const char *blank = memchr(rest.data, ' ', rest.len);
		const size_t n = blank ? (size_t)(blank - rest.data) : rest.len, used = n + (blank != NULL);
		const struct bytes word = { rest.data, n };
		rest = (struct bytes){ rest.data + used, rest.len - used };
		if (bytes_start(word, "shared:"))
			return "shared";
		if (bytes_start(word, "master:"))
			ret = "slave";
		else if (bytes_is(word, "unbindable"))
			ret = "unbindable";
	}
	return ret;
}

static void add_options(struct boundary *b, struct doc *list, struct bytes options, struct bytes but)
{
	for (size_t i = 0; i < options.len;) {
		const char *comma = memchr(options.data + i, ',', options.len - i);
		const size_t end = comma ? (size_t)(comma - options.data) : options.len;
		const struct bytes word = { options.data + i, end - i };
		i = end + 1;
		bool known = word.len == 0;
		for (const struct doc *e = list ? list->first : NULL; !known && e && but.len; e = e->next)
			known = bytes_equal(e->string, word);
		/* A file system that may be written is no right to write to a mount of it that may not. */
		known = known || (but.len && bytes_is(word, "rw") && mount_option(but, "ro", NULL));
		if (!known)
			make_string(b->arena, list, NULL, word);
	}
}

static void tell(struct boundary *b, const struct mount *m, struct doc *to)
{
	char device[32];
	(void)snprintf(device, sizeof(device), "%u:%u", m->major, m->minor);
	make_string(b->arena, to, "kind", BYTES("mount"));
	make_string(b->arena, to, "type", m->type);
	struct doc *options = make_array(b->arena, to, "options");
	add_options(b, options, m->options, (struct bytes){ 0 });
	add_options(b, options, m->super, m->options);
	make_string(b->arena, to, "propagation", bytes_of(propagation(m)));
	make_string(b->arena, to, "source", m->root);
	make_string(b->arena, to, "device", bytes_of(device));
}

static void tell_root(struct boundary *b)
{
	struct doc *to = make_object(b->arena, b->to, "root");
	make_bool(b->arena, to, "readonly",
		mount_option(b->top->options, "ro", NULL) || mount_option(b->top->super, "ro", NULL));
	make_string(b->arena, to, "propagation", bytes_of(propagation(b->top)));
	make_string(b->arena, to, "filesystem", b->top->type);
}

/* An entry of mounts, and where it goes. */
struct wanted {
	uint32_t index;
	struct bytes place;
};

static int by_destination(const void *x, const void *y)
{
	const struct wanted *a = x, *b = y;
	const int order = bytes_order(a->place, b->place);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_index(const void *x, const void *y)
{
	const struct wanted *a = x, *b = y;
	return (a->index > b->index) - (a->index < b->index);
}

/* Adds paths that will be made something else; they sort behind the mounts of the same destination. */
static size_t add_paths(const struct boundary *b, const char *list, struct wanted *to, size_t count)
{
	const struct doc *e = around_first(doc_get(b->of->config, "linux"), list);
	for (size_t n = 0; e && n < BOUNDARY_ASKED; e = e->next, n++)
		if (e->type == DOC_STRING)
			to[count++] = (struct wanted){ UINT32_MAX, boundary_plain(b, e->string) };
	return count;
}

static void tell_mount(struct boundary *b, const struct wanted *w, struct doc *to)
{
	char pointer[32];
	struct sight s;
	boundary_see(b, w->place, false, &s);
	if (s.what == SIGHT_UNKNOWN || (s.what == SIGHT_THERE && !s.mount))
		return;
	(void)snprintf(pointer, sizeof(pointer), "/mounts/%u", w->index);
	struct doc *one = make_object(b->arena, to, pointer);
	if (s.what == SIGHT_THERE && s.on_top)
		tell(b, s.mount, one);
	else
		make_string(b->arena, one, "kind", BYTES("none"));
}

void boundary_mounts(struct boundary *b)
{
	const struct doc *e = around_first(b->of->config, "mounts");
	struct wanted *all = e && b->top ? arena_array(b->arena, (size_t)3 * BOUNDARY_ASKED, sizeof(*all)) : NULL;
	size_t count = 0;
	if (b->top)
		tell_root(b);
	for (uint32_t i = 0; all && e && i < BOUNDARY_ASKED; e = e->next, i++)
		all[count++] = (struct wanted){ i, boundary_plain(b, around_string(e, "destination")) };
	if (!count)
		return;
	struct doc *to = make_object(b->arena, b->to, "mounts");
	count = add_paths(b, "maskedPaths", all, count);
	count = add_paths(b, "readonlyPaths", all, count);
	qsort(all, count, sizeof(*all), by_destination);
	size_t last = 0; /* of each destination the last one is kept, in the order of the document */
	for (size_t i = 0; i < count; i++)
		if (all[i].place.len && all[i].index != UINT32_MAX &&
			(i + 1 == count || !bytes_equal(all[i].place, all[i + 1].place)))
			all[last++] = all[i];
	qsort(all, last, sizeof(*all), by_index);
	for (size_t i = 0; i < last; i++)
		tell_mount(b, &all[i], to);
}
