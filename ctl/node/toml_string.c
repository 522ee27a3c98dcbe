/* SPDX-License-Identifier: Apache-2.0 */
/* Strings of TOML: basic and literal ones, of one line and of several; and how we write them. */
#include <errno.h>

#include "ctl/node/toml_parts.h"

/* A code point as UTF-8; 0 bytes when it is none. */
static size_t encode(unsigned long c, char *to)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

/* \uXXXX or \UXXXXXXXX, the reader behind the u. */
static int escape_code(struct toml *t, unsigned digits, struct text *to)
{
	unsigned long c = 0;
	char utf8[4];

	for (unsigned i = 0; i < digits; i++, t->at++) {
		const int digit = hex_digit(toml_peek(t));
		if (digit < 0)
			return toml_wrong(t, t->at, "a hexadecimal digit is missing");
		c = c << 4 | (unsigned long)digit;
	}
	const size_t n = encode(c, utf8);
	if (n == 0)
		return toml_wrong(t, t->at, "no character has that number");
	text_bytes(to, (struct bytes){ utf8, n });
	return 0;
}

/* Behind a backslash at the end of a line all blank is skipped, newlines too. */
static bool line_ends(struct toml *t)
{
	size_t at = t->at;

	while (at < t->text.len && (t->text.data[at] == ' ' || t->text.data[at] == '\t' || t->text.data[at] == '\r'))
		at++;
	if (at >= t->text.len || t->text.data[at] != '\n')
		return false;
	while (at < t->text.len && strchr(" \t\r\n", t->text.data[at]))
		at++;
	t->at = at;
	return true;
}

/* The reader is behind the backslash. */
static int escape(struct toml *t, bool many, struct text *to)
{
	static const char letters[] = "btnfr\"\\", stand_for[] = "\b\t\n\f\r\"\\";
	const char c = toml_peek(t);
	const char *letter = c ? strchr(letters, c) : NULL;

	if (many && line_ends(t))
		return 0;
	t->at++;
	if (c == 'u' || c == 'U')
		return escape_code(t, c == 'u' ? 4 : 8, to);
	if (!letter)
		return toml_wrong(t, t->at - 1, "no such escape is known");
	text_char(to, stand_for[letter - letters]);
	return 0;
}

/* How many of the quote stand at the reader, at most `most`. */
static size_t quotes(const struct toml *t, char quote, size_t most)
{
	size_t n = 0;
	while (n < most && t->at + n < t->text.len && t->text.data[t->at + n] == quote)
		n++;
	return n;
}

static bool forbidden(char c, bool many)
{
	return ((unsigned char)c < 0x20 && c != '\t' && !(many && (c == '\n' || c == '\r'))) || c == 0x7f;
}

/* One that ends at `closing` quotes; the reader is behind the opening ones. */
static int body(struct toml *t, char quote, bool many, struct bytes *ret)
{
	struct text to = text_growing(t->a);
	const size_t closing = many ? 3 : 1, start = t->at;

	while (t->at < t->text.len) {
		const char c = toml_peek(t);
		const size_t n = quotes(t, quote, many ? 5 : 1);
		if (n >= closing) {
			/* Up to two quotes may stand before the three that end it. */
			for (size_t i = closing; i < n; i++)
				text_char(&to, quote);
			t->at += n;
			*ret = (struct bytes){ to.data, to.len };
			return to.cut ? -ENOMEM : 0;
		}
		if (forbidden(c, many))
			return toml_wrong(t, t->at,
				c == '\n' ? "the string does not end on its line"
					  : "a control character stands in a string");
		t->at++;
		if (c == '\\' && quote == '"') {
			const int r = escape(t, many, &to);
			if (r < 0)
				return r;
		} else {
			text_char(&to, c);
		}
	}
	return toml_wrong(t, start > 0 ? start - 1 : 0, "the string does not end");
}

int toml_quoted(struct toml *t, bool many, struct bytes *ret)
{
	const char quote = toml_peek(t);
	const size_t n = quotes(t, quote, 3);

	if (n < 3) {
		t->at++;
		return body(t, quote, false, ret);
	}
	if (!many)
		return toml_wrong(t, t->at, "a key cannot be a string of several lines");
	t->at += 3;
	if (toml_peek(t) == '\r')
		t->at++;
	if (toml_peek(t) == '\n')
		t->at++;
	return body(t, quote, true, ret);
}

void toml_string(struct text *to, struct bytes b)
{
	text_char(to, '"');
	for (size_t i = 0; i < b.len; i++) {
		const unsigned char c = (unsigned char)b.data[i];
		if (c == '"' || c == '\\')
			text_printf(to, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			text_printf(to, "\\u%04x", c);
		else
			text_char(to, (char)c);
	}
	text_char(to, '"');
}

void toml_key(struct text *to, struct bytes b)
{
	size_t plain = 0;
	while (plain < b.len &&
		(hex_digit(b.data[plain]) >= 0 || (b.data[plain] >= 'g' && b.data[plain] <= 'z') ||
			(b.data[plain] >= 'G' && b.data[plain] <= 'Z') || b.data[plain] == '_' || b.data[plain] == '-'))
		plain++;
	if (plain == b.len && b.len > 0)
		text_bytes(to, b);
	else
		toml_string(to, b);
}
