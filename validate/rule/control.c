/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of controls, and what several of them ask. */
#include "validate/rule/control.h"

#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/rule/predicates_control.h"

#define NAMED_MOST 4u /* entries of a list that a sentence names */

/* One list, whichever side it comes from. */
struct listed {
	const struct doc *given; /* set: the parameter's entries from here on */
	const char *const *otherwise;
};

static struct listed listed(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise)
{
	const struct doc *given = around_param(f, r, name);
	if (given && given->type == DOC_ARRAY)
		return (struct listed){ .given = given->first };
	return (struct listed){ .otherwise = otherwise };
}

static bool next_listed(struct listed *l, struct bytes *ret)
{
	for (; l->given; l->given = l->given->next)
		if (l->given->type == DOC_STRING) {
			*ret = l->given->string;
			l->given = l->given->next;
			return true;
		}
	if (!l->otherwise || !*l->otherwise)
		return false;
	*ret = bytes_of(*l->otherwise++);
	return true;
}

bool param_set(const struct facts *f, const struct rule *r, const char *name)
{
	return around_param(f, r, name) != NULL;
}

bool param_has(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise,
	struct bytes word)
{
	struct listed l = listed(f, r, name, otherwise);
	struct bytes entry;
	while (next_listed(&l, &entry))
		if (bytes_equal(entry, word))
			return true;
	return false;
}

bool param_matches(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise,
	struct bytes word)
{
	struct listed l = listed(f, r, name, otherwise);
	struct bytes entry;
	while (next_listed(&l, &entry))
		if (glob_match(entry, word))
			return true;
	return false;
}

bool param_true(const struct facts *f, const struct rule *r, const char *name, bool otherwise)
{
	const struct doc *given = around_param(f, r, name);
	return given && given->type == DOC_BOOL ? given->boolean : otherwise;
}

int64_t param_int(const struct facts *f, const struct rule *r, const char *name, int64_t otherwise)
{
	return around_int(doc_get(f->params, r->id), name, otherwise);
}

void param_write(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise,
	struct text *to)
{
	struct listed l = listed(f, r, name, otherwise), ahead = l;
	struct bytes entry;
	unsigned all = 0, named = 0;
	while (next_listed(&ahead, &entry))
		all++;
	if (all == 0)
		text_add(to, "nothing");
	/* One more is named rather than counted. */
	const unsigned most = all > NAMED_MOST + 1 ? NAMED_MOST : all;
	for (; named < most && next_listed(&l, &entry); named++) {
		text_add(to, named == 0 ? "" : named + 1 == all ? " and " : ", ");
		text_shown(to, entry, LIMIT_QUOTE / 2);
	}
	if (named < all)
		text_printf(to, " and %u more", all - named);
}

void control_with_digest(struct bytes entry, struct bytes *ret_pattern, struct bytes *ret_digest)
{
	static const char mark[] = "@sha256:";
	*ret_pattern = entry;
	*ret_digest = (struct bytes){ 0 };
	for (size_t i = entry.len; i-- > 0;) {
		const struct bytes rest = { entry.data + i, entry.len - i };
		if (!bytes_start(rest, mark))
			continue;
		ret_pattern->len = i;
		*ret_digest = (struct bytes){ rest.data + 1, rest.len - 1 };
		return;
	}
}

static bool switched_off(const struct doc *param)
{
	return param && param->type == DOC_BOOL && !param->boolean;
}

uint64_t control_asks(const struct rule *r, const struct doc *params)
{
	if (r->must == &be_as_locked)
		return switched_off(doc_get(params, "host")) ? 0 : ASK_LOCKED;
	if (!(r->asks & ASK(ASK_HOOK)) || !params)
		return 0;
	for (const struct doc *list = params->first; list; list = list->next)
		for (const struct doc *e = list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next) {
			struct bytes pattern, digest = { 0 };
			if (e->type == DOC_STRING)
				control_with_digest(e->string, &pattern, &digest);
			if (digest.len > 0)
				return ASK(ASK_HOOK_DIGEST);
		}
	return 0;
}

bool control_for_engine(const struct facts *f, const struct rule *r)
{
	if (!param_set(f, r, "engines"))
		return true;
	const struct bytes engine = around_string(f->context, "engine");
	return engine.len > 0 && param_has(f, r, "engines", NULL, engine);
}

/* The file below /proc/PID/ns for a type of namespace. */
static const char *namespace_file(struct bytes type)
{
	static const struct {
		const char *type, *file;
	} files[] = {
		{ "network", "net" },
		{ "mount", "mnt" },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (bytes_is(type, files[i].type))
			return files[i].file;
	return NULL;
}

/* "/proc/1/ns/net", or of the process itself, which will be the delegate and lives where the host does. */
static bool names_host(struct bytes path, struct bytes type)
{
	static const char *const own[] = { "1", "self", "thread-self", NULL };
	const char *file = namespace_file(type);
	size_t at = 0;
	struct bytes part;
	if (!path_part(path, &at, &part) || !bytes_is(part, "proc") || !path_part(path, &at, &part) ||
		!word_among(part, own) || !path_part(path, &at, &part) || !bytes_is(part, "ns") ||
		!path_part(path, &at, &part))
		return false;
	struct bytes rest;
	return (file ? bytes_is(part, file) : bytes_equal(part, type)) && !path_part(path, &at, &rest);
}

static enum known same_file(const struct doc *a, const struct doc *b)
{
	const struct bytes x = around_string(a, "device"), y = around_string(b, "device");
	const int64_t i = around_int(a, "inode", -1), k = around_int(b, "inode", -1);
	if (i < 0 || k < 0 || x.len == 0 || y.len == 0)
		return UNKNOWN;
	return i == k && bytes_equal(x, y) ? KNOWN_YES : KNOWN_NO;
}

enum known control_joins_host(const struct facts *f, const struct doc *entry)
{
	const struct bytes path = around_string(entry, "path"), type = around_string(entry, "type");
	if (path.len == 0)
		return KNOWN_NO;
	if (names_host(path, type))
		return KNOWN_YES;
	const struct doc *hosts = around_host(f, "init.namespaces"), *m = hosts ? hosts->first : NULL;
	while (m && !bytes_equal(m->key, type))
		m = m->next;
	return same_file(around_place(f, entry), m);
}

static bool maps_host_root(const struct doc *linux_, const char *list)
{
	for (const struct doc *m = around_first(linux_, list); m; m = m->next)
		if (around_int(m, "hostID", 0) == 0 && around_int(m, "size", 0) != 0)
			return true;
	return false;
}

enum known control_user_namespace(const struct facts *f)
{
	const struct doc *initial = around_host(f, "self.initialUserNamespace");
	if (initial && initial->type == DOC_BOOL && !initial->boolean)
		return KNOWN_YES;
	/* Of an exec without its config.json there is what was noted at create. */
	if (!f->root) {
		const struct doc *user = control_posture(f, "namespaces.user");
		return user && user->type == DOC_STRING && bytes_is(user->string, "host") ? KNOWN_NO : UNKNOWN;
	}
	const struct doc *entry = around_namespace(f->root, "user"), *linux_ = doc_get(f->root, "linux");
	if (!entry)
		return KNOWN_NO;
	if (around_string(entry, "path").len > 0) {
		const enum known host = control_joins_host(f, entry);
		return host == UNKNOWN ? UNKNOWN : host == KNOWN_YES ? KNOWN_NO : KNOWN_YES;
	}
	return maps_host_root(linux_, "uidMappings") || maps_host_root(linux_, "gidMappings") ? KNOWN_NO : KNOWN_YES;
}

bool control_all_devices(const struct doc *root)
{
	const struct doc *list = doc_find(root, "linux.resources.devices");
	bool all = false;
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next) {
		const struct bytes type = around_string(e, "type");
		const bool each = (type.len == 0 || bytes_is(type, "a")) && around_int(e, "major", -1) == -1 &&
			around_int(e, "minor", -1) == -1;
		if (each)
			all = doc_true(e, "allow");
	}
	return all;
}

const struct doc *control_mount_at(const struct doc *root, const char *destination)
{
	static const char *const remount[] = { "remount", NULL };
	const struct doc *found = NULL;
	for (const struct doc *m = around_first(root, "mounts"); m; m = m->next)
		if (path_order(around_string(m, "destination"), bytes_of(destination)) == 0 &&
			!around_option(m, remount))
			found = m;
	return found;
}

bool control_capability_is(struct bytes name, struct bytes other)
{
	return bytes_equal(control_capability_plain(name), control_capability_plain(other));
}

bool control_holds_capability(const struct doc *capabilities, const char *name)
{
	static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient", NULL };
	for (const char *const *s = sets; *s; s++)
		for (const struct doc *c = around_first(capabilities, *s); c; c = c->next)
			if (c->type == DOC_STRING && control_capability_is(c->string, bytes_of(name)))
				return true;
	return false;
}

bool control_of_exec(const struct facts *f)
{
	return bytes_is(bytes_of(f->below), "process");
}

bool control_of_update(const struct facts *f)
{
	return bytes_is(bytes_of(f->below), "linux.resources");
}

const struct doc *control_posture(const struct facts *f, const char *path)
{
	return doc_find(doc_get(f->context, "posture"), path);
}
