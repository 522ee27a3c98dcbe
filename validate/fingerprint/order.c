/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists whose order means nothing, or next to nothing. Environment: only among variables of one name. Mounts: only
 * where one lies within the other, for the second is mounted over the first.
 */
#include "validate/fingerprint/normal.h"

#include "validate/doc/sort.h"

const struct doc **normal_sorted(struct arena *a, const struct doc *list,
	int (*order)(const struct doc *a, const struct doc *b))
{
	const struct doc **items = arena_array(a, list->count + 1u, sizeof(struct doc *)),
			 **spare = arena_array(a, list->count + 1u, sizeof(struct doc *));
	size_t n = 0;

	if (!items || !spare)
		return NULL;
	for (const struct doc *e = list->first; e; e = e->next)
		items[n++] = e;
	items = doc_sort(items, spare, n, order);
	items[n] = NULL;
	return items;
}

static struct bytes variable(const struct doc *d)
{
	const struct bytes s = d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
	const char *is = s.len ? memchr(s.data, '=', s.len) : NULL;

	return is ? (struct bytes){ s.data, (size_t)(is - s.data) } : s;
}

static int by_variable(const struct doc *a, const struct doc *b)
{
	const struct bytes x = variable(a), y = variable(b);
	const size_t n = x.len < y.len ? x.len : y.len;
	const int order = n ? memcmp(x.data, y.data, n) : 0;

	return order ? order : x.len == y.len ? 0 : x.len < y.len ? -1 : 1;
}

const struct doc **normal_env(struct arena *a, const struct doc *env)
{
	return normal_sorted(a, env, by_variable);
}

/* Where it is mounted, without a slash at the end. */
static struct bytes destination(const struct doc *mount)
{
	struct bytes d = doc_string(mount, "destination", (struct bytes){ 0 });

	while (d.len > 0 && d.data[d.len - 1] == '/')
		d.len--;
	return d;
}

/* A slash sorts before all else, so that what lies within something comes right behind it. */
static int by_destination(const struct doc *a, const struct doc *b)
{
	const struct bytes x = destination(a), y = destination(b);
	const size_t n = x.len < y.len ? x.len : y.len;

	for (size_t i = 0; i < n; i++)
		if (x.data[i] != y.data[i]) {
			const int one = x.data[i] == '/' ? 0 : (unsigned char)x.data[i];
			return one - (y.data[i] == '/' ? 0 : (unsigned char)y.data[i]);
		}
	return x.len == y.len ? 0 : x.len < y.len ? -1 : 1;
}

static bool lies_within(struct bytes inner, struct bytes outer)
{
	return inner.len > outer.len && inner.data[outer.len] == '/' && memcmp(inner.data, outer.data, outer.len) == 0;
}

/* Whether the path's components say where it leads by themselves: none is empty, "." or "..". */
static bool is_plain(struct bytes path)
{
	size_t start = 1;

	for (size_t i = 1; i <= path.len; i++) {
		if (i < path.len && path.data[i] != '/')
			continue;
		const struct bytes component = { path.data + start, i - start };
		if (component.len == 0 || bytes_is(component, ".") || bytes_is(component, ".."))
			return false;
		start = i + 1;
	}
	return true;
}

/* Whether each of them, sorted, comes after all that it lies within, as it did before. */
static bool means_the_same(const struct doc *const *items, const struct doc **around)
{
	size_t depth = 0;

	for (; *items; items++) {
		const struct bytes here = destination(*items);
		if (!is_plain(here))
			return false;
		while (depth > 0 && !lies_within(here, destination(around[depth - 1])))
			depth--;
		if (depth > 0 && around[depth - 1]->index > (*items)->index)
			return false;
		around[depth++] = *items;
	}
	return true;
}

static int by_index(const struct doc *a, const struct doc *b)
{
	return a->index < b->index ? -1 : a->index > b->index;
}

const struct doc **normal_mounts(struct arena *a, const struct doc *mounts)
{
	const struct doc **items = normal_sorted(a, mounts, by_destination),
			 **around = arena_array(a, mounts->count + 1u, sizeof(struct doc *));

	if (!items || !around)
		return NULL;
	return means_the_same(items, around) ? items : normal_sorted(a, mounts, by_index);
}
