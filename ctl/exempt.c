/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl exempt: the smallest exemption that lets just one refusal pass, for somebody to review. It is tried before
 * it is written: by the same evaluator, on the same document, with the policy of this host. Where the bundle is gone
 * nothing can be tried, so nothing is written: a copy of its config.json, of the same digest, will do (--config).
 */
#include "ctl/exempt.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"
#include "ctl/audit/query.h"
#include "ctl/option.h"
#include "ctl/policy.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"
#include "validate/policy/decide.h"

#define DAY_SECONDS 86400L
#define DAYS_MOST 3660L

struct exempt_wanted {
	const char *record, *span, *owner, *reason, *ticket, *config, *output;
	long seconds;
};

/* "7d", "36h", "2w" in seconds; 0 when it is none of those, or too long. */
static long span_of(const char *word)
{
	char *end;
	errno = 0;
	const long n = strtol(word, &end, 10);
	const long unit = *end == 'h' ? 3600 : *end == 'd' ? DAY_SECONDS : *end == 'w' ? 7 * DAY_SECONDS : 0;

	if (errno || n <= 0 || unit == 0 || end[1] != '\0' || *word < '0' || *word > '9')
		return 0;
	return n > DAYS_MOST * DAY_SECONDS / unit ? 0 : n * unit;
}

static const char *user_name(struct arena *a)
{
	const struct passwd *p = getpwuid(getuid());
	return p ? arena_copy(a, bytes_of(p->pw_name)) : arena_printf(a, "uid %u", (unsigned)getuid());
}

/* What refuses: errors, and in a policy that only audits what would. */
static bool refuses(const struct finding *f, bool audited)
{
	return f->severity == SEV_ERROR && (audited || f->mode != MODE_AUDIT);
}

static int make_all(struct exempting *x, const struct report *r)
{
	const bool audited = r->errors == r->audited;
	const char *why = NULL;

	x->room = r->count;
	x->all = arena_array(x->arena, x->room + 1, sizeof(*x->all));
	x->lists = arena_array(x->arena, x->room + 1, sizeof(struct doc *));
	if (!x->all || !x->lists || exempt_match(x) < 0)
		return trouble("no memory");
	for (size_t i = 0; i < r->count; i++) {
		if (!refuses(&r->findings[i], audited))
			continue;
		const int e = exempt_finding(x, &r->findings[i], &why);
		if (e == -ENOTSUP) {
			(void)trouble("%s", why ? why : "no memory");
			return CTL_FOUND;
		}
		if (e < 0)
			return trouble("no memory");
	}
	if (x->count > 0)
		return CTL_GOOD;
	(void)trouble("the policy of this host lets it pass as it is");
	return CTL_FOUND;
}

/* Of a start there is nothing to judge but what its record says: all of that has to be covered. */
static int try_start(struct exempting *x, struct report *report)
{
	struct policy p = *x->policy;

	p.exempt = x->all;
	p.exempt_count = x->count;
	const struct exempt_view view = {
		.policy = &p,
		.now = when_now(),
		.context = x->again->context,
		.below = "",
		.report = report,
	};
	if (exempt_report(x->arena, &view, report, NULL) < 0)
		return trouble("no memory");
	if (report->errors == 0)
		return CTL_GOOD;
	(void)trouble("even with an exemption for it the start would be refused");
	return CTL_FOUND;
}

/* Judged once more, with the new exemptions behind those that there are: it has to pass. */
static int try_out(struct exempting *x)
{
	struct policy p = *x->policy;
	struct report report = { 0 };

	const size_t old = p.exempt_count;
	struct exemption *all = arena_array(x->arena, old + x->count + 1, sizeof(*all));
	if (!all)
		return trouble("no memory");
	if (old > 0)
		memcpy(all, p.exempt, old * sizeof(*all));
	memcpy(all + old, x->all, x->count * sizeof(*all));
	p.exempt = all;
	p.exempt_count = old + x->count;
	if (again_judge(x->again, x->arena, &p, &report, NULL) < 0)
		return CTL_USAGE;
	const struct decision d = decide(&p, &report, NULL, false);
	if (d.kind == DECISION_ALLOW)
		return CTL_GOOD;
	(void)trouble("even with an exemption for it the call would be refused, by %s",
		d.because ? d.because->id : "more findings than are kept");
	return CTL_FOUND;
}

static int print(struct exempting *x, struct doc *d, const struct exempt_wanted *q)
{
	struct text to = text_growing(x->arena);
	char day[WHEN_SIZE];

	when_write(x->ends, false, day);
	text_printf(&to,
		"// Lets the refusal of record %s pass until %.16sZ, and what is like it in all that is named\n",
		x->record, day);
	text_add(&to, "// here. Review it, then put it into policy.d, in a file that policy.json lists in mayRelax.\n");
	if (x->unnamed > 0)
		text_printf(&to,
			"// %zu of them name%s no value, because the rule judges what has none: there the whole rule "
			"is "
			"lifted for\n// such calls.\n",
			x->unnamed, x->unnamed == 1 ? "s" : "");
	if (!x->matched)
		text_add(&to,
			"// Nothing that can be believed tells this container from others: the value alone is "
			"named.\n");
	if (!q->reason)
		text_add(&to, "// Nobody gave a reason (--reason): write one.\n");
	doc_write(d, true, &to);
	text_char(&to, '\n');
	return to.cut || !make_whole(d) ? trouble("no memory")
					: exempt_write(x, q->output, (struct bytes){ to.data, to.len });
}

static int write_fragment(struct exempting *x, const struct exempt_wanted *q, struct report *report)
{
	struct doc *d = make_document(x->arena);
	char now[WHEN_SIZE];

	(void)make_uint(x->arena, d, "version", 1);
	when_write(when_now(), false, now);
	if (x->policy->exempt_days > 0)
		(void)make_string(x->arena, d, "issued", bytes_of(now));
	x->list = make_array(x->arena, d, "exempt");
	if (x->policy->exempt_days > 0 && q->seconds > x->policy->exempt_days * DAY_SECONDS)
		return usage(&verb_exempt, "the policy allows %ld days at most (maxExemptDays)",
			x->policy->exempt_days);
	int code = make_all(x, report);
	if (code == CTL_GOOD)
		code = x->start ? try_start(x, report) : try_out(x);
	return code == CTL_GOOD ? print(x, d, q) : code;
}

static int exempt(const struct exempt_wanted *q, struct opened *o, struct again *g, const struct seen *line)
{
	struct report report = { 0 };
	enum kept kept;
	struct exempting x = {
		.arena = &o->arena,
		.again = g,
		.policy = &o->policy,
		.ends = { .tv_sec = when_now().tv_sec + q->seconds },
		.owner = q->owner ? q->owner : user_name(&o->arena),
		.ticket = q->ticket,
	};

	x.record = arena_copy(&o->arena, doc_string(line->root, "id", (struct bytes){ 0 }));
	x.reason = q->reason ? q->reason : arena_printf(&o->arena, "record %s was refused", x.record);
	if (!x.record || !x.reason || !x.owner)
		return trouble("no memory");
	if (again_recorded(g, line->root, q->config, &kept) < 0)
		return CTL_USAGE;
	if (kept != KEPT_SAME || g->unsound) {
		(void)trouble("record %s: %s, so nothing can be tried%s", x.record,
			g->unsound ? "the document is no JSON" : kept_words(kept),
			kept == KEPT_NEVER ? "" : "; --config FILE takes a copy of it");
		return CTL_FOUND;
	}
	x.start = exempt_is_start(line->root);
	if (x.start) {
		const int code = exempt_started(&x, line->root, &report);
		if (code != CTL_GOOD)
			return code;
	} else if (again_judge(g, &o->arena, &o->policy, &report, &x.host) < 0) {
		return CTL_USAGE;
	}
	return write_fragment(&x, q, &report);
}

static int with_policy(const struct exempt_wanted *q)
{
	struct opened o;
	struct again g;
	struct seen line;
	struct query any;
	int code;

	again_init(&g, true);
	if (policy_open(NULL, &o) < 0) {
		(void)policy_print_faults(&o);
		code = CTL_USAGE;
	} else {
		query_init(&any);
		const int r = query_find(&any, &o.arena, q->record, &line);
		query_done(&any);
		code = r == -ENOENT ? CTL_FOUND : r < 0 ? CTL_USAGE : exempt(q, &o, &g, &line);
	}
	again_done(&g);
	policy_close(&o);
	return code;
}

static int run(int argc, char **argv)
{
	struct exempt_wanted q = { 0 };
	const struct option options[] = {
		{ .name = "--for", .value = &q.span },
		{ .name = "--owner", .value = &q.owner },
		{ .name = "--reason", .value = &q.reason },
		{ .name = "--ticket", .value = &q.ticket },
		{ .name = "--config", .value = &q.config },
		{ .name = "--output", .value = &q.output, .needs = "a file" },
		{ .name = "-o", .value = &q.output, .needs = "a file" },
		{ 0 },
	};
	const int count = options_read(&verb_exempt, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	if (count > 1)
		return usage(&verb_exempt, "exempt takes one record, got %s as well", argv[2]);
	q.record = count > 0 ? argv[1] : NULL;
	if (!q.record)
		return usage(&verb_exempt, "the id of a record is missing");
	if (!query_is_id(q.record))
		return usage(&verb_exempt, "%s is no id of a record: those are eight hexadecimal digits and more",
			q.record);
	if (!q.span)
		return usage(&verb_exempt, "--for is missing: every exemption ends");
	q.seconds = span_of(q.span);
	if (q.seconds == 0)
		return usage(&verb_exempt, "--for %s is no time: write 7d, 36h or 2w, of ten years at most", q.span);
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const int code = exempt_output(&a, q.output);
	arena_done(&a);
	return code == CTL_GOOD ? with_policy(&q) : code;
}

const struct verb verb_exempt = {
	.name = "exempt",
	.summary = "write the exemption that one refusal would need",
	.help = "Usage: runvetctl exempt RECORD --for TIME [--owner NAME] [--reason TEXT]\n"
		"                        [--ticket ID] [--config FILE] [-o FILE]\n\n"
		"Writes a file for policy.d with the smallest exemption that lets the refusal of\n"
		"that record pass: for its rules, the very values that were found, and calls of\n"
		"its kind, as far as what is known of them can be believed. It is tried before it\n"
		"is written, and changes nothing: review it, and put it in place.\n\n"
		"Written into " RUNVET_SITE "/policy.d it holds at once: mayRelax has to list the\n"
		"file, and what the policy could not be read with is not written. Use --output\n"
		"there, never \">\": a shell makes the file empty first, and by a policy with an\n"
		"empty file every call is refused.\n\n"
		"Rules of the specification, the host and the delegate are not exempt: repair\n"
		"what they name. An exemption for what a start was refused for is for containers\n"
		"that are created once it is in place.\n\n"
		"      --for TIME     how long it holds from now: 36h, 7d, 2w\n"
		"      --owner NAME   who answers for it; who calls, when left out\n"
		"      --reason TEXT  why\n"
		"      --ticket ID    where it is discussed\n"
		"      --config FILE  a copy of the config.json, when the bundle is gone; its\n"
		"                     digest has to be that of the record\n"
		"  -o, --output FILE  write it there, whole and readable to all, where no file is\n"
		"                     yet, instead of on standard output\n"
		"  -h, --help         this text\n\n"
		"Examples:\n"
		"  runvetctl exempt 0199aa7b-3f2c --for 7d\n"
		"  runvetctl exempt 0199aa7b --for 7d --output /etc/runvet/policy.d/50-x.json\n"
		"  runvetctl exempt 0199aa7b-3f2c --for 2w --owner infra@example.org \\\n"
		"      --reason \"the exporter reads /sys\" --ticket INF-1182\n\n"
		"Exit status: 0 written, 1 there is no such record or it cannot be exempt, 2 a\n"
		"wrong command line, or a policy or chain that cannot be read.\n",
	.run = run,
};
