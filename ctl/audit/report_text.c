/* SPDX-License-Identifier: Apache-2.0 */
/* A report for a terminal: what one looks for first comes first. All values were made fit to be shown when counted. */
#include "ctl/audit/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "validate/base/when.h"

/* The columns of a table, in their order. */
static const struct column {
	const char *name;
	enum seen_kind kind;
} columns[] = {
	{ "allow", KIND_ALLOW },
	{ "deny", KIND_DENY },
	{ "would", KIND_WOULD_DENY },
	{ "bypass", KIND_BYPASS },
	{ "error", KIND_ERROR },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static const char *stamp(struct timespec t, char to[static WHEN_SIZE])
{
	when_write(t, false, to);
	return to;
}

static void number(struct text *to, uint64_t n)
{
	if (n > 0)
		text_printf(to, "%9" PRIu64, n);
	else
		text_printf(to, "%9s", "-");
}

/* "12" or, where others may be among them, "12+" for at least so many. */
static void total(struct text *to, const struct top_entry *e)
{
	text_printf(to, "%9" PRIu64 "%s", top_least(e), e->over ? "+" : " ");
}

static void table(const struct top *t, const struct report_title *title, size_t most, struct text *to)
{
	const struct top_entry *list[REPORT_MOST];
	const size_t n = top_list(t, list, most < REPORT_MOST ? most : REPORT_MOST);

	if (n == 0)
		return;
	text_printf(to, "\n%s", title->title);
	if (t->used > n)
		text_printf(to, " (%zu of %s%zu)", n, t->full ? "at least " : "", t->used);
	text_add(to, "\n    total ");
	for (size_t i = 0; i < COLUMNS; i++)
		text_printf(to, "%9s", columns[i].name);
	text_printf(to, "  %s\n", title->column);
	for (size_t i = 0; i < n; i++) {
		total(to, list[i]);
		for (size_t k = 0; k < COLUMNS; k++)
			number(to, list[i]->by[columns[k].kind]);
		text_printf(to, "  %s\n", list[i]->name);
	}
}

static void moments(const char *title, const struct moments *m, size_t most, struct text *to)
{
	char when[WHEN_SIZE];
	const struct moment *one;

	if (m->count == 0)
		return;
	text_printf(to, "\n%s (%" PRIu64 ")\n", title, m->count);
	for (uint64_t i = 0; i < most && (one = moment_at(m, i)); i++) {
		text_printf(to, "  %s  %s", stamp(one->when, when), one->text);
		text_printf(to, one->record[0] ? " [%s]\n" : "%s\n", one->record);
	}
}

static void denials(const struct audit_report *r, size_t most, struct text *to)
{
	const struct top_entry *list[REPORT_MOST];
	const size_t n = top_list(&r->denials, list, most < REPORT_MOST ? most : REPORT_MOST);
	char when[WHEN_SIZE];

	if (n > 0)
		text_add(to, "\nDenials, with place and remedy\n");
	for (size_t i = 0; i < n; i++) {
		const struct denial *d = &r->denial[list[i] - r->denials.entries];
		text_printf(to, "  %" PRIu64 "%s time%s %s at %s: %s\n", top_least(list[i]), list[i]->over ? "+" : "",
			list[i]->count == 1 ? "" : "s", d->rule, d->path[0] ? d->path : "the document", d->text);
		text_printf(to, "      last    %s, %s [%s]\n", stamp(list[i]->last, when), d->who, d->record);
		text_printf(to, "      remedy  %s\n", report_remedy(d->rule));
	}
}

static void shadows(const struct audit_report *r, size_t most, struct text *to)
{
	const struct top_entry *list[REPORT_MOST];
	size_t n = top_list(&r->shadows, list, most < REPORT_MOST ? most : REPORT_MOST);

	if (n > 0)
		text_add(to, "\nReadiness: what would be denied under policies that only watch\n");
	for (size_t i = 0; i < n; i++)
		text_printf(to, "  %3" PRIu64 " %% ready  %s: %" PRIu64 " of %" PRIu64 " calls would be refused\n",
			report_ready(list[i]), list[i]->name, list[i]->by[KIND_DENY],
			list[i]->by[KIND_DENY] + list[i]->by[KIND_ALLOW]);
	n = top_list(&r->shadow_rules, list, most < REPORT_MOST ? most : REPORT_MOST);
	for (size_t i = 0; i < n; i++) {
		text_add(to, "  ");
		total(to, list[i]);
		text_printf(to, " %s\n", list[i]->name);
	}
}

static void chain(const struct audit_report *r, struct text *to)
{
	text_printf(to, "  chain     %s\n",
		!r->watched                                      ? "not looked at: only the last records were read"
			: r->chain_count == 0 && r->altered == 0 ? "none was read"
			: report_sound(r) ? "sound as far as it was read: every hash is right, no number is missing"
					  : "NOT SOUND: runvetctl audit verify says more");
	for (size_t i = 0; i < r->chain_count; i++) {
		const struct chain_state *c = &r->chains[i];
		text_printf(to, "            %s: %" PRIu64 " to %" PRIu64, c->chain, c->first, c->last);
		if (c->missing)
			text_printf(to, ", %" PRIu64 " missing in %" PRIu64 " gaps", c->missing, c->gaps);
		if (c->unlinked)
			text_printf(to, ", %" PRIu64 " that do not link to the one before", c->unlinked);
		text_char(to, '\n');
	}
	if (r->altered)
		text_printf(to, "            %" PRIu64 " lines are no records, or were changed\n", r->altered);
	if (r->foreign)
		text_printf(to,
			"            %" PRIu64 " entries of the journal were not sent by root, and are not counted\n",
			r->foreign);
	if (r->missed)
		text_printf(to, "  gaps      the journal missed %" PRIu64 " records; the chain has them\n", r->missed);
	if (r->spilled + r->unproved)
		text_printf(to,
			"  sinks     %" PRIu64 " records had to go below /run, %" PRIu64 " to the journal alone\n",
			r->spilled, r->unproved);
}

static void head(const struct audit_report *r, const struct report_about *about, struct text *to)
{
	char a[WHEN_SIZE], b[WHEN_SIZE];
	uint64_t decisions = 0;

	for (enum seen_kind k = KIND_ALLOW; k <= KIND_ERROR; k++)
		decisions += r->by[k];
	text_printf(to, "Report of the audit trail, made %s on %s\n\n", stamp(about->made, a), about->host);
	if (r->count > 0)
		text_printf(to, "  period    %s to %s\n", stamp(r->first, a), stamp(r->last, b));
	text_printf(to, "  records   %" PRIu64 ", of which %" PRIu64 " decisions: ", r->count, decisions);
	for (size_t i = 0; i < COLUMNS; i++)
		text_printf(to, "%s%" PRIu64 " %s", i ? ", " : "", r->by[columns[i].kind],
			seen_kind_name(columns[i].kind));
	text_char(to, '\n');
	chain(r, to);
}

static void elapsed(const struct audit_report *r, struct text *to)
{
	if (r->elapsed[0].count == 0)
		return;
	text_add(to, "\nTime to judge, in microseconds\n    count       p50      p90      p99      max\n");
	for (size_t i = 0; i <= REPORT_VERBS; i++) {
		const struct elapsed *e = &r->elapsed[i];
		if (e->count == 0)
			continue;
		text_printf(to, "%9" PRIu64 " %9" PRIu64 "%9" PRIu64 "%9" PRIu64 "%9" PRIu64 "  %s\n", e->count,
			elapsed_at(e, 500), elapsed_at(e, 900), elapsed_at(e, 990), e->most, report_verbs[i]);
	}
}

void report_text(const struct audit_report *r, const struct report_about *about, struct text *to)
{
	head(r, about, to);
	table(&r->tables[TABLE_ACTIONS], &report_titles[TABLE_ACTIONS], about->top, to);
	denials(r, about->top, to);
	moments("Let through against the rules", &r->bypasses, about->top, to);
	for (enum report_table t = TABLE_RULES; t < TABLE_HOSTS; t++)
		table(&r->tables[t], &report_titles[t], about->top, to);
	moments("The policy changed", &r->changes, about->top, to);
	shadows(r, about->top, to);
	moments("The journal missed records", &r->gaps, about->top, to);
	moments("Lines that are no records, or were changed", &r->altered_at, about->top, to);
	elapsed(r, to);
	if (r->tables[TABLE_HOSTS].used > 1)
		table(&r->tables[TABLE_HOSTS], &report_titles[TABLE_HOSTS], about->top, to);
}
