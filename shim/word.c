/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One word of a command line, by itself. White space is what Unicode calls so, because one delegate's parser trims
 * every word by that notion before it looks at it, and a word that means one thing trimmed and another untrimmed is
 * what this room is there to keep out.
 */
#include "shim/word.h"

#include "validate/base/limits.h"

/* U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000. */
static const char *const wide_spaces[] = {
	"\xc2\x85",
	"\xc2\xa0",
	"\xe1\x9a\x80",
	"\xe2\x80\x80",
	"\xe2\x80\x81",
	"\xe2\x80\x82",
	"\xe2\x80\x83",
	"\xe2\x80\x84",
	"\xe2\x80\x85",
	"\xe2\x80\x86",
	"\xe2\x80\x87",
	"\xe2\x80\x88",
	"\xe2\x80\x89",
	"\xe2\x80\x8a",
	"\xe2\x80\xa8",
	"\xe2\x80\xa9",
	"\xe2\x80\xaf",
	"\xe2\x81\x9f",
	"\xe3\x80\x80",
};

static bool plain_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t space_at_start(struct bytes b)
{
	if (b.len > 0 && plain_space(b.data[0]))
		return 1;
	if (b.len == 0 || !((unsigned char)b.data[0] & 0x80))
		return 0;
	for (size_t i = 0; i < sizeof(wide_spaces) / sizeof(wide_spaces[0]); i++)
		if (bytes_start(b, wide_spaces[i]))
			return strlen(wide_spaces[i]);
	return 0;
}

static size_t space_at_end(struct bytes b)
{
	if (b.len > 0 && plain_space(b.data[b.len - 1]))
		return 1;
	if (b.len == 0 || !((unsigned char)b.data[b.len - 1] & 0x80))
		return 0;
	for (size_t i = 0; i < sizeof(wide_spaces) / sizeof(wide_spaces[0]); i++) {
		size_t n = strlen(wide_spaces[i]);
		if (b.len >= n && memcmp(b.data + b.len - n, wide_spaces[i], n) == 0)
			return n;
	}
	return 0;
}

struct bytes word_stripped(const char *word)
{
	struct bytes b = bytes_of(word);
	for (size_t n = space_at_start(b); n > 0; n = space_at_start(b))
		b = (struct bytes){ b.data + n, b.len - n };
	for (size_t n = space_at_end(b); n > 0; n = space_at_end(b))
		b.len -= n;
	return b;
}

enum shape word_shape(const char *word)
{
	struct bytes b = bytes_of(word);
	if (b.len == 0)
		return SHAPE_EMPTY;
	if (space_at_start(b) > 0 || space_at_end(b) > 0)
		return SHAPE_EDGE;
	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.data[i];
		if (c < 0x20 || c == 0x7f)
			return SHAPE_CONTROL;
	}
	return SHAPE_FINE;
}

const char *shape_words(enum shape s)
{
	switch (s) {
	case SHAPE_FINE:
		return "is well-formed";
	case SHAPE_EMPTY:
		return "is empty";
	case SHAPE_EDGE:
		return "begins or ends with white space";
	case SHAPE_CONTROL:
		return "holds a control byte";
	}
	return "";
}

/* Not isalnum(3): that asks the locale. */
static bool id_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+';
}

bool word_is_id(const char *word)
{
	if (!id_byte(word[0]))
		return false;
	size_t n = 1;
	while (id_byte(word[n]) || word[n] == '.' || word[n] == '-')
		n++;
	return word[n] == '\0' && n <= LIMIT_ID;
}
