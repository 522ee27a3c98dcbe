/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of mounts: what they bring from the host, and what lies where it goes. */
#include "validate/base/limits.h"
#include "validate/host/place_parts.h"
#include "validate/rule/around.h"

static bool is_bind(const struct doc *mount)
{
	static const char *const words[] = { "bind", "rbind", NULL };
	return word_among(around_string(mount, "type"), words) || around_option(mount, words);
}

/* A layer of an overlay, in which a backslash keeps a colon from parting. */
static void tell_layer(struct place_look *l, struct bytes path, const char *role, struct doc *layers)
{
	char *plain = arena_array(l->arena, path.len + 1, 1);
	size_t len = 0;
	struct spot s;
	for (size_t i = 0; plain && i < path.len; i++) {
		i += path.data[i] == '\\' && i + 1 < path.len;
		plain[len++] = path.data[i];
	}
	if (!len || layers->count >= LIMIT_LAYERS)
		return;
	place_walk_host(l, (struct bytes){ plain, len }, &s);
	struct doc *layer = make_object(l->arena, layers, NULL);
	make_string(l->arena, layer, "role", bytes_of(role));
	if (layer)
		place_tell(l, &s, layer, NULL);
	spot_done(&s);
}

static void tell_layers(struct place_look *l, struct bytes option, struct doc *layers)
{
	static const struct {
		const char *option, *role;
	} roles[] = { { "lowerdir=", "lower" }, { "upperdir=", "upper" }, { "workdir=", "work" } };
	for (size_t k = 0; k < sizeof(roles) / sizeof(roles[0]); k++) {
		const size_t skip = strlen(roles[k].option);
		if (!bytes_start(option, roles[k].option))
			continue;
		for (size_t start = skip, i = skip; i <= option.len; i++) {
			if (i < option.len && option.data[i] == '\\')
				i++;
			else if (i == option.len || (k == 0 && option.data[i] == ':')) {
				tell_layer(l, (struct bytes){ option.data + start, i - start }, roles[k].role, layers);
				start = i + 1;
			}
		}
	}
}

#define ELSEWHERE_MOST 8u /* paths that one source is told under */

/*
 * A mount made by somebody before hides where its files come from: a volume of an engine's can be /etc, or a disk. So
 * it is told of one that begins at the source itself, and under which paths the same is to be had without it.
 */
static void tell_elsewhere(struct place_look *l, const struct spot *s, struct doc *source)
{
	struct doc *paths = NULL;
	struct bytes path;
	size_t at = 0;
	if (!source || !s->mount)
		return;
	const bool begins = bytes_equal(s->mount->point, s->path);
	if (begins)
		make_string(l->arena, source, "mountPoint", s->mount->point);
	if (l->listed && listed_alone(l->listed, s->mount))
		return;
	const struct mount *on = s->mount->number ? walk_by_list(l, s->mount) : s->mount;
	while (on && s->found == FOUND_IT && (!paths || paths->count < ELSEWHERE_MOST) &&
		mounts_elsewhere(l->arena, &l->mounts, on, s->path, &at, &path)) {
		if (!paths) {
			if (!begins)
				make_string(l->arena, source, "mountPoint", s->mount->point);
			paths = make_array(l->arena, source, "elsewhere");
		}
		if (!paths || !make_string(l->arena, paths, NULL, path))
			return;
	}
}

void place_source(struct place_look *l, const struct doc *value, struct doc *answer)
{
	const struct doc *mount = place_owner(value, "destination");
	const struct bytes source = around_string(mount, "source");
	struct spot s;
	if (bytes_is(around_string(mount, "type"), "overlay")) {
		struct doc *layers = make_array(l->arena, answer, "layers");
		for (const struct doc *o = around_first(mount, "options"); layers && o; o = o->next)
			if (o->type == DOC_STRING)
				tell_layers(l, o->string, layers);
		return;
	}
	const bool bind = is_bind(mount);
	if (!source.len || (!bind && source.data[0] != '/'))
		return; /* "proc", "tmpfs": a name and no path */
	place_look_host(l, source, &s);
	if (bind || (s.found == FOUND_IT && S_ISBLK(s.st.st_mode)))
		tell_elsewhere(l, &s, place_tell(l, &s, answer, "source"));
	spot_done(&s);
}

void place_destination(struct place_look *l, const struct doc *value, struct doc *answer)
{
	const struct doc *mount = place_owner(value, "destination");
	struct spot s;
	if (!mount || !is_bind(mount))
		return;
	const struct bytes path = around_string(mount, "destination");
	const struct bytes from = around_string(doc_get(answer, "source"), "kind");
	place_walk_below(l, path, mount->index, false, &s);
	const bool differs = from.len && s.found == FOUND_IT && S_ISDIR(s.st.st_mode) != bytes_is(from, "directory");
	if (differs) {
		spot_done(&s);
		place_walk_below(l, path, mount->index, true, &s);
	}
	place_tell_below(l, &s, answer, "destination");
	spot_done(&s);
}
