/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of what the container sees: its root, mounts, masked and readonly paths, and device nodes. */
#include "ctl/boundary/boundary.h"
#include "validate/rule/around.h"

#define ENTRIES 1024u

static void add_root(struct sides *s)
{
	const struct doc *readonly = doc_find(s->l->config, "root.readonly");
	const struct doc *propagation = doc_find(s->l->config, "linux.rootfsPropagation");
	side_add(s,
		&(struct side){
			.field = "root.readonly",
			.declared = readonly ? side_value(s, readonly) : "no",
			.real = side_value(s, doc_find(s->l->boundary, "root.readonly")),
			.pointer = "/root/readonly",
		});
	if (!around_unset(propagation))
		side_add(s,
			&(struct side){
				.field = "linux.rootfsPropagation",
				.declared = side_value(s, propagation),
				.real = side_value(s, doc_find(s->l->boundary, "root.propagation")),
				.pointer = "/linux/rootfsPropagation",
			});
}

/* "tmpfs nosuid noexec mode=755" */
static const char *mount_words(const struct sides *s, const struct doc *d)
{
	const char *type = side_value(s, doc_get(d, "type")), *options = side_value(s, doc_get(d, "options"));
	if (!d)
		return NULL;
	if (bytes_is(around_string(d, "kind"), "none"))
		return "none";
	return arena_printf(s->l->a, "%s %s", type ? type : "", options ? options : "");
}

static void add_mounts(struct sides *s)
{
	const struct doc *e = around_first(s->l->config, "mounts");
	const struct doc *all = doc_get(s->l->boundary, "mounts");
	for (uint32_t i = 0; e && i < ENTRIES; e = e->next, i++) {
		const char *pointer = arena_printf(s->l->a, "/mounts/%u", i);
		const char *to = side_value(s, doc_get(e, "destination"));
		if (!pointer)
			return;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "mounts %s", to ? to : ""),
				.declared = mount_words(s, e),
				.real = mount_words(s, doc_get(all, pointer)),
				.pointer = pointer,
			});
	}
}

/* A list of paths, and what each of them is to be. */
static void add_paths(struct sides *s, const char *name, const char *wanted)
{
	const struct doc *e = around_first(doc_get(s->l->config, "linux"), name);
	const struct doc *all = doc_get(s->l->boundary, name);
	for (uint32_t i = 0; e && i < ENTRIES; e = e->next, i++) {
		const char *path = e->type == DOC_STRING ? arena_copy(s->l->a, e->string) : NULL;
		if (!path)
			continue;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "%s %s", name, side_value(s, e)),
				.declared = wanted,
				.real = side_value(s, doc_get(all, path)),
				.pointer = arena_printf(s->l->a, "/linux/%s/%u", name, i),
			});
	}
}

/* "c 10:229 0666 0:0" */
static const char *device_words(const struct sides *s, const struct doc *d, const char *mode_name)
{
	const char *type = side_value(s, doc_get(d, "type"));
	const struct doc *mode = doc_get(d, mode_name), *uid = doc_get(d, "uid"), *gid = doc_get(d, "gid");
	struct text to = text_growing(s->l->a);
	if (!d)
		return NULL;
	if (!type)
		return side_value(s, doc_get(d, "kind"));
	text_printf(&to, "%s", type);
	if (doc_get(d, "major"))
		text_printf(&to, " %lld:%lld", (long long)around_int(d, "major", 0),
			(long long)around_int(d, "minor", 0));
	if (mode && mode->type == DOC_INT)
		text_printf(&to, " %04llo", (unsigned long long)mode->integer.magnitude & 07777);
	if (uid && gid)
		text_printf(&to, " %lld:%lld", (long long)around_int(d, "uid", 0), (long long)around_int(d, "gid", 0));
	return to.data;
}

static void add_devices(struct sides *s)
{
	const struct doc *e = around_first(doc_get(s->l->config, "linux"), "devices");
	const struct doc *all = doc_get(s->l->boundary, "devices");
	for (uint32_t i = 0; e && i < ENTRIES; e = e->next, i++) {
		const char *pointer = arena_printf(s->l->a, "/linux/devices/%u", i);
		const char *path = side_value(s, doc_get(e, "path"));
		if (!pointer)
			return;
		side_add(s,
			&(struct side){
				.field = arena_printf(s->l->a, "linux.devices %s", path ? path : ""),
				.declared = device_words(s, e, "fileMode"),
				.real = device_words(s, doc_get(all, pointer), "mode"),
				.pointer = pointer,
			});
	}
}

void sides_places(struct sides *s)
{
	add_root(s);
	add_mounts(s);
	add_paths(s, "maskedPaths", "masked");
	add_paths(s, "readonlyPaths", "readonly");
	add_devices(s);
}
