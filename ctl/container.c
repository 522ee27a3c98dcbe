/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/container.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

#define ID_LEAST 4u /* of the beginning of an id: less is a word that was meant otherwise */

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

int container_open(struct again *g, const struct running *r, const char **ret_why)
{
	const struct doc *record = as_record(&g->arena, r);
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

static bool is_named(const struct running *r, const char *word)
{
	const char *why;
	struct again g;
	bool ret = false;

	again_init(&g, true);
	if (r->bundle && container_open(&g, r, &why) == 0)
		ret = bytes_is(doc_string(g.context, "container.name", (struct bytes){ 0 }), word);
	again_done(&g);
	return ret;
}

static void take(const struct running *r, struct running *ret, size_t *found)
{
	*ret = *r;
	++*found;
}

int container_find(struct arena *a, const char *word, struct running *ret, const char **ret_why)
{
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	struct running_list list = { 0 };
	size_t found = 0;

	if (top < 0 || running_list(a, top, true, &list) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.of[i].id, word) == 0)
			take(&list.of[i], ret, &found);
	for (size_t i = 0; i < list.count && found == 0 && strlen(word) >= ID_LEAST; i++)
		if (strncmp(list.of[i].id, word, strlen(word)) == 0)
			take(&list.of[i], ret, &found);
	/* To know names, documents have to be read. */
	const bool by_id = found > 0;
	for (size_t i = 0; i < list.count && !by_id; i++)
		if (is_named(&list.of[i], word))
			take(&list.of[i], ret, &found);
	*ret_why = found == 0 ? "no container has an id or a name like that"
			      : "several containers are called so: give more of the id";
	return found == 1 ? 0 : found == 0 ? -ENOENT : -ENOTUNIQ;
}
