/* SPDX-License-Identifier: Apache-2.0 */
/* Texts are put together from slices of both sides, so that nothing is spelt anew. */
#include "tests/policy/edit.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/spec/merge.h"

#define STEP_MOST 256

/* One change on its way down: what is left of the place, and what comes there. */
struct change {
	struct arena *arena;
	struct bytes text, value;
	bool removes, missed;
	struct text *to;
};

static void slice(struct change *c, const struct doc *d)
{
	text_bytes(c->to, (struct bytes){ c->text.data + d->offset, d->end - d->offset });
}

/* The next step, unescaped; `place` moves behind it. */
static const char *step_next(const char **place, char *step)
{
	size_t n = 0;
	for (++*place; **place && **place != '/' && n + 1 < STEP_MOST; ++*place) {
		const bool escaped = **place == '~' && (*place)[1];
		step[n++] = !escaped ? **place : (*place)[1] == '1' ? '/' : '~';
		*place += escaped;
	}
	step[n] = '\0';
	return step;
}

static bool chooses(const struct doc *e, const char *step)
{
	const char *equals = strchr(step, '=');
	if (!equals)
		return *step >= '0' && *step <= '9' && strtoul(step, NULL, 10) == e->index;
	char name[STEP_MOST];
	snprintf(name, sizeof(name), "%.*s", (int)(equals - step), step);
	return bytes_is(doc_string(e, name, (struct bytes){ 0 }), equals + 1);
}

static void write_at(struct change *c, const struct doc *d, const char *place);

static void write_array(struct change *c, const struct doc *d, const char *step, const char *rest)
{
	bool met = false, first = true;
	text_char(c->to, '[');
	for (const struct doc *e = d ? d->first : NULL; e; e = e->next) {
		const bool now = !met && chooses(e, step);
		met |= now;
		if (now && c->removes && !*rest)
			continue;
		text_add(c->to, first ? "" : ",");
		first = false;
		if (now)
			write_at(c, e, rest);
		else
			slice(c, e);
	}
	if (*step == '-' && !c->removes) {
		met = true;
		text_add(c->to, first ? "" : ",");
		write_at(c, NULL, rest);
	}
	c->missed |= !met;
	text_char(c->to, ']');
}

static void write_object(struct change *c, const struct doc *d, const char *step, const char *rest)
{
	bool met = false, first = true;
	text_char(c->to, '{');
	for (const struct doc *m = d ? d->first : NULL; m; m = m->next) {
		const bool now = bytes_is(m->key, step);
		met |= now;
		if (now && c->removes && !*rest)
			continue;
		text_add(c->to, first ? "" : ",");
		first = false;
		text_json(c->to, m->key);
		text_char(c->to, ':');
		if (now)
			write_at(c, m, rest);
		else
			slice(c, m);
	}
	if (!met && !c->removes) {
		text_add(c->to, first ? "" : ",");
		text_json(c->to, bytes_of(step));
		text_char(c->to, ':');
		write_at(c, NULL, rest);
	}
	c->missed |= !met && c->removes;
	text_char(c->to, '}');
}

static void write_at(struct change *c, const struct doc *d, const char *place)
{
	char step[STEP_MOST];
	if (!*place) {
		text_bytes(c->to, c->value);
		return;
	}
	step_next(&place, step);
	if (d ? d->type == DOC_ARRAY : *step == '-')
		write_array(c, d, step, place);
	else
		write_object(c, d && d->type == DOC_OBJECT ? d : NULL, step, place);
}

struct bytes edit(struct arena *a, struct bytes text, const struct doc *edits, struct bytes edits_text)
{
	struct fail why = { 0 };
	for (const struct doc *m = edits ? edits->first : NULL; m && text.data; m = m->next) {
		const struct doc *root = fixture_parse(a, text, false, &why);
		const char *place = arena_copy(a, m->key);
		struct text to = text_growing(a);
		struct change c = { .arena = a,
			.text = text,
			.value = { edits_text.data + m->offset, m->end - m->offset },
			.removes = m->type == DOC_NULL,
			.to = &to };
		if (root && place)
			write_at(&c, root, place);
		if (!root || !place || c.missed || to.cut) {
			printf("# there is no %s to be changed\n", place ? place : "memory");
			return (struct bytes){ 0 };
		}
		text = (struct bytes){ to.data, to.len };
	}
	return text;
}
