/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the raw bytes. It knows strings, comments and words, and no grammar: that is the parser's. What it
 * refuses is what parsers are known to differ in below the grammar: yajl takes form feeds for white space and lone
 * surrogates for a question mark, Go replaces bad UTF-8 by U+FFFD, C readers end a string at U+0000.
 *
 * Garbage outside of strings may make it lose count of what is a string. That is harmless: the parser has read the
 * text up to the problem before it is believed, and stops at the garbage first.
 */
#include "validate/doc/lexical.h"

#include "validate/base/limits.h"
#include "validate/base/text.h"

enum outside {
	OUT_BAD = 'x', /* controls, DEL and what is not ASCII */
	OUT_SPACE = '_',
	OUT_MARK = 'm', /* { } [ ] : , */
	OUT_QUOTE = 'q',
	OUT_SLASH = 's',
	OUT_WORD = 'w',
};

/* What each byte of ASCII is outside of strings, in the order of their codes. */
static const char ascii[] = "xxxxxxxxx__xx_xxxxxxxxxxxxxxxxxx"
			    "_wqwwwwwwwwwmwwswwwwwwwwwwmwwwww"
			    "wwwwwwwwwwwwwwwwwwwwwwwwwwwmwmww"
			    "wwwwwwwwwwwwwwwwwwwwwwwwwwwmwmwx";

static enum outside outside(unsigned char c)
{
	return c < 0x80 ? (enum outside)ascii[c] : OUT_BAD;
}

struct scan {
	struct bytes text;
	bool comments;
	struct lexical *ret;
};

static unsigned char byte_at(const struct scan *s, size_t i)
{
	return (unsigned char)s->text.data[i];
}

static struct bytes rest(const struct scan *s, size_t i)
{
	return (struct bytes){ s->text.data + i, s->text.len - i };
}

/* Notes a problem; always false, so that it can be returned. */
static bool problem(struct scan *s, size_t token, size_t at, const char *rule, const char *says)
{
	s->ret->problem = (struct problem){ rule, says, (uint32_t)at, (uint32_t)token };
	return false;
}

static bool bad_byte(struct scan *s, size_t token, size_t at)
{
	const unsigned char c = byte_at(s, at);
	if (c == 0)
		return problem(s, token, at, "json.embedded-nul", "there is a NUL byte in the text");
	if (c < 0x80)
		return problem(s, token, at, "json.well-formed",
			token == at && (c == '\f' || c == '\v')
				? "form feed and vertical tab are no white space in JSON"
				: "there is a raw control byte in the text");
	if (utf8_length(rest(s, at)) == 0)
		return problem(s, token, at, "json.utf8", "the text is not UTF-8 here");
	return problem(s, token, at, "json.well-formed", "a character outside of a string is not ASCII");
}

/* The value of four hex digits at i, -1 when they are not there. */
static int hex4(const struct scan *s, size_t i)
{
	int value = 0;
	if (s->text.len - i < 4)
		return -1;
	for (size_t end = i + 4; i < end; i++) {
		const unsigned char c = byte_at(s, i), lower = c | 0x20;
		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (lower >= 'a' && lower <= 'f')
			value = value * 16 + (lower - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* \uXXXX at *at in the string that begins at `token`, with the other half of its pair. */
static bool scan_unicode(struct scan *s, size_t token, size_t *at)
{
	const size_t i = *at;
	const int unit = hex4(s, i + 2);
	if (unit < 0)
		return problem(s, token, i, "json.well-formed", "four hex digits have to follow \\u");
	if (unit == 0)
		return problem(s, token, i, "json.embedded-nul",
			"\\u0000 stands in a string, and some readers end it there");
	*at = i + 6;
	if ((unit & 0xf800) != 0xd800)
		return true;
	const bool pair = unit < 0xdc00 && s->text.len - i >= 12 && byte_at(s, i + 6) == '\\' &&
		byte_at(s, i + 7) == 'u' && (hex4(s, i + 8) & 0xfc00) == 0xdc00;
	if (!pair)
		return problem(s, token, i, "json.utf8", "half of a surrogate pair stands alone");
	*at = i + 12;
	return true;
}

/* The backslash at *at. */
static bool scan_escape(struct scan *s, size_t token, size_t *at)
{
	const size_t i = *at;
	const char *known = i + 1 < s->text.len ? memchr("\"\\/bfnrtu", s->text.data[i + 1], 9) : NULL;
	if (!known)
		return problem(s, token, i, "json.well-formed", "there is no such escape in JSON");
	if (*known == 'u')
		return scan_unicode(s, token, at);
	*at = i + 2;
	return true;
}

/* The string whose opening quote is at *at. */
static bool scan_string(struct scan *s, size_t *at)
{
	const size_t start = *at, len = s->text.len;
	bool escaped = false;
	size_t i = start + 1;
	for (;;) {
		i += text_plain(rest(s, i));
		if (i >= len)
			return problem(s, start, start, "json.well-formed",
				"the string that begins here is not closed");
		const unsigned char c = byte_at(s, i);
		if (c == '"')
			break;
		const size_t n = c >= 0x7f ? utf8_length(rest(s, i)) : 0; /* DEL is allowed there */
		if (n)
			i += n;
		else if (c != '\\')
			return bad_byte(s, start, i);
		else if (!scan_escape(s, start, &i))
			return false;
		escaped = escaped || c == '\\';
	}
	if (escaped && i - start > s->ret->longest)
		s->ret->longest = i - start;
	*at = i + 1;
	return true;
}

/* The slash at *at, in a text that may have comments. */
static bool scan_comment(struct scan *s, size_t *at)
{
	const size_t start = *at, len = s->text.len;
	const unsigned char kind = start + 1 < len ? byte_at(s, start + 1) : 0;
	if (kind != '/' && kind != '*')
		return problem(s, start, start, "json.well-formed", "a slash stands alone");
	for (size_t i = start + 2; i < len;) {
		const unsigned char c = byte_at(s, i);
		const bool ends = kind == '/' ? c == '\n' : c == '*' && i + 1 < len && byte_at(s, i + 1) == '/';
		const size_t n = utf8_length(rest(s, i));
		if (n == 0 || c == 0)
			return bad_byte(s, start, i);
		i += n;
		if (ends) {
			*at = i + (kind == '*');
			return true;
		}
	}
	if (kind == '*')
		return problem(s, start, start, "json.well-formed", "the comment that begins here is not closed");
	s->ret->end = start;
	*at = len;
	return true;
}

/* A number, a literal, or nonsense of the same letters. */
static bool scan_word(struct scan *s, size_t *at)
{
	const size_t start = *at;
	size_t i = start;
	while (i < s->text.len && outside(byte_at(s, i)) == OUT_WORD)
		i++;
	if (i - start > LIMIT_DOC_WORD)
		return problem(s, start, start, "json.depth-and-size", "a number or word is over 1024 bytes long");
	*at = i;
	/* Here, because a parser takes the 0 for a number of its own and stumbles over what follows it. */
	const size_t zero = start + (byte_at(s, start) == '-');
	if (i - zero < 2 || byte_at(s, zero) != '0')
		return true;
	const unsigned char next = byte_at(s, zero + 1);
	if (next >= '0' && next <= '9')
		return problem(s, start, start, "json.well-formed", "a number must not begin with a zero");
	if ((next | 0x20) == 'x')
		return problem(s, start, start, "json.well-formed", "a number must not be hexadecimal");
	return true;
}

static bool scan_mark(struct scan *s)
{
	if (bytes_start(s->text, "\xef\xbb\xbf") || bytes_start(s->text, "\xfe\xff") ||
		bytes_start(s->text, "\xff\xfe"))
		return problem(s, 0, 0, "json.no-bom", "the text begins with a byte-order mark");
	return true;
}

bool lexical_scan(struct bytes text, bool comments, struct lexical *ret)
{
	struct scan s = { .text = text, .comments = comments, .ret = ret };
	*ret = (struct lexical){ .end = text.len };
	bool good = scan_mark(&s);
	for (size_t i = 0; good && i < text.len;) {
		switch (outside(byte_at(&s, i))) {
		case OUT_SPACE:
		case OUT_MARK:
			i++;
			break;
		case OUT_WORD:
			good = scan_word(&s, &i);
			break;
		case OUT_QUOTE:
			good = scan_string(&s, &i);
			break;
		case OUT_SLASH:
			good = comments ? scan_comment(&s, &i)
					: problem(&s, i, i, "json.well-formed", "comments are no JSON");
			break;
		case OUT_BAD:
			good = bad_byte(&s, i, i);
			break;
		}
	}
	return good;
}
