/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for files of the host. Where a path leads counts, not how it is spelt; and it is as good as the host if it
 * is what one must not have, lies within it, or has it somewhere below. A socket is known by being one: whoever can
 * speak to a server of the host does not need its usual name.
 */
#include "validate/base/limits.h"
#include "validate/rule/control_brought.h"
#include "validate/rule/predicates_control.h"

static bool matches(const struct rule *r, const struct facts *f, const char *param, const struct brought *b)
{
	return b->path.len > 0 && b->clean && param_matches(f, r, param, NULL, b->path);
}

static bool read_only(const struct doc *mount, const struct brought *b);

static bool host_file_allowed(const struct rule *r, const struct doc *d, const struct facts *f, const struct brought *b)
{
	return brought_by_engine(f, b) != KNOWN_NO || matches(r, f, "allow", b) ||
		(matches(r, f, "readOnly", b) && read_only(d, b)) || brought_for_rootless(f, d, b);
}

static bool holds_no_host_files(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	struct bringing all = { .from = d };
	struct brought b;
	while (next_brought(&all, f, &b))
		if (!host_file_allowed(r, brought_mount(d), f, &b))
			return false;
	return true;
}

static bool listed(const struct facts *f, const struct rule *r, const char *param)
{
	return around_first(doc_get(f->params, r->id), param) != NULL;
}

static void tells_host_files(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	brought_write(at, f, to);
	if (!listed(f, r, "allow") && !listed(f, r, "readOnly")) {
		text_add(to, "the policy allows none of the host's files");
		return;
	}
	text_add(to, "of the host's files the policy allows ");
	param_write(f, r, "allow", NULL, to);
	if (listed(f, r, "readOnly")) {
		text_add(to, ", and read-only ");
		param_write(f, r, "readOnly", NULL, to);
	}
}

const struct predicate not_bring_host_files = {
	.says = "not bring in files of the host",
	.judges = DOC_STRING,
	.holds = holds_no_host_files,
	.tells = tells_host_files,
};

/* Where everything below is the host's, too. */
static const char *const sensitive[] = {
	"/bin",
	"/boot",
	"/dev",
	"/etc",
	"/lib",
	"/lib64",
	"/proc",
	"/root",
	"/sbin",
	"/sys",
	"/usr",
	"/var/log",
	"/var/spool/cron",
	NULL,
};

/* Where engines keep what they give to containers: only who knows the engine can tell what else lies there. */
static const char *const of_engines[] = {
	"/opt/cni",
	"/run",
	"/var/lib/cni",
	"/var/lib/containerd",
	"/var/lib/containers",
	"/var/lib/crio",
	"/var/lib/docker",
	"/var/lib/etcd",
	"/var/lib/k0s",
	"/var/lib/kubelet",
	"/var/lib/rancher",
	"/var/run",
	NULL,
};

static bool touches(struct bytes path, struct bytes place, bool below_too)
{
	return path_covers(path, place) || (below_too && path_covers(place, path));
}

/* The place that must not be had, and that this path is, lies in, or leads to; empty when there is none. */
static struct bytes touched_by(const struct rule *r, const struct facts *f, struct bytes path)
{
	const struct doc *given = around_param(f, r, "paths");
	for (const struct doc *e = around_first(doc_get(f->params, r->id), "also"); e; e = e->next)
		if (e->type == DOC_STRING && touches(path, e->string, true))
			return e->string;
	for (const struct doc *e = given ? given->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && touches(path, e->string, true))
			return e->string;
	for (const char *const *w = sensitive; !given && *w; w++)
		if (touches(path, bytes_of(*w), true))
			return bytes_of(*w);
	for (const char *const *w = of_engines; !given && *w; w++)
		if (touches(path, bytes_of(*w), f->context != NULL))
			return bytes_of(*w);
	return (struct bytes){ 0 };
}

/* The same of all its paths; *ret_path is the one that does. */
static struct bytes touched(const struct rule *r, const struct facts *f, const struct brought *b,
	struct bytes *ret_path)
{
	unsigned at = 0;
	while (brought_path(b, &at, ret_path)) {
		const struct bytes place = touched_by(r, f, *ret_path);
		if (place.len > 0)
			return place;
	}
	return (struct bytes){ 0 };
}

static bool is_socket(const struct brought *b)
{
	return bytes_is(around_string(b->found, "kind"), "socket");
}

/* A disk or a part of one, bound under a name of its own. */
static bool is_device(const struct brought *b)
{
	const struct bytes kind = around_string(b->found, "kind");
	return bytes_is(kind, "block") || bytes_is(kind, "character");
}

static bool exposes(const struct rule *r, const struct doc *d, const struct facts *f, const struct brought *b)
{
	struct bytes path;
	if (b->path.len == 0 || matches(r, f, "allow", b) || brought_for_rootless(f, d, b) ||
		brought_by_engine(f, b) == KNOWN_YES)
		return false;
	/* A spelling that climbs may lead anywhere. */
	return !b->clean || is_socket(b) || is_device(b) || touched(r, f, b, &path).len > 0;
}

static bool next_exposed(struct bringing *all, const struct rule *r, const struct facts *f, struct brought *ret)
{
	while (next_brought(all, f, ret))
		if (exposes(r, brought_mount(all->from), f, ret))
			return true;
	return false;
}

static bool holds_unexposed(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	struct bringing all = { .from = d };
	struct brought b;
	return !next_exposed(&all, r, f, &b);
}

static void tells_exposed(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	struct bringing all = { .from = at };
	struct brought b;
	if (!next_exposed(&all, r, f, &b))
		return;
	struct bytes path;
	const struct bytes place = touched(r, f, &b, &path);
	if (is_socket(&b)) {
		text_add(to, "a server of the host listens at this socket");
	} else if (is_device(&b)) {
		text_add(to, "on this host it is a device");
	} else if (place.len == 0) {
		text_add(to, "with .. it may lead anywhere");
	} else {
		text_shown(to, path, LIMIT_QUOTE / 2);
		text_add(to,
			path_order(path, place) == 0       ? " is what rules this host"
				: path_covers(path, place) ? " has the host's "
							   : " lies in the host's ");
		if (path_order(path, place) != 0)
			text_shown(to, place, LIMIT_QUOTE / 2);
	}
}

const struct predicate not_expose_the_host = {
	.says = "not expose what rules the host",
	.judges = DOC_STRING,
	.holds = holds_unexposed,
	.tells = tells_exposed,
};

static bool read_only(const struct doc *mount, const struct brought *b)
{
	static const char *const recursive[] = { "rro", NULL };
	static const char *const rbind[] = { "rbind", NULL };
	const struct doc *below = doc_get(b->found, "submounts");
	if (around_option(mount, recursive))
		return true;
	if (mount_is_writable(mount))
		return false;
	return !around_option(mount, rbind) || !below || below->type != DOC_BOOL || !below->boolean;
}

static bool holds_read_only(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	struct brought b;
	if (!bind_brought(d, f, &b) || brought_by_engine(f, &b) != KNOWN_NO || matches(r, f, "allow", &b) ||
		read_only(d, &b))
		return true;
	*ret_at = b.at;
	return false;
}

static void tells_read_only(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		mount_is_writable(at->parent)
			? "it can be written to"
			: "other file systems are mounted below it on this host, and ro leaves them writable");
}

const struct predicate be_read_only_throughout = {
	.says = "be read-only with all that is mounted below it",
	.judges = DOC_OBJECT,
	.holds = holds_read_only,
	.tells = tells_read_only,
};

static const char *const wanted_flags[] = { "nodev", "nosuid", NULL };

/* The option itself, or the flag of the mount that is bound, which a bind keeps unless told otherwise. */
static bool has_flag(const struct doc *mount, const struct brought *b, struct bytes flag)
{
	for (const struct doc *o = around_first(mount, "options"); o; o = o->next)
		if (o->type == DOC_STRING && bytes_equal(o->string, flag))
			return true;
	for (const struct doc *e = around_first(b->found, "flags"); e; e = e->next)
		if (e->type == DOC_STRING && bytes_equal(e->string, flag))
			return true;
	return false;
}

static bool flags_kept(const struct rule *r, const struct doc *d, const struct facts *f, const struct brought *b)
{
	const struct doc *given = around_param(f, r, "flags");
	for (const struct doc *e = given ? given->first : NULL; e; e = e->next)
		if (e->type == DOC_STRING && !has_flag(d, b, e->string))
			return false;
	for (const char *const *w = wanted_flags; !given && *w; w++)
		if (!has_flag(d, b, bytes_of(*w)))
			return false;
	return true;
}

static bool holds_flags(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	struct brought b;
	if (!bind_brought(d, f, &b) || brought_by_engine(f, &b) != KNOWN_NO || matches(r, f, "allow", &b) ||
		flags_kept(r, d, f, &b))
		return true;
	*ret_at = b.at;
	return false;
}

static void tells_flags(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_add(to, "the policy wants files of the host mounted with ");
	param_write(f, r, "flags", wanted_flags, to);
}

const struct predicate have_mount_flags = {
	.says = "be mounted with the options that the policy names",
	.judges = DOC_OBJECT,
	.holds = holds_flags,
	.tells = tells_flags,
};
