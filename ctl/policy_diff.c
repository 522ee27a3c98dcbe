/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl policy diff: what would change. Each document is judged by both policies, for the same call on the same
 * host; a record stands for the document that it was made of, as long as that is still there. What cannot be judged any
 * more is counted and named, so that silence never passes for "nothing changes".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/again.h"
#include "ctl/option.h"
#include "ctl/policy.h"
#include "ctl/audit/query.h"
#include "validate/base/limits.h"
#include "validate/policy/decide.h"

#define WORDS_MOST 4096

struct diff {
	struct opened old, new;
	const char *context;
	bool live, chain;
	const char *words[WORDS_MOST];
	size_t word_count;
	size_t judged, changed, stricter, milder, gone, allowed; /* allowed: of the chain, exec and update */
	bool trouble;
};

static int strictness(const struct decision *d)
{
	return !d->may_run ? 2 : d->kind == DECISION_ALLOW ? 0 : 1;
}

static void write_rules(const struct report *r, struct text *to)
{
	const char *last = "";
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		if (f->severity != SEV_ERROR || strcmp(f->id, last) == 0)
			continue;
		text_printf(to, "%s%s", *last ? ", " : " by ", f->id);
		last = f->id;
	}
}

/* One document, twice. `what` names it in the output. */
static int compare(struct diff *d, const struct again *g, const char *what)
{
	struct report before = { 0 }, after = { 0 };
	struct arena a;

	if (g->unsound)
		return put(arena_printf(&d->old.arena, "%s: it is no JSON, which every policy refuses\n", what));
	arena_init(&a, LIMIT_ARENA);
	int r = again_judge(g, &a, &d->old.policy, &before, NULL);
	if (r == 0)
		r = again_judge(g, &a, &d->new.policy, &after, NULL);
	if (r == 0) {
		const struct decision x = decide(&d->old.policy, &before, NULL, false);
		const struct decision y = decide(&d->new.policy, &after, NULL, false);
		struct text to = text_growing(&a);
		d->judged++;
		if (x.kind != y.kind) {
			d->changed++;
			d->stricter += strictness(&y) > strictness(&x);
			d->milder += strictness(&y) < strictness(&x);
			text_shown(&to, bytes_of(what), LIMIT_WALK_PATH);
			text_printf(&to, ": %s", decision_name(x.kind));
			write_rules(&before, &to);
			text_printf(&to, " -> %s", decision_name(y.kind));
			write_rules(&after, &to);
			text_char(&to, '\n');
			r = put(to.data) == CTL_GOOD ? 0 : -EIO;
		}
	}
	arena_done(&a);
	return r;
}

static int on_record(const struct seen *line, void *data)
{
	struct diff *d = data;
	const struct bytes id = doc_string(line->root, "id", (struct bytes){ 0 });
	struct again g;
	enum kept kept;
	char what[512];

	if (!line->sound) {
		(void)trouble("%s:%lu: it is no record, or it was changed after it was written", line->place,
			line->number);
		return -EBADMSG;
	}
	if (!doc_get(line->root, "action") || !doc_get(line->root, "decision"))
		return 0; /* an audit gap's */
	again_init(&g, true);
	struct text to = text_over(what, sizeof(what));
	text_add(&to, "record ");
	text_shown(&to, id, 40);
	int r = again_recorded(&g, line->root, NULL, &kept);
	if (r == 0 && kept == KEPT_SAME) {
		text_add(&to, ", ");
		text_shown(&to, bytes_of(g.bundle), 256);
		r = compare(d, &g, what);
	} else if (r == 0) {
		d->gone++;
		if (!d->chain)
			r = put(arena_printf(&g.arena, "%s: %s\n", what, kept_words(kept))) == CTL_GOOD ? 0 : -EIO;
	}
	again_done(&g);
	return r;
}

static int on_word(struct diff *d, const char *word)
{
	struct again g;
	struct seen line;
	struct query q;
	int r;

	if (query_is_id(word)) {
		query_init(&q);
		r = query_find(&q, &d->old.arena, word, &line);
		query_done(&q);
		return r < 0 ? r : on_record(&line, d);
	}
	again_init(&g, d->live);
	r = again_given(&g, word, d->context);
	if (r == 0)
		r = compare(d, &g, word);
	again_done(&g);
	return r;
}

static int finish(struct diff *d)
{
	char text[256];
	struct text to = text_over(text, sizeof(text));

	text_printf(&to, "%zu judged, %zu change%s: %zu stricter, %zu milder", d->judged, d->changed,
		d->changed == 1 ? "s" : "", d->stricter, d->milder);
	if (d->gone > 0)
		text_printf(&to, "; of %zu record%s the document is not there any more", d->gone,
			d->gone == 1 ? "" : "s");
	text_char(&to, '\n');
	const int code = put(text);
	return code != CTL_GOOD || d->trouble ? CTL_USAGE : d->changed > 0 ? CTL_FOUND : CTL_GOOD;
}

static int open_one(const char *given, struct opened *ret)
{
	if (policy_open(given, ret) < 0) {
		(void)policy_print_faults(ret);
		return CTL_USAGE;
	}
	return ret->policy.present ? CTL_GOOD : trouble("there is no policy at %s", ret->path);
}

/* The chain's; none at all is no answer. */
static int all_records(struct diff *d)
{
	const size_t before = d->judged + d->gone;
	struct query q;

	query_init(&q);
	q.in = IN_CHAIN;
	int r = query_each(&q, on_record, d);
	query_done(&q);
	if (r == 0 && d->judged + d->gone == before) {
		(void)trouble("there is no chain of records on this host");
		r = -ENODATA;
	}
	return r;
}

static int diff(struct diff *d)
{
	int code = open_one(d->words[0], &d->old);
	if (open_one(d->words[1], &d->new) != CTL_GOOD)
		code = CTL_USAGE;
	for (size_t i = 2; i < d->word_count && code == CTL_GOOD; i++)
		d->trouble |= on_word(d, d->words[i]) < 0;
	if (code == CTL_GOOD && d->chain)
		d->trouble |= all_records(d) < 0;
	if (code == CTL_GOOD)
		code = finish(d);
	policy_close(&d->old);
	policy_close(&d->new);
	return code;
}

static int run(int argc, char **argv)
{
	struct diff *d = calloc(1, sizeof(*d));
	int code = CTL_GOOD;

	if (!d)
		return trouble("no memory");
	const struct option options[] = {
		{ .name = "--chain", .flag = &d->chain },
		{ .name = "--live", .flag = &d->live },
		{ .name = "--context", .value = &d->context },
		{ 0 },
	};
	const int count = options_read(&verb_policy, options, argc, argv);
	if (count < 0)
		code = CTL_USAGE;
	else if (count > WORDS_MOST)
		code = usage(&verb_policy, "more than %d words", WORDS_MOST);
	for (int i = 0; i < count && code == CTL_GOOD; i++)
		d->words[d->word_count++] = argv[1 + i];
	if (code == CTL_GOOD && d->word_count < 2)
		code = usage(&verb_policy, "diff takes two policies, the old one first");
	else if (code == CTL_GOOD && d->word_count == 2 && !d->chain)
		code = usage(&verb_policy, "diff has nothing to judge: name bundles or records, or --chain");
	if (code == CTL_GOOD)
		code = diff(d);
	free(d);
	return code;
}

const struct subverb policy_diff = { .name = "diff", .summary = "say what another policy would change", .run = run };
