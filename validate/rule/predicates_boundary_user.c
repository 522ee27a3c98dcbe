/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the container's process is, and whom its ids are outside. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/seen.h"

/* What an id is called inside a user namespace that has no name for it. */
#define OVERFLOW_ID 65534

static bool same(const struct doc *a, const struct doc *b)
{
	return a->type == DOC_INT && b->type == DOC_INT && a->integer.magnitude == b->integer.magnitude &&
		(a->integer.negative == b->integer.negative || a->integer.magnitude == 0);
}

/* Once it runs it may have changed its user, but hardly to root. */
static bool holds_ids(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const struct doc *is = doc_get(seen(f, "process"), r->text);
	if (!is || is->type != DOC_INT || same(d, is))
		return true;
	return !seen_created(f) && is->integer.magnitude != 0;
}

static void tells_ids(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_printf(to, "its process has the %s %lld", r->text, (long long)around_int(seen(f, "process"), r->text, 0));
}

const struct predicate be_the_ids = {
	.says = "be the {} of the container's process",
	.takes = TAKES_TEXT,
	.judges = DOC_INT,
	.holds = holds_ids,
	.tells = tells_ids,
};

static bool holds_umask(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *is = seen(f, "process.umask");
	return around_unset(d) || !seen_created(f) || !is || is->type != DOC_INT || same(d, is);
}

static void tells_umask(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const int64_t is = around_int(seen(f, "process"), "umask", 0);
	text_printf(to, "it is %lld (%04llo in octal digits)", (long long)is, (unsigned long long)is);
}

const struct predicate be_the_umask = {
	.says = "be the umask of the container's process",
	.judges = DOC_INT,
	.holds = holds_umask,
	.tells = tells_umask,
};

static bool has_number(const struct doc *list, const struct doc *number)
{
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (same(e, number))
			return true;
	return false;
}

/* Of some runtimes, without privileges, and where it is asked for, the groups of their caller stay. */
static bool keeps_groups(const struct facts *f)
{
	const struct doc *kept = doc_get(doc_get(f->root, "annotations"), "run.oci.keep_original_groups");
	return kept != NULL;
}

static bool belongs(const struct doc *user, const struct doc *group)
{
	const struct doc *gid = doc_get(user, "gid");
	return group->type != DOC_INT || group->integer.magnitude == OVERFLOW_ID || (gid && same(gid, group)) ||
		(!gid && group->integer.magnitude == 0) || has_number(doc_get(user, "additionalGids"), group);
}

static bool holds_cover(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *is = seen(f, "process.additionalGids"), *groups = doc_get(d, "additionalGids");
	if (!is || is->type != DOC_ARRAY || keeps_groups(f) || seen_own_doing(f, "CAP_SETGID"))
		return true;
	for (const struct doc *e = is->first; e; e = e->next)
		if (!belongs(d, e)) {
			*ret_at = groups ? groups : d;
			return false;
		}
	return true;
}

static void tells_cover(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct doc *user = at->type == DOC_ARRAY ? at->parent : at, *is = seen(f, "process.additionalGids");
	uint32_t count = 0;
	text_add(to, "it is in more:");
	for (const struct doc *e = is ? is->first : NULL; e; e = e->next)
		if (!belongs(user, e) && count++ < 6)
			text_printf(to, "%s %llu", count > 1 ? "," : "", (unsigned long long)e->integer.magnitude);
}

const struct predicate cover_the_groups = {
	.says = "cover the groups of the container's process",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_cover,
	.tells = tells_cover,
};

static bool holds_groups(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *is = seen(f, "process.additionalGids"), *gid = doc_get(d->parent, "gid");
	if (!seen_created(f) || !is || is->type != DOC_ARRAY)
		return true;
	for (const struct doc *e = d->first; e; e = e->next)
		if (e->type == DOC_INT && !(gid && same(gid, e)) && !has_number(is, e)) {
			*ret_at = e;
			return false;
		}
	return true;
}

static void tells_groups(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	const struct doc *is = seen(f, "process.additionalGids");
	const uint32_t count = is ? is->count : 0;
	text_printf(to, "it is in %u other group%s", count, count == 1 ? "" : "s");
}

const struct predicate have_its_groups = {
	.says = "be a group of the container's process",
	.judges = DOC_ARRAY,
	.holds = holds_groups,
	.tells = tells_groups,
};

/* What an extent of a map has at that place: inside, outside, count. */
static const struct doc *part(const struct doc *extent, uint32_t at)
{
	const struct doc *e = extent->type == DOC_ARRAY ? extent->first : NULL;
	while (e && at-- > 0)
		e = e->next;
	return e && e->type == DOC_INT ? e : NULL;
}

static bool is_extent(const struct doc *mapping, const struct doc *extent)
{
	static const char *const names[] = { "containerID", "hostID", "size" };
	for (uint32_t i = 0; i < 3; i++) {
		const struct doc *asked = doc_get(mapping, names[i]), *is = part(extent, i);
		if (!is || (asked ? !same(asked, is) : is->integer.magnitude != 0))
			return false;
	}
	return true;
}

/* A mapping that was asked for and is not there, or one that is there and was not; NULL: they are the same. */
static const struct doc *odd_mapping(const struct doc *mappings, const struct doc *map)
{
	for (const struct doc *m = mappings->first; m; m = m->next) {
		const struct doc *e = map->first;
		while (e && !is_extent(m, e))
			e = e->next;
		if (!e)
			return m;
	}
	return map->count > mappings->count ? mappings : NULL;
}

/* A namespace that is joined has been mapped before. */
static bool holds_mappings(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *map = seen(f, r->text), *user = f->root ? around_namespace(f->root, "user") : NULL;
	if (d->count == 0 || !map || map->type != DOC_ARRAY || !user || !around_unset(doc_get(user, "path")))
		return true;
	const struct doc *odd = odd_mapping(d, map);
	if (!odd)
		return true;
	*ret_at = odd;
	return false;
}

static void tells_mappings(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	const struct doc *map = seen(f, r->text);
	const uint32_t count = map ? map->count : 0;
	uint32_t said = 0;
	text_add(to, count ? "it has " : "it has none");
	for (const struct doc *e = count ? map->first : NULL; e && said < 4; e = e->next) {
		const struct doc *inside = part(e, 0), *outside = part(e, 1), *many = part(e, 2);
		if (inside && outside && many)
			text_printf(to, "%s%llu to %llu for %llu", said++ ? ", " : "",
				(unsigned long long)inside->integer.magnitude,
				(unsigned long long)outside->integer.magnitude,
				(unsigned long long)many->integer.magnitude);
	}
	if (count > 4)
		text_printf(to, " and %u more", count - 4);
}

const struct predicate be_the_mappings = {
	.says = "be in the {} of the container, and nothing else",
	.takes = TAKES_TEXT,
	.judges = DOC_ARRAY,
	.of_keys = true,
	.holds = holds_mappings,
	.tells = tells_mappings,
};
