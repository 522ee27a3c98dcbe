/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the documents about host and delegate, and how their answers are said. */
#include "validate/rule/known.h"

#define SHOWN_LIST ((size_t)120) /* of a list in a sentence, in bytes */
#define SHOWN_BYTES ((size_t)64) /* of one of the host's strings */

enum known known_entry(const struct doc *list, struct bytes word)
{
	if (!list || list->type != DOC_ARRAY)
		return UNKNOWN;
	for (const struct doc *e = list->first; e; e = e->next)
		if (e->type == DOC_STRING && bytes_equal(e->string, word))
			return YES;
	return NO;
}

enum known known_true(const struct doc *boolean)
{
	if (!boolean || boolean->type != DOC_BOOL)
		return UNKNOWN;
	return boolean->boolean ? YES : NO;
}

/* The next number of a dotted version, from *at on; false when there is none. */
static bool next_number(struct bytes b, size_t *at, uint64_t *ret)
{
	const size_t start = *at;
	*ret = 0;
	while (*at < b.len && b.data[*at] >= '0' && b.data[*at] <= '9' && *at - start < 9)
		*ret = *ret * 10 + (uint64_t)(b.data[(*at)++] - '0');
	if (*at == start)
		return false;
	*at += *at < b.len && b.data[*at] == '.';
	return true;
}

enum known known_older_kernel(const struct facts *f, unsigned major, unsigned minor)
{
	const struct bytes release = around_string(around_host(f, "kernel"), "release");
	uint64_t x, y;
	size_t at = 0;
	if (!next_number(release, &at, &x) || !next_number(release, &at, &y))
		return UNKNOWN;
	return x < major || (x == major && y < minor) ? YES : NO;
}

const struct doc *known_feature(const struct facts *f, const char *path)
{
	return doc_find(doc_get(f->delegate, "features"), path);
}

bool known_quirk(const struct facts *f, const char *quirk)
{
	return known_entry(doc_get(f->delegate, "quirks"), bytes_of(quirk)) == YES;
}

bool known_dialect(const struct facts *f, const char *const *dialects)
{
	return word_among(around_string(f->delegate, "dialect"), dialects);
}

bool known_lower(struct bytes version, const char *than)
{
	const struct bytes other = bytes_of(than);
	size_t i = 0, j = 0;
	uint64_t x, y;
	if (!next_number(version, &i, &x))
		return false;
	for (i = 0; next_number(other, &j, &y);) {
		if (!next_number(version, &i, &x))
			x = 0;
		if (x != y)
			return x < y;
	}
	return false;
}

static void place_say(const struct doc *at, struct text *to)
{
	if (!at->parent)
		return;
	place_say(at->parent, to);
	if (at->parent->type == DOC_ARRAY) {
		text_add(to, "[]");
	} else {
		if (to->len)
			text_char(to, '.');
		text_bytes(to, at->key);
	}
}

void known_place(const struct facts *f, const struct doc *at, struct text *to)
{
	text_add(to, f->below ? f->below : "");
	place_say(at, to);
}

void say_bytes(struct bytes b, struct text *to)
{
	text_shown(to, b, SHOWN_BYTES);
}

void say_delegate(const struct facts *f, struct text *to)
{
	const struct bytes name = around_string(f->delegate, "name"), version = around_string(f->delegate, "version");
	if (name.len == 0) {
		text_add(to, "the delegate");
		return;
	}
	say_bytes(name, to);
	if (version.len > 0) {
		text_char(to, ' ');
		say_bytes(version, to);
	}
}

void say_list(const struct doc *list, struct text *to)
{
	const size_t start = to->len;
	uint32_t said = 0;
	for (const struct doc *e = list ? list->first : NULL; e && to->len - start < SHOWN_LIST; e = e->next, said++) {
		if (said > 0)
			text_add(to, e->next ? ", " : " and ");
		say_bytes(list->type == DOC_OBJECT ? e->key : e->string, to);
	}
	if (said == 0)
		text_add(to, "none");
	else if (said < list->count)
		text_printf(to, " and %u more", list->count - said);
}

void say_mode(const struct facts *f, struct text *to)
{
	const struct bytes mode = around_string(around_host(f, "cgroup"), "mode");
	if (bytes_is(mode, "hybrid"))
		text_add(to, "this host mixes cgroup v1 and v2");
	else
		text_printf(to, "this host has cgroup %.*s", (int)mode.len, mode.data);
}
