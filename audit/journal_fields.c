/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald stores each value once and an entry as a set of them, sorted by where they lie on its disk: of a repeated
 * field neither the order nor a second value of the same bytes comes back. The chain's line has both, and its hash is
 * over the line. So for each repeated field whose values are not in the order of their bytes an entry says in
 * RUNVET_ORDER which of the sorted ones comes when: "RUNVET_RULE 1 0 2".
 */
#include "audit/journal_fields.h"

#include <errno.h>
#include <stdlib.h>

#include "validate/base/limits.h"
#include "validate/base/text.h"

#define VALUES_MOST 512u /* of one repeated field: more than any record has */

static int bytes_order(struct bytes a, struct bytes b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int d = n > 0 ? memcmp(a.data, b.data, n) : 0;
	return d ? d : (a.len > b.len) - (a.len < b.len);
}

static int by_bytes(const void *a, const void *b)
{
	return bytes_order(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Sorts, and drops what is there twice. How many are left. */
static size_t sort_values(struct bytes *values, size_t count)
{
	size_t left = 0;
	qsort(values, count, sizeof(*values), by_bytes);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || bytes_order(values[left - 1], values[i]) != 0)
			values[left++] = values[i];
	return left;
}

/* The values of the field in their order, the first VALUES_MOST; only counted where there is no room for them. */
static size_t values_of(const struct record *r, enum field f, struct bytes *values)
{
	size_t n = 0;
	for (size_t i = 0; i < r->count && n < VALUES_MOST; i++) {
		if (r->entries[i].field != f)
			continue;
		if (values)
			values[n] = r->entries[i].value;
		n++;
	}
	return n;
}

/* Whether the field's values stand in the order of their bytes, none of them twice. */
static bool in_order(const struct record *r, enum field f)
{
	const struct entry *before = NULL;
	for (size_t i = 0; i < r->count; i++) {
		if (r->entries[i].field != f)
			continue;
		if (before && bytes_order(before->value, r->entries[i].value) >= 0)
			return false;
		before = &r->entries[i];
	}
	return true;
}

/* What FIELD_ORDER has to say of a field whose values are not in the order of their bytes. */
static int write_order(const struct record *r, enum field f, struct text *to)
{
	const size_t count = values_of(r, f, NULL);
	struct bytes *found = arena_array(r->arena, 2 * count, sizeof(*found));
	if (!found)
		return -ENOMEM;
	struct bytes *sorted = found + values_of(r, f, found);
	memcpy(sorted, found, count * sizeof(*found));
	const size_t left = sort_values(sorted, count);
	text_add(to, field_row(f)->journal);
	for (size_t i = 0; i < count; i++) {
		const struct bytes *at = bsearch(&found[i], sorted, left, sizeof(*sorted), by_bytes);
		text_printf(to, " %zu", (size_t)(at - sorted));
	}
	return to->cut ? -ENOMEM : 0;
}

int journal_fields(const struct record *r, void (*put)(void *data, const char *name, struct bytes value), void *data)
{
	bool seen[FIELD_MAX] = { false };
	for (size_t i = 0; i < r->count; i++) {
		const struct field_row *row = field_row(r->entries[i].field);
		if (row->journal)
			put(data, row->journal, r->entries[i].value);
		seen[r->entries[i].field] = row->journal && row->json && row->repeated;
	}
	if (r->truncated)
		put(data, field_row(FIELD_TRUNCATED)->journal, BYTES("1"));
	for (enum field f = 0; f < FIELD_MAX; f++) {
		struct text order = text_growing(r->arena);
		if (!seen[f] || in_order(r, f))
			continue;
		if (write_order(r, f, &order) < 0)
			return -ENOMEM;
		put(data, field_row(FIELD_ORDER)->journal, (struct bytes){ order.data, order.len });
	}
	return 0;
}

/* --- and back ----------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(field_row(*(const enum field *)a)->journal, field_row(*(const enum field *)b)->journal);
}

/* The fields that the journal has, sorted by their names there; made once. */
static const enum field *names(size_t *ret_count)
{
	static enum field sorted[FIELD_MAX];
	static size_t count;
	if (count == 0) {
		for (enum field f = 0; f < FIELD_MAX; f++)
			if (field_row(f)->journal)
				sorted[count++] = f;
		qsort(sorted, count, sizeof(*sorted), by_name);
	}
	*ret_count = count;
	return sorted;
}

/* FIELD_MAX: none of ours. */
static enum field field_named(struct bytes name)
{
	size_t low = 0, high;
	const enum field *sorted = names(&high);
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int d = bytes_order(bytes_of(field_row(sorted[middle])->journal), name);
		if (d == 0)
			return sorted[middle];
		if (d < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return FIELD_MAX;
}

static int add_raw(struct record *r, enum field f, struct bytes value)
{
	const int e = record_add(r, f, BYTES(""));
	if (e == 0)
		r->entries[r->count - 1].value = value;
	return e;
}

/* One word " N" of an order. */
static bool take_number(struct bytes *b, size_t *ret)
{
	size_t n = 0, at = 1;
	if (b->len < 2 || b->data[0] != ' ')
		return false;
	for (; at < b->len && b->data[at] >= '0' && b->data[at] <= '9' && n < VALUES_MOST; at++)
		n = n * 10 + (size_t)(b->data[at] - '0');
	*b = (struct bytes){ b->data + at, b->len - at };
	*ret = n;
	return at > 1;
}

/* The values of one repeated field, as the entry has them, put in the order that it tells. */
static int add_ordered(struct record *r, enum field f, struct bytes *values, size_t count, struct bytes order)
{
	int e = 0;
	const size_t left = sort_values(values, count);
	if (order.len == 0)
		for (size_t i = 0; i < left && e == 0; i++)
			e = add_raw(r, f, values[i]);
	while (order.len > 0 && e == 0) {
		size_t n;
		if (!take_number(&order, &n) || n >= left)
			return -EBADMSG;
		e = add_raw(r, f, values[n]);
	}
	return e;
}

static int add_repeated(struct record *r, enum field f, const struct named *fields, size_t count)
{
	struct bytes values[VALUES_MOST], order = { 0 };
	const struct bytes name = bytes_of(field_row(f)->journal),
			   order_name = bytes_of(field_row(FIELD_ORDER)->journal);
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		const struct bytes v = fields[i].value;
		if (bytes_equal(fields[i].name, name) && n < VALUES_MOST)
			values[n++] = v;
		if (bytes_equal(fields[i].name, order_name) && v.len > name.len && v.data[name.len] == ' ' &&
			memcmp(v.data, name.data, name.len) == 0)
			order = (struct bytes){ v.data + name.len, v.len - name.len };
	}
	return add_ordered(r, f, values, n, order);
}

int record_of_fields(struct record *r, struct arena *a, const struct named *fields, size_t count)
{
	bool seen[FIELD_MAX + 1] = { false };
	int e = 0;
	*r = (struct record){ .arena = a, .room = count + 1 };
	r->entries = arena_array(a, r->room, sizeof(*r->entries));
	if (!r->entries)
		return -ENOMEM;
	seen[FIELD_ORDER] = true;
	for (size_t i = 0; i < count && e == 0; i++) {
		const enum field f = field_named(fields[i].name);
		const bool again = seen[f];
		seen[f] = true;
		if (f == FIELD_MAX || again)
			continue;
		if (f == FIELD_TRUNCATED)
			r->truncated = true;
		else if (field_row(f)->repeated)
			e = add_repeated(r, f, fields, count);
		else
			e = add_raw(r, f, fields[i].value);
	}
	return e;
}

int record_line(const struct record *r, struct text *to, bool *ret_proved)
{
	struct record without = *r;
	struct text body = text_growing(r->arena);
	const struct entry *hash = record_find(r, FIELD_HASH), *prev = record_find(r, FIELD_PREV);
	char sum[DIGEST_HEX];
	*ret_proved = false;
	if (!hash || !prev)
		return record_json(r, to);
	without.entries = arena_array(r->arena, r->count, sizeof(*r->entries));
	if (!without.entries)
		return -ENOMEM;
	without.count = 0;
	for (size_t i = 0; i < r->count; i++)
		if (r->entries[i].field != FIELD_HASH)
			without.entries[without.count++] = r->entries[i];
	int e = record_json(&without, &body);
	if (e == 0) {
		digest_hex(prev->value, (struct bytes){ body.data, body.len }, sum);
		*ret_proved = bytes_is(hash->value, sum);
		e = record_json(r, to);
	}
	return e;
}
