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
#include "audit/caller.h"
#include "audit/chain.h"
#include "ctl/audit/source.h"
#include "ctl/audit/trail_sum.h"
#include "ctl/node/running.h"
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
	struct text to;
	struct timespec now;
	uint64_t known, older, users, waiting, unknown; /* containers */
	uint64_t found;
};

static void local_time(struct timespec when, struct text *to)
{
	char text[32] = "at a time that is not known";
	struct tm t;

	if (when.tv_sec > 0 && localtime_r(&when.tv_sec, &t))
		(void)strftime(text, sizeof(text), "%F %T", &t);
	text_add(to, text);
}

/* A line of something that should not be. */
static void find(struct reconciling *x, const char *kind, const char *id)
{
	x->found++;
	text_printf(&x->to, "%-12s ", kind);
	if (id)
		text_shown(&x->to, bytes_of(id), LIMIT_ID);
}

/* --- containers -------------------------------------------------------------------------------------------------- */

static void around(struct reconciling *x, const struct running *r)
{
	find(x, "AROUND", r->id);
	text_add(&x->to, " below ");
	text_shown(&x->to, bytes_of(r->root), LIMIT_FIELD);
	if (r->engine)
		text_printf(&x->to, " (%s)", r->engine);
	text_printf(&x->to, " is %s, created ", running_state_name(r->state));
	local_time(r->created, &x->to);
	text_add(&x->to, ": no record of it, the runtime was called around runvet\n");
}

static void compare(struct reconciling *x, const struct running *r)
{
	const struct timespec first = x->sum.first;

	if (r->state == RUNNING_STOPPED)
		return;
	if (r->state == RUNNING_UNKNOWN) {
		x->unknown++;
		return;
	}
	/* Users keep trails of their own, which are their word. */
	if (r->owner != geteuid()) {
		x->users++;
	} else if (trail_sum_find(&x->sum, r->id, r->root) || (r->record && *r->record)) {
		x->known++;
		x->waiting += r->state == RUNNING_CREATED;
	} else if (r->created.tv_sec > 0 && (first.tv_sec == 0 || r->created.tv_sec < first.tv_sec)) {
		x->older++;
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

	if (e->started || e->when.tv_sec + START_S > x->now.tv_sec || is_there(x, e))
		return;
	find(x, "NOT STARTED", e->id);
	text_add(&x->to, " was allowed ");
	local_time(e->when, &x->to);
	text_printf(&x->to, ", and neither started nor deleted: record %s\n", e->record);
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
		find(x, "CHAIN", NULL);
		text_printf(&x->to, "%s: %s; runvetctl audit verify says all\n", why.file[0] ? why.file : dirs[i],
			why.says);
	}
}

static void tell_trail(struct reconciling *x)
{
	const struct trail_sum *t = &x->sum;

	if (t->changed > 0) {
		find(x, "CHANGED", NULL);
		text_printf(&x->to, "%" PRIu64 " lines of the chain are no records, or were changed\n", t->changed);
	}
	if (t->altered > 0) {
		find(x, "ALTERED", NULL);
		text_printf(&x->to, "%" PRIu64 " entries of the journal were altered\n", t->altered);
	}
	if (t->journal_lacks > t->gap_count) {
		find(x, "JOURNAL", NULL);
		text_printf(&x->to,
			"it lacks %" PRIu64 " records of the chain, %s first; audit gaps tell of %" PRIu64 "\n",
			t->journal_lacks, t->lacks_first, t->gap_count);
	}
}

static void tell_sums(struct reconciling *x)
{
	const struct trail_sum *t = &x->sum;
	struct text *to = &x->to;

	if (t->first.tv_sec > 0) {
		text_add(to, "trail        since ");
		local_time(t->first, to);
		text_printf(to, ", its oldest record: %" PRIu64 " in chains", t->records);
	} else {
		text_add(to, "trail        there is no record yet");
	}
	if (t->journal_first.tv_sec > 0) {
		text_add(to, "; journal since ");
		local_time(t->journal_first, to);
	} else {
		text_add(to, "; no journal");
	}
	if (t->gaps > 0)
		text_printf(to, "\ngaps         %" PRIu64 ", of %" PRIu64 " records in all that the journal missed",
			t->gaps, t->gap_count);
	text_printf(to, "\nrunning      %" PRIu64 " with a record, %" PRIu64 " older than the trail", x->known,
		x->older);
	if (x->waiting > 0)
		text_printf(to, ", %" PRIu64 " of them created and not started yet", x->waiting);
	if (x->users > 0)
		text_printf(to, "; %" PRIu64 " of other users, not compared: their trails are their own", x->users);
	if (x->unknown > 0)
		text_printf(to, "; %" PRIu64 " whose state cannot be read", x->unknown);
	if (x->list.left_out > 0)
		text_printf(to, "; %zu left out, there are too many", x->list.left_out);
	if (t->failed > 0)
		text_printf(to, "\nfailed       %" PRIu64 " were deleted without ever having been started", t->failed);
	text_printf(to, "\n%s\n", x->found ? "" : "\nNothing came around runvet, and nothing is missing.");
}

/* What was allowed before the machine was booted is gone with it. */
static void forget_other_boots(struct reconciling *x)
{
	struct machine m;

	machine_read(&x->arena, &m);
	if (!x->query.directory && m.boot_id && x->sum.boot[0] && strcmp(m.boot_id, x->sum.boot) != 0)
		trail_sum_forget(&x->sum);
}

static int reconcile(struct reconciling *x)
{
	cleanup_close int top = fd_open(AT_CWD, "/", O_RDONLY | O_DIRECTORY, 0);
	struct query q = x->query;

	x->now = when_now();
	x->to = text_growing(&x->arena);
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
	tell_sums(x);
	if (x->to.cut)
		return trouble("no memory for the output");
	return put(x->to.data) != CTL_GOOD ? AUDIT_TROUBLE : x->found ? 1 : 0;
}

static int run(int argc, char **argv)
{
	static const char *const options[] = { "--directory", "--journal-file", "--help", NULL };
	struct reconciling x = { 0 };
	int code = 0;

	query_init(&x.query);
	arena_init(&x.arena, LIMIT_ARENA);
	for (int i = 1; i < argc && code >= 0; i++) {
		const char *word = argv[i];
		const bool mine = strncmp(word, "--directory", 11) == 0 || strncmp(word, "--journal-file", 14) == 0;
		code = mine ? query_option(&x.query, &reconcile_verb, argc, argv, &i) : 0;
		if (code == 0 && word[0] == '-')
			code = -usage_option(&reconcile_verb, word, options);
		else if (code == 0)
			code = -usage(&reconcile_verb, "reconcile takes no word such as %s", word);
	}
	code = code < 0 ? -code : reconcile(&x);
	trail_sum_done(&x.sum);
	arena_done(&x.arena);
	query_done(&x.query);
	return code;
}

const struct subverb audit_reconcile = {
	.name = "reconcile",
	.summary = "hold what runs against what was recorded",
	.run = run,
	.help = "Usage: runvetctl audit reconcile [--directory DIR] [--journal-file PATH]\n\n"
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
		"      --journal-file PATH  a journal elsewhere\n\n"
		"Containers of other users are not compared: their trails are their own.\n\n"
		"Examples:\n"
		"  runvetctl audit reconcile\n"
		"  runvetctl audit reconcile || systemd-cat -p err echo \"see runvet's trail\"\n\n"
		"Exit status: 0 all is as recorded, 1 something was found, 2 a wrong command\n"
		"line, or what cannot be read.\n",
};
