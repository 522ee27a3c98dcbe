/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 8785 with exact integers. Nothing is copied but into the text: members are sorted as pointers, and those of a
 * usual object on the stack. A string that has no escape where it was read needs none here, for what has to be escaped
 * is the same; so it is copied with its quotes, and a list of such strings at once.
 */
#include "validate/fingerprint/canonical.h"

#include <errno.h>

#include "validate/doc/sort.h"

#define FEW 32u                /* members that are sorted without memory of their own */
#define MUCH ((size_t)2 << 10) /* of text that is wanted for its digest alone */

/*
 * UTF-8 sorts as UTF-16 does but for one thing: what UTF-16 writes as surrogates (D800 to DFFF; in UTF-8 it begins with
 * F0 and more) comes before U+E000 to U+FFFF (which begin with EE and EF). First bytes alone are that large.
 */
static int rank(unsigned char c)
{
	return c >= 0xf0 ? c - 2 : c >= 0xee ? c + 7 : c;
}

int canonical_order(struct bytes a, struct bytes b)
{
	const size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++)
		if (a.data[i] != b.data[i])
			return rank((unsigned char)a.data[i]) - rank((unsigned char)b.data[i]);
	return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int by_name(const struct doc *a, const struct doc *b)
{
	return canonical_order(a->key, b->key);
}

/* RFC 8785, 3.2.2.2: as few escapes as JSON allows, the short ones where there are, else \u00 and lower-case hex. */
static void escape(struct text *to, unsigned char c)
{
	static const char shorts[32] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
	static const char hex[] = "0123456789abcdef";

	if (c >= 0x20)
		text_bytes(to, (struct bytes){ (const char[]){ '\\', (char)c }, 2 });
	else if (shorts[c])
		text_bytes(to, (struct bytes){ (const char[]){ '\\', shorts[c] }, 2 });
	else
		text_bytes(to, (struct bytes){ (const char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6 });
}

/* How many bytes stand for themselves in a string: all but quote, backslash and what is below a blank. */
static size_t themselves(struct bytes s)
{
	size_t n = text_plain(s);

	while (n < s.len && (unsigned char)s.data[n] >= 0x20 && s.data[n] != '"' && s.data[n] != '\\')
		n++;
	return n;
}

void canonical_escaped(struct text *to, struct bytes s)
{
	while (s.len > 0 && !to->cut) {
		const size_t n = themselves(s);
		text_bytes(to, (struct bytes){ s.data, n });
		if (n < s.len)
			escape(to, (unsigned char)s.data[n]);
		const size_t used = n < s.len ? n + 1 : n;
		s.data += used;
		s.len -= used;
	}
}

void canonical_string(struct text *to, struct bytes s)
{
	/* The usual case by the hundred: nothing to escape, and room for it. */
	if (s.len + 2 < to->size - to->len && !to->cut && text_plain(s) == s.len) {
		char *at = to->data + to->len;
		*at++ = '"';
		if (s.len > 0)
			memcpy(at, s.data, s.len);
		memcpy(at + s.len, "\"", 2);
		to->len += s.len + 2;
		return;
	}
	text_char(to, '"');
	canonical_escaped(to, s);
	text_char(to, '"');
}

static void write_integer(struct text *to, const struct doc *d)
{
	char digits[21];
	size_t at = sizeof(digits);
	uint64_t left = d->integer.magnitude;

	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (d->integer.negative && d->integer.magnitude)
		digits[--at] = '-';
	text_bytes(to, (struct bytes){ digits + at, sizeof(digits) - at });
}

/* What validate/doc takes for no integer may still be one: -0, and one that is too large. */
static int write_number(struct text *to, struct bytes written)
{
	for (size_t i = 0; i < written.len; i++)
		if (written.data[i] != '-' && (written.data[i] < '0' || written.data[i] > '9'))
			return -EINVAL;
	text_bytes(to, bytes_is(written, "-0") ? BYTES("0") : written);
	return 0;
}

/*
 * Writes the strings from e on that stand in the text they were read from one behind the other, with a comma and
 * without a blank between them, which is how they are written here. Returns the last one; NULL when e is none.
 */
static const struct doc *write_run(struct text *to, const struct doc *e)
{
	const struct doc *last = NULL;

	for (const struct doc *next = e; next && doc_verbatim(next); next = next->next) {
		if (last && next->offset != last->end + 1)
			break;
		last = next;
	}
	if (last)
		text_bytes(to, (struct bytes){ e->string.data - 1, last->end - e->offset });
	return last;
}

static int write_array(const struct canonical *c, const struct doc *d)
{
	int r = 0;

	text_char(c->to, '[');
	for (const struct doc *e = d->first; e && r == 0; e = e->next) {
		if (e != d->first)
			text_char(c->to, ',');
		const struct doc *last = c->other ? NULL : write_run(c->to, e);
		if (last)
			e = last;
		else
			r = canonical_write_with(c, e);
	}
	text_char(c->to, ']');
	return r;
}

static int write_members(const struct canonical *c, const struct doc *const *items, size_t n)
{
	int r = 0;

	text_char(c->to, '{');
	for (size_t i = 0; i < n && r == 0; i++) {
		if (i > 0)
			text_char(c->to, ',');
		if (doc_name_verbatim(items[i])) {
			text_bytes(c->to, (struct bytes){ items[i]->key.data - 1, items[i]->key.len + 3 });
		} else {
			canonical_string(c->to, items[i]->key);
			text_char(c->to, ':');
		}
		r = canonical_write_with(c, items[i]);
	}
	text_char(c->to, '}');
	return r;
}

static int write_object(const struct canonical *c, const struct doc *d)
{
	const struct doc *few[2][FEW], **items = few[0], **spare = few[1];
	size_t n = 0;

	if (d->count > FEW) {
		items = c->to->arena ? arena_array(c->to->arena, d->count, sizeof(struct doc *)) : NULL;
		spare = c->to->arena ? arena_array(c->to->arena, d->count, sizeof(struct doc *)) : NULL;
	}
	if (!items || !spare)
		return -ENOMEM;
	for (const struct doc *m = d->first; m; m = m->next)
		if (m->type != DOC_NULL)
			items[n++] = m;
	items = doc_sort(items, spare, n, by_name);
	return write_members(c, items, n);
}

void canonical_take(struct text *from, struct digest *to)
{
	if (from->len < MUCH || from->cut)
		return;
	digest_add(to, (struct bytes){ from->data, from->len - 1 });
	from->data[0] = from->data[from->len - 1];
	from->data[1] = '\0';
	from->len = 1;
}

void canonical_finish(const struct text *from, struct digest *to, char ret[static DIGEST_HEX])
{
	digest_add(to, (struct bytes){ from->data, from->len });
	digest_end(to, ret);
}

int canonical_write_with(const struct canonical *c, const struct doc *d)
{
	if (c->digest)
		canonical_take(c->to, c->digest);
	const int said = c->other ? c->other(c, d) : 0;

	if (said != 0)
		return said < 0 ? said : 0;
	switch (d->type) {
	case DOC_NULL:
		text_add(c->to, "null");
		break;
	case DOC_BOOL:
		text_add(c->to, d->boolean ? "true" : "false");
		break;
	case DOC_INT:
		write_integer(c->to, d);
		break;
	case DOC_NUMBER:
		return write_number(c->to, d->string);
	case DOC_STRING:
		if (doc_verbatim(d))
			text_bytes(c->to, (struct bytes){ d->string.data - 1, d->string.len + 2 });
		else
			canonical_string(c->to, d->string);
		break;
	case DOC_ARRAY:
		return write_array(c, d);
	case DOC_OBJECT:
		return write_object(c, d);
	}
	return c->to->cut ? -ENOMEM : 0;
}

int canonical_write(const struct doc *d, struct text *to)
{
	const struct canonical c = { .to = to };
	const int r = canonical_write_with(&c, d);

	return r == 0 && to->cut ? -ENOMEM : r;
}
