/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for what is wrong with the grammar. The parser only says that it stopped; where it stood, and what it could
 * have taken there, is enough to look at the next few bytes and say what a person would say: a trailing comma, single
 * quotes, a leading zero. Nothing here decides whether a text is good.
 */
#include "validate/doc/lexical.h"

struct look {
	struct bytes text;
	bool comments;
};

/* The byte at i, -1 behind the end. */
static int look_at(const struct look *l, size_t i)
{
	return i < l->text.len ? (unsigned char)l->text.data[i] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

/* The first byte from i on that is neither white space nor comment. */
static size_t look_on(const struct look *l, size_t i)
{
	for (;;) {
		const int c = look_at(l, i), next = look_at(l, i + 1);
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			i++;
		} else if (l->comments && c == '/' && next == '/') {
			while (look_at(l, i) != '\n' && look_at(l, i) != -1)
				i++;
		} else if (l->comments && c == '/' && next == '*') {
			for (i += 2; look_at(l, i) != -1 && !(look_at(l, i) == '*' && look_at(l, i + 1) == '/');)
				i++;
			i += 2;
		} else {
			return i < l->text.len ? i : l->text.len;
		}
	}
}

static struct problem say(size_t at, const char *says)
{
	return (struct problem){ "json.well-formed", says, (uint32_t)at, (uint32_t)at };
}

/* The word at i, whatever the case of its letters. */
static bool word_is(const struct look *l, size_t i, const char *lower)
{
	for (; *lower; i++, lower++)
		if (look_at(l, i) < 0 || (look_at(l, i) | 0x20) != *lower)
			return false;
	return !is_letter(look_at(l, i));
}

static struct problem explain_word(const struct look *l, size_t at)
{
	if (word_is(l, at, "nan") || word_is(l, at, "infinity"))
		return say(at, "NaN and Infinity are no numbers in JSON");
	if (word_is(l, at, "true") || word_is(l, at, "false") || word_is(l, at, "null"))
		return say(at, "true, false and null are written in lower case");
	return say(at, "a word stands where a value belongs: strings need double quotes");
}

static struct problem explain_number(const struct look *l, size_t at)
{
	size_t i = at + (look_at(l, at) == '-');
	if (is_letter(look_at(l, i)))
		return explain_word(l, i);
	if (!is_digit(look_at(l, i)))
		return say(at, "a digit has to follow the minus sign");
	while (is_digit(look_at(l, i)))
		i++;
	if (look_at(l, i) == '.' && !is_digit(look_at(l, i + 1)))
		return say(at, "a digit has to follow the decimal point");
	return say(at, "this is no number");
}

/* What is wrong with the value that should begin at i. */
static struct problem explain_value(const struct look *l, size_t i)
{
	const int c = look_at(l, i);
	if (c < 0)
		return say(i, "the text ends where a value belongs");
	if (is_digit(c) || c == '-')
		return explain_number(l, i);
	if (is_letter(c))
		return explain_word(l, i);
	switch (c) {
	case '\'':
		return say(i, "strings stand in double quotes, not in single ones");
	case '+':
	case '.':
		return say(i, "a number begins with a digit or a minus sign");
	case ',':
		return say(i, "a value is missing before this comma");
	case ']':
	case '}':
		return say(i, "a value is missing before this bracket");
	default:
		return say(i, "no value begins like this");
	}
}

static struct problem explain_name(const struct look *l, size_t i)
{
	const int c = look_at(l, i);
	if (c < 0)
		return say(i, "the text ends inside an object");
	if (c == '\'')
		return say(i, "strings stand in double quotes, not in single ones");
	if (c == ',')
		return say(i, "a member is missing before this comma");
	if (c == ']')
		return say(i, "an object is closed by }, not by ]");
	return say(i, "a member's name in double quotes belongs here");
}

/* Behind a value, in a container that `close` ends: a comma, or the end. */
static struct problem explain_next(const struct look *l, size_t at, char close)
{
	const size_t i = look_on(l, at);
	const int c = look_at(l, i);
	if (c < 0)
		return say(i, close == '}' ? "the text ends inside an object" : "the text ends inside an array");
	if (c == ',') {
		const size_t j = look_on(l, i + 1);
		if (look_at(l, j) == close)
			return say(i, "a comma must not follow the last entry");
		return close == '}' ? explain_name(l, j) : explain_value(l, j);
	}
	if (c == '}' && close == ']')
		return say(i, "an array is closed by ], not by }");
	if (c == ']' && close == '}')
		return say(i, "an object is closed by }, not by ]");
	return say(i, "a comma is missing here");
}

struct problem lexical_explain(struct bytes text, size_t at, enum expect expect, bool comments)
{
	const struct look l = { text, comments };
	const size_t i = look_on(&l, at);
	struct problem p;
	switch (expect) {
	case EXPECT_DOCUMENT:
		return i == text.len ? say(i, "the text is empty") : explain_value(&l, i);
	case EXPECT_NOTHING:
		p = say(i, "something follows the end of the document");
		p.rule = "json.single-value";
		return p;
	case EXPECT_FIRST_MEMBER:
		return explain_name(&l, i);
	case EXPECT_COLON:
		return look_at(&l, i) == ':' ? explain_value(&l, look_on(&l, i + 1))
					     : say(i, "a colon is missing after the member's name");
	case EXPECT_NEXT_MEMBER:
		return explain_next(&l, at, '}');
	case EXPECT_FIRST_ELEMENT:
		return explain_value(&l, i);
	case EXPECT_NEXT_ELEMENT:
		return explain_next(&l, at, ']');
	}
	return say(i, "this is no well-formed JSON");
}
