/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit reconcile: what runs, held against what was recorded. The list of containers is made first and the
 * trail read afterwards: a record is written before its container is, so that one that begins meanwhile is no stranger.
 * What was started before the trail began is older than runvet on this host, and said to be so. When that was is known
 * by the oldest record there is.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "audit/caller.h"
#include "audit/chain.h"
#include "ctl/audit/reconcile.h"
#include "ctl/audit/replace.h"
#include "ctl/audit/source.h"
#include "ctl/node/running.h"
#include "ctl/option.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"

#define START_S 600 /* an engine that has not started what it created by then will not do it */

static const struct verb reconcile_verb = { .name = "audit reconcile" };

struct reconciling {
	struct arena arena;
	struct query query;
	struct trail_sum sum;
	struct running_list list;
	struct timespec now;
	struct reconciled ret;
	struct discrepancy *last;
	bool failed; /* no memory */
	const char *format, *textfile;
};

/* Something that should not be: of the container of that id, or of none. What it says is what stands in `says`. */
static void find(struct reconciling *x, const char *kind, const char *id, const struct text *says)
{
	struct discrepancy *d = arena_new(&x->arena, struct discrepancy);

	x->ret.found++;
	if (!d || says->cut) {
		x->failed = true;
		return;
	}
	*d = (struct discrepancy){ .kind = kind, .id = id, .says = says->data };
	if (x->last)
		x->last->next = d;
	else
		x->ret.first = d;
	x->last = d;
}

/* --- containers -------------------------------------------------------------------------------------------------- */

static void around(struct reconciling *x, const struct running *r)
{
	struct text says = text_growing(&x->arena);

	text_add(&says, "below ");
	text_shown(&says, bytes_of(r->root), LIMIT_FIELD);
	if (r->engine)
		text_printf(&says, " (%s)", r->engine);
	text_printf(&says, " is %s, created ", running_state_name(r->state));
	reconcile_time(r->created, &says);
	text_add(&says, ": no record of it, the runtime was called around runvet");
	x->ret.around++;
	find(x, "AROUND", r->id, &says);
}

static void compare(struct reconciling *x, const struct running *r)
{
	const struct timespec first = x->sum.first;

	if (r->state == RUNNING_STOPPED)
		return;
	if (r->state == RUNNING_UNKNOWN) {
		x->ret.unknown++;
		return;
	}
	/* Users keep trails of their own, which are their word. */
	if (r->owner != geteuid()) {
		x->ret.users++;
	} else if (trail_sum_find(&x->sum, r->id, r->root) || (r->record && *r->record)) {
		x->ret.known++;
		x->ret.waiting += r->state == RUNNING_CREATED;
	} else if (r->created.tv_sec > 0 && (first.tv_sec == 0 || r->created.tv_sec < first.tv_sec)) {
		x->ret.older++;
	} else {
		around(x, r);
	}
}

static bool is_there(const struct reconciling *x, const struct expected *e)
{
	for (size_t i = 0; i < x->list.count; i++)
		if (strcmp(x->list.of[i].id, e->id) == 0)
			return true;
	return false;
}

static void on_expected(const struct expected *e, void *data)
{
	struct reconciling *x = data;

	if (e->started || e->ended || e->when.tv_sec + START_S > x->now.tv_sec || is_there(x, e))
		return;
	struct text says = text_growing(&x->arena);
	text_add(&says, "was allowed ");
	reconcile_time(e->when, &says);
	text_printf(&says, ", and neither started nor deleted: record %s", e->record);
	find(x, "NOT STARTED", arena_copy(&x->arena, bytes_of(e->id)), &says);
}

/* --- the trail --------------------------------------------------------------------------------------------------- */

static void verify(struct reconciling *x)
{
	const char *dirs[2];
	const size_t n = source_chain_places(&x->query, &x->arena, dirs);

	for (size_t i = 0; i < n; i++) {
		struct fail why = { 0 };
		struct arena a;
		uint64_t count;
		if (access(dirs[i], F_OK) < 0)
			continue;
		arena_init(&a, LIMIT_ARENA);
		const int r = chain_verify(&a, dirs[i], &count, &why);
		arena_done(&a);
		if (r == 0)
			continue;
		struct text says = text_growing(&x->arena);
		text_printf(&says, "%s: %s; runvetctl audit verify says all", why.file[0] ? why.file : dirs[i],
			why.says);
		find(x, "CHAIN", NULL, &says);
	}
}

static void tell_trail(struct reconciling *x)
{
	const struct trail_sum *t = &x->sum;
	struct text changed = text_growing(&x->arena), altered = text_growing(&x->arena),
		    lacks = text_growing(&x->arena);

	text_printf(&changed, "%" PRIu64 " lines of the chain are no records, or were changed", t->changed);
	text_printf(&altered, "%" PRIu64 " entries of the journal were altered", t->altered);
	text_printf(&lacks, "it lacks %" PRIu64 " records of the chain, %s first; audit gaps tell of %" PRIu64,
		t->journal_lacks, t->lacks_first, t->gap_count);
	if (t->changed > 0)
		find(x, "CHANGED", NULL, &changed);
	if (t->altered > 0)
		find(x, "ALTERED", NULL, &altered);
	if (t->journal_lacks > t->gap_count)
		find(x, "JOURNAL", NULL, &lacks);
}

/* What was allowed before the machine was booted is gone with it. */
static void forget_other_boots(struct reconciling *x)
{
	struct machine m;

	machine_read(&x->arena, &m);
	if (!x->query.directory && m.boot_id && x->sum.boot[0] && strcmp(m.boot_id, x->sum.boot) != 0)
		trail_sum_forget(&x->sum);
}

static int print(struct reconciling *x)
{
	struct text to = text_growing(&x->arena);
	int r;

	if (x->textfile)
		reconcile_gauges(&x->ret, &to);
	else if (option_is(x->format, "json"))
		reconcile_json(&x->ret, &to);
	else
		reconcile_text(&x->ret, &to);
	if (x->failed || to.cut)
		return trouble("no memory for the output");
	if (!x->textfile)
		return put(to.data) != CTL_GOOD ? AUDIT_TROUBLE : x->ret.found ? 1 : 0;
	r = replace_file(x->textfile, (struct bytes){ to.data, to.len }, 0644, false);
	return r < 0 ? trouble("%s could not be written: %s", x->textfile, errno_words(r)) : x->ret.found ? 1 : 0;
}

static int reconcile(struct reconciling *x)
{
	cleanup_close int top = fd_open(AT_CWD, "/", O_RDONLY | O_DIRECTORY, 0);
	struct query q = x->query;

	x->now = when_now();
	int r = top < 0 ? top : running_list(&x->arena, top, true, &x->list);
	if (r < 0)
		return trouble("the containers of this host cannot be listed: %s", errno_words(r));
	q.lifecycle = q.progress = true;
	if (!q.directory || q.file) {
		q.in = IN_JOURNAL;
		r = query_each(&q, trail_sum_journal, &x->sum);
	}
	q.in = IN_CHAIN;
	if (r == 0)
		r = query_each(&q, trail_sum_chain, &x->sum);
	if (r < 0)
		return r == -ENOMEM ? trouble("no memory") : AUDIT_TROUBLE;
	forget_other_boots(x);
	for (size_t i = 0; i < x->list.count; i++)
		compare(x, &x->list.of[i]);
	trail_sum_expected(&x->sum, on_expected, x);
	tell_trail(x);
	verify(x);
	x->ret.trail = &x->sum;
	x->ret.left_out = x->list.left_out;
	return print(x);
}

static int run(int argc, char **argv)
{
	struct reconciling x = { 0 };
	const struct option options[] = {
		{ .name = "--directory", .value = &x.query.directory },
		{ .name = "--journal-file", .value = &x.query.file },
		{ .name = "--format", .value = &x.format, .choices = option_text_json },
		{ .name = "--textfile", .value = &x.textfile },
		{ 0 },
	};

	query_init(&x.query);
	arena_init(&x.arena, LIMIT_ARENA);
	const int words = options_read(&reconcile_verb, options, argc, argv);
	int code = words < 0 ? AUDIT_TROUBLE : CTL_GOOD;
	if (words > 0)
		code = usage(&reconcile_verb, "reconcile takes no word such as %s", argv[1]);
	else if (words == 0 && x.textfile && x.format)
		code = usage(&reconcile_verb, "--textfile is a format of its own");
	code = code == CTL_GOOD ? reconcile(&x) : code;
	trail_sum_done(&x.sum);
	arena_done(&x.arena);
	query_done(&x.query);
	return code;
}

const struct subverb audit_reconcile = {
	.name = "reconcile",
	.summary = "hold what runs against what was recorded",
	.run = run,
	.help = "Usage: runvetctl audit reconcile [OPTION...]\n\n"
		"Compares the containers of this host, as the runtimes keep them, with the\n"
		"records, and names\n\n"
		"  AROUND       containers that run without a record: the runtime was called\n"
		"               around runvet. Those created before the oldest record are older\n"
		"               than the trail, and only counted.\n"
		"  NOT STARTED  what was allowed more than ten minutes ago, and neither started\n"
		"               nor deleted\n"
		"  JOURNAL      records of the chain that the journal lacks, beyond what audit\n"
		"               gaps tell of; ALTERED ones that it has\n"
		"  CHAIN        what is wrong with the chain; CHANGED lines of it\n\n"
		"      --directory DIR  a chain elsewhere\n"
		"      --journal-file PATH  a journal elsewhere\n"
		"      --format FORMAT  text (the default) or json: {\"found\":[{\"kind\",\"id\",\n"
		"                     \"says\"}],\"running\":{},\"trail\":{}}\n"
		"      --textfile PATH  write there what Prometheus reads, and print nothing:\n"
		"                     runvet_unrecorded_containers\n\n"
		"Containers of other users are not compared: their trails are their own.\n\n"
		"Examples:\n"
		"  runvetctl audit reconcile\n"
		"  runvetctl audit reconcile --format json | jq -r '.found[].id'\n\n"
		"Exit status: 0 all is as recorded, 1 something was found, 2 a wrong command\n"
		"line, or what cannot be read.\n",
};
