/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees that are made. They are what the reader makes, down to the promise that every string is UTF-8 without U+0000:
 * a kernel file can hold any byte, and what rules and printers are given must not depend on where it came from. An
 * object keeps its last entry beside it, because lists of a host can be long.
 */
#include "validate/doc/make.h"

/* An object or an array: what to add to is always one of these, never one that the reader made. */
struct made {
	struct doc doc;
	struct doc *last;
	struct made *in, *newest, *older; /* the one that it is in; of those in it the last one; the one before it */
	bool lost;                        /* of a root: there was no memory for something in it */
};

/* For want of memory something of `to` is not there. */
static struct doc *lose(struct doc *to)
{
	struct made *m = (struct made *)to;
	while (m && m->in)
		m = m->in;
	if (m)
		m->lost = true;
	return NULL;
}

bool make_whole(const struct doc *d)
{
	while (d && d->parent)
		d = d->parent;
	return d && !((const struct made *)d)->lost;
}

/* b without what may not stand in a string. NULL data when there is no memory. */
static struct bytes clean(struct arena *a, struct bytes b)
{
	static const char replacement[] = "\xef\xbf\xbd";
	struct bytes ret = { "", 0 };
	size_t plain = 0;
	plain = text_plain(b); /* most of them, at once */
	while (plain < b.len && b.data[plain] && (unsigned char)b.data[plain] < 0x80)
		plain++;
	if (plain == b.len || !b.data[plain]) {
		ret = (struct bytes){ arena_copy(a, (struct bytes){ b.data, plain }), plain };
		return ret;
	}
	char *to = arena_array(a, b.len + 1, 3);
	for (size_t i = 0; to && i < b.len && b.data[i];) {
		const size_t n = utf8_length((struct bytes){ b.data + i, b.len - i });
		memcpy(to + ret.len, n ? b.data + i : replacement, n ? n : 3);
		ret.len += n ? n : 3;
		i += n ? n : 1;
	}
	ret.data = to;
	return ret;
}

/* Links d in as the last entry; NULL when there is nothing to add to, or no memory for its name. */
static struct doc *add_named(struct arena *a, struct doc *to, struct bytes key, struct doc *d)
{
	if (!to || !d)
		return lose(to);
	struct made *in = (struct made *)to;
	if (key.data) {
		d->key = clean(a, key);
		if (!d->key.data)
			return lose(to);
	}
	d->parent = to;
	d->index = to->count++;
	if (in->last)
		in->last->next = d;
	else
		to->first = d;
	in->last = d;
	if (d->type == DOC_OBJECT || d->type == DOC_ARRAY) {
		struct made *m = (struct made *)d;
		m->in = in;
		m->older = in->newest;
		in->newest = m;
	}
	return d;
}

static struct doc *add(struct arena *a, struct doc *to, const char *key, struct doc *d)
{
	return add_named(a, to, bytes_of(key), d);
}

static struct doc *container(struct arena *a, enum doc_type type)
{
	struct made *m = arena_new(a, struct made);
	if (!m)
		return NULL;
	m->doc.type = type;
	return &m->doc;
}

static struct doc *scalar(struct arena *a, struct doc *to, enum doc_type type)
{
	struct doc *d = to ? arena_new(a, struct doc) : NULL;
	if (!d)
		return lose(to);
	d->type = type;
	return d;
}

struct doc *make_document(struct arena *a)
{
	return container(a, DOC_OBJECT);
}

struct doc *make_object(struct arena *a, struct doc *to, const char *key)
{
	return to ? add(a, to, key, container(a, DOC_OBJECT)) : NULL;
}

struct doc *make_array(struct arena *a, struct doc *to, const char *key)
{
	return to ? add(a, to, key, container(a, DOC_ARRAY)) : NULL;
}

struct doc *make_found(struct doc *to, struct bytes key)
{
	for (struct made *m = to ? ((struct made *)to)->newest : NULL; m; m = m->older)
		if (bytes_equal(m->doc.key, key))
			return &m->doc;
	return NULL;
}

struct doc *make_member(struct arena *a, struct doc *to, const char *key)
{
	struct doc *found = make_found(to, bytes_of(key));
	return found && found->type == DOC_OBJECT ? found : make_object(a, to, key);
}

struct doc *make_string(struct arena *a, struct doc *to, const char *key, struct bytes value)
{
	struct doc *d = scalar(a, to, DOC_STRING);
	if (!d)
		return NULL;
	d->string = clean(a, value);
	return d->string.data ? add(a, to, key, d) : lose(to);
}

struct doc *make_word(struct arena *a, struct doc *to, struct bytes word)
{
	struct doc *d = scalar(a, to, DOC_STRING);
	if (!d)
		return NULL;
	d->string = word;
	return add(a, to, NULL, d);
}

struct doc *make_bool(struct arena *a, struct doc *to, const char *key, bool value)
{
	struct doc *d = scalar(a, to, DOC_BOOL);
	if (!d)
		return NULL;
	d->boolean = value;
	return add(a, to, key, d);
}

struct doc *make_uint(struct arena *a, struct doc *to, const char *key, uint64_t value)
{
	struct doc *d = scalar(a, to, DOC_INT);
	if (!d)
		return NULL;
	d->integer.magnitude = value;
	return add(a, to, key, d);
}

struct doc *make_int(struct arena *a, struct doc *to, const char *key, int64_t value)
{
	struct doc *d = make_uint(a, to, key, value < 0 ? UINT64_C(0) - (uint64_t)value : (uint64_t)value);
	if (d)
		d->integer.negative = value < 0;
	return d;
}

/* d alone, without its entries. */
static struct doc *copy_one(struct arena *a, struct doc *to, struct bytes key, const struct doc *d)
{
	const bool holds = d->type == DOC_OBJECT || d->type == DOC_ARRAY;
	struct doc *copy = holds ? container(a, d->type) : scalar(a, to, d->type);
	if (!copy)
		return lose(to);
	if (d->type == DOC_BOOL)
		copy->boolean = d->boolean;
	if (d->type == DOC_INT)
		copy->integer = d->integer;
	if (d->type == DOC_NUMBER || d->type == DOC_STRING) {
		copy->string = clean(a, d->string);
		if (!copy->string.data)
			return lose(to);
	}
	return add_named(a, to, key, copy);
}

static struct doc *copy_all(struct arena *a, struct doc *to, struct bytes key, const struct doc *d)
{
	struct doc *copy = to && d ? copy_one(a, to, key, d) : NULL;
	if (!copy || (d->type != DOC_OBJECT && d->type != DOC_ARRAY))
		return copy;
	for (const struct doc *e = d->first; e; e = e->next) {
		const struct bytes name = e->key.len ? e->key : BYTES("");
		if (!copy_all(a, copy, d->type == DOC_OBJECT ? name : (struct bytes){ 0 }, e))
			return lose(to);
	}
	return copy;
}

struct doc *make_copy(struct arena *a, struct doc *to, const char *key, const struct doc *d)
{
	return copy_all(a, to, bytes_of(key), d);
}

static void new_line(struct text *to, bool indent, unsigned depth)
{
	if (!indent)
		return;
	text_char(to, '\n');
	while (depth--)
		text_add(to, "  ");
}

static void write_value(const struct doc *d, bool indent, unsigned depth, struct text *to);

/* A list of plain values reads best on one line. */
static bool is_plain_list(const struct doc *d)
{
	for (const struct doc *e = d->first; e; e = e->next)
		if (e->type == DOC_OBJECT || e->type == DOC_ARRAY)
			return false;
	return d->type == DOC_ARRAY;
}

static void write_entries(const struct doc *d, bool indent, unsigned depth, struct text *to)
{
	const bool lines = indent && !is_plain_list(d);
	text_char(to, d->type == DOC_OBJECT ? '{' : '[');
	for (const struct doc *e = d->first; e; e = e->next) {
		text_add(to, e == d->first ? "" : indent && !lines ? ", " : ",");
		new_line(to, lines, depth + 1);
		if (d->type == DOC_OBJECT) {
			text_json(to, e->key);
			text_add(to, indent ? ": " : ":");
		}
		write_value(e, indent, depth + 1, to);
	}
	if (d->first)
		new_line(to, lines, depth);
	text_char(to, d->type == DOC_OBJECT ? '}' : ']');
}

static void write_value(const struct doc *d, bool indent, unsigned depth, struct text *to)
{
	switch (d->type) {
	case DOC_NULL:
		text_add(to, "null");
		break;
	case DOC_BOOL:
		text_add(to, d->boolean ? "true" : "false");
		break;
	case DOC_INT:
		text_printf(to, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude);
		break;
	case DOC_NUMBER:
		text_bytes(to, d->string);
		break;
	case DOC_STRING:
		text_json(to, d->string);
		break;
	case DOC_ARRAY:
	case DOC_OBJECT:
		write_entries(d, indent, depth, to);
		break;
	}
}

void doc_write(const struct doc *d, bool indent, struct text *to)
{
	write_value(d, indent, 0, to);
}
