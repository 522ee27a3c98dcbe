/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl try: what a policy would make of the containers that run now. By rule, the one that would refuse the most
 * first, with what it says of the first container and the names of all; then what could not be judged, and what to do
 * next.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/option.h"
#include "ctl/node/tried.h"
#include "ctl/node/wrap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

#define NAMED 8u /* containers listed for a rule */

/* A rule, and which containers break it. */
struct broken {
	const char *rule;
	const struct finding *first;
	size_t *who; /* into the list of all that were tried */
	size_t count;
};

struct told {
	struct broken *of;
	size_t count, room;
};

static int by_count(const void *x, const void *y)
{
	const struct broken *a = x, *b = y;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->rule, b->rule);
}

static struct broken *broken_of(struct arena *a, struct told *g, const char *rule, size_t most)
{
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(g->of[i].rule, rule) == 0)
			return &g->of[i];
	if (g->count == g->room) {
		struct broken *more = arena_array(a, g->room ? g->room * 2 : 32, sizeof(*more));
		if (!more)
			return NULL;
		if (g->count)
			memcpy(more, g->of, g->count * sizeof(*more));
		g->of = more;
		g->room = g->room ? g->room * 2 : 32;
	}
	struct broken *ret = &g->of[g->count];
	*ret = (struct broken){ .rule = rule, .who = arena_array(a, most + 1, sizeof(size_t)) };
	if (!ret->who)
		return NULL;
	g->count++;
	return ret;
}

static int group(struct arena *a, const struct tried *t, struct told *g)
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->of[i].report.count; k++) {
			const struct finding *f = &t->of[i].report.findings[k];
			if (!tried_counts(f))
				continue;
			struct broken *b = broken_of(a, g, f->id, t->count);
			if (!b)
				return trouble("no memory");
			b->first = b->first ? b->first : f;
			if (b->count == 0 || b->who[b->count - 1] != i)
				b->who[b->count++] = i;
		}
	if (g->count)
		qsort(g->of, g->count, sizeof(*g->of), by_count);
	return CTL_GOOD;
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static const char *engine_of(const struct tried_one *x)
{
	return x->of->engine ? x->of->engine : x->of->runtime[0] ? x->of->runtime : "?";
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void write_rule(const struct tried *t, const struct broken *b, struct text *to)
{
	struct text says = text_growing(to->arena);

	finding_write(b->first, SHOW_SAFE, &says);
	text_printf(to, "%s  (%zu of %zu)\n", b->rule, b->count, t->judged);
	wrap_words(to, 4, says.data);
	for (size_t i = 0; i < b->count && i < NAMED; i++) {
		const struct tried_one *x = &t->of[b->who[i]];
		text_printf(to, "      %-14s %s%s%s\n", engine_of(x), x->name, x->image ? "  " : "",
			x->image ? x->image : "");
	}
	if (b->count > NAMED)
		text_printf(to, "      and %zu more\n", b->count - NAMED);
	text_char(to, '\n');
}

static void write_unjudged(const struct tried *t, struct text *to)
{
	if (t->judged == t->count)
		return;
	text_add(to, "Not judged:\n");
	for (size_t i = 0; i < t->count; i++)
		if (t->of[i].why)
			text_printf(to, "      %-14s %s: %s\n", engine_of(&t->of[i]), t->of[i].name, t->of[i].why);
	text_char(to, '\n');
}

static int print_text(struct arena *a, const struct tried *t, const struct told *g)
{
	struct text to = text_growing(a);

	if (t->count == 0)
		return put("No container runs here that could be judged.\n"
			   "Next: start some, or judge bundles: runvetctl check --policy FILE BUNDLE...\n");
	text_printf(&to, "%zu container%s judged by %s: %zu would be refused.\n\n", t->judged, plural(t->judged), t->by,
		t->refused);
	for (size_t i = 0; i < g->count; i++)
		write_rule(t, &g->of[i], &to);
	write_unjudged(t, &to);
	if (t->list.left_out)
		text_printf(&to, "%zu more containers were not looked at.\n\n", t->list.left_out);
	text_add(&to,
		t->refused ? "Next: runvetctl explain RULE tells what each wants; runvetctl policy init writes a\n"
			     "policy that refuses nothing yet, with these named in it.\n"
			   : "Next: runvetctl policy init writes a policy to begin with.\n");
	return to.cut ? trouble("no memory") : put(to.data);
}

/* --- JSON ------------------------------------------------------------------------------------------------------ */

static void put_one(struct arena *a, struct doc *list, const struct tried_one *x)
{
	struct doc *d = make_object(a, list, NULL);
	const struct running *r = x->of;

	(void)make_string(a, d, "id", bytes_of(r->id));
	(void)make_string(a, d, "name", bytes_of(x->name));
	if (r->engine)
		(void)make_string(a, d, "engine", bytes_of(r->engine));
	if (x->image)
		(void)make_string(a, d, "image", bytes_of(x->image));
	if (r->bundle)
		(void)make_string(a, d, "bundle", bytes_of(r->bundle));
	(void)make_string(a, d, "runtime", bytes_of(r->runtime));
	(void)make_string(a, d, "state", bytes_of(running_state_name(r->state)));
	(void)make_bool(a, d, "throughRunvet", r->record != NULL);
	if (x->why) {
		(void)make_string(a, d, "notJudged", bytes_of(x->why));
		return;
	}
	(void)make_bool(a, d, "refused", x->refused);
	struct doc *findings = make_array(a, d, "findings");
	for (size_t i = 0; i < x->report.count; i++) {
		const struct finding *f = &x->report.findings[i];
		struct text says = text_growing(a);
		if (!tried_counts(f))
			continue;
		struct doc *one = make_object(a, findings, NULL);
		finding_write(f, SHOW_SAFE, &says);
		(void)make_string(a, one, "rule", bytes_of(f->id));
		(void)make_string(a, one, "pointer", bytes_of(f->pointer));
		(void)make_string(a, one, "says", bytes_of(says.data));
	}
}

static int print_json(struct arena *a, const struct tried *t, const struct told *g)
{
	struct doc *root = make_document(a), *rules, *list;
	struct text to = text_growing(a);

	(void)make_string(a, root, "profile", bytes_of(t->by));
	(void)make_uint(a, root, "judged", t->judged);
	(void)make_uint(a, root, "refused", t->refused);
	(void)make_uint(a, root, "notJudged", t->count - t->judged + t->list.left_out);
	rules = make_array(a, root, "rules");
	for (size_t i = 0; i < g->count; i++) {
		struct doc *one = make_object(a, rules, NULL);
		(void)make_string(a, one, "id", bytes_of(g->of[i].rule));
		(void)make_uint(a, one, "containers", g->of[i].count);
	}
	list = make_array(a, root, "containers");
	for (size_t i = 0; i < t->count; i++)
		put_one(a, list, &t->of[i]);
	if (!make_whole(root))
		return trouble("no memory");
	doc_write(root, true, &to);
	text_char(&to, '\n');
	return to.cut ? trouble("no memory") : put(to.data);
}

/* --- the verb -------------------------------------------------------------------------------------------------- */

static int try_all(const char *policy, const char *profile, bool json)
{
	struct told g = { 0 };
	struct arena a;
	struct node n;
	struct tried t = { 0 };

	arena_init(&a, LIMIT_ARENA);
	int code = node_open(&a, NULL, &n) < 0 ? trouble("/ cannot be opened") : tried_open(&t, policy, profile);
	if (code == CTL_GOOD)
		code = tried_run(&t, &n);
	if (code == CTL_GOOD)
		code = group(&a, &t, &g);
	if (code == CTL_GOOD)
		code = json ? print_json(&a, &t, &g) : print_text(&a, &t, &g);
	if (code == CTL_GOOD && t.refused)
		code = CTL_FOUND;
	tried_done(&t);
	node_close(&n);
	arena_done(&a);
	return code;
}

static int run(int argc, char **argv)
{
	const char *policy = NULL, *profile = NULL, *format = NULL;
	const struct option options[] = {
		{ .name = "--policy", .value = &policy },
		{ .name = "--profile", .value = &profile },
		{ .name = "--format", .value = &format, .choices = option_text_json },
		{ 0 },
	};
	const int count = options_read(&verb_try, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	if (count > 0)
		return usage(&verb_try, "try takes no argument: it looks at what runs here");
	if (policy && profile)
		return usage(&verb_try, "--policy and --profile are two ways to say by what");
	return try_all(policy, profile, option_is(format, "json"));
}

const struct verb verb_try = {
	.name = "try",
	.summary = "judge the containers that run now, and change nothing",
	.help = "Usage: runvetctl try [--policy FILE|DIR | --profile NAME] [--format text|json]\n\n"
		"Finds the containers that run on this node, whichever engine started them, reads\n"
		"their bundles, and judges each as runvet would if it were created now: what\n"
		"would have been refused, by rule, with names and images. Nothing is changed,\n"
		"recorded or stopped. What this host would say today is left out: they run.\n\n"
		"It is this host's policy that judges, as if it enforced; without one, baseline.\n\n"
		"      --policy FILE       that policy instead\n"
		"      --profile NAME      that profile: restricted@v1.37, escape@2026-09 …\n"
		"      --format text|json  text is the default\n"
		"  -h, --help              this text\n\n"
		"Examples:\n"
		"  runvetctl try\n"
		"  runvetctl try --profile restricted@v1.37 --format json | jq .rules\n\n"
		"Exit status: 0 none would be refused, 1 some would, 2 it could not be asked.\n",
	.run = run,
};
