/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings that are built piece by piece. A text that was cut stays cut: nothing is added behind the gap, so what is
 * there is always the beginning of what was meant, ending on a whole UTF-8 character.
 */
#include "validate/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GROW_FIRST ((size_t)256)

struct text text_over(char *buffer, size_t size)
{
	buffer[0] = '\0';
	return (struct text){ .data = buffer, .size = size };
}

/* An empty text without memory of its own still has to end in a NUL; it is never written to, because size is 1. */
static char empty[1];

struct text text_growing(struct arena *a)
{
	return (struct text){ .data = empty, .size = 1, .arena = a };
}

struct text text_begun(struct arena *a, char *buffer, size_t size)
{
	struct text t = text_over(buffer, size);
	t.arena = a;
	return t;
}

/* Room for n more bytes and the NUL, if it can be had. */
static void text_room(struct text *t, size_t n)
{
	if (!t->arena || n < t->size - t->len || n > SIZE_MAX / 4)
		return;
	size_t size = t->size < GROW_FIRST ? GROW_FIRST : t->size * 2;
	if (size <= t->len + n)
		size = t->len + n + 1;
	if (t->size > 1 && arena_extend(t->arena, t->data, t->size, size)) {
		t->size = size;
		return;
	}
	char *data = arena_alloc(t->arena, size);
	if (!data)
		return;
	memcpy(data, t->data, t->len);
	t->data = data;
	t->size = size;
}

/* Marks the text as cut and drops a character whose end is missing. */
static void text_cut(struct text *t)
{
	size_t at = t->len;
	t->cut = true;
	while (at > 0 && t->len - at < 3 && ((unsigned char)t->data[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0 || ((unsigned char)t->data[at - 1] & 0xc0) != 0xc0)
		return;
	at--;
	if (utf8_length((struct bytes){ t->data + at, t->len - at }) == 0) {
		t->len = at;
		t->data[at] = '\0';
	}
}

void text_bytes(struct text *t, struct bytes b)
{
	if (t->cut || b.len == 0)
		return;
	if (b.len < t->size - t->len) {
		memcpy(t->data + t->len, b.data, b.len);
		t->len += b.len;
		t->data[t->len] = '\0';
		return;
	}
	if (t->arena)
		text_room(t, b.len);
	const size_t room = t->size - 1 - t->len, n = b.len < room ? b.len : room;
	if (n > 0) {
		memcpy(t->data + t->len, b.data, n);
		t->len += n;
		t->data[t->len] = '\0';
	}
	if (n < b.len)
		text_cut(t);
}

void text_add(struct text *t, const char *s)
{
	text_bytes(t, bytes_of(s));
}

void text_char(struct text *t, char c)
{
	if (!t->cut && t->size - t->len > 1) {
		t->data[t->len++] = c;
		t->data[t->len] = '\0';
		return;
	}
	text_bytes(t, (struct bytes){ &c, 1 });
}

void text_printf(struct text *t, const char *format, ...)
{
	char small[512];
	va_list ap, again;
	va_start(ap, format);
	va_copy(again, ap);
	int len = vsnprintf(small, sizeof(small), format, ap);
	va_end(ap);
	if (len > 0 && (size_t)len < sizeof(small)) {
		text_bytes(t, (struct bytes){ small, (size_t)len });
	} else if (len > 0 && !t->cut) {
		text_room(t, (size_t)len);
		const size_t room = t->size - t->len;
		if (room > 1)
			(void)vsnprintf(t->data + t->len, room, format, again);
		const bool whole = (size_t)len < room;
		t->len += whole ? (size_t)len : room - 1;
		if (!whole)
			text_cut(t);
	}
	va_end(again);
}

size_t utf8_length(struct bytes b)
{
	const unsigned char *p = (const unsigned char *)b.data;
	if (b.len == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	/* The second byte's range shuts out overlongs (E0, F0), surrogates (ED) and what is above U+10FFFF (F4). */
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	const size_t n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (b.len < n)
		return 0;
	const unsigned low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	const unsigned high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/*
 * The top bits of those of eight bytes that do not stand for themselves. The lowest is right; behind it there may be a
 * mistake. What is below a blank, and the quote, come below 0x21 once their second bit is turned; DEL and what is not
 * ASCII have the top bit when one is added, or had it.
 */
static uint64_t not_plain(uint64_t x)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	const uint64_t low = (x ^ each * 0x02) - each * 0x21, backslash = (x ^ each * '\\') - each;

	return (low | backslash | (x + each) | x) & each * 0x80;
}

/* Which of eight bytes the lowest such bit belongs to. */
static size_t first_of(uint64_t stops)
{
	return (size_t)__builtin_ctzll(stops) / 8;
}

/* Eight bytes, the first of them lowest. */
static uint64_t eight_at(const char *p)
{
	uint64_t x;
	memcpy(&x, p, sizeof(x));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? x : __builtin_bswap64(x);
}

static uint64_t four_at(const char *p)
{
	uint32_t x;
	memcpy(&x, p, sizeof(x));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? x : __builtin_bswap32(x);
}

/* What is left at an end is looked at together with what was before it, and is known to be plain. */
size_t text_plain(struct bytes b)
{
	size_t n = 0;
	for (; b.len - n >= 8; n += 8) {
		const uint64_t stops = not_plain(eight_at(b.data + n));
		if (stops)
			return n + first_of(stops);
	}
	if (n == b.len)
		return n;
	if (b.len >= 8) {
		const uint64_t stops = not_plain(eight_at(b.data + b.len - 8));
		return stops ? b.len - 8 + first_of(stops) : b.len;
	}
	if (b.len >= 4) {
		const uint64_t stops = not_plain(four_at(b.data) | four_at(b.data + b.len - 4) << 32);
		const size_t at = stops ? first_of(stops) : 8;
		return at < 4 ? at : b.len - 8 + at;
	}
	while (n < b.len && is_plain(b.data[n]))
		n++;
	return n;
}

/* The character in the n well-formed bytes at p. */
static uint32_t utf8_value(const char *p, size_t n)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)p[0] & first[n];
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

static void json_character(struct text *t, uint32_t c)
{
	static const char shorts[][3] = {
		['"'] = "\\\"",
		['\\'] = "\\\\",
		['\b'] = "\\b",
		['\f'] = "\\f",
		['\n'] = "\\n",
		['\r'] = "\\r",
		['\t'] = "\\t",
	};
	if (c < sizeof(shorts) / sizeof(shorts[0]) && shorts[c][0])
		text_bytes(t, (struct bytes){ shorts[c], 2 });
	else if (c >= 0x20 && c < 0x7f)
		text_char(t, (char)c);
	else if (c < 0x10000)
		text_printf(t, "\\u%04x", (unsigned)c);
	else
		text_printf(t, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)), (unsigned)(0xdc00 + (c & 0x3ff)));
}

void text_json(struct text *t, struct bytes b)
{
	text_char(t, '"');
	for (size_t i = 0; i < b.len && !t->cut;) {
		const size_t plain = text_plain(
			(struct bytes){ b.data + i, b.len - i }); /* the usual case, in one copy */
		text_bytes(t, (struct bytes){ b.data + i, plain });
		i += plain;
		if (i == b.len)
			break;
		const size_t n = utf8_length((struct bytes){ b.data + i, b.len - i });
		json_character(t, n ? utf8_value(b.data + i, n) : 0xfffd);
		i += n ? n : 1;
	}
	text_char(t, '"');
}

/* What could move the cursor, hide text or turn its direction on the reader's screen. */
static bool disturbs(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

/* Writes the first character of b to out, fit to be seen. Returns the bytes written; *ret_used is what it took. */
static size_t show_one(struct bytes b, char out[static 16], size_t *ret_used)
{
	static const char hex[] = "0123456789abcdef";
	const size_t n = utf8_length(b);
	*ret_used = n ? n : 1;
	if (n && !disturbs(utf8_value(b.data, n))) {
		memcpy(out, b.data, n);
		return n;
	}
	for (size_t i = 0; i < *ret_used; i++) {
		const unsigned char c = (unsigned char)b.data[i];
		memcpy(out + 4 * i, (char[4]){ '\\', 'x', hex[c >> 4], hex[c & 15] }, 4);
	}
	return 4 * *ret_used;
}

void text_shown(struct text *t, struct bytes b, size_t cap)
{
	char one[16];
	size_t used, total = 0, fits = 0; /* fits: input that leaves room for "..." */
	size_t i = 0;
	while (i < b.len) {
		const struct bytes left = { b.data + i, b.len - i };
		used = text_plain(left); /* each of these is shown as it is */
		if (used > 0 && total + 3 <= cap)
			fits = i + (used < cap - 3 - total ? used : cap - 3 - total);
		total += used > 0 ? used : show_one(left, one, &used);
		if (total > cap)
			break;
		i += used;
		if (total + 3 <= cap)
			fits = i;
	}
	const bool whole = i == b.len;
	const size_t end = whole ? b.len : fits;
	for (i = 0; i < end; i += used) {
		const struct bytes left = { b.data + i, end - i };
		used = text_plain(left);
		if (used > 0)
			text_bytes(t, (struct bytes){ left.data, used });
		else
			text_bytes(t, (struct bytes){ one, show_one(left, one, &used) });
	}
	if (!whole)
		text_bytes(t, (struct bytes){ "...", cap < 3 ? cap : 3 });
}
