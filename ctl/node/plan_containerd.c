/* SPDX-License-Identifier: Apache-2.0 */
/*
 * containerd. A drop-in by `imports` only where no file has the CRI plugin's section yet, because an imported section
 * replaces a whole one (containerd 1.6, tried); else the file that has it is edited: tables may stand anywhere, so ours
 * come last, with what the default runtime has in its own. As soon as a file names a runtime, the built-in runc is
 * gone: then runc is written out as well.
 */
#include <errno.h>

#include "ctl/node/containerd.h"
#include "ctl/node/plan.h"
#include "ctl/node/running_parts.h"
#include "ctl/node/toml_parts.h"
#include "validate/doc/make.h"
#include "validate/host/read.h"

#define DROP_IN "50-runvet.toml"

/* The directory of an import pattern that takes whatever ends in .toml; NULL. */
static const char *import_directory(const struct node *n, const struct containerd_conf *c)
{
	const struct doc *imports = doc_get(c->files[0].root, "imports");

	for (const struct doc *d = imports && imports->type == DOC_ARRAY ? imports->first : NULL; d; d = d->next) {
		const struct bytes b = d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
		if (b.len > 7 && b.data[0] == '/' && strcmp(b.data + b.len - 7, "/*.toml") == 0)
			return arena_copy(n->a, (struct bytes){ b.data, b.len - 7 });
	}
	return NULL;
}

static const char *config_file(const struct node *n)
{
	struct daemon daemon;
	const char *file;

	daemon_find(n, "containerd", "containerd.service", &daemon);
	file = daemon_option(&daemon, "config", 0);
	file = file ? file : daemon_option(&daemon, "c", 0);
	return file ? file : CONTAINERD_CONFIG;
}

static const char *target(const struct node *n, const struct plan_want *w, const char **ret_why)
{
	struct containerd_conf c;

	(void)w;
	containerd_read(n, config_file(n), &c);
	for (size_t i = 0; i < c.count; i++)
		if (c.files[i].there && !c.files[i].root) {
			*ret_why = arena_printf(n->a, "%s:%u:%u: %s", c.files[i].path, c.files[i].why.place.line,
				c.files[i].why.place.column, c.files[i].why.says);
			return NULL;
		}
	const char *directory = import_directory(n, &c);
	if (c.cri_in)
		return c.cri_in->path;
	return directory ? arena_printf(n->a, "%s/" DROP_IN, directory) : c.files[0].path;
}

static void put_path(struct text *to, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		if (i)
			text_char(to, '.');
		toml_key(to, bytes_of(names[i]));
	}
}

/* A value as it can be written on one line; tables are not. */
static bool put_plain(struct text *to, const struct doc *d)
{
	bool good = true;

	switch ((unsigned)d->type) {
	case DOC_STRING:
		toml_string(to, d->string);
		break;
	case DOC_BOOL:
	case DOC_INT:
	case DOC_NUMBER:
		doc_write(d, false, to); /* these are alike in JSON */
		break;
	case DOC_ARRAY:
		text_char(to, '[');
		for (const struct doc *e = d->first; e; e = e->next) {
			good = good && e->type != DOC_OBJECT && e->type != DOC_ARRAY && put_plain(to, e);
			text_add(to, e->next ? ", " : "");
		}
		text_char(to, ']');
		break;
	default:
		good = false;
	}
	return good;
}

static void put_members(struct text *to, const struct doc *table, const char *const *without)
{
	for (const struct doc *d = table && table->type == DOC_OBJECT ? table->first : NULL; d; d = d->next) {
		struct text value = text_growing(to->arena);
		bool left_out = false;
		for (size_t i = 0; without[i]; i++)
			left_out = left_out || bytes_is(d->key, without[i]);
		if (left_out || !put_plain(&value, d))
			continue;
		text_add(to, "  ");
		toml_key(to, d->key);
		text_printf(to, " = %s\n", value.data);
	}
}

/* The tables of one runtime, like that of the default one. */
static void put_runtime(struct text *to, const char *plugin, const char *name, const char *binary,
	const struct doc *like)
{
	static const char *const own[] = { "runtime_type", "runtime_path", "runtime_engine", "runtime_root", NULL };
	static const char *const own_options[] = { "BinaryName", NULL };
	const char *const table[] = { "plugins", plugin, "containerd", "runtimes", name, NULL };
	const char *const options[] = { "plugins", plugin, "containerd", "runtimes", name, "options", NULL };

	text_add(to, "[");
	put_path(to, table);
	text_add(to, "]\n  runtime_type = \"io.containerd.runc.v2\"\n");
	put_members(to, like, own);
	if (!binary && !like)
		return;
	text_add(to, "[");
	put_path(to, options);
	text_add(to, "]\n");
	if (binary) {
		text_add(to, "  BinaryName = ");
		toml_string(to, bytes_of(binary));
		text_add(to, "\n");
	}
	put_members(to, doc_get(like, "options"), own_options);
}

/* Whether another table may be added below it from elsewhere in the file. */
static bool open_to_tables(const struct doc *d)
{
	return !d ||
		(d->type == DOC_OBJECT && d->integer.magnitude != TOML_INLINE && d->integer.magnitude != TOML_DOTTED);
}

/* What sets the default: in place, as a line of the table, or as a table of its own at the end. */
static int put_default(const struct node *n, const struct doc *table, const struct plan_want *w, struct edit *edit,
	struct text *tail, const char *plugin)
{
	const struct doc *usual = doc_get(table, "default_runtime_name");
	const char *const path[] = { "plugins", plugin, "containerd", NULL };
	struct text name = text_growing(n->a);

	toml_string(&name, bytes_of(w->name));
	if (usual) {
		*edit = (struct edit){ usual->offset, usual->end, name.data };
	} else if (table && table->end) {
		*edit = (struct edit){ table->end, table->end,
			arena_printf(n->a, "  default_runtime_name = %s\n", name.data) };
	} else {
		text_add(tail, "[");
		put_path(tail, path);
		text_printf(tail, "]\n  default_runtime_name = %s\n", name.data);
		return 0;
	}
	return 1;
}

static int edit(const struct node *n, const struct plan_want *w, struct bytes before, struct text *to,
	const char **ret_why)
{
	const struct doc *root = NULL;
	struct containerd_conf c;
	struct edit edits[2];
	struct text tail = text_growing(n->a);
	struct fail why = { 0 };
	size_t count = 0;

	containerd_read(n, config_file(n), &c);
	if (before.data && toml_parse(n->a, before, "config.toml", &root, &why) < 0) {
		*ret_why = arena_printf(n->a, "line %u: %s", why.place.line, why.says);
		return -EBADMSG;
	}
	const struct doc *plugins = doc_get(root, "plugins"), *cri = doc_get(plugins, c.plugin);
	const struct doc *table = doc_get(cri, "containerd"), *runtimes = doc_get(table, "runtimes");
	if (!open_to_tables(plugins) || !open_to_tables(cri) || !open_to_tables(table) || !open_to_tables(runtimes)) {
		*ret_why =
			"its runtimes stand between braces or behind dotted keys, where no table can be added: by hand";
		return -ENOTSUP;
	}
	if (doc_get(runtimes, w->name)) {
		*ret_why = arena_printf(n->a, "there is a runtime %s already; --name gives ours another name", w->name);
		return -EEXIST;
	}
	const struct bytes usual = doc_string(table, "default_runtime_name", BYTES("runc"));
	const char *like_name = arena_copy(n->a, usual);
	const struct doc *like = like_name ? doc_get(runtimes, like_name) : NULL;
	if (before.data && before.len > 0 && before.data[before.len - 1] != '\n')
		text_char(&tail, '\n');
	if (!root)
		text_printf(&tail, "version = %d\n\n", c.version < 2 ? 2 : c.version);
	if (w->usual)
		count += (size_t)put_default(n, table, w, edits, &tail, c.plugin);
	put_runtime(&tail, c.plugin, w->name, w->binary, like);
	if (!runtimes || runtimes->count == 0)
		put_runtime(&tail, c.plugin, "runc", NULL, NULL);
	edits[count++] = (struct edit){ before.len, before.len, tail.data };
	edits_apply(before, edits, count, to);
	return tail.cut ? -ENOMEM : 0;
}

/* Pods whose shim calls our binary: each bundle has it in the file `runtime`, or in options.json. */
static size_t used(const struct node *n, const struct plan_want *w, const char **ret_how)
{
	static const char directory[] = "/run/containerd/io.containerd.runtime.v2.task/k8s.io";
	const char *const *names = node_names(n, directory, "*");
	size_t count = 0;

	*ret_how = "by the binary in /run/containerd/io.containerd.runtime.v2.task/k8s.io/*/runtime";
	for (; names && *names; names++) {
		const char *path = arena_printf(n->a, "%s/%s/runtime", directory + 1, *names);
		const struct bytes said = path ? read_below(n->a, n->top, path, 4096) : (struct bytes){ 0 };
		count += said.data && bytes_is(read_trimmed(said), w->binary);
	}
	return count;
}

const struct engine_plan plan_containerd = {
	.engine = "containerd",
	.reload = "systemctl restart containerd   (running pods go on)",
	.unload = "systemctl restart containerd   (running pods go on)",
	.runtime = "runc",
	.target = target,
	.edit = edit,
	.used = used,
};
