/* SPDX-License-Identifier: Apache-2.0 */
/* The words for how mounts lie: to whom they spread, in one another, and over the kernel's own file systems. */
#include <stdlib.h>

#include "validate/base/scratch.h"
#include "validate/rule/control_brought.h"
#include "validate/rule/predicates_control.h"

static const char *const back[] = { "shared", "rshared", NULL };
static const char *const forth[] = { "slave", "rslave", NULL };

static bool spreads(const struct rule *r, const struct facts *f, struct bytes word)
{
	return word_among(word, back) || (word_among(word, forth) && !param_true(f, r, "slave", true));
}

static bool holds_unshared(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	if (d->type == DOC_STRING)
		return !spreads(r, f, d->string);
	for (const struct doc *o = around_first(d, "options"); o; o = o->next)
		if (o->type == DOC_STRING && spreads(r, f, o->string)) {
			*ret_at = o;
			return false;
		}
	return true;
}

static void tells_unshared(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		at->type == DOC_STRING && word_among(at->string, forth)
			? "what the host mounts there later comes into the container"
			: "what the container mounts there appears on the host");
}

const struct predicate not_share_mounts = {
	.says = "not share mounts with the host",
	.judges = DOC_OBJECT | DOC_STRING,
	.holds = holds_unshared,
	.tells = tells_unshared,
};

struct laid {
	struct bytes at;
	const struct doc *mount;
	bool open; /* a bind mount that can be written to, here or above */
};

static int by_path(const void *a, const void *b)
{
	const struct laid *x = a, *y = b;
	const int order = path_order(x->at, y->at);
	return order ? order : (x->mount->index > y->mount->index) - (x->mount->index < y->mount->index);
}

/* Ancestors come first, so a stack of them is enough: all[0..depth), whose entries were passed. */
static const struct doc *nested(struct laid *all, size_t count)
{
	size_t depth = 0;
	const struct doc *found = NULL;
	for (size_t i = 0; i < count; i++) {
		struct laid e = all[i];
		while (depth > 0 && (!path_covers(all[depth - 1].at, e.at) || path_order(all[depth - 1].at, e.at) == 0))
			depth--;
		const bool within = depth > 0 && all[depth - 1].open;
		if (within && (!found || e.mount->index < found->index))
			found = e.mount;
		e.open = mount_is_bind(e.mount) ? mount_is_writable(e.mount) : false;
		e.open |= within && mount_is_bind(e.mount);
		all[depth++] = e;
	}
	return found;
}

static bool holds_unnested(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	size_t count = 0;
	struct scratch s;
	struct laid *all = d->count > 1 ? scratch(&s, d->count, sizeof(*all)) : NULL;
	if (!all)
		return d->count < 2;
	for (const struct doc *m = d->first; m; m = m->next)
		if (around_string(m, "destination").len > 0)
			all[count++] = (struct laid){ .at = around_string(m, "destination"), .mount = m };
	qsort(all, count, sizeof(*all), by_path);
	const struct doc *found = nested(all, count);
	scratch_end(&s);
	if (!found)
		return true;
	*ret_at = doc_get(found, "destination");
	return false;
}

static void tells_unnested(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "whoever else writes there can put a link in its place while it is being mounted");
}

const struct predicate not_lie_in_another = {
	.says = "not lie below a writable bind mount",
	.judges = DOC_ARRAY,
	.holds = holds_unnested,
	.tells = tells_unnested,
};

static bool at_or_below(const struct doc *mount, const char *place)
{
	const struct bytes at = around_string(mount, "destination");
	return at.len > 0 && path_covers(bytes_of(place), at);
}

static bool destination_allowed(const struct rule *r, const struct doc *mount, const struct facts *f)
{
	return param_matches(f, r, "allow", NULL, around_string(mount, "destination"));
}

static bool holds_proc(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const remount[] = { "remount", NULL };
	const bool proc = bytes_is(around_string(d, "type"), "proc") && !mount_is_bind(d);
	const bool right = path_order(around_string(d, "destination"), BYTES("/proc")) == 0;
	if ((proc ? right : !at_or_below(d, "/proc")) || around_option(d, remount) || destination_allowed(r, d, f))
		return true;
	if (doc_get(d, "destination"))
		*ret_at = doc_get(d, "destination");
	return false;
}

static void tells_proc(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		bytes_is(around_string(at->parent, "type"), "proc")
			? "a proc beside /proc is one in which nothing is masked"
			: "delegates write labels and limits through /proc, and would write into this instead");
}

const struct predicate keep_proc_as_it_is = {
	.says = "leave /proc to a new proc, and proc to /proc",
	.judges = DOC_OBJECT,
	.holds = holds_proc,
	.tells = tells_proc,
};

static bool holds_sys(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	if (!bytes_is(around_string(d, "type"), "sysfs") || mount_is_bind(d) || !mount_is_writable(d))
		return true;
	if (doc_get(d, "destination"))
		*ret_at = doc_get(d, "destination");
	return false;
}

static void tells_sys(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "files of sysfs turn devices and helpers of the whole host");
}

const struct predicate have_sys_read_only = {
	.says = "be mounted read-only, being a sysfs",
	.judges = DOC_OBJECT,
	.holds = holds_sys,
	.tells = tells_sys,
};

/* On v2, with a namespace for cgroups and one for users, the kernel itself keeps the container to its own. */
static bool delegated(const struct facts *f)
{
	const struct bytes mode = doc_string(f->host, "cgroup.mode", (struct bytes){ 0 });
	const bool unified = mode.len == 0 || bytes_is(mode, "v2");
	const bool own = !f->root || around_namespace(f->root, "cgroup");
	return unified && own && control_user_namespace(f) != KNOWN_NO;
}

static bool holds_cgroups(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	static const char *const types[] = { "cgroup", "cgroup2", NULL };
	(void)r;
	if (!word_among(around_string(d, "type"), types) || mount_is_bind(d) || !mount_is_writable(d) || delegated(f))
		return true;
	if (doc_get(d, "destination"))
		*ret_at = doc_get(d, "destination");
	return false;
}

static void tells_cgroups(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct bytes mode = doc_string(f->host, "cgroup.mode", (struct bytes){ 0 });
	text_add(to,
		"only with cgroup v2 and namespaces of its own for cgroups and users is that the container's alone");
	if (mode.len > 0) {
		text_add(to, ", and this host has cgroup ");
		text_bytes(to, mode);
	}
}

const struct predicate have_cgroups_read_only = {
	.says = "be mounted read-only, being control groups",
	.judges = DOC_OBJECT,
	.holds = holds_cgroups,
	.tells = tells_cgroups,
};
