/* SPDX-License-Identifier: Apache-2.0 */
/* A report as a page, for those who read it on a phone, print it, or hand it on: what has to be looked at is first. */
#include "ctl/audit/page.h"

#include <inttypes.h>

#include "config.h"
#include "validate/base/when.h"

static void put_time(struct text *to, struct timespec t)
{
	char when[WHEN_SIZE];
	when_write(t, false, when);
	text_printf(to, "<time datetime=\"%s\">%.10s %.8s UTC</time>", when, when, when + 11);
}

static void put_code(struct text *to, const char *s)
{
	text_add(to, "<code>");
	page_text(to, s);
	text_add(to, "</code>");
}

static void put_id(struct text *to, const char *id)
{
	text_add(to, "<code class=\"id\">");
	page_text(to, id);
	text_add(to, "</code>");
}

static void put_least(struct text *to, const struct top_entry *e)
{
	text_printf(to, "%s%" PRIu64, e->over ? "&ge; " : "", top_least(e));
}

static uint64_t refused(const struct top_entry *e)
{
	return e->by[KIND_DENY] + e->by[KIND_ERROR];
}

static void table(struct text *to, const struct audit_report *r, enum report_table which, size_t most)
{
	const struct top_entry *list[REPORT_MOST];
	const struct top *t = &r->tables[which];
	const size_t n = top_list(t, list, most < REPORT_MOST ? most : REPORT_MOST);

	if (n == 0)
		return;
	text_add(to, "<section>\n<h2>");
	text_add(to, report_titles[which].title);
	if (t->used > n)
		text_printf(to, "<small>%zu of %s%zu</small>", n, t->full ? "at least " : "", t->used);
	text_printf(to, "</h2>\n<table>\n<tr><th>%s</th><th>calls</th><th>refused</th></tr>\n",
		report_titles[which].column);
	for (size_t i = 0; i < n; i++) {
		text_add(to, "<tr><td>");
		put_code(to, list[i]->name);
		page_bar(to, list[i]->by, list[0]->count);
		text_add(to, "</td><td>");
		put_least(to, list[i]);
		text_printf(to, "</td><td>%" PRIu64 "</td></tr>\n", refused(list[i]));
	}
	text_add(to, "</table>\n</section>\n");
}

static void put_pair(struct text *to, const char *term, const char *value, const char *class)
{
	text_printf(to, "<dt>%s</dt><dd%s%s%s>", term, class ? " class=\"" : "", class ? class : "", class ? "\"" : "");
	page_text(to, value);
	text_add(to, "</dd>");
}

static void denial(struct text *to, const struct top_entry *e, const struct denial *d)
{
	text_printf(to, "<article%s>\n<h3><b>", refused(e) ? "" : " class=\"soon\"");
	put_least(to, e);
	text_add(to, "</b> ");
	put_code(to, d->rule);
	text_add(to, "</h3>\n<dl><dt>place</dt><dd>");
	put_code(to, d->path[0] ? d->path : "the document");
	text_add(to, "</dd>");
	put_pair(to, "found", d->text, NULL);
	put_pair(to, "remedy", report_remedy(d->rule), "fix");
	text_add(to, "<dt>last</dt><dd>");
	put_time(to, e->last);
	page_text(to, d->who);
	text_add(to, "</dd><dt>record</dt><dd>");
	put_id(to, d->record);
	text_add(to, "</dd></dl>\n</article>\n");
}

static void denials(struct text *to, const struct audit_report *r, size_t most)
{
	const struct top_entry *list[REPORT_MOST];
	const size_t n = top_list(&r->denials, list, most < REPORT_MOST ? most : REPORT_MOST);

	text_add(to, "<section>\n<h2>Denials, with place and remedy");
	if (r->denials.used > n)
		text_printf(to, "<small>%zu of %s%zu</small>", n, r->denials.full ? "at least " : "", r->denials.used);
	text_add(to, "</h2>\n");
	if (n == 0)
		text_add(to, "<p class=\"soft\">Nothing was denied.</p>\n");
	for (size_t i = 0; i < n; i++)
		denial(to, list[i], &r->denial[list[i] - r->denials.entries]);
	text_add(to, "</section>\n");
}

static void shadows(struct text *to, const struct audit_report *r, size_t most)
{
	const struct top_entry *list[REPORT_MOST];
	size_t n = top_list(&r->shadows, list, most < REPORT_MOST ? most : REPORT_MOST);

	if (n == 0)
		return;
	text_add(to,
		"<section>\n<h2>Readiness<small>what would be denied under policies that only watch</small></h2>\n"
		"<table>\n<tr><th>policy</th><th>calls</th><th>would be denied</th><th>ready</th></tr>\n");
	for (size_t i = 0; i < n; i++) {
		const uint64_t all = list[i]->by[KIND_ALLOW] + list[i]->by[KIND_DENY];
		uint64_t by[KIND_MAX] = { [KIND_ALLOW] = list[i]->by[KIND_ALLOW],
			[KIND_WOULD_DENY] = list[i]->by[KIND_DENY] };
		text_add(to, "<tr><td>");
		put_code(to, list[i]->name);
		page_bar(to, by, all);
		text_printf(to, "</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64 " %%</td></tr>\n", all,
			list[i]->by[KIND_DENY], report_ready(list[i]));
	}
	text_add(to, "</table>\n");
	n = top_list(&r->shadow_rules, list, most < REPORT_MOST ? most : REPORT_MOST);
	if (n > 0)
		text_add(to, "<table>\n<tr><th>by which rules</th><th>calls</th></tr>\n");
	for (size_t i = 0; i < n; i++) {
		text_add(to, "<tr><td>");
		put_code(to, list[i]->name);
		text_add(to, "</td><td>");
		put_least(to, list[i]);
		text_add(to, "</td></tr>\n");
	}
	text_add(to, n > 0 ? "</table>\n</section>\n" : "</section>\n");
}

static void moments(struct text *to, const char *title, const struct moments *m, size_t most)
{
	const struct moment *one;

	if (m->count == 0)
		return;
	text_printf(to, "<section>\n<h2>%s<small>%" PRIu64 "</small></h2>\n<ol>\n", title, m->count);
	for (uint64_t i = 0; i < most && (one = moment_at(m, i)); i++) {
		text_add(to, "<li>");
		put_time(to, one->when);
		page_text(to, one->text);
		if (one->record[0]) {
			text_char(to, ' ');
			put_id(to, one->record);
		}
		text_add(to, "</li>\n");
	}
	text_add(to, "</ol>\n</section>\n");
}

static void chain(struct text *to, const struct audit_report *r)
{
	text_add(to, "<section>\n<h2>The chain</h2>\n");
	if (!r->watched)
		text_add(to, "<p>Not looked at: only the last records were read.</p>\n");
	else if (r->chain_count == 0)
		text_add(to, "<p class=\"soft\">No chain was read.</p>\n");
	else
		text_add(to, "<table>\n<tr><th>chain</th><th>records</th><th>missing</th></tr>\n");
	for (size_t i = 0; i < r->chain_count; i++) {
		const struct chain_state *c = &r->chains[i];
		text_add(to, "<tr><td>");
		put_code(to, c->chain);
		text_printf(to, "<br><span class=\"soft\">number %" PRIu64 " to %" PRIu64 "</span>", c->first, c->last);
		if (c->unlinked)
			text_printf(to, "<br><span class=\"bad\">%" PRIu64 " do not link to the one before</span>",
				c->unlinked);
		text_printf(to, "</td><td>%" PRIu64 "</td><td%s>%" PRIu64 "</td></tr>\n", c->count,
			c->missing ? " class=\"bad\"" : "", c->missing);
	}
	text_add(to, r->chain_count ? "</table>\n" : "");
	if (r->altered)
		text_printf(to,
			"<p class=\"bad\">%" PRIu64 " lines are no records, or were changed after being written.</p>\n",
			r->altered);
	if (r->missed)
		text_printf(to, "<p>The journal missed %" PRIu64 " records; the chain has them.</p>\n", r->missed);
	if (r->foreign)
		text_printf(to,
			"<p>%" PRIu64 " entries of the journal were not sent by root, and are not counted.</p>\n",
			r->foreign);
	if (r->spilled + r->unproved)
		text_printf(to, "<p>%" PRIu64 " records had to go below /run, %" PRIu64 " to the journal alone.</p>\n",
			r->spilled, r->unproved);
	text_add(to, "</section>\n");
}

static void elapsed(struct text *to, const struct audit_report *r)
{
	if (r->elapsed[0].count == 0)
		return;
	text_add(to,
		"<section>\n<h2>Time to judge<small>microseconds</small></h2>\n<table>\n"
		"<tr><th>verb</th><th>p50</th><th>p90</th><th>p99</th><th>max</th></tr>\n");
	for (size_t i = 0; i <= REPORT_VERBS; i++) {
		const struct elapsed *e = &r->elapsed[i];
		if (e->count == 0)
			continue;
		text_printf(to,
			"<tr><td>%s</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%" PRIu64
			"</td></tr>\n",
			report_verbs[i], elapsed_at(e, 500), elapsed_at(e, 900), elapsed_at(e, 990), e->most);
	}
	text_add(to, "</table>\n</section>\n");
}

/* Whose trail: the one host of the records, or how many there were. */
static void whose(struct text *to, const struct audit_report *r, const struct report_about *about)
{
	const struct top *hosts = &r->tables[TABLE_HOSTS];

	if (hosts->used == 1)
		text_add(to, hosts->entries[0].name);
	else if (hosts->used > 1)
		text_printf(to, "%s%zu hosts", hosts->full ? "at least " : "", hosts->used);
	else
		text_add(to, about->host);
}

static void head(struct text *to, const struct audit_report *r, const struct report_about *about)
{
	char name[TOP_NAME + 64];
	struct text t = text_over(name, sizeof(name));
	uint64_t all = 0;

	text_add(&t, "Audit trail of ");
	whose(&t, r, about);
	page_begin(to, t.data);
	text_add(to, "<header>\n<h1>");
	page_text(to, t.data);
	text_add(to, "</h1>\n<p class=\"soft\">");
	if (r->count > 0) {
		put_time(to, r->first);
		text_add(to, "to ");
		put_time(to, r->last);
	} else {
		text_add(to, "No record was found.");
	}
	text_printf(to, "</p>\n<p class=\"state %s\">%s</p>\n</header>\n<main>\n<div class=\"cards\">\n",
		report_sound(r)      ? "good"
			: r->watched ? "bad"
				     : "soft",
		!r->watched               ? "The chain was not looked at"
			: report_sound(r) ? "Every record read is sound, and none is missing"
					  : "The chain is not sound: runvetctl audit verify says more");
	for (size_t k = 0; k < PAGE_KINDS; k++)
		all += r->by[page_kinds[k].kind];
	text_printf(to, "<div class=\"card\"><b>%" PRIu64 "</b><span>decisions</span></div>\n", all);
	for (size_t k = PAGE_KINDS; k-- > 0;)
		text_printf(to, "<div class=\"card %s\"><b>%" PRIu64 "</b><span>%s</span></div>\n", page_kinds[k].class,
			r->by[page_kinds[k].kind], page_kinds[k].word);
	text_add(to, "</div>\n");
}

void report_html(const struct audit_report *r, const struct report_about *about, struct text *to)
{
	static const enum report_table side_by_side[] = { TABLE_RULES, TABLE_IMAGES, TABLE_PODS, TABLE_NAMESPACES,
		TABLE_ACTIONS, TABLE_CALLERS, TABLE_POLICIES, TABLE_REASONS };

	head(to, r, about);
	if (r->timeline.count > 0)
		page_timeline(to, &r->timeline);
	denials(to, r, about->top);
	moments(to, "Let through against the rules", &r->bypasses, about->top);
	shadows(to, r, about->top);
	text_add(to, "<div class=\"grid\">\n");
	for (size_t i = 0; i < sizeof(side_by_side) / sizeof(side_by_side[0]); i++)
		table(to, r, side_by_side[i], about->top);
	chain(to, r);
	elapsed(to, r);
	text_add(to, "</div>\n");
	moments(to, "The policy changed", &r->changes, about->top);
	moments(to, "The journal missed records", &r->gaps, about->top);
	moments(to, "Lines that are no records, or were changed", &r->altered_at, about->top);
	if (r->tables[TABLE_HOSTS].used > 1)
		table(to, r, TABLE_HOSTS, about->top);
	text_add(to, "</main>\n<footer>\n<p>Made ");
	put_time(to, about->made);
	text_add(to, "on ");
	page_text(to, about->host);
	text_printf(to,
		" by runvetctl %s from %" PRIu64 " records (%" PRIu64 " of the chain, %" PRIu64
		" of the journal). &ge; marks a count of which no more is certain.</p>\n</footer>\n",
		RUNVET_VERSION, r->count, r->in_chain, r->in_journal);
	page_end(to);
}
