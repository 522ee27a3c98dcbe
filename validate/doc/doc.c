/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one's way in a tree that stands: everything here only reads. */
#include "validate/doc/doc.h"

#include "validate/base/limits.h"

/* Asked for thousands of times in one run: names are told apart by length and first letter before they are compared. */
const struct doc *doc_member(const struct doc *d, struct bytes name)
{
	if (!d || d->type != DOC_OBJECT)
		return NULL;
	for (const struct doc *m = d->first; m; m = m->next)
		if (m->key.len == name.len && bytes_equal(m->key, name))
			return m->type == DOC_NULL ? NULL : m;
	return NULL;
}

const struct doc *doc_find(const struct doc *d, const char *path)
{
	while (d && *path) {
		size_t n = 0;
		while (path[n] && path[n] != '.') /* by hand: a call costs more than a short name has letters */
			n++;
		d = doc_member(d, (struct bytes){ path, n });
		path += n + (path[n] == '.');
	}
	return d;
}

struct bytes doc_string(const struct doc *d, const char *path, struct bytes otherwise)
{
	const struct doc *found = doc_find(d, path);
	return found && found->type == DOC_STRING ? found->string : otherwise;
}

bool doc_true(const struct doc *d, const char *path)
{
	const struct doc *found = doc_find(d, path);
	return found && found->type == DOC_BOOL && found->boolean;
}

bool doc_within(const struct doc *d, int64_t min, uint64_t max)
{
	if (!d || d->type != DOC_INT)
		return false;
	const uint64_t magnitude = d->integer.magnitude;
	if (d->integer.negative) /* 0 - x in unsigned arithmetic is right for -2^63 too */
		return min < 0 && magnitude <= UINT64_C(0) - (uint64_t)min;
	return magnitude <= max && (min <= 0 || magnitude >= (uint64_t)min);
}

struct place doc_place(struct bytes text, uint32_t offset)
{
	const size_t end = offset < text.len ? offset : text.len;
	struct place place = { .line = 1 };
	size_t line = 0;
	while (line < end) {
		const char *newline = memchr(text.data + line, '\n', end - line);
		if (!newline)
			break;
		place.line++;
		line = (size_t)(newline - text.data) + 1;
	}
	place.column = (uint32_t)(end - line) + 1;
	return place;
}

static void pointer_token(struct bytes name, struct text *to)
{
	size_t done = 0;
	/* A bounded text is full before a name of megabytes is looked through. */
	if (!to->arena && name.len > to->size - to->len)
		name.len = to->size - to->len;
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] != '~' && name.data[i] != '/')
			continue;
		text_bytes(to, (struct bytes){ name.data + done, i - done });
		text_add(to, name.data[i] == '~' ? "~0" : "~1");
		done = i + 1;
	}
	text_bytes(to, (struct bytes){ name.data + done, name.len - done });
}

static void pointer_index(uint32_t index, struct text *to)
{
	char digits[10];
	size_t n = sizeof(digits);
	do
		digits[--n] = (char)('0' + index % 10);
	while (index /= 10);
	text_bytes(to, (struct bytes){ digits + n, sizeof(digits) - n });
}

void doc_pointer(const struct doc *d, const char *below, struct text *to)
{
	const struct doc *path[LIMIT_DOC_DEPTH];
	size_t n = 0;
	for (; d && d->parent && n < LIMIT_DOC_DEPTH; d = d->parent)
		path[n++] = d;
	text_add(to, below);
	while (n > 0) {
		const struct doc *step = path[--n];
		text_char(to, '/');
		if (step->parent->type == DOC_ARRAY)
			pointer_index(step->index, to);
		else
			pointer_token(step->key, to);
	}
}

/* One sentence for each set of types, made when it is first asked for. */
const char *doc_type_words(unsigned types)
{
	static const struct {
		unsigned types;
		const char *words;
	} names[] = {
		{ DOC_NULL, "null" },
		{ DOC_BOOL, "a boolean" },
		{ DOC_INT | DOC_NUMBER, "a number" },
		{ DOC_INT, "an integer" },
		{ DOC_NUMBER, "a number" },
		{ DOC_STRING, "a string" },
		{ DOC_ARRAY, "an array" },
		{ DOC_OBJECT, "an object" },
	};
	static char made[128][96];
	char *words = made[types & 127];
	if (words[0])
		return words;
	struct text t = text_over(words, sizeof(made[0]));
	unsigned left = types & 127;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && left; i++) {
		if ((left & names[i].types) != names[i].types)
			continue;
		text_add(&t, left == (types & 127) ? "" : left == names[i].types ? " or " : ", ");
		text_add(&t, names[i].words);
		left &= ~names[i].types;
	}
	if (t.len == 0)
		text_add(&t, "nothing");
	return words;
}
