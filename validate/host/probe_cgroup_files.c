/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files a new cgroup will have. They are those of cgroups beside it: the top of a hierarchy lacks some that every
 * other has. Of controllers that no cgroup at hand has, it is not known.
 */
#include "validate/host/probe_cgroup.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

/* Which controllers a member of linux.resources stands for. */
static const struct {
	const char *path, *v1[3], *v2[3];
} uses[] = {
	{ "linux.resources.memory", { "memory" }, { "memory" } },
	{ "linux.resources.cpu", { "cpu", "cpuset" }, { "cpu", "cpuset" } },
	{ "linux.resources.pids", { "pids" }, { "pids" } },
	{ "linux.resources.blockIO", { "blkio" }, { "io" } },
	{ "linux.resources.hugepageLimits", { "hugetlb" }, { "hugetlb" } },
	{ "linux.resources.network", { "net_cls", "net_prio" }, { NULL } },
	{ "linux.resources.rdma", { "rdma" }, { "rdma" } },
};

static bool is_among(struct bytes word, const char *const *words)
{
	for (size_t i = 0; i < 3 && words[i]; i++)
		if (bytes_is(word, words[i]))
			return true;
	return false;
}

static bool has_word(struct bytes words, const char *wanted)
{
	struct bytes word;
	while (read_word(&words, &word))
		if (bytes_is(word, wanted))
			return true;
	return false;
}

/* Whether the document at hand uses the controller, of v1 or v2. */
static bool cgroups_wanted(const struct probe *p, struct bytes controller)
{
	const bool whole = p->config && !*p->below;
	const struct doc *unified = whole ? doc_find(p->config, "linux.resources.unified")
		: p->config               ? doc_get(p->config, "unified")
					  : NULL;
	if (!p->config)
		return true;
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if ((is_among(controller, uses[i].v1) || is_among(controller, uses[i].v2)) &&
			probe_wants(p, uses[i].path))
			return true;
	for (const struct doc *m = unified && unified->type == DOC_OBJECT ? unified->first : NULL; m; m = m->next)
		if (m->key.len > controller.len && m->key.data[controller.len] == '.' &&
			memcmp(m->key.data, controller.data, controller.len) == 0)
			return true;
	return false;
}

bool cgroups_enough(const struct probe *p, struct bytes words)
{
	for (size_t i = 0; p->config && i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (!probe_wants(p, uses[i].path))
			continue;
		for (size_t k = 0; k < 3 && uses[i].v2[k]; k++)
			if (!has_word(words, uses[i].v2[k]))
				return false;
	}
	/* What stands in unified is named by the user: any controller. */
	return p->config && !probe_wants(p, "linux.resources.unified");
}

/* Into the list of the controller that the file belongs to, where that is one that is looked for. */
static void add_file(struct probe *p, struct doc *to, struct bytes name)
{
	const char *dot = memchr(name.data, '.', name.len);
	struct doc *list = dot ? make_found(to, (struct bytes){ name.data, (size_t)(dot - name.data) }) : NULL;
	if (list)
		make_string(p->arena, list, NULL, name);
}

/*
 * Whether the controller's files can come and go with a module, as those of an I/O scheduler do: then they are looked
 * at each time.
 */
static bool changes(struct bytes controller)
{
	return bytes_is(controller, "blkio") || bytes_is(controller, "io");
}

/* The name under which files are kept: a controller may change from v1 to v2. */
static const char *kept_as(struct probe *p, const char *version, struct bytes controller)
{
	return arena_printf(p->arena, "%s.%.*s", version, (int)controller.len, controller.data);
}

static bool recall(struct probe *p, struct doc *files, const char *version, struct bytes controller)
{
	const char *of = changes(controller) ? NULL : kept_as(p, version, controller);
	struct bytes words, word;
	if (!of || !probe_recall(p, "files", of, &words))
		return false;
	struct doc *list = make_array(p->arena, files, arena_copy(p->arena, controller));
	while (read_word(&words, &word))
		make_string(p->arena, list, NULL, word);
	return true;
}

static void learn(struct probe *p, const char *version, const struct doc *list)
{
	const char *of = changes(list->key) ? NULL : kept_as(p, version, list->key);
	struct text *to = of ? probe_learn(p, "files", of) : NULL;
	for (const struct doc *e = to ? list->first : NULL; e; e = e->next) {
		text_char(to, ' ');
		text_bytes(to, e->string);
	}
}

/* The files of these controllers (lists in `found`, empty still) as the cgroup has them. */
static void add_found(struct probe *p, struct doc *files, const char *version, const char *directory, struct doc *found)
{
	if (!found || !found->count || !probe_list(p, directory, add_file, found))
		return;
	for (const struct doc *list = found->first; list; list = list->next) {
		if (!list->count)
			continue;
		make_copy(p->arena, files, arena_copy(p->arena, list->key), list);
		learn(p, version, list);
	}
}

/* Controllers that this cgroup has, that are wanted, and that no cgroup before it had. */
static void look_at_v2(struct probe *p, struct doc *files, const char *directory)
{
	const char *file = directory ? arena_printf(p->arena, "%s/cgroup.controllers", directory) : NULL;
	struct bytes text = file ? probe_read(p, file, PROBE_FILE) : (struct bytes){ 0 }, word;
	struct doc *found = text.len ? make_document(p->arena) : NULL;
	while (found && read_word(&text, &word))
		if (cgroups_wanted(p, word) && !make_found(files, word))
			make_array(p->arena, found, arena_copy(p->arena, word));
	add_found(p, files, "v2", directory, found);
}

/* Where other cgroups usually are. */
static const char *const neighbours[] = { "system.slice", "init.scope", "user.slice", "machine.slice", "docker",
	"kubepods.slice", "kubepods", "machine", "libpod_parent", NULL };

/* Whether all that is wanted of the controllers at the top was found. */
static bool complete(struct probe *p, struct doc *files, struct bytes controllers)
{
	struct bytes word;
	while (read_word(&controllers, &word))
		if (cgroups_wanted(p, word) && !make_found(files, word) && !recall(p, files, "v2", word))
			return false;
	return true;
}

static void add_v2(struct probe *p, struct doc *files, const struct cgroups *c)
{
	const struct bytes all = cgroups_v2_controllers(p);
	if (complete(p, files, all))
		return;
	const struct bytes own = cgroups_own(p, NULL);
	if (own.len > 1)
		look_at_v2(p, files, arena_printf(p->arena, "%s%.*s", c->v2, (int)own.len, own.data));
	for (size_t i = 0; neighbours[i] && !complete(p, files, all); i++)
		look_at_v2(p, files, arena_printf(p->arena, "%s/%s", c->v2, neighbours[i]));
}

/* A cgroup below the top of the controller's hierarchy; NULL when none is found. */
static const char *v1_child(struct probe *p, const char *controller, const char *top)
{
	const struct bytes own = cgroups_own(p, controller);
	const char *path = own.len > 1 ? arena_printf(p->arena, "%s%.*s", top, (int)own.len, own.data) : NULL;
	if (path && probe_exists(p, path))
		return path;
	for (size_t i = 0; neighbours[i]; i++) {
		path = arena_printf(p->arena, "%s/%s", top, neighbours[i]);
		if (path && probe_exists(p, path))
			return path;
	}
	return NULL;
}

static void add_v1(struct probe *p, struct doc *files)
{
	/* Of most the top of the hierarchy has all that others have. */
	static const struct {
		const char *controller;
		bool below; /* not of this one */
	} looked[] = {
		{ "blkio", false },
		{ "cpu", false },
		{ "cpuset", false },
		{ "hugetlb", false },
		{ "memory", false },
		{ "net_cls", false },
		{ "net_prio", false },
		{ "pids", true },
		{ "rdma", true },
	};
	for (size_t i = 0; i < sizeof(looked) / sizeof(looked[0]); i++) {
		const char *name = looked[i].controller;
		const char *top = cgroups_wanted(p, bytes_of(name)) ? probe_v1_directory(p, name) : NULL;
		if (top && recall(p, files, "v1", bytes_of(name)))
			continue;
		const char *directory = top && looked[i].below ? v1_child(p, name, top) : top;
		if (!directory)
			continue;
		struct doc *found = make_document(p->arena);
		make_array(p->arena, found, name);
		add_found(p, files, "v1", directory, found);
	}
}

void probe_cgroup_files(struct probe *p)
{
	const struct cgroups *c = cgroups_get(p);
	if (c->mode == CGROUPS_UNKNOWN)
		return;
	struct doc *files = make_object(p->arena, make_member(p->arena, p->to, "cgroup"), "files");
	if (c->mode != CGROUPS_V2)
		add_v1(p, files);
	if (c->v2)
		add_v2(p, files, c);
}
