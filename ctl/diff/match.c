/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which entry of the one is which of the other: by sorting, whatever a document holds. Entries with the same key are
 * matched in their order, the first with the first.
 */
#include <stdlib.h>

#include "ctl/diff/diff_parts.h"
#include "validate/doc/make.h"
#include "validate/doc/sort.h"
#include "validate/fingerprint/canonical.h"

struct bytes diff_text(struct arena *a, const struct doc *d)
{
	struct text t = text_growing(a);

	if (d->type == DOC_STRING)
		return d->string;
	if (canonical_write(d, &t) < 0) {
		t.len = 0;
		doc_write(d, false, &t);
	}
	return t.cut || !t.data ? (struct bytes){ NULL, 0 } : (struct bytes){ t.data, t.len };
}

/* What the members of .by have, joined: "/data", "8:16". */
static struct bytes joined(struct arena *a, const struct doc *d, const struct diff_row *row)
{
	struct bytes ret = { "", 0 };

	for (size_t i = 0; i < 2 && row->by[i]; i++) {
		const struct doc *m = doc_get(d, row->by[i]);
		const struct bytes one = m ? diff_text(a, m) : (struct bytes){ "", 0 };
		if (!one.data)
			return one;
		if (i == 0) {
			ret = one;
			continue;
		}
		struct text both = text_growing(a);
		text_bytes(&both, ret);
		text_char(&both, ':');
		text_bytes(&both, one);
		ret = (struct bytes){ both.cut ? NULL : both.data, both.len };
	}
	return ret;
}

static struct bytes key_of(struct arena *a, const struct doc *d, const struct diff_row *row)
{
	const bool in_list = d->parent && d->parent->type == DOC_ARRAY;

	if (!in_list)
		return d->key;
	if (!row)
		return (struct bytes){ "", 0 };
	if (row->list == DIFF_KEYED)
		return d->type == DOC_OBJECT ? joined(a, d, row) : diff_text(a, d);
	if (row->list == DIFF_NAMED && d->type == DOC_STRING) {
		const char *equals = d->string.len ? memchr(d->string.data, '=', d->string.len) : NULL;
		return (struct bytes){ d->string.data, equals ? (size_t)(equals - d->string.data) : d->string.len };
	}
	return diff_text(a, d);
}

struct diff_entry *diff_entries_of(struct arena *a, const struct doc *d, const struct diff_row *row, size_t *ret_count)
{
	struct diff_entry *ret = arena_array(a, d ? d->count + 1 : 1, sizeof(*ret));
	size_t n = 0;

	*ret_count = 0;
	for (const struct doc *e = ret && d ? d->first : NULL; e; e = e->next) {
		ret[n] = (struct diff_entry){ .doc = e, .key = key_of(a, e, row), .order = (uint32_t)n };
		if (!ret[n++].key.data)
			return NULL;
	}
	*ret_count = n;
	return ret;
}

static int by_key(struct bytes a, struct bytes b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int order = n ? memcmp(a.data, b.data, n) : 0;

	return order ? order : a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int compare(const void *x, const void *y)
{
	const struct diff_entry *a = x, *b = y;
	const int order = by_key(a->key, b->key);

	return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

void diff_entries_sort(struct diff_entry *e, size_t count)
{
	if (count > 1)
		qsort(e, count, sizeof(*e), compare);
}

const struct diff_entry *diff_entry_take(struct diff_entry *sorted, size_t count, struct bytes key)
{
	size_t low = 0, high = count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (by_key(sorted[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == count || !bytes_equal(sorted[low].key, key))
		return NULL;
	const size_t next = low + sorted[low].taken;
	if (next >= count || !bytes_equal(sorted[next].key, key))
		return NULL;
	sorted[low].taken++;
	return &sorted[next];
}

static bool equal(struct arena *a, const struct doc *x, const struct doc *y);

static int by_name(const struct doc *a, const struct doc *b)
{
	return by_key(a->key, b->key);
}

/* The members that are not null, sorted; *ret_count of them. NULL when there is no memory. */
static const struct doc **sorted(struct arena *a, const struct doc *d, size_t *ret_count)
{
	const struct doc **items = arena_array(a, d->count + 1, sizeof(struct doc *));
	const struct doc **spare = arena_array(a, d->count + 1, sizeof(struct doc *));
	size_t n = 0;

	for (const struct doc *m = items && spare ? d->first : NULL; m; m = m->next)
		if (m->type != DOC_NULL)
			items[n++] = m;
	*ret_count = n;
	return items && spare ? doc_sort(items, spare, n, by_name) : NULL;
}

static bool equal_elements(struct arena *a, const struct doc *x, const struct doc *y)
{
	const struct doc *p = x->first, *q = y->first;

	if (x->count != y->count)
		return false;
	for (; p && q; p = p->next, q = q->next)
		if (!equal(a, p, q))
			return false;
	return true;
}

static bool equal_members(struct arena *a, const struct doc *x, const struct doc *y)
{
	const struct doc *p = x->first, *q = y->first;
	size_t n = 0, m = 0;

	/* Mostly they are in the same order. */
	while (p && q && bytes_equal(p->key, q->key)) {
		p = p->next;
		q = q->next;
	}
	if (!p && !q)
		return equal_elements(a, x, y);
	const struct doc **these = sorted(a, x, &n), **those = sorted(a, y, &m);
	if (!these || !those || n != m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!bytes_equal(these[i]->key, those[i]->key))
			return false;
	for (size_t i = 0; i < n; i++)
		if (!equal(a, these[i], those[i]))
			return false;
	return true;
}

static bool equal(struct arena *a, const struct doc *x, const struct doc *y)
{
	if (x == y)
		return true;
	if (x->type != y->type)
		return false;
	switch (x->type) {
	case DOC_NULL:
		return true;
	case DOC_BOOL:
		return x->boolean == y->boolean;
	case DOC_INT:
		return x->integer.negative == y->integer.negative && x->integer.magnitude == y->integer.magnitude;
	case DOC_NUMBER:
	case DOC_STRING:
		return bytes_equal(x->string, y->string);
	case DOC_ARRAY:
		return equal_elements(a, x, y);
	case DOC_OBJECT:
		return equal_members(a, x, y);
	}
	return false;
}

bool diff_equal(struct arena *a, const struct doc *x, const struct doc *y)
{
	if (x && x->type == DOC_NULL)
		x = NULL;
	if (y && y->type == DOC_NULL)
		y = NULL;
	return x && y ? equal(a, x, y) : x == y;
}
