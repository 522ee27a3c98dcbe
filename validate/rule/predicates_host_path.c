/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths that have to lead to something before the container is there. What a mount will cover, the host's document does
 * not tell of; where hooks run first, what is in the rootfs may change yet, and nothing is said of it.
 */
#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

static bool kind_is(const struct doc *place, const char *kind)
{
	return bytes_is(around_string(place, "kind"), kind);
}

/* The member a finding is about, where there is one; the answer for a member is that of the object. */
static const struct doc *answer_of(const struct facts *f, const struct doc *at)
{
	const struct doc *place = around_place(f, at);
	return place || !at->parent ? place : around_place(f, at->parent);
}

static void show(const struct doc *d, const char *member, const struct doc **ret_at)
{
	const struct doc *m = doc_get(d, member);
	if (m)
		*ret_at = m;
}

static void tells_kind(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_kind(answer_of(f, at), to);
}

static bool holds_directory_here(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct doc *place = around_place(f, d);
	show(d, "path", ret_at);
	return around_string(place, "kind").len == 0 || kind_is(place, "directory");
}

const struct predicate be_a_directory_here = {
	.says = "lead to a directory",
	.judges = DOC_OBJECT,
	.holds = holds_directory_here,
	.tells = tells_kind,
};

/* Whether the names of a path without "." and ".." are the last ones of another: of all of it, where it is absolute. */
static bool ends_alike(struct bytes path, struct bytes whole)
{
	size_t at = 0, names = 0, all = 0, i = 0, j = 0;
	struct bytes x, y;
	while (path_part(path, &at, &x))
		names++;
	for (at = 0; path_part(whole, &at, &y);)
		all++;
	if (all < names || (path.len > 0 && path.data[0] == '/' && all != names))
		return false;
	for (; all > names; all--)
		path_part(whole, &j, &y);
	while (path_part(path, &i, &x))
		if (!path_part(whole, &j, &y) || !bytes_equal(x, y))
			return false;
	return true;
}

/* runc 1.1.5, tried: "not an absolute path, or a symlink". It has "." and ".." resolved before; crun follows links. */
static bool holds_reached(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *place = around_place(f, d);
	const struct bytes path = around_string(d, "path"), real = around_string(place, "path");
	show(d, "path", ret_at);
	if (!standing_dialect(f, "runc") || !kind_is(place, "directory") || path.len == 0 || real.len == 0)
		return true;
	return known_true(doc_get(place, "clean")) != NO || path_climbs(path) || ends_alike(path, real);
}

static void tells_reached(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_delegate(f, to);
	text_add(to, " refuses a symlink on the way, and this host has one: it leads to ");
	text_shown(to, around_string(answer_of(f, at), "path"), 128);
}

const struct predicate be_reached_directly = {
	.says = "lead to its directory without a symlink",
	.judges = DOC_OBJECT,
	.holds = holds_reached,
	.tells = tells_reached,
};

/* The host's id for the container's, by a list of mappings; -1 when it has none. */
static int64_t host_id(const struct doc *mappings, int64_t inside)
{
	for (const struct doc *m = mappings && mappings->type == DOC_ARRAY ? mappings->first : NULL; m; m = m->next) {
		const int64_t from = around_int(m, "containerID", -1), size = around_int(m, "size", 0);
		const int64_t outside = around_int(m, "hostID", -1);
		if (from >= 0 && outside >= 0 && inside >= from && inside - from < size)
			return outside + (inside - from);
	}
	return -1;
}

static bool covers_id(const struct doc *mappings, int64_t id)
{
	for (const struct doc *m = mappings && mappings->type == DOC_ARRAY ? mappings->first : NULL; m; m = m->next) {
		const int64_t outside = around_int(m, "hostID", -1), size = around_int(m, "size", 0);
		if (outside >= 0 && id >= outside && id - outside < size)
			return true;
	}
	return false;
}

/* Whether the mapped root may search a directory, as far as its mode tells: privileges reach mapped owners only. */
static bool searches(const struct doc *linux_, const struct doc *directory)
{
	const struct doc *uids = doc_get(linux_, "uidMappings"), *gids = doc_get(linux_, "gidMappings");
	const int64_t uid = around_int(directory, "uid", -1), gid = around_int(directory, "gid", -1);
	const int64_t mode = around_int(directory, "mode", -1), root = host_id(uids, 0);
	if (uid < 0 || gid < 0 || mode < 0 || root < 0 || (covers_id(uids, uid) && covers_id(gids, gid)))
		return true;
	return root == uid ? mode & 0100 : mode & 0011;
}

/* The first directory that is closed to it; NULL when none is known to be. */
static const struct doc *closed(const struct facts *f, const struct doc *place)
{
	const struct doc *linux_ = doc_get(f->root, "linux");
	if (!standing_new_user(f) || !kind_is(place, "directory"))
		return NULL;
	for (const struct doc *above = around_first(place, "above"); above; above = above->next)
		if (!searches(linux_, above))
			return above;
	return searches(linux_, place) ? NULL : place;
}

/* Tried: runc 1.1.5 and crun 1.8.1 set the rootfs up as the mapped root, which has no privileges over other ids. */
static bool holds_open(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	show(d, "path", ret_at);
	return !closed(f, around_place(f, d));
}

static void tells_open(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *directory = closed(f, answer_of(f, at));
	text_add(to, "this host's ");
	text_shown(to, around_string(directory, "path"), 96);
	text_printf(to, " is of user %lld with mode %04llo, and the container's root is user %lld",
		(long long)around_int(directory, "uid", 0), (unsigned long long)around_int(directory, "mode", 0),
		(long long)host_id(doc_find(f->root, "linux.uidMappings"), 0));
}

const struct predicate be_open_to_its_root = {
	.says = "lie where the container's root may go, who is mapped to another user of the host",
	.judges = DOC_OBJECT,
	.holds = holds_open,
	.tells = tells_open,
};

static bool runs(const struct doc *place)
{
	return !kind_is(place, "absent") && !kind_is(place, "directory") &&
		known_true(doc_get(place, "executable")) != NO;
}

static bool holds_run_here(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	show(d, "path", ret_at);
	return runs(around_place(f, d));
}

static void tells_run(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *place = answer_of(f, at);
	say_kind(place, to);
	if (kind_is(place, "file"))
		text_add(to, " without the right to be run");
}

/* Tried: missing hooks fail runc 1.1.5 and crun 1.8.1, or are passed over in silence (crun: poststart, poststop). */
const struct predicate run_here = {
	.says = "lead to a program that can be run here",
	.judges = DOC_OBJECT,
	.holds = holds_run_here,
	.tells = tells_run,
};

static bool holds_run_inside(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	static const char *const before[] = { "prestart", "createRuntime", "createContainer" };
	const struct doc *hooks = f->root ? doc_get(f->root, "hooks") : NULL;
	show(d, "path", ret_at);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (around_first(hooks, before[i]))
			return true;
	return runs(around_place(f, d));
}

static void tells_run_inside(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	tells_run(r, at, f, to);
	text_add(to, ", below the rootfs");
}

const struct predicate run_inside = {
	.says = "lead to a program that can be run in the container",
	.judges = DOC_OBJECT,
	.holds = holds_run_inside,
	.tells = tells_run_inside,
};

/* Tried: runc 1.1.5 and crun 1.8.1 make a directory where there is none; youki does not. */
static bool holds_directory_inside(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *place = around_place(f, d);
	if (around_string(place, "kind").len == 0 || kind_is(place, "directory") || standing_hooks(f))
		return true;
	return kind_is(place, "absent") && !standing_dialect(f, "youki");
}

static void tells_inside(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	tells_kind(r, at, f, to);
	text_add(to, ", below the rootfs");
}

const struct predicate be_a_directory_inside = {
	.says = "be a directory in the container, or free to become one",
	.judges = DOC_STRING,
	.holds = holds_directory_inside,
	.tells = tells_inside,
};

static bool holds_start(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return standing_hooks(f) || runs(around_place(f, d));
}

static void tells_start(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	tells_run(r, at, f, to);
	text_add(to, ", where args[0] leads to");
}

const struct predicate start_something = {
	.says = "start a program that is there and can be run",
	.judges = DOC_OBJECT,
	.holds = holds_start,
	.tells = tells_start,
};

/* Whether a node is the one that is asked for. What is not known of it does not count against it. */
static bool is_the_node(const struct doc *device, const struct doc *node)
{
	const struct bytes type = around_string(device, "type"), number = around_string(node, "number");
	const char *kind = bytes_is(type, "b") ? "block" : bytes_is(type, "p") ? "fifo" : "character";
	char wanted[64];
	struct text to = text_over(wanted, sizeof(wanted));
	if (type.len == 0 || around_string(node, "kind").len == 0)
		return true;
	if (!kind_is(node, kind))
		return false;
	text_printf(&to, "%lld:%lld", (long long)around_int(device, "major", 0),
		(long long)around_int(device, "minor", 0));
	return number.len == 0 || bytes_is(type, "p") || bytes_is(number, wanted);
}

/* Tried: runc 1.1.5 and crun 1.8.1 leave what is there and go on, so that the container never gets the device. */
static bool holds_place_free(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r;
	const struct doc *node = doc_get(around_place(f, d), "node");
	show(d, "path", ret_at);
	return kind_is(node, "absent") || is_the_node(d, node);
}

static void tells_place_free(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *node = doc_get(answer_of(f, at), "node");
	const struct bytes number = around_string(node, "number");
	say_kind(node, to);
	if (number.len > 0)
		text_printf(to, " (%.*s)", (int)(number.len < 32 ? number.len : 32), number.data);
	text_add(to, ", below the rootfs, which delegates leave as it is");
}

const struct predicate find_its_place_free = {
	.says = "find its place free, or itself there",
	.judges = DOC_OBJECT,
	.holds = holds_place_free,
	.tells = tells_place_free,
};

/*
 * Tried: without CAP_MKNOD runc 1.1.5 binds what the host has at that path and crun 1.8.1 gives up; with a user
 * namespace of the container runc binds as well, while crun makes the node from outside.
 */
static bool no_node(const struct facts *f)
{
	return standing_capable(f, "CAP_MKNOD") == NO || (standing_dialect(f, "runc") && standing_new_user(f));
}

static bool holds_made(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	show(d, "path", ret_at);
	return standing_elsewhere(f) || !no_node(f) || !kind_is(doc_get(around_place(f, d), "host"), "absent");
}

static void tells_made(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	if (standing_capable(f, "CAP_MKNOD") == NO)
		say_standing(f, "CAP_MKNOD", to);
	else
		text_add(to, "a new user namespace cannot make nodes");
	text_add(to, ", and ");
	say_kind(doc_get(answer_of(f, at), "host"), to);
	text_add(to, " to bind instead");
}

const struct predicate be_made_or_bound = {
	.says = "be a node that can be made, or be on the host to be bound",
	.judges = DOC_OBJECT,
	.holds = holds_made,
	.tells = tells_made,
};
