/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents for reading: each member on a line of its own, by the path that it has in JSON, its values behind it in one
 * column, wrapped before the eightieth. What a kernel or a program wrote is escaped.
 */
#include "ctl/show.h"

#include "validate/base/limits.h"
#include "validate/doc/make.h"

#define COLUMNS 80u
#define INDENT 2u
#define VALUES 24u /* column in which values begin, where the name leaves room for it */

void show_word(struct show_line *l, const char *w)
{
	const size_t n = strlen(w);
	if (l->column > l->indent && l->column + 1 + n > COLUMNS) {
		text_printf(l->to, "\n%*s", (int)l->indent, "");
		l->column = l->indent;
	} else if (l->column > l->indent) {
		text_char(l->to, ' ');
		l->column++;
	}
	text_add(l->to, w);
	l->column += n;
}

static void scalar_write(const struct doc *d, struct text *to)
{
	if (d->type == DOC_STRING)
		text_shown(to, d->string, LIMIT_FIELD);
	else if (d->type == DOC_BOOL)
		text_add(to, d->boolean ? "yes" : "no");
	else if (d->type == DOC_INT && !d->integer.negative && d->integer.magnitude == UINT64_MAX)
		text_add(to, "unlimited");
	else
		doc_write(d, false, to);
}

static bool is_scalar(const struct doc *d)
{
	return d->type != DOC_OBJECT && d->type != DOC_ARRAY;
}

/* Whether it fits behind its name: a value, or a list or an object of values. */
static bool is_flat(const struct doc *d)
{
	for (const struct doc *e = is_scalar(d) ? NULL : d->first; e; e = e->next)
		if (!is_scalar(e))
			return false;
	return true;
}

static void flat_write(const struct doc *d, struct show_line *l)
{
	char shown[256];
	struct text one = text_over(shown, sizeof(shown));
	if (is_scalar(d)) {
		scalar_write(d, &one);
		show_word(l, shown);
		return;
	}
	if (!d->first)
		show_word(l, "-");
	for (const struct doc *e = d->first; e; e = e->next) {
		one = text_over(shown, sizeof(shown));
		if (d->type == DOC_OBJECT) {
			text_shown(&one, e->key, 100);
			text_char(&one, ' ');
		}
		scalar_write(e, &one);
		if (d->type == DOC_OBJECT && e->next)
			text_char(&one, ',');
		show_word(l, shown);
	}
}

/* A name, and its value in the column of values. */
void show_member(const char *name, const struct doc *d, struct text *to)
{
	struct show_line l = { .to = to };
	const size_t n = strlen(name) + INDENT;
	text_printf(to, "%*s%s", (int)INDENT, "", name);
	if (n + 1 > VALUES)
		text_char(to, '\n');
	l.indent = l.column = VALUES;
	text_printf(to, "%*s", (int)(n + 1 > VALUES ? VALUES : VALUES - n), "");
	flat_write(d, &l);
	text_char(to, '\n');
}

void show_tree(const char *name, const struct doc *d, struct text *to)
{
	char shown[160];
	if (is_flat(d)) {
		show_member(name, d, to);
		return;
	}
	for (const struct doc *e = d->first; e; e = e->next) {
		struct text path = text_over(shown, sizeof(shown));
		text_add(&path, name);
		if (d->type == DOC_OBJECT) {
			text_add(&path, *name ? "." : "");
			text_shown(&path, e->key, 100);
		}
		if (d->type == DOC_ARRAY)
			show_member(shown, e, to);
		else
			show_tree(shown, e, to);
	}
}
