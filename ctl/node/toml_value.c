/* SPDX-License-Identifier: Apache-2.0 */
/* Values of TOML: strings, numbers, dates, booleans, arrays and tables between braces. */
#include <errno.h>

#include "ctl/node/toml_parts.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

static bool bare_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Base 10 with a sign, or 0x, 0o, 0b without. "_" may stand between two digits only. */
static bool integer(struct bytes b, bool *negative, uint64_t *ret)
{
	const bool sign = b.len > 0 && (b.data[0] == '+' || b.data[0] == '-');
	unsigned base = 10;
	bool digit = false;
	uint64_t n = 0;
	size_t i = sign;

	*negative = sign && b.data[0] == '-';
	if (!sign && b.len > 2 && b.data[0] == '0' && strchr("xob", b.data[1])) {
		base = b.data[1] == 'x' ? 16 : b.data[1] == 'o' ? 8 : 2;
		i = 2;
	} else if (b.len > i + 1 && b.data[i] == '0') {
		return false;
	}
	for (; i < b.len; i++) {
		const char c = b.data[i];
		const unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f'          ? (unsigned)(c - 'a' + 10)
			: c >= 'A' && c <= 'F'          ? (unsigned)(c - 'A' + 10)
							: 99;
		if (c == '_' && digit && i + 1 < b.len && b.data[i + 1] != '_')
			continue;
		if (d >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
			__builtin_add_overflow(n, (uint64_t)d, &n))
			return false;
		digit = true;
	}
	*ret = n;
	return digit && n <= (uint64_t)INT64_MAX + *negative;
}

/* A float or a date: kept as it is written, so only what letters it has is asked. */
static bool number_like(struct bytes b)
{
	size_t i = 0;

	if (b.len > 0 && (b.data[0] == '+' || b.data[0] == '-'))
		i = 1;
	const struct bytes rest = { b.data + i, b.len - i };
	if (bytes_is(rest, "inf") || bytes_is(rest, "nan"))
		return true;
	if (rest.len == 0 || rest.data[0] < '0' || rest.data[0] > '9')
		return false;
	for (i = 0; i < rest.len; i++)
		if (!strchr("0123456789_.+-:eEtTzZ ", rest.data[i]))
			return false;
	return memchr(rest.data, '.', rest.len) || memchr(rest.data, '-', rest.len) ||
		memchr(rest.data, ':', rest.len) || memchr(rest.data, 'e', rest.len) ||
		memchr(rest.data, 'E', rest.len);
}

static void placed(struct doc *d, size_t from, size_t to)
{
	if (d) {
		d->offset = (uint32_t)from;
		d->end = (uint32_t)to;
	}
}

/* What has no quotes and no brackets. */
static int bare(struct toml *t, struct doc *to, const char *name)
{
	const size_t from = t->at;
	struct doc *d;
	bool negative;
	uint64_t n;

	while (bare_letter(toml_peek(t)) || (toml_peek(t) && strchr("_.+-:", toml_peek(t))))
		t->at++;
	/* "1979-05-27 07:32:00" is one date. */
	if (t->at - from == 10 && t->text.data[from + 4] == '-' && toml_peek(t) == ' ' && t->at + 1 < t->text.len &&
		t->text.data[t->at + 1] >= '0' && t->text.data[t->at + 1] <= '9')
		for (t->at++; bare_letter(toml_peek(t)) || (toml_peek(t) && strchr(".+-:", toml_peek(t)));)
			t->at++;
	const struct bytes word = { t->text.data + from, t->at - from };
	if (bytes_is(word, "true") || bytes_is(word, "false")) {
		d = make_bool(t->a, to, name, word.data[0] == 't');
	} else if (integer(word, &negative, &n)) {
		d = negative && n <= INT64_MAX ? make_int(t->a, to, name, -(int64_t)n)
			: negative             ? make_int(t->a, to, name, INT64_MIN)
					       : make_uint(t->a, to, name, n);
	} else if (number_like(word)) {
		d = make_string(t->a, to, name, word);
		if (d)
			d->type = DOC_NUMBER;
	} else {
		return toml_wrong(t, from,
			word.len ? "no value looks like that; a string needs quotes" : "a value is missing");
	}
	placed(d, from, t->at);
	return d ? 0 : -ENOMEM;
}

static int string(struct toml *t, struct doc *to, const char *name)
{
	const size_t from = t->at;
	struct bytes b;
	const int r = toml_quoted(t, true, &b);

	if (r < 0)
		return r;
	struct doc *d = make_string(t->a, to, name, b);
	placed(d, from, t->at);
	return d ? 0 : -ENOMEM;
}

static int array(struct toml *t, struct doc *to, const char *name)
{
	const size_t from = t->at++;
	struct doc *d = make_array(t->a, to, name);
	int r = d ? toml_lines(t) : -ENOMEM;

	while (r == 0 && toml_peek(t) != ']') {
		r = toml_value(t, d, NULL);
		if (r == 0)
			r = toml_lines(t);
		if (r < 0 || toml_peek(t) == ']')
			break;
		if (toml_peek(t) != ',')
			return toml_wrong(t, t->at, "a comma or ] is missing in an array");
		t->at++;
		r = toml_lines(t);
	}
	if (r < 0)
		return r;
	t->at++;
	placed(d, from, t->at);
	return 0;
}

static int table(struct toml *t, struct doc *to, const char *name)
{
	const size_t from = t->at++;
	struct doc *d = make_object(t->a, to, name);
	int r = d ? 0 : -ENOMEM;

	toml_blanks(t);
	if (r == 0 && toml_peek(t) == '}') {
		t->at++;
	} else {
		while (r == 0 && (r = toml_entry(t, d)) == 0) {
			toml_blanks(t);
			const char c = toml_peek(t);
			if (c != ',' && c != '}')
				return toml_wrong(t, t->at, "a comma or } is missing in a table");
			t->at++;
			if (c == '}')
				break;
			toml_blanks(t);
		}
	}
	if (r < 0)
		return r;
	d->integer.magnitude = TOML_INLINE;
	placed(d, from, t->at);
	return 0;
}

int toml_value(struct toml *t, struct doc *to, const char *name)
{
	int r;

	if (++t->entries > TOML_ENTRIES)
		return toml_wrong(t, t->at, "there are too many entries");
	if (++t->depth > LIMIT_DOC_DEPTH)
		return toml_wrong(t, t->at, "it nests too deep");
	switch (toml_peek(t)) {
	case '"':
	case '\'':
		r = string(t, to, name);
		break;
	case '[':
		r = array(t, to, name);
		break;
	case '{':
		r = table(t, to, name);
		break;
	default:
		r = bare(t, to, name);
	}
	t->depth--;
	return r;
}
