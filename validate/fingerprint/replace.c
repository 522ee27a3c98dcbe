/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One string, and what is replaced in it. A mark stands in angle brackets, and a bracket that was there before is
 * doubled: so nothing that a user can write comes out as if something had been replaced.
 */
#include "validate/fingerprint/normal.h"

#define SPANS_MOST 16u /* of one string; what would come behind stays as it is */

struct span {
	size_t at, len;
	const char *mark;
	bool own;
};

struct spans {
	struct span list[SPANS_MOST];
	size_t count;
};

/* Adds one unless it meets another: what is found first counts. */
static void found(struct spans *s, const struct span *new)
{
	size_t i = s->count;

	for (size_t k = 0; k < s->count; k++)
		if (new->at < s->list[k].at + s->list[k].len && s->list[k].at < new->at + new->len)
			return;
	if (s->count == SPANS_MOST)
		return;
	for (; i > 0 && s->list[i - 1].at > new->at; i--)
		s->list[i] = s->list[i - 1];
	s->list[i] = *new;
	s->count++;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool all_hex(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!is_hex(b.data[i]))
			return false;
	return true;
}

static bool is_number(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9')
			return false;
	return b.len > 0 && b.len <= 20;
}

static bool is_uuid(struct bytes b)
{
	if (b.len != 36)
		return false;
	for (size_t i = 0; i < b.len; i++) {
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? b.data[i] != '-' : !is_hex(b.data[i]))
			return false;
	}
	return true;
}

static bool is_of_class(const char *class, struct bytes b)
{
	if (strncmp(class, "{hex64}", 7) == 0)
		return b.len == 64 && all_hex(b);
	if (strncmp(class, "{hex12}", 7) == 0)
		return b.len == 12 && all_hex(b);
	if (strncmp(class, "{uuid}", 6) == 0)
		return is_uuid(b);
	if (strncmp(class, "{pid}", 5) == 0)
		return is_number(b) && !bytes_is(b, "1");
	return is_number(b);
}

/* One component by one of a form; *ret_at is where what is replaced begins, or the component's length. */
static bool component_is(struct bytes form, struct bytes b, size_t *ret_at)
{
	const char *brace = memchr(form.data, '{', form.len);
	const size_t plain = brace ? (size_t)(brace - form.data) : form.len;

	*ret_at = b.len;
	if (form.data[0] == '*')
		return b.len >= form.len && memcmp(b.data + b.len - (form.len - 1), form.data + 1, form.len - 1) == 0;
	if (b.len < plain || memcmp(b.data, form.data, plain) != 0)
		return false;
	*ret_at = plain;
	return brace ? is_of_class(brace, (struct bytes){ b.data + plain, b.len - plain }) : b.len == plain;
}

static struct bytes first_of(struct bytes path)
{
	const char *slash = path.len ? memchr(path.data, '/', path.len) : NULL;

	return slash ? (struct bytes){ path.data, (size_t)(slash - path.data) } : path;
}

/* Whether the path, at the beginning of a component, goes on as the form says. */
static bool path_is(const char *form, struct bytes path, struct span *ret)
{
	struct bytes rest = bytes_of(form), b = path;

	for (;;) {
		const struct bytes want = first_of(rest), is = first_of(b);
		size_t at;
		if (!component_is(want, is, &at))
			return false;
		if (at < is.len)
			*ret = (struct span){ .at = (size_t)(is.data - path.data) + at, .len = is.len - at };
		if (want.len == rest.len)
			return ret->len > 0;
		if (is.len == b.len)
			return false;
		rest = (struct bytes){ rest.data + want.len + 1, rest.len - want.len - 1 };
		b = (struct bytes){ b.data + is.len + 1, b.len - is.len - 1 };
	}
}

static void find_forms(const struct normal *n, enum zone zone, struct bytes s, struct spans *to)
{
	size_t at = 0;

	for (;;) {
		const struct bytes path = { s.data + at, s.len - at };
		uint64_t rows = path.len ? n->forms[path.data[0] & 31] : 0;
		for (; rows; rows &= rows - 1) {
			const struct form_row *f = &normal_forms[__builtin_ctzll(rows)];
			struct span span = { 0 };
			if (!(f->zones & zone) ||
				(f->form[0] != path.data[0] && f->form[0] != '*' && f->form[0] != '{') ||
				!path_is(f->form, path, &span))
				continue;
			/* A form that is a value by itself is not one in the midst of a path. */
			if (f->form[0] == '{' && span.len != s.len)
				continue;
			span.at += at;
			span.mark = f->mark;
			found(to, &span);
		}
		const char *slash = path.len ? memchr(path.data, '/', path.len) : NULL;
		if (!slash)
			return;
		at = (size_t)(slash - s.data) + 1;
	}
}

static bool is_edge(struct bytes s, size_t i)
{
	return i >= s.len || s.data[i] == '/' || s.data[i] == ':';
}

static void find_everywhere(const struct word_row *row, struct bytes word, struct bytes s, struct spans *to)
{
	for (size_t at = 0; s.len - at >= word.len;) {
		const char *hit = memmem(s.data + at, s.len - at, word.data, word.len);
		if (!hit)
			return;
		const size_t i = (size_t)(hit - s.data);
		if (row->bound == BOUND_NONE || ((i == 0 || is_edge(s, i - 1)) && is_edge(s, i + word.len)))
			found(to, &(const struct span){ i, word.len, row->mark, row->own });
		at = i + word.len;
	}
}

/* What is a value by itself there: all of it, or of a variable what is behind its name. */
static struct bytes whole_value(enum zone zone, enum word word, struct bytes s)
{
	const char *is = zone == ZONE_ENV && s.len ? memchr(s.data, '=', s.len) : NULL;
	const size_t name = is ? (size_t)(is - s.data) + 1 : 0;

	if (zone == ZONE_ENV && (!is || (word != WORD_ID_SHORT && !bytes_start(s, "HOSTNAME="))))
		return (struct bytes){ 0 };
	return (struct bytes){ s.data + name, s.len - name };
}

static void find_word(const struct normal *n, enum zone zone, enum word w, struct bytes s, struct spans *to)
{
	const struct word_row *row = &normal_words[w];
	const struct bytes word = n->words[w];

	if (word.len == 0 || !(row->zones & zone))
		return;
	if (row->bound == BOUND_NONE || row->bound == BOUND_PIECE) {
		if (s.len >= word.len)
			find_everywhere(row, word, s, to);
	} else if (row->bound == BOUND_PATH) {
		if (s.len >= word.len && memcmp(s.data, word.data, word.len) == 0 && is_edge(s, word.len))
			found(to, &(const struct span){ 0, word.len, row->mark, row->own });
	} else {
		const struct bytes whole = whole_value(zone, w, s);
		const bool is = w == WORD_ID_SHORT
			? whole.len >= 12 && whole.len < word.len && memcmp(whole.data, word.data, whole.len) == 0
			: whole.len > 0 && bytes_equal(whole, word);
		if (is)
			found(to,
				&(const struct span){ (size_t)(whole.data - s.data), whole.len, row->mark, row->own });
	}
}

/* The two categories at the end of a label, "s0:c1,c2": drawn by lot, so that containers are kept from each other. */
static void find_categories(struct bytes s, struct spans *to)
{
	for (size_t i = 0; i + 5 <= s.len; i++) {
		size_t at = i + 2, digits[2] = { 0, 0 };
		if (s.data[i] != ':' || s.data[i + 1] != 'c')
			continue;
		for (unsigned k = 0; k < 2; k++) {
			for (; at < s.len && s.data[at] >= '0' && s.data[at] <= '9'; at++)
				digits[k]++;
			if (k == 0 && at + 1 < s.len && s.data[at] == ',' && s.data[at + 1] == 'c')
				at += 2;
		}
		if (digits[0] && digits[1] && (at == s.len || s.data[at] == '"'))
			found(to, &(const struct span){ i + 1, at - i - 1, "<categories>", false });
	}
}

/* Between marks: as it is, its brackets doubled. */
static void put(struct text *to, struct bytes s)
{
	while (s.len > 0) {
		const char *bracket = memchr(s.data, '<', s.len);
		const size_t n = bracket ? (size_t)(bracket - s.data) + 1 : s.len;
		canonical_escaped(to, (struct bytes){ s.data, n });
		if (bracket)
			text_char(to, '<');
		s.data += n;
		s.len -= n;
	}
}

bool normal_string(const struct normal *n, enum zone zone, struct bytes s, struct text *to)
{
	struct spans spans = { .count = 0 };
	size_t done = 0;
	bool own = false;

	for (unsigned w = 0; w < WORD_MAX; w++)
		find_word(n, zone, (enum word)w, s, &spans);
	if (zone & ZONE_PATHS)
		find_forms(n, zone, s, &spans);
	if (zone == ZONE_LABEL)
		find_categories(s, &spans);
	/* Who lives in another's uts namespace bears the name that is set there. */
	if (zone == ZONE_ENV && !n->own_name && bytes_start(s, "HOSTNAME="))
		found(&spans, &(const struct span){ 9, s.len - 9, "<host>", false });
	if (spans.count == 0 && (s.len == 0 || !memchr(s.data, '<', s.len))) {
		canonical_string(to, s);
		return false;
	}
	text_char(to, '"');
	for (size_t i = 0; i < spans.count; i++) {
		put(to, (struct bytes){ s.data + done, spans.list[i].at - done });
		text_add(to, spans.list[i].mark);
		done = spans.list[i].at + spans.list[i].len;
		own |= spans.list[i].own;
	}
	put(to, (struct bytes){ s.data + done, s.len - done });
	text_char(to, '"');
	return own;
}
