/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Head, values in the order in which they begin, text. A value says how many it holds; they follow it. Numbers are as
 * this machine has them: nobody else reads them. Whoever could write such bytes could as well write what they mean, so
 * they are believed where they come from; still no offset in them is followed before it is held against the end.
 */
#include "validate/host/flat.h"

#include <errno.h>

#include "validate/base/limits.h"

#define FORM "runvet-flat 1\n\0"

struct head {
	char form[16];
	uint32_t values, text; /* their number; bytes */
};

struct value {
	uint8_t type; /* a DOC_* bit */
	uint8_t flag; /* true; negative */
	uint16_t nothing;
	uint32_t key, key_len; /* within the text */
	uint32_t count;
	union {
		uint64_t magnitude;
		struct {
			uint32_t at, len; /* within the text */
		} string;
	};
};

_Static_assert(sizeof(FORM) == sizeof(((struct head *)0)->form), "the form fills its place");
_Static_assert(sizeof(struct head) == 24 && sizeof(struct value) == 24, "no hole, and all of it aligned");

static bool holds(unsigned type)
{
	return type == DOC_ARRAY || type == DOC_OBJECT;
}

static bool says(unsigned type)
{
	return type == DOC_STRING || type == DOC_NUMBER;
}

/* The value after d in a tree that is written, its own first. */
static const struct doc *next_of(const struct doc *d, const struct doc *root)
{
	if (holds(d->type) && d->first)
		return d->first;
	while (d != root && !d->next)
		d = d->parent;
	return d == root ? NULL : d->next;
}

static void put(struct text *to, const void *data, size_t size)
{
	text_bytes(to, (struct bytes){ data, size });
}

static void put_value(const struct doc *d, bool keyed, uint32_t *at, struct text *to)
{
	struct value v = { .type = (uint8_t)d->type };
	if (keyed) {
		v.key = *at;
		v.key_len = (uint32_t)d->key.len;
		*at += v.key_len;
	}
	if (holds(d->type))
		v.count = d->count;
	else if (d->type == DOC_BOOL)
		v.flag = d->boolean;
	if (d->type == DOC_INT) {
		v.flag = d->integer.negative;
		v.magnitude = d->integer.magnitude;
	}
	if (says(d->type)) {
		v.string.at = *at;
		v.string.len = (uint32_t)d->string.len;
		*at += v.string.len;
	}
	put(to, &v, sizeof(v));
}

bool flat_write(const struct doc *root, struct text *to)
{
	struct head head = { .form = FORM };
	uint64_t size = 0;
	uint32_t at = 0;
	for (const struct doc *d = root; d; d = next_of(d, root)) {
		size += d == root ? 0 : d->key.len;
		size += says(d->type) ? d->string.len : 0;
		head.values++;
	}
	if (size > LIMIT_DOC_BYTES || head.values > LIMIT_DOC_NODES)
		return false;
	head.text = (uint32_t)size;
	put(to, &head, sizeof(head));
	for (const struct doc *d = root; d; d = next_of(d, root))
		put_value(d, d != root, &at, to);
	for (const struct doc *d = root; d; d = next_of(d, root)) {
		if (d != root)
			text_bytes(to, d->key);
		if (says(d->type))
			text_bytes(to, d->string);
	}
	return true;
}

/* A container that more values belong to. */
struct open {
	struct doc *in, *last;
	uint32_t left;
};

struct reading {
	const struct value *values;
	struct doc *docs;
	struct bytes text;
	bool plain; /* all of the text is ASCII, without a NUL */
	struct open open[LIMIT_DOC_DEPTH];
	unsigned depth;
};

/* Eight bytes at a time: in the usual case no byte is looked at alone. */
static bool is_plain(struct bytes b)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t i = 0;
	for (uint64_t eight; i + sizeof(eight) <= b.len; i += sizeof(eight)) {
		memcpy(&eight, b.data + i, sizeof(eight));
		if ((eight & tops) || ((eight - ones) & ~eight & tops))
			return false;
	}
	for (; i < b.len; i++)
		if (!b.data[i] || (unsigned char)b.data[i] >= 0x80)
			return false;
	return true;
}

static bool is_clean(struct bytes b)
{
	for (size_t i = 0, n; i < b.len; i += n) {
		n = b.data[i] ? utf8_length((struct bytes){ b.data + i, b.len - i }) : 0;
		if (!n)
			return false;
	}
	return true;
}

static bool take(const struct reading *r, uint32_t at, uint32_t len, struct bytes *ret)
{
	if (at > r->text.len || len > r->text.len - at)
		return false;
	*ret = (struct bytes){ r->text.data + at, len };
	return r->plain || is_clean(*ret);
}

/* What the value itself says. */
static bool fill(const struct reading *r, const struct value *v, struct doc *d)
{
	d->type = v->type;
	switch (v->type) {
	case DOC_BOOL:
		d->boolean = v->flag != 0;
		return v->flag <= 1;
	case DOC_INT:
		d->integer.negative = v->flag != 0;
		d->integer.magnitude = v->magnitude;
		return v->flag <= 1;
	case DOC_STRING:
	case DOC_NUMBER:
		return take(r, v->string.at, v->string.len, &d->string);
	case DOC_NULL:
	case DOC_ARRAY:
	case DOC_OBJECT:
		return true;
	default:
		return false;
	}
}

/* Puts it where it belongs; false when nothing is open for it, or too much is. */
static bool hang(struct reading *r, const struct value *v, struct doc *d)
{
	if (r->depth == LIMIT_DOC_DEPTH)
		return false; /* a value counts like what it is in */
	if (d != r->docs) {
		struct open *o = r->depth ? &r->open[r->depth - 1] : NULL;
		if (!o || (o->in->type == DOC_OBJECT ? !take(r, v->key, v->key_len, &d->key) : v->key_len != 0))
			return false;
		d->parent = o->in;
		d->index = o->in->count++;
		*(o->last ? &o->last->next : &o->in->first) = d;
		o->last = d;
		o->left--;
	}
	if (holds(v->type) && v->count) {
		r->open[r->depth++] = (struct open){ .in = d, .left = v->count };
	} else if (v->count) {
		return false;
	}
	while (r->depth && !r->open[r->depth - 1].left)
		r->depth--;
	return true;
}

int flat_read(struct arena *a, struct bytes bytes, const struct doc **ret)
{
	struct head head;
	if (bytes.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, bytes.data, sizeof(head));
	const size_t rest = bytes.len - sizeof(head);
	if (memcmp(head.form, FORM, sizeof(head.form)) != 0 || !head.values ||
		head.values > rest / sizeof(struct value) || head.text != rest - head.values * sizeof(struct value))
		return -EBADMSG;
	struct reading r = {
		.values = (const struct value *)(const void *)(bytes.data + sizeof(head)),
		.docs = arena_array(a, head.values, sizeof(struct doc)),
		.text = { bytes.data + bytes.len - head.text, head.text },
	};
	if (!r.docs)
		return -ENOMEM;
	r.plain = is_plain(r.text);
	for (uint32_t i = 0; i < head.values; i++)
		if (!fill(&r, &r.values[i], &r.docs[i]) || !hang(&r, &r.values[i], &r.docs[i]) ||
			(!r.depth && i + 1 < head.values))
			return -EBADMSG;
	if (r.depth)
		return -EBADMSG;
	*ret = r.docs;
	return 0;
}
