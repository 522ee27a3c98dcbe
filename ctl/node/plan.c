/* SPDX-License-Identifier: Apache-2.0 */
/* What the engines' plans share: edits of a text, and how a change is shown. */
#include "ctl/node/plan.h"

#include <errno.h>
#include <stdlib.h>

#include "ctl/node/running_parts.h"
#include "validate/base/limits.h"
#include "validate/host/read.h"

#define AROUND 2 /* lines shown around a change */

static const struct engine_plan *const plans[] = { &plan_docker, &plan_containerd, &plan_crio, &plan_podman };

const struct engine_plan *plan_of(const char *engine)
{
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		if (strcmp(plans[i]->engine, engine) == 0)
			return plans[i];
	return NULL;
}

void edits_apply(struct bytes before, const struct edit *edits, size_t count, struct text *to)
{
	bool done[EDITS_MOST] = { false };
	size_t at = 0;

	/* By place, and of two at one place the first first: they are few. */
	for (size_t n = 0; n < count && n < EDITS_MOST; n++) {
		size_t next = EDITS_MOST;
		for (size_t i = 0; i < count && i < EDITS_MOST; i++)
			if (!done[i] && (next == EDITS_MOST || edits[i].from < edits[next].from))
				next = i;
		done[next] = true;
		if (edits[next].from < at)
			continue;
		text_bytes(to, (struct bytes){ before.data + at, edits[next].from - at });
		text_add(to, edits[next].with);
		at = edits[next].to;
	}
	text_bytes(to, (struct bytes){ before.data + at, before.len - at });
}

/* --- what differs ---------------------------------------------------------------------------------------------- */

static size_t line_length(struct bytes b, size_t at)
{
	const char *end = memchr(b.data + at, '\n', b.len - at);
	return end ? (size_t)(end - b.data) + 1 - at : b.len - at;
}

static bool same_line(struct bytes a, size_t i, struct bytes b, size_t j)
{
	const size_t n = line_length(a, i), m = line_length(b, j);
	return n == m && memcmp(a.data + i, b.data + j, n) == 0;
}

/* Where the line before `at` begins. */
static size_t line_before(struct bytes b, size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && b.data[at - 1] != '\n')
		at--;
	return at;
}

static void put_lines(struct text *to, char mark, struct bytes b, size_t from, size_t end)
{
	while (from < end) {
		const size_t n = line_length(b, from);
		size_t shown = n;
		while (shown > 0 && (b.data[from + shown - 1] == '\n' || b.data[from + shown - 1] == '\r'))
			shown--;
		text_char(to, mark);
		for (size_t i = from; i < from + shown;) {
			const size_t length = utf8_length((struct bytes){ b.data + i, from + shown - i });
			if (b.data[i] == '\t')
				text_add(to, "        ");
			else
				text_shown(to, (struct bytes){ b.data + i, length ? length : 1 }, 64);
			i += length ? length : 1;
		}
		text_char(to, '\n');
		from += n;
	}
}

static size_t number_of(struct bytes b, size_t at)
{
	size_t n = 1;
	for (size_t i = 0; i < at; i++)
		n += b.data[i] == '\n';
	return n;
}

/* The next place, from *i and *j on, where the two go on alike for a line at least: the shortest way there. */
static void resume(struct bytes a, struct bytes b, size_t *i, size_t *j)
{
	size_t x[64], y[64], n = 0, m = 0;

	for (size_t at = *i; n < 64; at += line_length(a, at)) {
		x[n++] = at;
		if (at >= a.len)
			break;
	}
	for (size_t at = *j; m < 64; at += line_length(b, at)) {
		y[m++] = at;
		if (at >= b.len)
			break;
	}
	for (size_t sum = 1; sum < n + m; sum++)
		for (size_t k = 0; k <= sum && k < n; k++) {
			const size_t l = sum - k;
			if (l < m &&
				(x[k] < a.len && y[l] < b.len ? same_line(a, x[k], b, y[l])
							      : x[k] >= a.len && y[l] >= b.len)) {
				*i = x[k];
				*j = y[l];
				return;
			}
		}
	*i = a.len;
	*j = b.len;
}

void diff_write(struct bytes before, struct bytes after, struct text *to)
{
	size_t i = 0, j = 0, shown = 0;

	if (!before.data)
		before = BYTES("");
	if (!after.data)
		after = BYTES("");
	while (i < before.len || j < after.len) {
		if (i < before.len && j < after.len && same_line(before, i, after, j)) {
			i += line_length(before, i);
			j += line_length(after, j);
			continue;
		}
		size_t start = i, end_i = i, end_j = j;
		resume(before, after, &end_i, &end_j);
		for (unsigned k = 0; k < AROUND && start > shown; k++)
			start = line_before(before, start);
		text_printf(to, "@@ line %zu @@\n", number_of(before, start));
		put_lines(to, ' ', before, start, i);
		put_lines(to, '-', before, i, end_i);
		put_lines(to, '+', after, j, end_j);
		size_t tail = end_i;
		for (unsigned k = 0; k < AROUND && tail < before.len; k++)
			tail += line_length(before, tail);
		put_lines(to, ' ', before, end_i, tail);
		shown = tail;
		i = end_i;
		j = end_j;
	}
}

/* --- who still names it ---------------------------------------------------------------------------------------- */

size_t used_in(const struct node *n, const char *directory, const char *file, const char *path, const char *word)
{
	const char *const *names = node_names(n, directory, "*");
	size_t count = 0;

	for (; names && *names; names++) {
		struct conf c;
		const char *at = arena_printf(n->a, "%s/%s/%s", directory, *names, file);
		if (!at)
			break;
		conf_read(n, at, CONF_JSON, &c);
		const struct doc *d = c.root;
		/* An annotation's key has dots of its own: the path is one name then. */
		const struct doc *plain = strncmp(path, "annotations/", 12) == 0
			? doc_get(doc_get(d, "annotations"), path + 12)
			: doc_find(d, path);
		count += plain && plain->type == DOC_STRING && bytes_is(plain->string, word);
	}
	return count;
}
