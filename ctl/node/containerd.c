/* SPDX-License-Identifier: Apache-2.0 */
/* Files of containerd's. Imports are patterns, beside the file when they are not absolute. */
#include "ctl/node/containerd.h"

#include <string.h>

static const char *const plugins[] = { NULL, "cri", "io.containerd.grpc.v1.cri", "io.containerd.cri.v1.runtime" };

static void import_one(const struct node *n, struct containerd_conf *c, const char *path)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->files[i].path, path) == 0)
			return;
	if (c->count < CONTAINERD_FILES)
		conf_read(n, path, CONF_TOML, &c->files[c->count++]);
}

static void import(const struct node *n, struct containerd_conf *c, const char *pattern)
{
	const char *main = c->files[0].path, *slash = strrchr(main, '/');

	if (pattern[0] != '/')
		pattern = arena_printf(n->a, "%.*s/%s", slash ? (int)(slash - main) : 0, main, pattern);
	slash = pattern ? strrchr(pattern, '/') : NULL;
	if (!slash)
		return;
	if (!strchr(slash, '*')) {
		import_one(n, c, pattern);
		return;
	}
	const char *directory = arena_copy(n->a, (struct bytes){ pattern, (size_t)(slash - pattern) });
	const char *const *names = directory ? node_names(n, *directory ? directory : "/", slash + 1) : NULL;
	for (; names && *names; names++) {
		const char *path = arena_printf(n->a, "%s/%s", directory, *names);
		if (path)
			import_one(n, c, path);
	}
}

static void find_cri(struct containerd_conf *c)
{
	const struct doc *version = doc_get(c->files[0].root, "version");

	c->version = version && doc_within(version, 1, 3) ? (int)version->integer.magnitude : c->files[0].root ? 1 : 2;
	c->plugin = plugins[c->version];
	for (size_t i = 0; i < c->count; i++) {
		const struct doc *all = doc_get(c->files[i].root, "plugins"), *cri = NULL;
		/* A later release reads the files of an earlier one. */
		for (size_t v = (size_t)c->version; v > 0 && !cri; v--)
			cri = doc_get(all, plugins[v]);
		if (cri && cri->type == DOC_OBJECT) {
			c->cri = cri;
			c->cri_in = &c->files[i];
		}
	}
}

void containerd_read(const struct node *n, const char *path, struct containerd_conf *ret)
{
	*ret = (struct containerd_conf){ .count = 1 };
	conf_read(n, path, CONF_TOML, &ret->files[0]);
	const struct doc *imports = doc_get(ret->files[0].root, "imports");
	for (const struct doc *d = imports && imports->type == DOC_ARRAY ? imports->first : NULL; d; d = d->next) {
		const char *pattern = d->type == DOC_STRING ? arena_copy(n->a, d->string) : NULL;
		if (pattern)
			import(n, ret, pattern);
	}
	find_cri(ret);
}
