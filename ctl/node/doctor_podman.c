/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRI-O and Podman: TOML in a directory of drop-ins, where what is read later stands over what was read before. A
 * runtime without a path is looked up by its name in PATH (CRI-O), or in a list that is built in (Podman).
 */
#include <stdio.h>

#include "ctl/node/doctor.h"
#include "validate/host/read.h"

#define FILES_MOST 64u
#define PATH_PODMAN "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin:/sbin:/bin:/run/current-system/sw/bin"

/* Files in the order in which they are read. */
struct files {
	struct conf of[FILES_MOST];
	size_t count;
	bool sound;
};

static const char *word_of(struct doctor *d, const struct doc *at, const char *path)
{
	const struct bytes b = doc_string(at, path, (struct bytes){ 0 });
	return b.len ? arena_copy(d->node->a, b) : NULL;
}

static void add_file(struct doctor *d, struct files *f, const char *path)
{
	if (path && f->count < FILES_MOST)
		conf_read(d->node, path, CONF_TOML, &f->of[f->count++]);
}

static void add_drop_ins(struct doctor *d, struct files *f, const char *directory)
{
	for (const char *const *names = node_names(d->node, directory, "*.conf"); names && *names; names++)
		add_file(d, f, doctor_text(d, "%s/%s", directory, *names));
}

static bool any(const struct files *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->of[i].there)
			return true;
	return false;
}

static bool all_sound(struct doctor *d, const struct files *f)
{
	bool sound = true;
	for (size_t i = 0; i < f->count; i++)
		sound = engine_conf(d, &f->of[i]) && sound;
	return sound;
}

/* The last file that says it; *ret_file is told which. */
static const char *last_word(struct doctor *d, const struct files *f, const char *path, const char **ret_file)
{
	const char *ret = NULL;
	for (size_t i = 0; i < f->count; i++) {
		const char *word = word_of(d, f->of[i].root, path);
		if (word) {
			ret = word;
			*ret_file = f->of[i].path;
		}
	}
	return ret;
}

/* --- CRI-O ----------------------------------------------------------------------------------------------------- */

static void crio_handlers(struct doctor *d, const struct files *f, const struct daemon *daemon, struct handlers *h)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct doc *runtimes = doc_find(f->of[i].root, "crio.runtime.runtimes");
		for (const struct doc *r = runtimes && runtimes->type == DOC_OBJECT ? runtimes->first : NULL; r;
			r = r->next) {
			const char *name = arena_copy(d->node->a, r->key), *path = word_of(d, r, "runtime_path");
			const char *type = word_of(d, r, "runtime_type");
			struct handler *one = name ? handler_add(h, name, path ? path : name) : NULL;
			if (!one)
				continue;
			one->foreign = type && strcmp(type, "vm") == 0;
			one->type = one->foreign ? "virtual machine" : "";
		}
	}
	for (size_t i = 0; i < h->count; i++)
		program_find(d->node, h->of[i].word, daemon->path, &h->of[i].program);
}

void doctor_crio(struct doctor *d)
{
	struct files f = { 0 };
	struct handlers h = { 0 };
	struct daemon daemon;
	struct program p;

	daemon_find(d->node, "crio", "crio.service", &daemon);
	add_file(d, &f, "/etc/crio/crio.conf");
	add_drop_ins(d, &f, "/etc/crio/crio.conf.d");
	program_find(d->node, "crio", NODE_PATH, &p);
	struct seen_engine *e = engine_begin(d, "cri-o", "CRI-O", daemon.pid || any(&f) || p.path);
	if (!e)
		return;
	e->file = "/etc/crio/crio.conf.d";
	e->pid = daemon.pid;
	if (!all_sound(d, &f))
		return;
	for (size_t i = 0; i < f.count; i++)
		engine_age(d, &daemon, &f.of[i]);
	crio_handlers(d, &f, &daemon, &h);
	const char *usual = last_word(d, &f, "crio.runtime.default_runtime", &e->file);
	for (size_t i = 0; !usual && i < 2; i++) {
		/* Built in: crun from 1.31 on, runc before. Whichever is there. */
		static const char *const built_in[] = { "crun", "runc" };
		program_find(d->node, built_in[i], daemon.path, &p);
		if (p.path)
			usual = built_in[i];
	}
	struct handler *one = usual && h.count == 0 ? handler_add(&h, usual, usual) : NULL;
	if (one)
		program_find(d->node, one->word, daemon.path, &one->program);
	for (size_t i = 0; i < h.count; i++)
		h.of[i].is_default = usual && strcmp(h.of[i].name, usual) == 0;
	handlers_judge(d, e, &h, "runvetctl install cri-o --default");
}

/* --- Podman ---------------------------------------------------------------------------------------------------- */

/* The first of a runtime's paths that is there. */
static const char *first_path(struct doctor *d, const struct doc *list)
{
	const char *first = NULL;

	for (const struct doc *p = list && list->type == DOC_ARRAY ? list->first : NULL; p; p = p->next) {
		const char *path = p->type == DOC_STRING ? arena_copy(d->node->a, p->string) : NULL;
		first = first ? first : path;
		if (path && node_stat(d->node, path, NULL))
			return path;
	}
	return first;
}

static void podman_handlers(struct doctor *d, const struct files *f, struct handlers *h)
{
	static const char *const built_in[] = { "crun", "runc", "youki", "runsc", "krun", "kata" };
	struct program p;

	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++) {
		program_find(d->node, built_in[i], PATH_PODMAN, &p);
		struct handler *one = p.path ? handler_add(h, built_in[i], p.path) : NULL;
		if (one)
			one->program = p;
	}
	for (size_t i = 0; i < f->count; i++) {
		const struct doc *runtimes = doc_find(f->of[i].root, "engine.runtimes");
		for (const struct doc *r = runtimes && runtimes->type == DOC_OBJECT ? runtimes->first : NULL; r;
			r = r->next) {
			const char *name = arena_copy(d->node->a, r->key), *path = first_path(d, r);
			/* The file that is packaged lists many that nobody has. */
			if (!name || !path || (i == 0 && !node_stat(d->node, path, NULL)))
				continue;
			struct handler *one = handler_add(h, name, path);
			if (one)
				program_find(d->node, path, PATH_PODMAN, &one->program);
		}
	}
}

/* Users that have a containers.conf of their own which names a runtime. */
static void podman_users(struct doctor *d)
{
	struct bytes text = read_closing(d->node->a, node_at(d->node, "/etc/passwd", 0), (size_t)1 << 20), line;

	while (text.data && read_line(&text, &line)) {
		struct bytes field[7] = { 0 };
		for (size_t i = 0; i < 7; i++) {
			const char *colon = line.len ? memchr(line.data, ':', line.len) : NULL;
			field[i] = (struct bytes){ line.data, colon ? (size_t)(colon - line.data) : line.len };
			line = colon ? (struct bytes){ colon + 1, line.len - field[i].len - 1 } : (struct bytes){ 0 };
		}
		if (field[5].len < 2 || field[5].len > 1024)
			continue;
		struct conf c;
		const char *path = doctor_text(d, "%.*s/.config/containers/containers.conf", (int)field[5].len,
			field[5].data);
		conf_read(d->node, path, CONF_TOML, &c);
		const char *word = word_of(d, c.root, "engine.runtime");
		struct program p = { 0 };
		if (word)
			program_find(d->node, word, PATH_PODMAN, &p);
		if (word && p.through != THROUGH_RUNVET)
			doctor_add_as(d, S_AROUND_USER, bytes_is(field[2], "0") ? SEV_WARNING : SEV_INFO,
				doctor_text(d, "%.*s has runtime = \"%s\" in %s", (int)field[0].len, field[0].data,
					word, path),
				doctor_text(d, "remove that line from %s", path));
	}
}

/* By name or by path; nothing said: crun, or else runc. */
static void podman_default(struct doctor *d, const struct files *f, struct seen_engine *e, struct handlers *h)
{
	const char *usual = last_word(d, f, "engine.runtime", &e->file);

	if (usual && usual[0] == '/') {
		struct handler *one = handler_add(h, usual, usual);
		if (one)
			program_find(d->node, usual, PATH_PODMAN, &one->program);
	}
	for (size_t i = 0; !usual && i < h->count; i++)
		if (strcmp(h->of[i].name, "crun") == 0 || strcmp(h->of[i].name, "runc") == 0)
			usual = h->of[i].name;
	for (size_t i = 0; i < h->count; i++)
		h->of[i].is_default = usual && strcmp(h->of[i].name, usual) == 0;
}

void doctor_podman(struct doctor *d)
{
	struct files f = { 0 };
	struct handlers h = { 0 };
	struct program p;

	add_file(d, &f, "/usr/share/containers/containers.conf");
	add_file(d, &f, "/etc/containers/containers.conf");
	add_drop_ins(d, &f, "/etc/containers/containers.conf.d");
	program_find(d->node, "podman", NODE_PATH, &p);
	struct seen_engine *e = engine_begin(d, "podman", "Podman", p.path != NULL);
	if (!e)
		return;
	e->file = "/etc/containers/containers.conf";
	if (!all_sound(d, &f))
		return;
	podman_handlers(d, &f, &h);
	podman_default(d, &f, e, &h);
	/* Any path can be given to --runtime: its names are no more of a way around than the programs behind them. */
	for (size_t i = 0; i < h.count; i++)
		h.of[i].reserved = !h.of[i].is_default;
	handlers_judge(d, e, &h, "runvetctl install podman --default");
	for (size_t i = 0; i < h.count; i++)
		if (!h.of[i].is_default && h.of[i].program.through == THROUGH_OTHER)
			doctor_add(d, S_AROUND_OPTION,
				doctor_text(d, "podman --runtime %s, and buildah's, run %s", h.of[i].name,
					h.of[i].program.path),
				doctor_text(d, "runvetctl install podman --divert --runtime %s", h.of[i].name));
	podman_users(d);
}
