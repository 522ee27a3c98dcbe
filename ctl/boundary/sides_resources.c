/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of the cgroup and its limits, and of sysctls. */
#include "ctl/boundary/boundary.h"
#include "validate/rule/around.h"

#define ENTRIES 256u

static const char *pointer_of(const struct sides *s, const struct doc *d)
{
	struct text to = text_growing(s->l->a);
	doc_pointer(d, "", &to);
	return to.data;
}

/* A value of a group; where v2 keeps something else, that. */
static void add_limit(struct sides *s, const struct doc *group, const struct doc *asked)
{
	const struct doc *all = doc_find(s->l->boundary, "cgroup.limits");
	const char *key = arena_printf(s->l->a, "%.*s.%.*s", (int)group->key.len, group->key.data, (int)asked->key.len,
		asked->key.data);
	const struct doc *real = key ? doc_get(all, key) : NULL;
	const struct doc *kept = !key || !real || real->type != DOC_ARRAY ? NULL
		: strcmp(key, "cpu.shares") == 0                          ? doc_get(all, "cpu.weight")
									  : doc_get(all, "io.weight");
	const char *words = side_value(s, kept ? kept : real);
	if (!key || !words || around_unset(asked)) {
		if (!key || around_unset(asked))
			return;
	}
	side_add(s,
		&(struct side){
			.field = arena_printf(s->l->a, "linux.resources.%s", key),
			.declared = side_value(s, asked),
			.real = kept && words ? arena_printf(s->l->a, "weight %s", words) : words,
			.pointer = pointer_of(s, asked),
		});
}

/* What has a name of its own on the real side: huge pages by their size. */
static void add_huge_pages(struct sides *s, const struct doc *resources)
{
	const struct doc *e = around_first(resources, "hugepageLimits");
	for (size_t i = 0; e && i < ENTRIES; e = e->next, i++) {
		const char *size = side_value(s, doc_get(e, "pageSize"));
		const char *key = arena_printf(s->l->a, "hugepageLimits.%s", size ? size : "");
		if (!key)
			return;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "linux.resources.%s", key),
				.declared = side_value(s, doc_get(e, "limit")),
				.real = side_value(s, doc_get(doc_find(s->l->boundary, "cgroup.limits"), key)),
				.pointer = pointer_of(s, e),
			});
	}
}

/* Objects whose members are fields: rdma, unified. */
static void add_whole(struct sides *s, const struct doc *resources, const char *name)
{
	const struct doc *asked = doc_get(resources, name);
	if (around_unset(asked))
		return;
	side_add(s,
		&(struct side){
			.field = arena_printf(s->l->a, "linux.resources.%s", name),
			.declared = side_value(s, asked),
			.real = side_value(s, doc_get(doc_find(s->l->boundary, "cgroup.limits"), name)),
			.pointer = pointer_of(s, asked),
		});
}

static void add_limits(struct sides *s)
{
	static const char *const groups[] = { "memory", "cpu", "pids", "blockIO", "network" };
	const struct doc *resources = doc_find(s->l->config, "linux.resources");
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		const struct doc *group = doc_get(resources, groups[i]);
		const struct doc *m = group && group->type == DOC_OBJECT ? group->first : NULL;
		for (size_t n = 0; m && n < ENTRIES; m = m->next, n++)
			add_limit(s, group, m);
	}
	add_huge_pages(s, resources);
	add_whole(s, resources, "rdma");
	add_whole(s, resources, "unified");
}

static void add_sysctls(struct sides *s)
{
	const struct doc *all = doc_find(s->l->config, "linux.sysctl");
	const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL;
	for (size_t n = 0; m && n < ENTRIES; m = m->next, n++) {
		const char *key = arena_copy(s->l->a, m->key);
		struct text shown = text_growing(s->l->a);
		text_shown(&shown, m->key, 128);
		if (!key)
			return;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "sysctl %s", shown.data),
				.declared = side_value(s, m),
				.real = side_value(s, doc_get(doc_get(s->l->boundary, "sysctl"), key)),
				.pointer = pointer_of(s, m),
			});
	}
}

void sides_resources(struct sides *s)
{
	const struct doc *path = doc_find(s->l->config, "linux.cgroupsPath");
	side_add(s,
		&(struct side){
			.field = "linux.cgroupsPath",
			.declared = around_unset(path) ? NULL : side_value(s, path),
			.real = side_value(s, doc_find(s->l->boundary, "cgroup.path")),
			.pointer = "/linux/cgroupsPath",
		});
	add_limits(s);
	add_sysctls(s);
}
