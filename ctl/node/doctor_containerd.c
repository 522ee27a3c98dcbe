/* SPDX-License-Identifier: Apache-2.0 */
/*
 * containerd. Its handlers are the CRI plugin's, under another name in each version of the file: plugins.cri,
 * plugins."io.containerd.grpc.v1.cri" (version 2), plugins."io.containerd.cri.v1.runtime" (version 3). A file that
 * names any runtime replaces the built-in runc (1.6.20, tried), and a plugin's section in an imported file replaces
 * the whole of it.
 *
 * Two readings of a path: runtime_type = "/path" (all releases), and runtime_path (from 1.7 on; 1.6 takes and ignores
 * it), name a shim, which is executed. The runtime that the shim calls is options.BinaryName, or runc from PATH, where
 * /usr/libexec/runvet stands first when the shim is runvet.
 */
#include <stdio.h>

#include "ctl/node/containerd.h"
#include "ctl/node/doctor.h"
#include "validate/base/fd.h"

struct containerd {
	struct doctor *d;
	struct seen_engine *e;
	struct daemon daemon;
	struct handlers handlers;
	const char *usual;
};

static const char *word_of(struct doctor *d, const struct doc *at, const char *path)
{
	const struct bytes b = doc_string(at, path, (struct bytes){ 0 });
	return b.len ? arena_copy(d->node->a, b) : NULL;
}

/* runsc's shim has a file of its own, which names the runtime. */
static const char *runsc_binary(struct containerd *x, const struct doc *handler)
{
	const char *file = word_of(x->d, handler, "options.ConfigPath");
	struct conf c;

	conf_read(x->d->node, file ? file : "/etc/containerd/runsc.toml", CONF_TOML, &c);
	return word_of(x->d, c.root, "binary_name");
}

/* The shim itself is runvet: what it runs is runvet's runc, unless BinaryName says another. */
static void shim_by_path(struct containerd *x, struct handler *h, const char *shim, const char *binary)
{
	struct program by_name;

	program_find(x->d->node, shim, x->daemon.path, &h->program);
	h->word = shim;
	if (h->program.through != THROUGH_RUNVET || !binary)
		return;
	program_find(x->d->node, binary, "/usr/libexec/runvet:" NODE_PATH, &by_name);
	if (by_name.through != THROUGH_RUNVET) {
		h->program = by_name;
		h->word = binary;
	}
}

static void read_handler(struct containerd *x, const struct doc *at, const char *name)
{
	const char *type = word_of(x->d, at, "runtime_type"), *path = word_of(x->d, at, "runtime_path");
	const char *binary = word_of(x->d, at, "options.BinaryName");
	struct handler *h = handler_add(&x->handlers, name, binary ? binary : "runc");

	if (!h)
		return;
	h->type = type ? type : "io.containerd.runc.v2";
	if (h->type[0] == '/' || path) {
		shim_by_path(x, h, path ? path : h->type, binary);
		if (path && h->program.through == THROUGH_RUNVET)
			doctor_add_as(x->d, S_RUNTIME_PATH, SEV_WARNING,
				doctor_text(x->d, "runtime %s has runtime_path; containerd 1.6 ignores it", name),
				"containerd --version: with 1.6 write runtime_type = \"/usr/bin/runvet\" instead");
		h->type = "";
	} else if (strncmp(h->type, "io.containerd.runc.", 19) == 0 ||
		strncmp(h->type, "io.containerd.runtime.", 22) == 0) {
		program_find(x->d->node, h->word, x->daemon.path, &h->program);
		h->type = "";
	} else if (strncmp(h->type, "io.containerd.runsc.", 20) == 0) {
		binary = runsc_binary(x, at);
		h->word = binary ? binary : "runsc";
		program_find(x->d->node, h->word, x->daemon.path, &h->program);
		h->type = "";
	} else {
		h->foreign = true;
	}
}

/* runc manages cgroups by systemd, ours does not, or the other way round: the kubelet's pods then part ways. */
static void compare_drivers(struct containerd *x, const struct doc *runtimes)
{
	const struct doc *ours = NULL, *other = NULL;

	for (const struct doc *r = runtimes ? runtimes->first : NULL; r; r = r->next) {
		for (size_t i = 0; i < x->handlers.count; i++) {
			const struct handler *h = &x->handlers.of[i];
			if (!bytes_is(r->key, h->name) || h->foreign)
				continue;
			if (h->program.through == THROUGH_RUNVET)
				ours = r;
			else
				other = r;
		}
	}
	if (ours && other && doc_true(ours, "options.SystemdCgroup") != doc_true(other, "options.SystemdCgroup"))
		doctor_add(x->d, S_CGROUP_DRIVER,
			doctor_text(x->d, "SystemdCgroup is %s for %.*s and %s for %.*s",
				doc_true(ours, "options.SystemdCgroup") ? "true" : "false", (int)ours->key.len,
				ours->key.data, doc_true(other, "options.SystemdCgroup") ? "true" : "false",
				(int)other->key.len, other->key.data),
			"give both the same SystemdCgroup");
}

static void read_handlers(struct containerd *x, const struct doc *cri)
{
	const struct doc *c = doc_get(cri, "containerd"), *runtimes = doc_get(c, "runtimes");
	static const char *const older[] = { "default_runtime", "untrusted_workload_runtime" };

	x->usual = word_of(x->d, c, "default_runtime_name");
	x->usual = x->usual ? x->usual : "runc";
	for (const struct doc *r = runtimes && runtimes->type == DOC_OBJECT ? runtimes->first : NULL; r; r = r->next) {
		const char *name = r->type == DOC_OBJECT ? arena_copy(x->d->node->a, r->key) : NULL;
		if (name)
			read_handler(x, r, name);
	}
	if (!runtimes || runtimes->count == 0)
		read_handler(x, NULL, "runc");
	/* Of 1.x: they stand over default_runtime_name when they have a type. */
	for (size_t i = 0; i < sizeof(older) / sizeof(older[0]); i++) {
		const struct doc *r = doc_get(c, older[i]);
		if (!word_of(x->d, r, "runtime_type"))
			continue;
		read_handler(x, r, older[i]);
		if (i == 0)
			x->usual = older[i];
	}
	for (size_t i = 0; i < x->handlers.count; i++)
		x->handlers.of[i].is_default = strcmp(x->handlers.of[i].name, x->usual) == 0;
	handlers_judge(x->d, x->e, &x->handlers, "runvetctl install containerd --default");
	compare_drivers(x, runtimes);
}

static void judge_clients(struct containerd *x, const struct doc *config)
{
	struct doctor *d = x->d;
	const char *socket = word_of(d, doc_get(config, "grpc"), "address");
	const struct doc *group = doc_get(doc_get(config, "grpc"), "gid");
	struct program p;
	struct stat st;

	program_find(d->node, "runc", x->daemon.path, &p);
	if (p.through == THROUGH_OTHER)
		doctor_add(d, S_AROUND_CLIENT, doctor_text(d, "a client that names no binary runs %s", p.path),
			doctor_text(d,
				"runvetctl install containerd --divert\n"
				"or systemctl edit containerd, with\n"
				"  [Service]\n"
				"  Environment=PATH=/usr/libexec/runvet:%s",
				x->daemon.path));
	socket = socket ? socket : "/run/containerd/containerd.sock";
	const bool there = node_stat(d->node, socket, &st);
	if ((there && ((st.st_mode & S_IWOTH) || ((st.st_mode & S_IWGRP) && st.st_gid != 0))) ||
		(group && doc_within(group, 1, UINT32_MAX)))
		doctor_add(d, S_AROUND_SOCKET, doctor_text(d, "others than root can write to %s", socket),
			doctor_text(d, "chown root:root %s && chmod 660 %s, and [grpc] gid = 0", socket, socket));
}

void doctor_containerd(struct doctor *d)
{
	struct containerd x = { .d = d };
	struct containerd_conf c;
	struct program p;

	daemon_find(d->node, "containerd", "containerd.service", &x.daemon);
	const char *file = daemon_option(&x.daemon, "config", 0);
	file = file ? file : daemon_option(&x.daemon, "c", 0);
	containerd_read(d->node, file ? file : CONTAINERD_CONFIG, &c);
	program_find(d->node, "containerd", NODE_PATH, &p);
	x.e = engine_begin(d, "containerd", "containerd", x.daemon.pid || c.files[0].there || p.path);
	if (!x.e)
		return;
	x.e->file = c.files[0].path;
	x.e->pid = x.daemon.pid;
	bool sound = true;
	for (size_t i = 0; i < c.count; i++) {
		sound = engine_conf(d, &c.files[i]) && sound;
		engine_age(d, &x.daemon, &c.files[i]);
	}
	if (!sound)
		return;
	read_handlers(&x, c.cri);
	judge_clients(&x, c.files[0].root);
}
