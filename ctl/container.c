/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/container.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

#define AMONG 4u /* containers named where several could be meant */

int container_open(struct again *g, const struct running *r, const char **ret_why)
{
	const struct doc *record = running_record(&g->arena, r);
	const char *config = r->bundle ? arena_printf(&g->arena, "%s/config.json", r->bundle) : NULL;
	int code = -ENODATA;

	*ret_why = NULL;
	if (r->trouble)
		*ret_why = r->trouble;
	else if (!r->bundle)
		*ret_why = "its runtime does not say where its bundle is";
	else if (!record || !config)
		code = -ENOMEM;
	else if (access(config, R_OK) < 0)
		*ret_why = errno == ENOENT || errno == ENOTDIR ? "its bundle is gone" : errno_words(errno);
	else if (again_container(g, r->bundle, record) < 0)
		*ret_why = "its config.json cannot be read";
	else if (g->unsound)
		*ret_why = "its config.json is no JSON";
	else
		code = 0;
	return code;
}

/* Its name is "web"; of a pod's also "shop/web-0/nginx", and of its sandbox "shop/web-0". */
static bool is_called(const struct running *r, const char *name)
{
	static const struct bytes none = { 0 };
	const char *why;
	struct again g;
	bool ret = false;

	again_init(&g, true);
	if (r->bundle && container_open(&g, r, &why) == 0) {
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
		ret = (own.len && bytes_is(own, name)) || (pod.len && !whole.cut && strcmp(whole.data, name) == 0);
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

/* /var/run is /run on every system of today. */
static bool same_root(const char *a, const char *b)
{
	a += strncmp(a, "/var/run/", 9) == 0 ? 4 : 0;
	b += strncmp(b, "/var/run/", 9) == 0 ? 4 : 0;
	return strcmp(a, b) == 0;
}

bool container_below(const struct running *r, const char *root)
{
	return !root || (r->root && same_root(root, r->root));
}

/* "several may be meant: 3f2c… below /run/runc, …" */
static const char *several(struct arena *a, const struct running_list *all, const size_t *found, size_t count)
{
	struct text names = text_growing(a);

	text_add(&names, "several containers may be meant: ");
	for (size_t i = 0; i < count && i < AMONG; i++) {
		text_add(&names, i ? ", " : "");
		text_shown(&names, bytes_of(all->of[found[i]].id), LIMIT_SHOWN_NAME);
		text_add(&names, " below ");
		text_shown(&names, bytes_of(all->of[found[i]].root), LIMIT_QUOTE);
	}
	text_add(&names, count > AMONG ? " ..." : "");
	return names.cut ? "several containers may be meant" : names.data;
}

int container_find(struct arena *a, const char *word, const char *root, struct running *ret, const char **ret_why)
{
	/* To know names, documents are read: ids are asked for first. A name is more than the beginning of an id. */
	static bool (*const ways[])(const struct running *r, const char *word) = { is_id, is_called, begins_so };
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	struct running_list all = { 0 };

	*ret_why = "no memory";
	if (top < 0 || running_list(a, top, true, &all) < 0)
		return -ENOMEM;
	size_t *found = arena_array(a, all.count + 1, sizeof(*found));
	if (!found)
		return -ENOMEM;
	for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]) && *word; way++) {
		size_t count = 0;
		for (size_t i = 0; i < all.count; i++)
			if (container_below(&all.of[i], root) && ways[way](&all.of[i], word))
				found[count++] = i;
		if (count > 1) {
			*ret_why = several(a, &all, found, count);
			return -ENOTUNIQ;
		}
		if (count == 1) {
			*ret = all.of[found[0]];
			return 0;
		}
	}
	*ret_why = "no container here is called so, nor has an id that begins so";
	return -ENOENT;
}
