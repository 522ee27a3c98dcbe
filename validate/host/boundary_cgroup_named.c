/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits whose file or line config.json names: a size of huge pages, an RDMA device, a network interface, any file of
 * v2 (unified). A name of a document is a file's here only if it is one name.
 */
#include <stdio.h>

#include "validate/host/boundary_cgroup.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define NAMED_MOST 256u
#define NAME_BYTES 64u

static bool is_name(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] <= ' ' || b.data[i] == '/' || b.data[i] == '\x7f')
			return false;
	return b.len > 0 && b.len < NAME_BYTES && b.data[0] != '.';
}

static void add_huge_pages(struct boundary_cgroup *c, const struct doc *resources, struct doc *to)
{
	const struct doc *e = around_first(resources, "hugepageLimits");
	for (size_t i = 0; e && i < NAMED_MOST; e = e->next, i++) {
		const struct bytes size = around_string(e, "pageSize");
		char v1[NAME_BYTES + 32], v2[NAME_BYTES + 32], key[NAME_BYTES + 32];
		bool is_v2;
		int64_t n;
		if (!is_name(size))
			continue;
		(void)snprintf(v1, sizeof(v1), "hugetlb.%.*s.limit_in_bytes", (int)size.len, size.data);
		(void)snprintf(v2, sizeof(v2), "hugetlb.%.*s.max", (int)size.len, size.data);
		(void)snprintf(key, sizeof(key), "hugepageLimits.%.*s", (int)size.len, size.data);
		const struct bytes text = cgroup_file(c, "hugetlb", v1, v2, &is_v2);
		if (text.data && cgroup_number(text, &n) && !make_found(to, bytes_of(key)))
			make_int(c->b->arena, to, key, n);
	}
}

/* "mlx5_0 hca_handle=2 hca_object=max" */
static void add_rdma(struct boundary_cgroup *c, struct doc *to)
{
	bool v2;
	struct bytes text = cgroup_file(c, "rdma", "rdma.max", "rdma.max", &v2), line, word;
	struct doc *all = text.data ? make_object(c->b->arena, to, "rdma") : NULL;
	while (all && all->count < NAMED_MOST && read_line(&text, &line)) {
		const char *name = read_word(&line, &word) ? arena_copy(c->b->arena, word) : NULL;
		struct doc *one = name ? make_object(c->b->arena, all, name) : NULL;
		while (one && read_word(&line, &word)) {
			const bool handles = bytes_start(word, "hca_handle="),
				   objects = bytes_start(word, "hca_object=");
			int64_t n;
			if ((handles || objects) && cgroup_number((struct bytes){ word.data + 11, word.len - 11 }, &n))
				make_int(c->b->arena, one, handles ? "hcaHandles" : "hcaObjects", n);
		}
	}
}

/* "eth0 5" */
static void add_priorities(struct boundary_cgroup *c, struct doc *to)
{
	bool v2;
	struct bytes text = cgroup_file(c, "net_prio", "net_prio.ifpriomap", NULL, &v2), line, word;
	struct doc *all = text.data ? make_object(c->b->arena, to, "network.priorities") : NULL;
	while (all && all->count < NAMED_MOST && read_line(&text, &line)) {
		const char *name = read_word(&line, &word) ? arena_copy(c->b->arena, word) : NULL;
		int64_t n;
		if (name && read_word(&line, &word) && cgroup_number(word, &n))
			make_int(c->b->arena, all, name, n);
	}
}

static void add_unified(struct boundary_cgroup *c, const struct doc *unified, struct doc *to)
{
	struct doc *all = unified->type == DOC_OBJECT && c->v2 >= 0 ? make_object(c->b->arena, to, "unified") : NULL;
	const struct doc *e = all ? unified->first : NULL;
	for (size_t i = 0; e && i < NAMED_MOST; e = e->next, i++) {
		const char *name = is_name(e->key) ? arena_copy(c->b->arena, e->key) : NULL;
		bool v2;
		const struct bytes text = name ? cgroup_file(c, NULL, NULL, name, &v2) : (struct bytes){ 0 };
		if (text.data)
			make_string(c->b->arena, all, name, read_trimmed(text));
	}
}

void cgroup_named(struct boundary_cgroup *c, struct doc *to)
{
	const struct doc *resources = doc_find(c->b->of->config, "linux.resources");
	add_huge_pages(c, resources, to);
	if (!around_unset(doc_get(resources, "rdma")))
		add_rdma(c, to);
	if (!around_unset(doc_find(resources, "network.priorities")))
		add_priorities(c, to);
	const struct doc *unified = doc_get(resources, "unified");
	if (!around_unset(unified))
		add_unified(c, unified, to);
}
