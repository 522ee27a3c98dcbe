/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cgroups there are: the one hierarchy of v2, the many of v1, or both. Runtimes decide by what is mounted at
 * /sys/fs/cgroup, and so does this; what is kept of the mounts tells it, else statfs(2) at once where it is v2, and the
 * list of mounts otherwise.
 */
#include "validate/host/probe_cgroup.h"

#include <linux/magic.h>
#include <sys/vfs.h>
#include <fcntl.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define CGROUP "sys/fs/cgroup"

/* Of v1; what else stands among the options of a hierarchy is none. */
static const char *const v1_controllers[] = { "blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb",
	"memory", "misc", "net_cls", "net_prio", "perf_event", "pids", "rdma" };

_Static_assert(sizeof(v1_controllers) / sizeof(v1_controllers[0]) == V1_CONTROLLERS, "a controller is not counted");

static bool is_unified(struct probe *p)
{
	struct statfs st;
	if (!p->host->live)
		return false;
	cleanup_close int fd = read_open(p->host->root, CGROUP, O_PATH | O_DIRECTORY);
	return fd >= 0 && fstatfs(fd, &st) == 0 && st.f_type == CGROUP2_SUPER_MAGIC;
}

/* The controllers of a hierarchy of v1 stand among its options; a named hierarchy has none. */
static void add_hierarchy(struct cgroups *c, const struct mount *m)
{
	for (struct bytes rest = m->super; rest.len;) {
		const char *comma = memchr(rest.data, ',', rest.len);
		const struct bytes word = { rest.data, comma ? (size_t)(comma - rest.data) : rest.len };
		const size_t used = word.len + (comma != NULL);
		rest = (struct bytes){ rest.data + used, rest.len - used };
		for (size_t i = 0; word.len && i < V1_CONTROLLERS; i++)
			if (!c->v1[i] && word.data[0] == v1_controllers[i][0] && bytes_is(word, v1_controllers[i]))
				c->v1[i] = m;
	}
}

static void find_mounts(struct probe *p, const struct mounts *all, struct cgroups *c)
{
	bool v1 = false;
	for (size_t i = 0; i < all->count; i++) {
		const struct mount *m = &all->list[i];
		if (m->point.len < 2)
			continue;
		if (bytes_is(m->type, "cgroup")) {
			v1 = true;
			add_hierarchy(c, m);
		}
		if (!bytes_is(m->type, "cgroup2"))
			continue;
		if (bytes_is(m->point, "/" CGROUP))
			c->mode = CGROUPS_V2;
		if (!c->v2 || c->mode == CGROUPS_V2)
			c->v2 = arena_copy(p->arena, (struct bytes){ m->point.data + 1, m->point.len - 1 });
	}
	if (c->mode == CGROUPS_V2)
		memset(c->v1, 0, sizeof(c->v1)); /* mounted beside the unified one it is somebody's own */
	else if (v1)
		c->mode = c->v2 ? CGROUPS_HYBRID : CGROUPS_V1;
}

const struct cgroups *cgroups_get(struct probe *p)
{
	static const struct cgroups none;
	if (p->cgroups)
		return p->cgroups;
	struct cgroups *c = p->cgroups = arena_new(p->arena, struct cgroups);
	if (!c)
		return &none;
	if (listed_get(p) && p->listed->cgroups.read) {
		find_mounts(p, &p->listed->cgroups, c);
	} else if (is_unified(p)) {
		c->mode = CGROUPS_V2;
		c->v2 = CGROUP;
	} else {
		mounts_get(p->arena, p->host, &p->mounts);
		find_mounts(p, &p->mounts, c);
	}
	return c;
}

const char *probe_v1_directory(struct probe *p, const char *controller)
{
	const struct cgroups *c = cgroups_get(p);
	for (size_t i = 0; i < V1_CONTROLLERS; i++)
		if (c->v1[i] && strcmp(v1_controllers[i], controller) == 0)
			return arena_copy(p->arena,
				(struct bytes){ c->v1[i]->point.data + 1, c->v1[i]->point.len - 1 });
	return NULL;
}

/* The third member of "4:memory:/path", of "0::/path" for v2. */
struct bytes cgroups_own(struct probe *p, const char *controller)
{
	if (!p->own_read)
		p->own = probe_read(p, "proc/self/cgroup", PROBE_FILE);
	p->own_read = true;
	struct bytes text = p->own, line;
	while (read_line(&text, &line)) {
		const char *a = memchr(line.data, ':', line.len);
		const char *b = a ? memchr(a + 1, ':', line.len - (size_t)(a + 1 - line.data)) : NULL;
		if (!b)
			continue;
		const struct bytes names = { a + 1, (size_t)(b - a - 1) };
		if (controller ? mount_option(names, controller, NULL) : names.len == 0)
			return (struct bytes){ b + 1, line.len - (size_t)(b + 1 - line.data) };
	}
	return (struct bytes){ 0 };
}

/* The part of the path that systemd delegates to a user: up to "user@1000.service". Empty when there is none. */
static struct bytes users_own(struct bytes own)
{
	for (size_t i = 0; i < own.len; i++) {
		if (own.data[i] != '/' || !bytes_start((struct bytes){ own.data + i, own.len - i }, "/user@"))
			continue;
		const char *end = memchr(own.data + i + 1, '/', own.len - i - 1);
		return (struct bytes){ own.data, end ? (size_t)(end - own.data) : own.len };
	}
	return (struct bytes){ 0 };
}

/* A cgroup of v2, relative to the root: the whole tree, or what was delegated to us. */
static const char *v2_top(struct probe *p, const struct cgroups *c)
{
	if (!probe_rootless(p))
		return c->v2;
	const struct bytes own = cgroups_own(p, NULL), delegated = users_own(own);
	if (delegated.len)
		return arena_printf(p->arena, "%s%.*s", c->v2, (int)delegated.len, delegated.data);
	const unsigned uid = (unsigned)geteuid();
	const char *users = arena_printf(p->arena, "%s/user.slice/user-%u.slice/user@%u.service", c->v2, uid, uid);
	if (users && probe_exists(p, users))
		return users;
	return arena_printf(p->arena, "%s%.*s", c->v2, (int)own.len, own.data ? own.data : "");
}

/*
 * Where v2 is alone, controllers that were there earlier in this boot are enough if the document uses no other: on such
 * a host none goes away again but by being mounted as v1.
 */
static void read_controllers(struct probe *p, struct cgroups *c)
{
	const bool keep = c->mode == CGROUPS_V2 && c->top && strcmp(c->top, c->v2) == 0;
	if (keep && probe_recall(p, "controllers", "v2", &c->controllers) && cgroups_enough(p, c->controllers))
		return;
	const char *file = arena_printf(p->arena, "%s/cgroup.controllers", c->top ? c->top : "");
	c->controllers = file ? probe_read(p, file, PROBE_FILE) : (struct bytes){ 0 };
	struct text *to = keep && c->controllers.len && cgroups_enough(p, c->controllers)
		? probe_learn(p, "controllers", "v2")
		: NULL;
	if (to) {
		text_char(to, ' ');
		text_bytes(to, read_trimmed(c->controllers));
	}
}

struct bytes cgroups_v2_controllers(struct probe *p)
{
	const struct cgroups *c = cgroups_get(p);
	if (p->cgroups && c->v2 && !p->cgroups->top) {
		p->cgroups->top = v2_top(p, c);
		read_controllers(p, p->cgroups);
	}
	return c->controllers;
}

static void add_words(struct probe *p, struct doc *to, struct bytes text)
{
	struct bytes word;
	while (read_word(&text, &word))
		make_string(p->arena, to, NULL, word);
}

static void add_controllers(struct probe *p, const struct cgroups *c, struct doc *to)
{
	const struct bytes v2 = cgroups_v2_controllers(p);
	if (c->v2 && !v2.data)
		return; /* what is on the v2 mount is not known, so it is not known what there is in all */
	struct doc *all = make_array(p->arena, to, "controllers");
	for (size_t i = 0; i < V1_CONTROLLERS; i++)
		if (c->v1[i])
			make_word(p->arena, all, bytes_of(v1_controllers[i]));
	add_words(p, all, v2);
	if (c->v2)
		add_words(p, make_array(p->arena, to, "v2"), v2);
	if (c->top && p->host->live && probe_rootless(p))
		make_bool(p->arena, to, "delegated", faccessat(p->host->root, c->top, W_OK, AT_EACCESS) == 0);
}

/* The deepest cgroup above cgroupsPath that there is and that has the file; the hierarchy's top at last. */
static void add_parents(struct probe *p, struct doc *to, const char *key, const char *top, const char *name)
{
	struct bytes path = doc_string(*p->below ? NULL : p->config, "linux.cgroupsPath", (struct bytes){ 0 });
	if (path.len == 0 || path.data[0] != '/' || memchr(path.data, ':', path.len) || path.len > 4000)
		path = (struct bytes){ 0 };
	for (;;) {
		while (path.len && path.data[path.len - 1] != '/')
			path.len--;
		path.len -= path.len > 0;
		const char *file = arena_printf(p->arena, "%s%.*s/%s", top, (int)path.len, path.data ? path.data : "",
			name);
		const struct bytes text = file ? read_trimmed(probe_read(p, file, PROBE_FILE)) : path;
		if (file && text.len) {
			make_string(p->arena, to, key, text);
			return;
		}
		if (path.len == 0)
			return;
	}
}

static void add_cpus(struct probe *p, const struct cgroups *c, struct doc *to)
{
	const char *v1 = probe_v1_directory(p, "cpuset");
	const char *top = v1 ? v1 : c->v2;
	if (!top || (!probe_wants(p, "linux.resources.cpu.cpus") && !probe_wants(p, "linux.resources.cpu.mems")))
		return;
	add_parents(p, to, "cpus", top, v1 ? "cpuset.effective_cpus" : "cpuset.cpus.effective");
	add_parents(p, to, "mems", top, v1 ? "cpuset.effective_mems" : "cpuset.mems.effective");
}

void probe_cgroup(struct probe *p)
{
	static const char *const modes[] = { [CGROUPS_V1] = "v1", [CGROUPS_HYBRID] = "hybrid", [CGROUPS_V2] = "v2" };
	struct doc *to = make_member(p->arena, p->to, "cgroup");
	const struct cgroups *c = cgroups_get(p);
	if (c->mode == CGROUPS_UNKNOWN)
		return;
	make_string(p->arena, to, "mode", bytes_of(modes[c->mode]));
	add_controllers(p, c, to);
	/* An absolute cgroupsPath counts from the top of the hierarchy, anything else from where we are. */
	if (!p->config || (!*p->below && !probe_wants(p, "linux.cgroupsPath"))) {
		const struct bytes own = cgroups_own(p, c->mode == CGROUPS_V1 ? "name" : NULL);
		if (own.len)
			make_string(p->arena, to, "own", own);
	}
	add_cpus(p, c, to);
}
