/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which container is meant: by its id, by its name as its engine has it, or by the beginning of its id, as long as only
 * one begins so. Runtimes know nothing of names: they are in the bundles.
 */
#include <string.h>

#include "ctl/again.h"
#include "ctl/boundary/boundary.h"
#include "validate/base/file.h"
#include "validate/doc/make.h"

#define AMONG 4u /* containers named where several could be meant */

/* /var/run is /run on every system of today. */
static bool same_root(const char *a, const char *b)
{
	a += strncmp(a, "/var/run/", 9) == 0 ? 4 : 0;
	b += strncmp(b, "/var/run/", 9) == 0 ? 4 : 0;
	return strcmp(a, b) == 0;
}

static bool may_be(const struct wanted *w, const struct running *r)
{
	return !w->root || (r->root && same_root(w->root, r->root));
}

/* What the runtime was told, as a record would have it. */
static const struct doc *as_record(struct arena *a, const struct running *r)
{
	struct doc *d = make_document(a), *container = make_object(a, d, "container"),
		   *user = make_object(a, d, "user");
	(void)make_string(a, container, "id", bytes_of(r->id));
	(void)make_string(a, d, "root", bytes_of(r->root));
	(void)make_uint(a, user, "euid", r->owner);
	return make_whole(d) ? d : NULL;
}

/* Its name is "web", "web-0" of a pod, or "shop/web-0/nginx" in full. */
static bool is_called(const struct running *r, const char *name)
{
	static const struct bytes none = { 0 };
	struct again g;
	bool ret = false;
	if (!r->bundle)
		return false;
	again_init(&g, false);
	const struct doc *record = as_record(&g.arena, r);
	if (record && again_container(&g, r->bundle, record) == 0) {
		const struct bytes space = doc_string(g.context, "pod.namespace", none),
				   pod = doc_string(g.context, "pod.name", none),
				   own = doc_string(g.context, "container.name", none);
		struct text whole = text_growing(&g.arena);
		text_bytes(&whole, space);
		text_char(&whole, '/');
		text_bytes(&whole, pod);
		if (own.len) {
			text_char(&whole, '/');
			text_bytes(&whole, own);
		}
		ret = (own.len && bytes_is(own, name)) || (pod.len && strcmp(whole.data, name) == 0);
	}
	again_done(&g);
	return ret;
}

static bool is_id(const struct running *r, const char *word)
{
	return strcmp(r->id, word) == 0;
}

static bool begins_so(const struct running *r, const char *word)
{
	return strncmp(r->id, word, strlen(word)) == 0;
}

static int complain_of_several(struct arena *a, const struct wanted *w, const struct running_list *all,
	const size_t *found, size_t count)
{
	struct text names = text_growing(a);
	for (size_t i = 0; i < count && i < AMONG; i++) {
		text_add(&names, i ? ", " : "");
		text_shown(&names, bytes_of(all->of[found[i]].id), 80);
		text_add(&names, " below ");
		text_shown(&names, bytes_of(all->of[found[i]].root), 120);
	}
	return trouble("%zu containers may be meant by %s: %s%s", count, w->container, names.data,
		count > AMONG ? " ..." : "");
}

static int by_word(struct arena *a, const struct wanted *w, const struct running_list *all, struct running *ret)
{
	static bool (*const ways[])(const struct running *r, const char *word) = { is_id, is_called, begins_so };
	size_t *found = arena_array(a, all->count + 1, sizeof(*found));
	for (size_t way = 0; found && way < sizeof(ways) / sizeof(ways[0]); way++) {
		size_t count = 0;
		for (size_t i = 0; i < all->count; i++)
			if (may_be(w, &all->of[i]) && ways[way](&all->of[i], w->container))
				found[count++] = i;
		if (count > 1)
			return complain_of_several(a, w, all, found, count);
		if (count == 1) {
			*ret = all->of[found[0]];
			return CTL_GOOD;
		}
	}
	return found ? trouble("no container here is called %s, nor has an id that begins so", w->container)
		     : trouble("no memory");
}

int which_container(struct arena *a, int top, const struct wanted *w, struct running *ret)
{
	struct running_list all;
	if (running_list(a, top, true, &all) < 0)
		return trouble("no memory");
	if (w->container)
		return by_word(a, w, &all, ret);
	*ret = (struct running){ .id = "", .root = "", .runtime = "", .state = RUNNING_YES };
	for (size_t i = 0; i < all.count; i++)
		if (all.of[i].pid == w->pid && may_be(w, &all.of[i]))
			*ret = all.of[i];
	ret->pid = w->pid;
	return CTL_GOOD;
}
