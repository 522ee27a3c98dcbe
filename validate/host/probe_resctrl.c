/* SPDX-License-Identifier: Apache-2.0 */
/* Shares of caches and memory bandwidth: what the resource control file system offers, and its groups. */
#include "validate/host/probe.h"
#include "validate/host/read.h"

#define CLOSIDS_FILE "num_closids"

/* Where it is mounted, relative to the root; NULL when it is not, with *ret_known saying whether that is certain. */
static const char *mounted_at(struct probe *p, bool *ret_known)
{
	mounts_get(p->arena, p->host, &p->mounts);
	*ret_known = p->mounts.count > 0;
	for (size_t i = 0; i < p->mounts.count; i++) {
		const struct bytes point = p->mounts.list[i].point;
		if (bytes_is(p->mounts.list[i].type, "resctrl") && point.len > 1)
			return arena_copy(p->arena, (struct bytes){ point.data + 1, point.len - 1 });
	}
	return NULL;
}

static bool has(struct probe *p, const char *top, const char *resource)
{
	const char *path = arena_printf(p->arena, "%s/info/%s", top, resource);
	return path && probe_exists(p, path);
}

/* The smallest number of classes that any resource has. */
static void add_closids(struct probe *p, struct doc *to, const char *top)
{
	static const char *const resources[] = { "L3", "L3CODE", "L3DATA", "L2", "L2CODE", "L2DATA", "MB", "SMBA" };
	uint64_t least = UINT64_MAX, n;
	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		const char *path = arena_printf(p->arena, "%s/info/%s/" CLOSIDS_FILE, top, resources[i]);
		if (path && read_number_below(p->host->root, path, &n) && n < least)
			least = n;
	}
	if (least < UINT64_MAX)
		make_uint(p->arena, to, "closids", least);
}

/* A directory with a schemata file is a group: its lines without blanks around them. */
static void add_group(struct probe *p, struct doc *to, struct bytes name)
{
	const char *path = arena_printf(p->arena, "%s/%.*s/schemata", p->resctrl, (int)name.len, name.data);
	struct bytes text = path ? probe_read(p, path, PROBE_FILE) : (struct bytes){ 0 }, line;
	struct doc *lines = text.data ? make_array(p->arena, to, arena_copy(p->arena, name)) : NULL;
	while (lines && read_line(&text, &line)) {
		line = read_trimmed(line);
		if (line.len)
			make_string(p->arena, lines, NULL, line);
	}
}

void probe_resctrl(struct probe *p)
{
	bool known;
	const char *top = mounted_at(p, &known);
	if (!known)
		return;
	struct doc *to = make_member(p->arena, p->to, "resctrl");
	make_bool(p->arena, to, "mounted", top != NULL);
	if (!top)
		return;
	make_bool(p->arena, to, "l3", has(p, top, "L3") || has(p, top, "L3CODE"));
	make_bool(p->arena, to, "mb", has(p, top, "MB"));
	make_bool(p->arena, to, "l3Monitoring", has(p, top, "L3_MON"));
	add_closids(p, to, top);
	p->resctrl = top;
	(void)probe_list(p, top, add_group, make_object(p->arena, to, "groups"));
}
