/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl audit report: one reading of the trail, as tables, as JSON, or as a page. */
#include "ctl/audit/report.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl/audit/replace.h"
#include "ctl/ctl.h"
#include "validate/base/fail.h"
#include "validate/base/when.h"

#define OUTPUT_MEMORY ((size_t)64 << 20)
#define TOP_LINES 10u

static const struct verb report_verb = { .name = "audit report" };

struct wish {
	struct query query;
	const char *html, *format;
	mode_t mode;
	size_t top;
};

static int own_option(struct wish *w, int argc, char **argv, int *at)
{
	const char *value;
	int r = option_value(&report_verb, argc, argv, at, "--html", &w->html);

	if (r == 0)
		r = option_value(&report_verb, argc, argv, at, "--format", &w->format);
	if (r > 0 && w->format && strcmp(w->format, "text") != 0 && strcmp(w->format, "json") != 0)
		return -usage(&report_verb, "there is no format %s: a report is text or json, or a page (--html FILE)",
			w->format);
	if (r == 0 && (r = option_value(&report_verb, argc, argv, at, "--top", &value)) > 0) {
		w->top = option_number(value, REPORT_MOST);
		if (w->top == 0)
			return -usage(&report_verb, "--top takes a number from 1 to %u, not %s", REPORT_MOST, value);
	}
	if (r == 0 && (r = option_value(&report_verb, argc, argv, at, "--mode", &value)) > 0 &&
		!option_mode(value, &w->mode))
		return -usage(&report_verb, "--mode takes permissions such as 0640, not %s", value);
	return r;
}

static int options(struct wish *w, int argc, char **argv)
{
	int r = 1;

	for (int i = 1; i < argc && r > 0; i++) {
		r = own_option(w, argc, argv, &i);
		if (r == 0)
			r = query_option(&w->query, &report_verb, argc, argv, &i);
		if (r == 0 && argv[i][0] == '-')
			r = -usage_option(&report_verb, argv[i], query_options());
		else if (r == 0)
			r = -usage(&report_verb, "report takes no word such as %s", argv[i]);
	}
	return r < 0 ? r : query_check(&w->query, &report_verb);
}

/*
 * The chain is watched over all records of the period, so the reading leaves out only what lies outside of that; what
 * is counted is chosen in report_take.
 */
static int read_all(const struct wish *w, struct audit_report *r)
{
	struct query wide = w->query;

	wide.progress = true;
	if (w->query.last == 0) {
		memset(wide.want, 0, sizeof(wide.want));
		wide.boot = NULL;
		wide.part = NULL;
		wide.lifecycle = true;
	}
	return query_each(&wide, report_take, r);
}

static int put_page(const struct wish *w, const struct audit_report *r, const struct report_about *about,
	struct text *to)
{
	report_html(r, about, to);
	const int e = to->cut ? -ENOMEM : replace_file(w->html, (struct bytes){ to->data, to->len }, w->mode, false);
	return e < 0 ? trouble("%s could not be written: %s", w->html, errno_words(e)) : CTL_GOOD;
}

static int print(const struct wish *w, const struct audit_report *r)
{
	char host[256] = "";
	const struct report_about about = { .made = when_now(), .host = host, .top = w->top };
	struct arena a;
	int code;

	if (gethostname(host, sizeof(host) - 1) < 0)
		(void)snprintf(host, sizeof(host), "a host without a name");
	arena_init(&a, OUTPUT_MEMORY);
	struct text to = text_growing(&a);
	if (w->html) {
		code = put_page(w, r, &about, &to);
	} else {
		if (w->format && strcmp(w->format, "json") == 0)
			report_json(r, &about, &to);
		else
			report_text(r, &about, &to);
		code = to.cut ? trouble("no memory for the output") : put(to.data);
	}
	arena_done(&a);
	if (code != CTL_GOOD)
		return AUDIT_TROUBLE;
	if (r->altered > 0)
		return AUDIT_TROUBLE;
	return r->count > 0 ? AUDIT_FOUND : AUDIT_NONE;
}

static int run(int argc, char **argv)
{
	struct wish w = { .mode = 0600, .top = TOP_LINES };
	struct audit_report r = { 0 };

	query_init(&w.query);
	w.query.lifecycle = true;
	int code = options(&w, argc, argv);
	if (code < 0) {
		query_done(&w.query);
		return -code;
	}
	code = report_init(&r, &w.query);
	if (code < 0)
		(void)trouble("no memory for a report");
	else
		code = read_all(&w, &r);
	code = code < 0 ? AUDIT_TROUBLE : print(&w, &r);
	report_done(&r);
	query_done(&w.query);
	return code;
}

const struct subverb audit_report = {
	.name = "report",
	.summary = "count them: decisions, rules, images, denials, gaps; also as a page",
	.run = run,
	.help = "Usage: runvetctl audit report [OPTION...]\n\n"
		"Says what the records of this host come to: decisions by verb, the rules,\n"
		"images, namespaces and callers behind them, denials with place and remedy,\n"
		"what would be denied under policies that only watch, what was let through, and\n"
		"whether the chain is whole.\n\n"
		"      --html FILE      write a page that stands alone: no script, no network\n"
		"      --mode MODE      permissions of that file (0600)\n"
		"      --format NAME    text or json\n"
		"      --top N          lines of a table (10)\n",
	.after = "\nExamples:\n"
		 "  runvetctl audit report --since yesterday\n"
		 "  runvetctl audit report --since '7 days ago' --html /root/audit.html\n\n"
		 "Exit status: 0 there were records, 1 none, 2 a wrong command line, or a trail\n"
		 "that cannot be read, or holds lines that are no records.\n",
};
