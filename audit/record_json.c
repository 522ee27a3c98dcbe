/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record as a line of the chain. Canonical, so that a hash over it means something: one spelling for one content.
 * Keys are sorted within their object; the dots of the field table become objects. The dot is taken for the smallest
 * character when sorting whole paths, which puts the members of one object side by side and in order.
 */
#include "audit/record.h"

#include <errno.h>

#include "validate/base/limits.h"
#include "validate/base/text.h"

#define HASH "hash"
#define HASH_MEMBER (sizeof(",\"hash\":\"\"") - 1 + 64) /* kept free, so that the hash changes nothing else */

/* The fields that a line holds, in its order. */
struct outline {
	enum field fields[FIELD_MAX];
	size_t count;
};

static int path_order(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	const int x = *a == '.' ? 1 : (unsigned char)*a, y = *b == '.' ? 1 : (unsigned char)*b;
	return x - y;
}

static void outline_add(struct outline *o, enum field f)
{
	const char *path = field_row(f)->json;
	size_t at = o->count;
	for (size_t i = 0; i < o->count; i++)
		if (o->fields[i] == f)
			return;
	while (at > 0 && path_order(field_row(o->fields[at - 1])->json, path) > 0) {
		o->fields[at] = o->fields[at - 1];
		at--;
	}
	o->fields[at] = f;
	o->count++;
}

/* How many objects are open around that member, the record itself left out. */
static size_t depth_of(const char *path)
{
	size_t dots = 0;
	for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.'))
		dots++;
	return dots;
}

/* Closes and opens objects so that the next member lands in its own. Both paths end in the member's name. */
static void move_to(struct text *to, const char *from, const char *path)
{
	size_t same = 0; /* up to and with the last dot that both share */
	for (size_t i = 0; from[i] && from[i] == path[i]; i++)
		if (from[i] == '.')
			same = i + 1;
	for (const char *dot = strchr(from + same, '.'); dot; dot = strchr(dot + 1, '.'))
		text_char(to, '}');
	if (from[0])
		text_char(to, ',');
	path += same;
	for (const char *dot = strchr(path, '.'); dot; dot = strchr(path, '.')) {
		text_json(to, (struct bytes){ path, (size_t)(dot - path) });
		text_add(to, ":{");
		path = dot + 1;
	}
	text_json(to, bytes_of(path));
	text_char(to, ':');
}

/* The n-th part of a value, counted from 0; the last one is what is left. */
static struct bytes part_of(struct bytes value, unsigned n, bool last)
{
	const char *bar;
	for (; n > 0; n--) {
		bar = value.len ? memchr(value.data, '|', value.len) : NULL;
		const size_t gone = bar ? (size_t)(bar - value.data) + 1 : value.len;
		value = (struct bytes){ value.data + gone, value.len - gone };
	}
	bar = !last && value.len ? memchr(value.data, '|', value.len) : NULL;
	return bar ? (struct bytes){ value.data, (size_t)(bar - value.data) } : value;
}

static void write_parts(struct text *to, const struct field_part *parts, struct bytes value)
{
	unsigned most = 0;
	for (const struct field_part *p = parts; p->name; p++)
		most = p->part > most ? p->part : most;
	for (const struct field_part *p = parts; p->name; p++) {
		text_char(to, p == parts ? '{' : ',');
		text_json(to, bytes_of(p->name));
		text_char(to, ':');
		text_json(to, part_of(value, p->part, p->part == most));
	}
	text_char(to, '}');
}

static bool all_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9')
			return false;
	return b.len > 0 && (b.len == 1 || b.data[0] != '0');
}

static void write_value(struct text *to, const struct field_row *row, struct bytes value)
{
	if (row->parts)
		write_parts(to, row->parts, value);
	else if (row->number && all_digits(value))
		text_bytes(to, value);
	else
		text_json(to, value);
}

/* All values of one field; of lists that may be cut at most `keep`. */
static void write_field(struct text *to, const struct record *r, enum field f, size_t keep)
{
	const struct field_row *row = field_row(f);
	size_t n = 0;
	if (!row->repeated) {
		const struct entry *e = record_find(r, f);
		write_value(to, row, e ? e->value : BYTES("1")); /* only FIELD_TRUNCATED has no entry */
		return;
	}
	if (!row->cuttable)
		keep = SIZE_MAX;
	text_char(to, '[');
	for (size_t i = 0; i < r->count && n < keep; i++) {
		if (r->entries[i].field != f)
			continue;
		if (n++ > 0)
			text_char(to, ',');
		write_value(to, row, r->entries[i].value);
	}
	text_char(to, ']');
}

/*
 * Writes the line; *ret_hash is where in it the hash belongs: before the first member that comes after it, whose comma
 * then follows it.
 */
static void write_line(struct text *to, const struct record *r, const struct outline *o, size_t keep, size_t *ret_hash)
{
	const char *before = "";
	*ret_hash = 0;
	text_char(to, '{');
	for (size_t i = 0; i < o->count; i++) {
		const char *path = field_row(o->fields[i])->json;
		if (*ret_hash == 0 && path_order(path, HASH) > 0)
			*ret_hash = to->len + depth_of(before) + 1;
		move_to(to, before, path);
		write_field(to, r, o->fields[i], keep);
		before = path;
	}
	for (const char *dot = strchr(before, '.'); dot; dot = strchr(dot + 1, '.'))
		text_char(to, '}');
	text_char(to, '}');
}

/* The line, in memory of the record's arena, and where in it the hash belongs. */
static int make_line(const struct record *r, struct text *ret, size_t *ret_hash)
{
	struct outline o = { 0 };
	size_t keep = 0;
	for (size_t i = 0; i < r->count; i++) {
		const struct field_row *row = field_row(r->entries[i].field);
		if (!row->json)
			continue;
		outline_add(&o, r->entries[i].field);
		if (row->cuttable)
			keep++;
	}
	if (r->truncated)
		outline_add(&o, FIELD_TRUNCATED);
	const size_t most = LIMIT_RECORD - (record_find(r, FIELD_HASH) ? 0 : HASH_MEMBER);
	for (;; keep -= keep / 8 + 1) {
		*ret = text_growing(r->arena);
		write_line(ret, r, &o, keep, ret_hash);
		if (ret->cut)
			return -ENOMEM;
		if (ret->len <= most || keep == 0)
			return 0;
		outline_add(&o, FIELD_TRUNCATED);
	}
}

int record_json(const struct record *r, struct text *to)
{
	struct text line;
	size_t at;
	const int e = make_line(r, &line, &at);
	if (e < 0)
		return e;
	text_bytes(to, (struct bytes){ line.data, line.len });
	return to->cut ? -ENOMEM : 0;
}

int record_json_hashed(const struct record *r, struct bytes prev, char ret_hash[static DIGEST_HEX], struct text *to)
{
	struct text line;
	size_t at;
	const int e = make_line(r, &line, &at);
	if (e < 0 || at == 0)
		return e < 0 ? e : -EINVAL;
	digest_hex(prev, (struct bytes){ line.data, line.len }, ret_hash);
	text_bytes(to, (struct bytes){ line.data, at });
	text_printf(to, "\"%s\":\"%s\",", HASH, ret_hash);
	text_bytes(to, (struct bytes){ line.data + at, line.len - at });
	return to->cut ? -ENOMEM : 0;
}
