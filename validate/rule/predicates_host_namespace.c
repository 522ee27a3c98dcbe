/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that are joined or made, and ids that are mapped, as this host lets the runtime do it. */
#include "validate/rule/predicates_host.h"
#include "validate/rule/standing.h"

static struct bytes kind_of(const struct doc *place)
{
	return around_string(place, "kind");
}

/* An entry of namespaces, or a member of one. */
static const struct doc *entry_of(const struct doc *at)
{
	return at->type == DOC_STRING ? at->parent : at;
}

static bool holds_join(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *path = doc_get(d, "path");
	if (around_unset(path) || !bytes_is(kind_of(around_place(f, d)), "absent"))
		return true;
	*ret_at = path;
	return false;
}

static void tells_join(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	say_kind(around_place(f, entry_of(at)), to);
}

const struct predicate join_something = {
	.says = "join a namespace that is there",
	.judges = DOC_OBJECT,
	.holds = holds_join,
	.tells = tells_join,
};

/* Tried: setns fails for runc 1.1.5 and crun 1.8.1, with a namespace of another type as with a plain file. */
static bool holds_join_type(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *path = doc_get(d, "path"), *place = around_place(f, d);
	const struct bytes kind = kind_of(place), type = around_string(place, "type"),
			   wanted = around_string(d, "type");
	if (around_unset(path) || kind.len == 0 || wanted.len == 0 || bytes_is(kind, "absent"))
		return true;
	if (bytes_is(kind, "namespace") && (type.len == 0 || bytes_equal(type, wanted)))
		return true;
	*ret_at = path;
	return false;
}

static void tells_join_type(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *place = around_place(f, entry_of(at));
	const struct bytes type = around_string(place, "type");
	if (bytes_is(kind_of(place), "namespace") && type.len > 0) {
		text_add(to, "this host has a namespace of type ");
		say_bytes(type, to);
		text_add(to, " there");
	} else {
		say_kind(place, to);
	}
}

const struct predicate join_its_type = {
	.says = "join a namespace of the type that it names",
	.judges = DOC_OBJECT,
	.holds = holds_join_type,
	.tells = tells_join_type,
};

/* What the host says of the type of an entry; NULL when nothing. */
static const struct doc *type_here(const struct facts *f, const struct doc *entry)
{
	const struct bytes type = around_string(entry, "type");
	const struct doc *all = around_host(f, "namespaces");
	for (const struct doc *m = all && all->type == DOC_OBJECT ? all->first : NULL; m && type.len; m = m->next)
		if (bytes_equal(m->key, type))
			return m;
	return NULL;
}

static bool quota_used_up(const struct doc *here)
{
	const struct doc *quota = doc_get(here, "quota");
	return quota && quota->type == DOC_INT && quota->integer.magnitude == 0;
}

static bool holds_made_here(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *here = type_here(f, d), *type = doc_get(d, "type");
	const bool joined = around_string(d, "path").len > 0;
	if (!type || standing_elsewhere(f) ||
		(known_true(doc_get(here, "available")) != NO && (joined || !quota_used_up(here))))
		return true;
	*ret_at = type;
	return false;
}

static void tells_made_here(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	if (known_true(doc_get(type_here(f, entry_of(at)), "available")) == NO)
		text_add(to, "this host's kernel has none of that type");
	else
		text_add(to, "this host allows none: its limit in /proc/sys/user is 0");
}

const struct predicate be_made_here = {
	.says = "be of a type that the kernel has and allows",
	.judges = DOC_OBJECT,
	.holds = holds_made_here,
	.tells = tells_made_here,
};

static bool holds_everyone(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *type = doc_get(d, "type");
	if (!bytes_is(around_string(d, "type"), "user") || around_string(d, "path").len > 0 || standing_elsewhere(f) ||
		known_entry(around_host(f, "self.capabilities.effective"), bytes_of("CAP_SYS_ADMIN")) != NO ||
		known_true(around_host(f, "namespaces.unprivilegedUser")) != NO)
		return true;
	*ret_at = type;
	return false;
}

static void tells_everyone(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host lets nobody make one without CAP_SYS_ADMIN, and ");
	say_standing(f, "it", to);
}

const struct predicate be_for_everyone_here = {
	.says = "be allowed to those without privileges, where it is a new user namespace",
	.judges = DOC_OBJECT,
	.holds = holds_everyone,
	.tells = tells_everyone,
};

/* Whether the document makes a namespace by itself. Without one there is nothing to have rights for. */
static const struct doc *first_new(const struct doc *list)
{
	for (const struct doc *e = list->first; e; e = e->next)
		if (e->type == DOC_OBJECT && around_string(e, "path").len == 0)
			return e;
	return NULL;
}

/*
 * Tried as user 1000: runc 1.1.5 refuses ("rootless container requires user namespaces"), crun 1.8.1 adds one itself.
 * User 0 without the capability fails in the kernel.
 */
static bool holds_user(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const int64_t euid = standing_euid(f, -1);
	if (!f->root || around_namespace(f->root, "user") || !first_new(d) || euid < 0 || standing_elsewhere(f))
		return true;
	if (euid > 0)
		return !standing_dialect(f, "runc") && !standing_dialect(f, "youki");
	return known_entry(around_host(f, "self.capabilities.effective"), bytes_of("CAP_SYS_ADMIN")) != NO;
}

static void tells_user(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	say_standing(f, "CAP_SYS_ADMIN", to);
}

const struct predicate hold_a_user_namespace = {
	.says = "have a user namespace to take privileges from, for a runtime without its own",
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_user,
	.tells = tells_user,
};

static bool of_users(const struct doc *mapping)
{
	return mapping->parent && bytes_is(mapping->parent->key, "uidMappings");
}

/* The number of an id at a place of a small array: [inside, outside, count]. */
static int64_t nth(const struct doc *array, unsigned n)
{
	const struct doc *d = array && array->type == DOC_ARRAY ? array->first : NULL;
	while (d && n-- > 0)
		d = d->next;
	return d && d->type == DOC_INT && !d->integer.negative && d->integer.magnitude <= UINT32_MAX
		? (int64_t)d->integer.magnitude
		: -1;
}

/* The host's side of a mapping; false where it is none, or empty. */
static bool outside_of(const struct doc *mapping, int64_t *ret_first, int64_t *ret_count)
{
	*ret_first = around_int(mapping, "hostID", -1);
	*ret_count = around_int(mapping, "size", 0);
	return *ret_first >= 0 && *ret_first <= UINT32_MAX && *ret_count > 0 && *ret_count <= UINT32_MAX;
}

/* user_namespaces(7): the whole range has to lie within one entry of the parent's own map. */
static bool holds_above(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *map = around_host(f, of_users(d) ? "self.uidMap" : "self.gidMap");
	int64_t first, count;
	if (!standing_new_user(f) || !map || map->type != DOC_ARRAY || !outside_of(d, &first, &count) ||
		standing_elsewhere(f))
		return true;
	for (const struct doc *e = map->first; e; e = e->next) {
		const int64_t inside = nth(e, 0), size = nth(e, 2);
		if (inside < 0 || size < 0)
			return true;
		if (first >= inside && first + count <= inside + size)
			return true;
	}
	*ret_at = doc_get(d, "hostID");
	return false;
}

static void tells_above(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const bool users = of_users(at->parent);
	const struct doc *map = around_host(f, users ? "self.uidMap" : "self.gidMap");
	unsigned said = 0;
	text_printf(to, "the runtime's own user namespace has the %s ids", users ? "user" : "group");
	for (const struct doc *e = map->first; e && said < 6; e = e->next, said++)
		text_printf(to, "%s %lld to %lld", said ? "," : "", (long long)nth(e, 0),
			(long long)(nth(e, 0) + nth(e, 2) - 1));
	text_add(to, said ? "" : " of nobody");
}

const struct predicate be_mapped_above = {
	.says = "lie, with its size, within one range of ids that the runtime's own user namespace has",
	.judges = DOC_OBJECT,
	.holds = holds_above,
	.tells = tells_above,
};

/* Whether ids lie within ranges that were granted, which may follow on each other. */
static bool granted(const struct doc *ranges, int64_t first, int64_t count)
{
	/* Each turn moves on behind a range, so that there are no more turns than ranges. */
	for (uint32_t turn = 0; turn <= ranges->count && count > 0; turn++) {
		int64_t behind = -1;
		for (const struct doc *e = ranges->first; e; e = e->next) {
			const int64_t start = nth(e, 0), size = nth(e, 1);
			if (start >= 0 && size > 0 && first >= start && first < start + size && start + size > behind)
				behind = start + size;
		}
		if (behind < 0)
			return false;
		count -= behind - first;
		first = behind;
	}
	return count <= 0;
}

/* Tried: newuidmap says no, and runc 1.1.5 and crun 1.8.1 fail. */
static bool holds_granted(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const bool users = of_users(d);
	const struct doc *ranges = around_host(f, users ? "self.subuids" : "self.subgids");
	const int64_t own = around_int(around_host(f, "self"), users ? "euid" : "egid", -1);
	int64_t first, count;
	if (!standing_new_user(f) || standing_euid(f, 0) == 0 || !ranges || ranges->type != DOC_ARRAY ||
		!outside_of(d, &first, &count) || standing_elsewhere(f))
		return true;
	if (known_entry(around_host(f, "self.capabilities.effective"), bytes_of(users ? "CAP_SETUID" : "CAP_SETGID")) !=
		NO)
		return true;
	if ((count == 1 && (own < 0 || first == own)) || granted(ranges, first, count))
		return true;
	*ret_at = doc_get(d, "hostID");
	return false;
}

static void tells_granted(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const bool users = of_users(at->parent);
	const struct doc *ranges = around_host(f, users ? "self.subuids" : "self.subgids");
	unsigned said = 0;
	say_standing(f, NULL, to);
	text_printf(to, ", and /etc/%s grants that", users ? "subuid" : "subgid");
	for (const struct doc *e = ranges->first; e && said < 6; e = e->next, said++)
		text_printf(to, "%s %lld to %lld", said ? "," : "", (long long)nth(e, 0),
			(long long)(nth(e, 0) + nth(e, 1) - 1));
	text_add(to, said ? "" : " nothing");
}

const struct predicate be_granted_to_us = {
	.says = "be the runtime's own id, or lie within what /etc/subuid and /etc/subgid grant",
	.judges = DOC_OBJECT,
	.holds = holds_granted,
	.tells = tells_granted,
};

/* Clocks go on between our look and the delegate's. */
#define CLOCK_SLACK_S 10

static int64_t clock_secs(const struct facts *f, const struct doc *offset)
{
	const struct doc *clocks = around_host(f, "clocks");
	const char *name = bytes_is(offset->key, "monotonic") ? "monotonic"
		: bytes_is(offset->key, "boottime")           ? "boottime"
							      : NULL;
	return name ? around_int(doc_get(clocks, name), "secs", -1) : -1;
}

static bool holds_clock(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *secs = doc_get(d, "secs");
	const int64_t now = clock_secs(f, d), offset = around_int(d, "secs", 0);
	if (!secs || now < 0 || now > INT64_MAX - CLOCK_SLACK_S || offset >= -(now + CLOCK_SLACK_S) ||
		standing_elsewhere(f))
		return true;
	*ret_at = secs;
	return false;
}

static void tells_clock(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	text_printf(to, "this host's clock stands at %lld", (long long)clock_secs(f, at->parent));
}

const struct predicate keep_clocks_positive = {
	.says = "not set its clock back behind zero",
	.judges = DOC_OBJECT,
	.holds = holds_clock,
	.tells = tells_clock,
};
