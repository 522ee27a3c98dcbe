/* SPDX-License-Identifier: Apache-2.0 */
/* CRI-O and Podman: both have a directory of drop-ins, so that the file is ours alone. */
#include <errno.h>

#include "ctl/node/plan.h"
#include "ctl/node/toml.h"
#include "validate/host/read.h"

#define FILE_CRIO "/etc/crio/crio.conf.d/50-runvet.conf"
#define FILE_PODMAN "/etc/containers/containers.conf.d/50-runvet.conf"
#define STATE_MOST ((size_t)64 << 20)

static const char *crio_target(const struct node *n, const struct plan_want *w, const char **ret_why)
{
	(void)n;
	(void)w;
	(void)ret_why;
	return FILE_CRIO;
}

static int whose(struct bytes before, const char **ret_why)
{
	if (!before.data)
		return 0;
	*ret_why = "a file of that name is there, and is not ours";
	return -EEXIST;
}

static void put_name(struct text *to, const char *key, const char *value)
{
	text_printf(to, "%s = ", key);
	toml_string(to, bytes_of(value));
	text_char(to, '\n');
}

/* What the entry that is replaced says besides: the last file that has that key. */
static void put_like(const struct node *n, struct text *to, const char *runtime, const char *key)
{
	const char *const *names = node_names(n, "/etc/crio/crio.conf.d", "*.conf");
	const char *said = NULL;

	for (size_t i = 0; i == 0 || (names && names[i - 1]); i++) {
		struct conf c;
		const char *path = i == 0 ? "/etc/crio/crio.conf"
					  : arena_printf(n->a, "/etc/crio/crio.conf.d/%s", names[i - 1]);
		if (!path || strcmp(path, FILE_CRIO) == 0)
			continue;
		conf_read(n, path, CONF_TOML, &c);
		const struct doc *d = doc_get(doc_get(doc_find(c.root, "crio.runtime.runtimes"), runtime), key);
		if (d && d->end > d->offset)
			said = arena_copy(n->a, (struct bytes){ c.text.data + d->offset, d->end - d->offset });
	}
	if (said)
		text_printf(to, "%s = %s\n", key, said);
}

static int crio_edit(const struct node *n, const struct plan_want *w, struct bytes before, struct text *to,
	const char **ret_why)
{
	static const char *const keys[] = { "monitor_path", "monitor_cgroup", "monitor_env", "allowed_annotations",
		"privileged_without_host_devices" };
	const char *root = arena_printf(n->a, "/run/%s", w->runtime);

	if (whose(before, ret_why) < 0 || !root)
		return root ? -EEXIST : -ENOMEM;
	text_add(to, "# Written by runvetctl install cri-o; runvetctl uninstall cri-o takes it away.\n");
	if (w->usual) {
		text_add(to, "[crio.runtime]\n");
		put_name(to, "default_runtime", w->name);
		text_char(to, '\n');
	}
	text_add(to, "[crio.runtime.runtimes.");
	toml_key(to, bytes_of(w->name));
	text_add(to, "]\n");
	put_name(to, "runtime_path", w->binary);
	put_name(to, "runtime_type", "oci");
	put_name(to, "runtime_root", root);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		put_like(n, to, w->runtime, keys[i]);
	return 0;
}

static size_t crio_used(const struct node *n, const struct plan_want *w, const char **ret_how)
{
	*ret_how = "by io.kubernetes.cri-o.RuntimeHandler in /var/lib/containers/storage/overlay-containers/*/userdata";
	return used_in(n, "/var/lib/containers/storage/overlay-containers", "userdata/config.json",
		"annotations/io.kubernetes.cri-o.RuntimeHandler", w->name);
}

static const char *podman_target(const struct node *n, const struct plan_want *w, const char **ret_why)
{
	(void)n;
	(void)w;
	(void)ret_why;
	return FILE_PODMAN;
}

/* The default is given by its path, and its name kept (crun, runc): Podman decides by it what a runtime can do. */
static int podman_edit(const struct node *n, const struct plan_want *w, struct bytes before, struct text *to,
	const char **ret_why)
{
	(void)n;
	if (whose(before, ret_why) < 0)
		return -EEXIST;
	text_add(to, "# Written by runvetctl install podman; runvetctl uninstall podman takes it away.\n");
	if (w->usual) {
		text_add(to, "[engine]\n");
		put_name(to, "runtime", w->binary);
		text_char(to, '\n');
	}
	text_add(to, "[engine.runtimes]\n");
	toml_key(to, bytes_of(w->name));
	text_add(to, " = [");
	toml_string(to, bytes_of(w->binary));
	text_add(to, "]\n");
	return 0;
}

/*
 * A container that was made by path finds it again by path, without any configuration. One that was made by name is in
 * Podman's own database, which is looked through for the word; it may stand in a page that is free by now.
 */
static size_t podman_used(const struct node *n, const struct plan_want *w, const char **ret_how)
{
	static const char *const files[] = { "var/lib/containers/storage/libpod/bolt_state.db",
		"var/lib/containers/storage/db.sql" };
	const char *word = arena_printf(n->a, "\"runtime\":\"%s\"", w->name);
	size_t count = 0;

	*ret_how = "by the name in Podman's database, where one that is gone may still stand";
	for (size_t i = 0; word && i < sizeof(files) / sizeof(files[0]); i++) {
		const struct bytes b = read_below(n->a, n->top, files[i], STATE_MOST);
		count += b.data && memmem(b.data, b.len, word, strlen(word)) != NULL;
	}
	return count;
}

const struct engine_plan plan_crio = {
	.engine = "cri-o",
	.reload = "systemctl restart crio   (running pods go on)",
	.unload = "systemctl restart crio   (running pods go on)",
	.target = crio_target,
	.edit = crio_edit,
	.used = crio_used,
};

const struct engine_plan plan_podman = {
	.engine = "podman",
	.reload = "nothing: every call of podman reads it",
	.unload = "nothing: every call of podman reads it",
	.target = podman_target,
	.edit = podman_edit,
	.used = podman_used,
};
