/* SPDX-License-Identifier: Apache-2.0 */
/* What rows of a mapping mean; the rows themselves stand in each format's file. */
#include "ctl/audit/format_rows.h"

#include "validate/base/when.h"
#include "validate/doc/make.h"

#define MAP_PATH 128 /* bytes of a path in a row or a record */

static const struct kind_row {
	const char *name, *decision, *event;
} kinds[KIND_MAX] = {
	[KIND_ALLOW] = { "allow", .decision = "allow" },
	[KIND_DENY] = { "deny", .decision = "deny" },
	[KIND_WOULD_DENY] = { "would-deny", .decision = "would-deny" },
	[KIND_BYPASS] = { "bypass", .decision = "bypass" },
	[KIND_ERROR] = { "error", .decision = "error" },
	[KIND_LIFECYCLE] = { "lifecycle", .decision = NULL },
	[KIND_GAP] = { "audit-gap", .event = "audit.gap" },
	[KIND_CHECKPOINT] = { "checkpoint", .event = "audit.checkpoint" },
	[KIND_POLICY] = { "policy-changed", .event = "policy.changed" },
	[KIND_OTHER] = { "other", .decision = NULL },
	[KIND_ALTERED] = { "altered", .decision = NULL },
};

enum seen_kind seen_kind(const struct seen *s)
{
	if (!s->sound || !s->root || s->root->type != DOC_OBJECT)
		return KIND_ALTERED;
	const struct bytes decision = seen_string(s, "decision"), event = seen_string(s, "event.code");
	for (enum seen_kind k = 0; k < KIND_MAX; k++)
		if ((kinds[k].decision && bytes_is(decision, kinds[k].decision)) ||
			(kinds[k].event && bytes_is(event, kinds[k].event)))
			return k;
	if (doc_find(s->root, "checkpoint.seq"))
		return KIND_CHECKPOINT;
	return decision.len == 0 && seen_string(s, "action").len > 0 ? KIND_LIFECYCLE : KIND_OTHER;
}

const char *seen_kind_name(enum seen_kind k)
{
	return kinds[(unsigned)k < KIND_MAX ? k : KIND_OTHER].name;
}

struct timespec seen_time(const struct seen *s)
{
	struct timespec t;
	if (s->sound && when_read(seen_string(s, "time"), &t) == 0)
		return t;
	return s->when.tv_sec ? s->when : when_now();
}

struct bytes map_text(struct arena *a, const struct doc *d)
{
	if (d && d->type == DOC_STRING)
		return d->string;
	if (!d || d->type != DOC_INT)
		return (struct bytes){ 0 };
	return bytes_of(
		arena_printf(a, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude));
}

const struct doc *map_violation(const struct doc *record)
{
	const struct doc *list = doc_get(record, "violations");
	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next)
		if (bytes_is(doc_string(v, "severity", BYTES("")), "error"))
			return v;
	return NULL;
}

/* One step of the way, an array with one object in it where the part says []. */
static struct doc *step(struct arena *a, struct doc *at, const char *part, size_t len)
{
	char name[MAP_PATH];
	const bool list = len > 2 && memcmp(part + len - 2, "[]", 2) == 0;

	len -= list ? 2 : 0;
	if (len >= sizeof(name))
		return NULL;
	memcpy(name, part, len);
	name[len] = '\0';
	if (!list)
		return make_member(a, at, name);
	struct doc *found = make_found(at, bytes_of(name));
	if (!found)
		found = make_array(a, at, name);
	struct doc *first = make_found(found, BYTES(""));
	return first ? first : make_object(a, found, NULL);
}

struct doc *map_way(struct arena *a, struct doc *to, const char *path, const char **ret_key)
{
	for (const char *dot; to && (dot = strchr(path, '.')); path = dot + 1)
		to = step(a, to, path, (size_t)(dot - path));
	*ret_key = path;
	return to;
}

/* Whether an object has an entry of that name, of any type. */
static bool has(const struct doc *d, const char *key)
{
	return d && doc_get(d, key);
}

static struct bytes shortened(enum map_as as, struct bytes b)
{
	const char *slash = as == MAP_BASE && b.len ? memrchr(b.data, '/', b.len) : NULL;
	if (as == MAP_HEX && bytes_start(b, "sha256:"))
		return (struct bytes){ b.data + 7, b.len - 7 };
	if (slash && slash + 1 < b.data + b.len)
		return (struct bytes){ slash + 1, (size_t)(b.data + b.len - slash - 1) };
	return b;
}

static int64_t scaled(enum map_as as, uint64_t n)
{
	const uint64_t most = INT64_MAX / 1000;
	if (as == MAP_US_MS)
		return (int64_t)(n / 1000 > most ? most : n / 1000);
	return (int64_t)(n > most ? most : n) * 1000;
}

static bool put_number(struct arena *a, struct doc *to, const char *key, const struct map_row *row, const struct doc *d)
{
	struct timespec t;
	if (row->as == MAP_MS && d->type == DOC_STRING && when_read(d->string, &t) == 0)
		return make_int(a, to, key, (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000);
	if (row->as == MAP_MS || d->type != DOC_INT || d->integer.negative)
		return false;
	if (row->as == MAP_NUMBER)
		return make_uint(a, to, key, d->integer.magnitude);
	return make_int(a, to, key, scaled(row->as, d->integer.magnitude));
}

static bool put_each(struct arena *a, struct doc *to, const char *key, const struct doc *d)
{
	struct doc *list = d->type == DOC_ARRAY && d->count > 0 ? make_array(a, to, key) : NULL;
	for (const struct doc *v = d->first; list && v; v = v->next)
		make_string(a, list, NULL, map_text(a, v));
	return list;
}

static bool put_text(struct arena *a, struct doc *to, const char *key, const struct map_row *row, const struct doc *d)
{
	const struct bytes b = shortened(row->as, map_text(a, d));
	if (b.len == 0)
		return false;
	if (row->as == MAP_ONE)
		return make_string(a, make_array(a, to, key), NULL, b);
	return make_string(a, to, key, b);
}

static bool is_fixed(const struct map_row *row)
{
	return row->as == MAP_IS || row->as == MAP_IS_NUMBER || row->as == MAP_IS_TRUE;
}

static bool put_fixed(struct arena *a, struct doc *to, const char *key, const struct map_row *row)
{
	if (row->as == MAP_IS)
		return make_string(a, to, key, bytes_of(row->is));
	if (row->as == MAP_IS_NUMBER)
		return make_int(a, to, key, row->number);
	return make_bool(a, to, key, true);
}

static bool put_value(struct arena *a, struct doc *to, const char *key, const struct map_row *row, const struct doc *d)
{
	if (is_fixed(row))
		return put_fixed(a, to, key, row);
	if (!d)
		return false;
	switch (row->as) {
	case MAP_TRUE:
		return doc_within(d, 1, 1) && make_bool(a, to, key, true);
	case MAP_NUMBER:
	case MAP_MS:
	case MAP_US_MS:
	case MAP_US_NS:
		return put_number(a, to, key, row, d);
	case MAP_EACH:
		return put_each(a, to, key, d);
	case MAP_TEXT:
	case MAP_HEX:
	case MAP_BASE:
	case MAP_ONE:
	case MAP_IS:
	case MAP_IS_NUMBER:
	case MAP_IS_TRUE:
		break;
	}
	return put_text(a, to, key, row, d);
}

void map_take(struct map *m, struct doc *to)
{
	for (size_t i = 0; i < MAP_ROWS && m->rows[i].to; i++) {
		const struct map_row *row = &m->rows[i];
		const struct doc *d = row->from ? doc_find(m->record, row->from) : NULL;
		const char *key;

		if (row->from && !d)
			continue;
		struct doc *in = map_way(m->arena, to, row->to, &key);
		if (in && !has(in, key))
			m->taken[i] = put_value(m->arena, in, key, row, d) && !is_fixed(row);
	}
}

static bool is_taken(const struct map *m, const char *path)
{
	for (size_t i = 0; i < MAP_ROWS && m->rows[i].to; i++)
		if (m->taken[i] && strcmp(m->rows[i].from, path) == 0)
			return true;
	return false;
}

static void rest(const struct map *m, const struct doc *d, const char *below, struct doc *to)
{
	for (const struct doc *v = d->first; v; v = v->next) {
		const char *key = arena_copy(m->arena, v->key);
		const char *path = key ? arena_printf(m->arena, "%s%s", below, key) : NULL;
		if (!path)
			return;
		if (v->type != DOC_OBJECT) {
			if (!is_taken(m, path))
				make_copy(m->arena, to, key, v);
			continue;
		}
		struct doc *in = make_document(m->arena);
		const char *dotted = arena_printf(m->arena, "%s.", path);
		if (dotted)
			rest(m, v, dotted, in);
		if (in && in->count > 0)
			make_copy(m->arena, to, key, in);
	}
}

void map_rest(const struct map *m, struct doc *to)
{
	if (m->record && m->record->type == DOC_OBJECT)
		rest(m, m->record, "", to);
}

struct bytes map_value(struct arena *a, const struct map_row *row, const struct doc *record)
{
	const struct doc *d = row->from ? doc_find(record, row->from) : NULL;
	struct doc *one = make_document(a);

	if ((row->from && !d) || !put_value(a, one, "v", row, d))
		return (struct bytes){ 0 };
	const struct doc *v = doc_get(one, "v");
	if (!v || v->type != DOC_ARRAY)
		return map_text(a, v);
	struct text t = text_growing(a);
	for (const struct doc *e = v->first; e; e = e->next) {
		text_add(&t, e == v->first ? "" : ",");
		text_bytes(&t, e->string);
	}
	return (struct bytes){ t.data, t.len };
}

const char *altered_words(struct arena *a, const struct seen *s)
{
	const char *what = "is no record of runvet, or was changed after it was written";
	const char *words = s->number ? arena_printf(a, "%s:%lu %s", s->place ? s->place : "chain", s->number, what)
				      : arena_printf(a, "an entry of the %s %s", s->place ? s->place : "journal", what);
	return words ? words : what;
}

void map_line(const struct doc *event, struct text *to)
{
	if (make_whole(event))
		doc_write(event, false, to);
	else
		text_add(to, "{}");
	text_char(to, '\n');
}
