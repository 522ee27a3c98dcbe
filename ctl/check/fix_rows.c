/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which findings are mended without being asked, and how. A row belongs here when one remedy is right whatever the
 * author meant: what runtimes ignore is left out, what stands there twice stands there once, a word that is spelt wrong
 * is spelt as the specification has it, what is missing and counts as zero is zero, and what a policy demands is given
 * to it where there is one way only. Everything else is the author's to decide.
 */
#include <ctype.h>
#include <stdlib.h>

#include "ctl/check/fix.h"
#include "ctl/generate/generate.h"
#include "validate/doc/make.h"

/* Adds a change; more than FIX_CHANGES are left out, and what is not mended then is given up. */
static void fix_change(struct fixing *x, enum change_kind kind, const struct doc *at, const char *name,
	const char *value)
{
	if (x->count < FIX_CHANGES && (kind == CHANGE_NONE || at))
		x->changes[x->count++] = (struct change){ kind, at, name, value };
}

static const char *json_string(struct fixing *x, struct bytes b)
{
	struct text to = text_growing(x->arena);
	text_json(&to, b);
	return to.cut ? NULL : to.data;
}

/* It is left out. */
static void drop(struct fixing *x)
{
	if (x->attempt == 0 && x->f->at->parent)
		fix_change(x, CHANGE_REMOVE, x->f->at, NULL, NULL);
}

static const char *written(struct fixing *x, const struct doc *d)
{
	struct text to = text_growing(x->arena);
	doc_write(d, false, &to);
	return to.cut ? NULL : to.data;
}

/* It is left out where another says just the same: which of two that differ holds, runtimes disagree. */
static void drop_equal(struct fixing *x)
{
	const struct doc *at = x->f->at;
	if (x->attempt > 0 || !at->parent)
		return;
	/* Of a member that is at fault, the entry that it is in. */
	while (at->parent && at->parent->type == DOC_OBJECT)
		at = at->parent;
	const char *mine = written(x, at);
	for (const struct doc *e = at->parent ? at->parent->first : NULL; e && mine; e = e->next) {
		const char *other = e != at ? written(x, e) : NULL;
		if (other && strcmp(mine, other) == 0) {
			fix_change(x, CHANGE_REMOVE, at, NULL, NULL);
			return;
		}
	}
}

/* The member x->row->word of the object is x->row->value. */
static void set_member(struct fixing *x)
{
	const struct doc *at = x->f->at;
	while (at && at->type != DOC_OBJECT)
		at = at->parent;
	if (x->attempt > 0 || !at)
		return;
	for (const struct doc *m = at->first; m; m = m->next)
		if (bytes_is(m->key, x->row->word)) {
			fix_change(x, CHANGE_REPLACE, m, NULL, x->row->value);
			return;
		}
	fix_change(x, CHANGE_ADD, at, x->row->word, x->row->value);
}

static const struct doc *member(const struct doc *d, const char *name)
{
	const struct doc *m = d && d->type == DOC_OBJECT ? d->first : NULL;
	while (m && !bytes_is(m->key, name))
		m = m->next;
	return m;
}

/* The container has a namespace of that type to itself. */
static void add_namespace(struct fixing *x)
{
	const struct doc *linux_part = member(x->root, "linux"), *list = member(linux_part, "namespaces");
	const char *entry = arena_printf(x->arena, "{\"type\": \"%s\"}", x->row->word);

	if (x->attempt > 0 || !entry)
		return;
	if (list && list->type == DOC_ARRAY)
		fix_change(x, CHANGE_ADD, list, NULL, entry);
	else if (!list && linux_part && linux_part->type == DOC_OBJECT)
		fix_change(x, CHANGE_ADD, linux_part, "namespaces", arena_printf(x->arena, "[%s]", entry));
	else if (!linux_part)
		fix_change(x, CHANGE_ADD, x->root, "linux", arena_printf(x->arena, "{\"namespaces\": [%s]}", entry));
}

/* Other names by which people call what the specification calls otherwise. */
static const struct {
	const char *said, *meant;
} also[] = { { "net", "network" }, { "mnt", "mount" } };

/*
 * A word of a list that is spelt in the other case, or without its prefix (x->row->word): the first spelling that
 * keeps the rule.
 */
static void spell(struct fixing *x)
{
	const struct bytes b = x->f->at->string;
	char out[128];
	const size_t prefix = x->row->word ? strlen(x->row->word) : 0;

	if (x->f->at->type != DOC_STRING || b.len == 0 || b.len + prefix >= sizeof(out) || x->attempt > 3)
		return;
	struct text to = text_over(out, sizeof(out));
	if (x->attempt == 3) {
		for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
			if (bytes_is(b, also[i].said))
				text_add(&to, also[i].meant);
	} else {
		text_add(&to, x->attempt == 2 && prefix ? x->row->word : "");
		for (size_t i = 0; i < b.len; i++) {
			const int c = (unsigned char)b.data[i];
			text_char(&to, (char)(x->attempt == 1 ? tolower(c) : toupper(c)));
		}
	}
	fix_change(x, CHANGE_REPLACE, x->f->at, NULL, json_string(x, bytes_of(to.len > 0 ? out : "?")));
}

/* Runtimes take a relative destination from the root of the container. */
static void make_absolute(struct fixing *x)
{
	const struct bytes b = x->f->at->string;
	const char *path = x->f->at->type == DOC_STRING && b.len > 0
		? arena_printf(x->arena, "/%.*s", (int)b.len, b.data)
		: NULL;
	if (x->attempt == 0 && path)
		fix_change(x, CHANGE_REPLACE, x->f->at, NULL, json_string(x, bytes_of(path)));
}

/* Each letter once, in the order in which they came. */
static void letters_once(struct fixing *x)
{
	const struct bytes b = x->f->at->string;
	char out[64];
	struct text to = text_over(out, sizeof(out));

	if (x->attempt > 0 || x->f->at->type != DOC_STRING)
		return;
	for (size_t i = 0; i < b.len && !to.cut; i++)
		if (!memchr(b.data, b.data[i], i))
			text_char(&to, b.data[i]);
	fix_change(x, CHANGE_REPLACE, x->f->at, NULL, json_string(x, bytes_of(out)));
}

/* A number or a boolean that is quoted loses its quotes, and a string that is not gets some. */
static void unquote(struct fixing *x)
{
	const struct doc *at = x->f->at;
	const struct bytes b = at->string;

	if (x->attempt > 0)
		return;
	if (at->type == DOC_STRING && b.len > 0 && b.len < 24 &&
		(bytes_is(b, "true") || bytes_is(b, "false") ||
			strspn(arena_copy(x->arena, b), "-0123456789") == b.len))
		fix_change(x, CHANGE_REPLACE, at, NULL, arena_copy(x->arena, b));
	else if (at->type == DOC_INT || at->type == DOC_BOOL)
		fix_change(x, CHANGE_REPLACE, at, NULL, arena_printf(x->arena, "\"%s\"", written(x, at)));
}

/* A key that delegates take for another is called by that one's name, which the finding's own remedy says. */
static void rename_key(struct fixing *x)
{
	static const char write[] = "write ";
	if (x->attempt == 0 && x->f->fix && strncmp(x->f->fix, write, sizeof(write) - 1) == 0)
		fix_change(x, CHANGE_RENAME, x->f->at, x->f->fix + sizeof(write) - 1, NULL);
}

/* Hooks of prestart run as those of createRuntime do, right before them. */
static void move_prestart(struct fixing *x)
{
	const struct doc *hooks = member(x->root, "hooks"), *old = member(hooks, "prestart");
	if (x->attempt == 0 && old && !member(hooks, "createRuntime"))
		fix_change(x, CHANGE_RENAME, old, "createRuntime", NULL);
}

/* The mount's options have ro, and not rw. */
static void mount_read_only(struct fixing *x)
{
	const struct doc *mount = x->f->at;
	while (mount && mount->type != DOC_OBJECT)
		mount = mount->parent;
	const struct doc *options = member(mount, "options");
	if (x->attempt > 0 || !mount)
		return;
	if (!options)
		fix_change(x, CHANGE_ADD, mount, "options", "[\"ro\"]");
	for (const struct doc *e = options ? options->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && bytes_is(e->string, "rw")) {
			fix_change(x, CHANGE_REPLACE, e, NULL, "\"ro\"");
			return;
		}
	if (options && options->type == DOC_ARRAY)
		fix_change(x, CHANGE_ADD, options, NULL, "\"ro\"");
}

static bool lists(const struct doc *list, const char *path)
{
	for (const struct doc *e = list ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && bytes_is(e->string, path))
			return true;
	return false;
}

/* The kernel's files that every engine masks, or makes read-only. */
static void mask_kernel(struct fixing *x)
{
	static const struct {
		const char *name, *const *paths;
	} both[] = { { "maskedPaths", hardened_masked }, { "readonlyPaths", hardened_readonly } };
	const struct doc *part = member(x->root, "linux");

	if (x->attempt > 0 || !part || part->type != DOC_OBJECT)
		return;
	for (size_t i = 0; i < 2; i++) {
		const struct doc *list = member(part, both[i].name), *other = member(part, both[1 - i].name);
		struct text all = text_growing(x->arena);
		for (const char *const *p = both[i].paths; *p; p++) {
			if (lists(list, *p) || lists(other, *p))
				continue;
			const char *quoted = json_string(x, bytes_of(*p));
			if (list)
				fix_change(x, CHANGE_ADD, list, NULL, quoted);
			text_printf(&all, "%s%s", all.len > 0 ? ", " : "[", quoted ? quoted : "");
		}
		text_char(&all, ']');
		if (!list && all.len > 1)
			fix_change(x, CHANGE_ADD, part, both[i].name, all.data);
	}
}

/* Sorted by id; what ends in a dot is for all ids that begin so. */
static const struct fix_row rows[] = {
	{ "annot.unsafe", drop, NULL, NULL },
	{ "caps.allowed", drop, NULL, NULL },
	{ "caps.ambient", drop, NULL, NULL },
	{ "caps.inheritable", drop, NULL, NULL },
	{ "json.case-variant-name", rename_key, NULL, NULL },
	{ "json.no-null", drop, NULL, NULL },
	{ "mount.sys", mount_read_only, NULL, NULL },
	{ "nnp", set_member, "noNewPrivileges", "true" },
	{ "ns.host.cgroup", add_namespace, "cgroup", NULL },
	{ "ns.host.ipc", add_namespace, "ipc", NULL },
	{ "ns.host.mnt", add_namespace, "mount", NULL },
	{ "ns.host.net", add_namespace, "network", NULL },
	{ "ns.host.pid", add_namespace, "pid", NULL },
	{ "ns.host.uts", add_namespace, "uts", NULL },
	{ "proc.masked", mask_kernel, NULL, NULL },
	{ "root.readonly", set_member, "readonly", "true" },
	{ "spec.domainname.needs-uts-ns", add_namespace, "uts", NULL },
	{ "spec.hooks.prestart-deprecated", move_prestart, NULL, NULL },
	{ "spec.hostname.needs-uts-ns", add_namespace, "uts", NULL },
	{ "spec.linux.devices.fifo-numbers", drop, NULL, NULL },
	{ "spec.linux.devices.path-duplicate", drop_equal, NULL, NULL },
	{ "spec.linux.devices.type-enum", spell, NULL, NULL },
	{ "spec.linux.masked-paths.duplicate", drop, NULL, NULL },
	{ "spec.linux.masked-paths.needs-mount-ns", add_namespace, "mount", NULL },
	{ "spec.linux.memory-policy.flags-enum", spell, "MPOL_F_", NULL },
	{ "spec.linux.memory-policy.mode-enum", spell, "MPOL_", NULL },
	{ "spec.linux.namespaces.duplicate", drop_equal, NULL, NULL },
	{ "spec.linux.namespaces.type-enum", spell, NULL, NULL },
	{ "spec.linux.personality.domain-enum", spell, NULL, NULL },
	{ "spec.linux.readonly-paths.needs-mount-ns", add_namespace, "mount", NULL },
	{ "spec.linux.resources.blockio.device-duplicate", drop_equal, NULL, NULL },
	{ "spec.linux.resources.devices.access-repeat", letters_once, NULL, NULL },
	{ "spec.linux.resources.devices.type-enum", spell, NULL, NULL },
	{ "spec.linux.resources.hugepage.duplicate", drop_equal, NULL, NULL },
	{ "spec.linux.resources.memory.kernel-deprecated", drop, NULL, NULL },
	{ "spec.linux.resources.memory.kerneltcp-deprecated", drop, NULL, NULL },
	{ "spec.linux.resources.network.name-duplicate", drop_equal, NULL, NULL },
	{ "spec.linux.rootfs-propagation.enum", spell, NULL, NULL },
	{ "spec.linux.seccomp.action-enum", spell, "SCMP_ACT_", NULL },
	{ "spec.linux.seccomp.arch-duplicate", drop, NULL, NULL },
	{ "spec.linux.seccomp.arch-enum", spell, "SCMP_ARCH_", NULL },
	{ "spec.linux.seccomp.arg-op-enum", spell, "SCMP_CMP_", NULL },
	{ "spec.linux.seccomp.default-action-enum", spell, "SCMP_ACT_", NULL },
	{ "spec.linux.seccomp.flags-enum", spell, "SECCOMP_FILTER_FLAG_", NULL },
	{ "spec.linux.seccomp.rule-redundant", drop, NULL, NULL },
	{ "spec.mounts.destination-absolute", make_absolute, NULL, NULL },
	{ "spec.mounts.mand-deprecated", drop, NULL, NULL },
	{ "spec.mounts.option-nonempty", drop, NULL, NULL },
	{ "spec.platform.foreign-section", drop, NULL, NULL },
	{ "spec.process.apparmor-nonempty", drop, NULL, NULL },
	{ "spec.process.capabilities.ambient-subset", drop, NULL, NULL },
	{ "spec.process.capabilities.duplicate", drop, NULL, NULL },
	{ "spec.process.capabilities.effective-subset", drop, NULL, NULL },
	{ "spec.process.capabilities.inheritable-subset", drop, NULL, NULL },
	{ "spec.process.capabilities.known", spell, "CAP_", NULL },
	{ "spec.process.command-line-platform", drop, NULL, NULL },
	{ "spec.process.console-size-needs-terminal", drop, NULL, NULL },
	{ "spec.process.env-duplicate", drop_equal, NULL, NULL },
	{ "spec.process.io-priority.class-enum", spell, "IOPRIO_CLASS_", NULL },
	{ "spec.process.rlimits.duplicate", drop_equal, NULL, NULL },
	{ "spec.process.rlimits.type-known", spell, "RLIMIT_", NULL },
	{ "spec.process.scheduler.flags-enum", spell, "SCHED_FLAG_", NULL },
	{ "spec.process.scheduler.policy-enum", spell, "SCHED_", NULL },
	{ "spec.process.user.gid-required", set_member, "gid", "0" },
	{ "spec.process.user.required", set_member, "user", "{\"uid\": 0, \"gid\": 0}" },
	{ "spec.process.user.uid-required", set_member, "uid", "0" },
	{ "spec.process.user.username-platform", drop, NULL, NULL },
	{ "type.", unquote, NULL, NULL },
};

const struct fix_row *fix_find(const char *id)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const size_t len = strlen(rows[i].id);
		if (strcmp(rows[i].id, id) == 0 || (rows[i].id[len - 1] == '.' && strncmp(rows[i].id, id, len) == 0))
			return &rows[i];
	}
	return NULL;
}
