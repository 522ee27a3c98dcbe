/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker's daemon.json has no directory of drop-ins. A container names its runtime in its hostconfig.json for as long
 * as it exists, and dockerd refuses to start one whose runtime it does not know. A reload takes up what the file says
 * and keeps what it no longer says (20.10, tried): so the default is given back by name, while the file is still ours.
 */
#include <errno.h>

#include "ctl/node/plan.h"
#include "validate/host/read.h"

#define FILE_DOCKER "/etc/docker/daemon.json"

static const char *target(const struct node *n, const struct plan_want *w, const char **ret_why)
{
	(void)n;
	(void)w;
	(void)ret_why;
	return FILE_DOCKER;
}

/* Blanks before a member that begins its line, so that what is inserted stands like it; NULL: it begins none. */
static const char *indent_of(struct arena *a, struct bytes text, const struct doc *first)
{
	size_t at = first ? first->key_offset : 0, from;

	for (from = at; from > 0 && (text.data[from - 1] == ' ' || text.data[from - 1] == '\t'); from--)
		continue;
	if (!first || from == 0 || text.data[from - 1] != '\n')
		return NULL;
	return arena_copy(a, (struct bytes){ text.data + from, at - from });
}

/* A new first member of an object. */
static struct edit insert(struct arena *a, struct bytes text, const struct doc *object, const char *member,
	const char *otherwise)
{
	const char *indent = indent_of(a, text, object->first);
	const size_t at = object->offset + 1;

	if (!object->first)
		return (struct edit){ at, at, arena_printf(a, "\n%s%s\n", otherwise, member) };
	return (struct edit){ at, at,
		indent ? arena_printf(a, "\n%s%s,", indent, member) : arena_printf(a, " %s,", member) };
}

static int edit_present(const struct node *n, const struct plan_want *w, struct bytes before, struct text *to,
	const char **ret_why)
{
	const struct doc_options options = { .file = FILE_DOCKER, .cause = CAUSE_INTERNAL };
	const struct doc *root;
	struct edit edits[EDITS_MOST] = { 0 };
	struct text name = text_growing(n->a), binary = text_growing(n->a);
	struct fail why = { 0 };
	size_t count = 0;

	if (doc_parse(n->a, before, &options, &root, &why) < 0 || root->type != DOC_OBJECT) {
		*ret_why = arena_printf(n->a, "line %u, column %u: %s", why.place.line, why.place.column,
			why.says[0] ? why.says : "it is no object");
		return -EBADMSG;
	}
	text_json(&name, bytes_of(w->name));
	text_json(&binary, bytes_of(w->binary));
	const struct doc *runtimes = doc_get(root, "runtimes"), *usual = doc_get(root, "default-runtime");
	const struct doc *own = doc_get(runtimes, w->name);
	const char *entry = arena_printf(n->a, "%s: { \"path\": %s }", name.data, binary.data);
	const char *all = arena_printf(n->a, "\"runtimes\": { %s }", entry);
	const char *line = arena_printf(n->a, "\"default-runtime\": %s", w->usual ? name.data : "\"runc\"");
	const bool lines = w->usual || (w->draining && !usual);
	if (!entry || !all || !line)
		return -ENOMEM;
	if (own) {
		*ret_why = arena_printf(n->a, "there is a runtime %s already; --name gives ours another name", w->name);
		return -EEXIST;
	}
	if (lines)
		edits[count++] = usual ? (struct edit){ usual->offset, usual->end, name.data }
				       : insert(n->a, before, root, line, "    ");
	if (runtimes && runtimes->type == DOC_OBJECT)
		edits[count++] = insert(n->a, before, runtimes, entry, "        ");
	else if (!runtimes && !root->first && lines)
		edits[0].with = arena_printf(n->a, "\n    %s,\n    %s\n", line, all);
	else if (!runtimes)
		edits[count++] = insert(n->a, before, root, all, "    ");
	for (size_t i = 0; i < count; i++)
		if (!edits[i].with)
			return -ENOMEM;
	edits_apply(before, edits, count, to);
	return 0;
}

static int edit(const struct node *n, const struct plan_want *w, struct bytes before, struct text *to,
	const char **ret_why)
{
	if (before.data && read_trimmed(before).len > 0)
		return edit_present(n, w, before, to, ret_why);
	text_add(to, "{\n");
	if (w->usual || w->draining) {
		text_add(to, "    \"default-runtime\": ");
		text_json(to, bytes_of(w->usual ? w->name : "runc"));
		text_add(to, ",\n");
	}
	text_add(to, "    \"runtimes\": {\n        ");
	text_json(to, bytes_of(w->name));
	text_add(to, ": { \"path\": ");
	text_json(to, bytes_of(w->binary));
	text_add(to, " }\n    }\n}\n");
	return 0;
}

static size_t used(const struct node *n, const struct plan_want *w, const char **ret_how)
{
	struct daemon daemon;
	struct conf c;

	daemon_find(n, "dockerd", "docker.service", &daemon);
	conf_read(n, FILE_DOCKER, CONF_JSON, &c);
	const struct bytes said = doc_string(c.root, "data-root", (struct bytes){ 0 });
	const char *root = daemon_option(&daemon, "data-root", 0);
	root = root ? root : said.len ? arena_copy(n->a, said) : "/var/lib/docker";
	const char *containers = root ? arena_printf(n->a, "%s/containers", root) : NULL;
	*ret_how = arena_printf(n->a, "by \"Runtime\" in %s/*/hostconfig.json", containers ? containers : "?");
	return containers ? used_in(n, containers, "hostconfig.json", "Runtime", w->name) : 0;
}

const struct engine_plan plan_docker = {
	.engine = "docker",
	.reload = "systemctl reload docker",
	.unload = "systemctl restart docker   (a reload keeps what the file no longer says)",
	.runtime = "runc",
	.target = target,
	.edit = edit,
	.used = used,
};
