/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl check, where a document is judged on several hosts or with several delegates: a table that says where it
 * runs, at most 80 columns wide, and below it what was found. A finding is said once, below the places that it holds
 * for; what holds everywhere comes first.
 */
#include <stdio.h>

#include "ctl/check/check.h"
#include "ctl/show.h"

#define COLUMNS 80u
#define LABEL_MOST 30u  /* of a row's name */
#define HEADER_MOST 24u /* of a column's */
#define CELL 32u

/* Characters, as far as UTF-8 tells. */
static size_t width_of(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* A name as it is shown, its end where it is too long: paths differ there. */
static const char *fitted(struct arena *a, const char *name, size_t most)
{
	struct text shown = text_growing(a);
	text_shown(&shown, bytes_of(name), strlen(name) * 4);
	const char *s = shown.data;
	size_t width = width_of(s);
	if (width <= most)
		return s;
	for (; width > most - 3; width--)
		for (s++; ((unsigned char)*s & 0xc0) == 0x80;)
			s++;
	const char *ret = arena_printf(a, "...%s", s);
	return ret ? ret : "";
}

static void add_cell(struct text *to, const char *s, size_t width)
{
	text_printf(to, "%s%*s", s, (int)(width - width_of(s)), "");
}

static void cell_of(const struct outcome *one, char cell[static CELL])
{
	struct text to = text_over(cell, CELL);
	if (!one->runs)
		text_printf(&to, "refused: %zu", one->errors);
	else if (one->errors > 0)
		text_printf(&to, "runs, %zu audited", one->errors);
	else if (one->warnings > 0)
		text_printf(&to, "runs, %zu warning%s", one->warnings, one->warnings == 1 ? "" : "s");
	else
		text_add(&to, "runs");
}

struct matrix {
	struct output *o;
	const struct against *x;
	const struct checked *list;
	size_t count, hosts, delegates;
	struct text *to;
	size_t label;        /* width of the first column */
	const char **labels; /* of rows: documents × hosts */
	size_t *widths;      /* of the other columns */
	const char **headers;
};

static const struct outcome *outcome_at(const struct matrix *m, size_t document, size_t host, size_t delegate)
{
	return &m->list[document].outcomes[host * m->delegates + delegate];
}

/* A row is called by what tells it from the others: its host, or its document; both where there are several of both. */
static const char *row_label(const struct matrix *m, size_t document, size_t host)
{
	struct arena *a = &m->o->arena;
	if (m->hosts == 1)
		return fitted(a, m->list[document].given, LABEL_MOST);
	const char *name = fitted(a, side_name(&m->x->hosts.list[host]), LABEL_MOST - 2);
	return m->count == 1 ? name : arena_printf(a, "  %s", name);
}

static bool measure(struct matrix *m)
{
	struct arena *a = &m->o->arena;
	char cell[CELL];

	m->labels = arena_array(a, m->count * m->hosts + 1, sizeof(*m->labels));
	m->widths = arena_array(a, m->delegates, sizeof(*m->widths));
	m->headers = arena_array(a, m->delegates, sizeof(*m->headers));
	if (!m->labels || !m->widths || !m->headers)
		return false;
	for (size_t d = 0; d < m->delegates; d++) {
		m->headers[d] = fitted(a, side_name(&m->x->delegates.list[d]), HEADER_MOST);
		m->widths[d] = width_of(m->headers[d]);
	}
	for (size_t i = 0; i < m->count; i++)
		for (size_t h = 0; h < m->hosts; h++) {
			const char *label = row_label(m, i, h);
			if (!label)
				return false;
			m->labels[i * m->hosts + h] = label;
			m->label = width_of(label) > m->label ? width_of(label) : m->label;
			for (size_t d = 0; d < m->delegates; d++) {
				cell_of(outcome_at(m, i, h, d), cell);
				m->widths[d] = strlen(cell) > m->widths[d] ? strlen(cell) : m->widths[d];
			}
		}
	return true;
}

/* Blanks at the end of a line help nobody. */
static void end_line(struct text *to)
{
	while (to->len > 0 && to->data[to->len - 1] == ' ')
		to->data[--to->len] = '\0';
	text_char(to, '\n');
}

/* The columns from `first` up to, and not with, `end`. */
static void write_columns(const struct matrix *m, size_t first, size_t end)
{
	char cell[CELL];

	if (m->delegates > 1 || m->x->delegates.list[0].document) {
		add_cell(m->to, "", m->label);
		for (size_t d = first; d < end; d++) {
			text_add(m->to, "  ");
			add_cell(m->to, m->headers[d], m->widths[d]);
		}
		end_line(m->to);
	}
	for (size_t i = 0; i < m->count; i++) {
		if (m->count > 1 && m->hosts > 1)
			text_printf(m->to, "%s\n", fitted(&m->o->arena, m->list[i].given, COLUMNS));
		for (size_t h = 0; h < m->hosts; h++) {
			add_cell(m->to, m->labels[i * m->hosts + h], m->label);
			for (size_t d = first; d < end; d++) {
				cell_of(outcome_at(m, i, h, d), cell);
				text_add(m->to, "  ");
				add_cell(m->to, cell, m->widths[d]);
			}
			end_line(m->to);
		}
	}
}

/* As many delegates side by side as there is room for, the others below them. */
static void write_table(const struct matrix *m)
{
	for (size_t first = 0, end; first < m->delegates; first = end) {
		size_t width = m->label + 2 + m->widths[first];
		for (end = first + 1; end < m->delegates && width + 2 + m->widths[end] <= COLUMNS; end++)
			width += 2 + m->widths[end];
		text_add(m->to, first > 0 ? "\n" : "");
		write_columns(m, first, end);
	}
}

static void write_sums(const struct matrix *m)
{
	size_t refused = 0, nowhere = 0;

	for (size_t i = 0; i < m->count; i++) {
		size_t here = 0;
		for (size_t k = 0; k < m->list[i].count; k++)
			here += !m->list[i].outcomes[k].runs;
		refused += here;
		nowhere += here == m->list[i].count;
	}
	text_printf(m->to, "\n%zu checked, %zu of %zu refused", m->count, refused, m->count * m->hosts * m->delegates);
	if (nowhere > 0)
		text_printf(m->to, "; %zu run%s nowhere", nowhere, nowhere == 1 ? "s" : "");
	text_char(m->to, '\n');
}

void matrix_write(struct output *o, const struct against *x, const struct checked *list, size_t count, struct text *to)
{
	struct matrix m = { .o = o,
		.x = x,
		.list = list,
		.count = count,
		.hosts = x->hosts.count,
		.delegates = x->delegates.count,
		.to = to };

	if (count == 0)
		return;
	if (!measure(&m)) {
		to->cut = true;
		return;
	}
	write_table(&m);
	for (size_t i = 0; i < count; i++)
		if (!grouped_write(o, x, &list[i], count > 1, to))
			to->cut = true;
	write_sums(&m);
}
