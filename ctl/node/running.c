/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The places. Runtimes keep their containers below a --root, which is theirs by default or chosen by the engine; roots
 * that nobody would guess are known from runvet's own notes. containerd keeps its bundles by itself and names them
 * whichever shim runs them, so that a container without a runtime of ours is seen as well.
 */
#include "ctl/node/running.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "ctl/node/running_parts.h"
#include "validate/base/fd.h"
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"
#include "validate/doc/make.h"
#include "validate/host/read.h"
#include "validate/policy/engine.h"

#define NOTES "run/runvet/ctr"
#define ROOTS_MOST 1024u

/* Patterns, name by name. */
static const char *const root_places[] = { "run/runc", "run/crun", "run/youki", "run/runsc", "run/containerd/runc/*",
	"run/containerd/runsc/*", "run/docker/runtime-*/*", "run/user/*/runc", "run/user/*/crun", "run/user/*/youki",
	"run/user/*/runsc", "run/user/*/docker/runtime-*/*", "run/user/*/containerd/runc/*" };

static const char *const task_places[] = { "run/containerd/io.containerd.runtime.v2.task/*",
	"run/docker/containerd/daemon/io.containerd.runtime.v2.task/*" };

struct noted {
	const struct doc *root;
};

struct notes {
	struct noted *of;
	size_t count;
};

struct listing {
	struct arena *a;
	int top;
	bool live;
	struct notes notes;
	const char **roots;
	size_t root_count;
	struct running_list *list;
	size_t room;
};

const char *running_state_name(enum running_state s)
{
	static const char *const names[] = {
		[RUNNING_UNKNOWN] = "unknown",
		[RUNNING_CREATED] = "created",
		[RUNNING_YES] = "running",
		[RUNNING_STOPPED] = "stopped",
	};
	return names[s];
}

/* /var/run is /run on every system of today, and engines write either. */
static const char *plain(const char *path)
{
	return strncmp(path, "/var/run/", 9) == 0 ? path + 4 : path;
}

static bool same_place(struct bytes a, const char *b)
{
	if (bytes_start(a, "/var/run/"))
		a = (struct bytes){ a.data + 4, a.len - 4 };
	return bytes_is(a, plain(b));
}

/* --- notes ----------------------------------------------------------------------------------------------------- */

static void read_notes(struct listing *l)
{
	const char *const *names = names_in(l->a, l->top, NOTES);
	const struct doc_options options = { .file = "note", .cause = CAUSE_INTERNAL };
	size_t n = 0;

	while (names && names[n])
		n++;
	l->notes.of = arena_array(l->a, n + 1, sizeof(*l->notes.of));
	for (size_t i = 0; l->notes.of && i < n; i++) {
		const char *path = arena_printf(l->a, NOTES "/%s", names[i]);
		const struct bytes text = path && names[i][0] != '.' ? read_below(l->a, l->top, path, LIMIT_NOTE_BYTES)
								     : (struct bytes){ 0 };
		const struct doc *d;
		struct fail why;
		if (text.data && doc_parse(l->a, text, &options, &d, &why) == 0)
			l->notes.of[l->notes.count++].root = d;
	}
}

static const char *word(struct arena *a, const struct doc *d, const char *key)
{
	const struct bytes b = doc_string(d, key, (struct bytes){ 0 });
	return b.len ? arena_copy(a, b) : NULL;
}

static void join_note(struct listing *l, struct running *r)
{
	for (size_t i = 0; i < l->notes.count && !r->record; i++) {
		const struct doc *d = l->notes.of[i].root;
		const struct bytes root = doc_string(d, "root", (struct bytes){ 0 });
		if (!bytes_is(doc_string(d, "id", (struct bytes){ 0 }), r->id))
			continue;
		if (root.len > 0 ? !same_place(root, r->root)
				 : !r->bundle || !same_place(doc_string(d, "bundle", (struct bytes){ 0 }), r->bundle))
			continue;
		r->record = word(l->a, d, "record");
		r->delegate = word(l->a, d, "delegate");
		r->noted_root = word(l->a, d, "root");
	}
}

/* --- roots ----------------------------------------------------------------------------------------------------- */

static void add_root(struct listing *l, const char *path)
{
	for (size_t i = 0; i < l->root_count; i++)
		if (strcmp(l->roots[i], path) == 0)
			return;
	if (l->root_count < ROOTS_MOST && l->roots)
		l->roots[l->root_count++] = path;
}

/* Calls `found` with every directory that the pattern stands for, name by name from `at` on. */
static void expand(struct listing *l, const char *at, const char *pattern,
	void (*found)(struct listing *l, const char *path))
{
	const size_t n = strcspn(pattern, "/");
	const struct bytes name = { pattern, n };
	const char *rest = pattern[n] ? pattern + n + 1 : NULL;

	if (!memchr(pattern, '*', n)) {
		const char *path = arena_printf(l->a, "%s%s%.*s", at, *at ? "/" : "", (int)n, pattern);
		if (path && rest)
			expand(l, path, rest, found);
		else if (path)
			found(l, path);
		return;
	}
	const char *const *names = names_in(l->a, l->top, at);
	for (; names && *names; names++) {
		if (!glob_match(name, bytes_of(*names)))
			continue;
		const char *path = arena_printf(l->a, "%s/%s", at, *names);
		if (path && rest)
			expand(l, path, rest, found);
		else if (path)
			found(l, path);
	}
}

static void gather_roots(struct listing *l)
{
	l->roots = arena_array(l->a, ROOTS_MOST, sizeof(*l->roots));
	for (size_t i = 0; i < sizeof(root_places) / sizeof(root_places[0]); i++)
		expand(l, "", root_places[i], add_root);
	for (size_t i = 0; i < l->notes.count; i++) {
		const char *root = word(l->a, l->notes.of[i].root, "root");
		if (root && root[0] == '/' && root[1])
			add_root(l, plain(root) + 1);
	}
}

/* --- containers ------------------------------------------------------------------------------------------------ */

static void name_engine(struct listing *l, struct running *r)
{
	const struct calling calling = {
		.verb = "state",
		.id = r->id,
		.bundle = r->bundle,
		.root = r->root,
		.rootless = r->owner != 0,
		.host = l->top,
	};
	const struct recognised from = engine_recognise(l->a, &calling);

	r->engine = from.engine ? from.engine->name : NULL;
}

static bool is_listed(const struct listing *l, const struct running *r)
{
	for (size_t i = 0; i < l->list->count; i++) {
		const struct running *o = &l->list->of[i];
		if (strcmp(o->id, r->id) == 0 && o->bundle && r->bundle &&
			strcmp(plain(o->bundle), plain(r->bundle)) == 0)
			return true;
	}
	return false;
}

static void add(struct listing *l, struct running *r)
{
	struct running_list *list = l->list;

	if (list->count == RUNNING_MOST) {
		list->left_out++;
		return;
	}
	if (list->count == l->room) {
		struct running *more = arena_array(l->a, l->room ? l->room * 2 : 64, sizeof(*more));
		if (!more)
			return;
		if (list->count)
			memcpy(more, list->of, list->count * sizeof(*more));
		list->of = more;
		l->room = l->room ? l->room * 2 : 64;
	}
	name_engine(l, r);
	join_note(l, r);
	running_ask(r, l->live);
	list->of[list->count++] = *r;
}

static void list_root(struct listing *l, const char *root)
{
	const char *const *names = names_in(l->a, l->top, root);
	struct running r;

	for (; names && *names; names++)
		if (running_read(l->a, l->top, root, *names, &r))
			add(l, &r);
}

/* Bundles of containerd's of which no runtime knew. */
static void list_tasks(struct listing *l, const char *at)
{
	const char *const *names = names_in(l->a, l->top, at);

	for (; names && *names; names++) {
		const char *config = arena_printf(l->a, "%s/%s/config.json", at, *names);
		cleanup_close int fd = config ? read_open(l->top, config, O_PATH | O_NOFOLLOW) : -ENOMEM;
		struct running r = {
			.id = *names,
			.root = arena_printf(l->a, "/%s", at),
			.runtime = "",
			.bundle = arena_printf(l->a, "/%s/%s", at, *names),
		};
		if (fd < 0 || !r.root || !r.bundle || is_listed(l, &r))
			continue;
		const char *pid = arena_printf(l->a, "%s/%s/init.pid", at, *names);
		uint64_t number = 0;
		if (pid && read_number_below(l->top, pid, &number) && number <= INT32_MAX)
			r.pid = (pid_t)number;
		add(l, &r);
	}
}

static int by_engine(const void *x, const void *y)
{
	const struct running *a = x, *b = y;
	int r = strcmp(a->engine ? a->engine : "~", b->engine ? b->engine : "~");

	if (r == 0)
		r = strcmp(a->id, b->id);
	return r ? r : strcmp(a->root, b->root);
}

int running_list(struct arena *a, int top, bool live, struct running_list *ret)
{
	struct listing l = { .a = a, .top = top, .live = live, .list = ret };

	*ret = (struct running_list){ 0 };
	read_notes(&l);
	gather_roots(&l);
	for (size_t i = 0; i < l.root_count; i++)
		list_root(&l, l.roots[i]);
	for (size_t i = 0; i < sizeof(task_places) / sizeof(task_places[0]); i++)
		expand(&l, "", task_places[i], list_tasks);
	if (ret->count)
		qsort(ret->of, ret->count, sizeof(*ret->of), by_engine);
	/* Memory is the arena's: what it could not give, some list above is short of. */
	return arena_alloc(a, 1) ? 0 : -ENOMEM;
}

const struct doc *running_record(struct arena *a, const struct running *r)
{
	struct doc *d = make_document(a), *container = make_object(a, d, "container"),
		   *user = make_object(a, d, "user");

	(void)make_string(a, container, "id", bytes_of(r->id));
	(void)make_string(a, d, "root", bytes_of(r->root));
	(void)make_uint(a, user, "euid", r->owner);
	return make_whole(d) ? d : NULL;
}
