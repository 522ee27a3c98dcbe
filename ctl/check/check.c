/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl check: judges bundles where they are made, by the rules that runvet applies where they run. A document
 * that does not parse is a finding like any other; a file that cannot be opened is the caller's mistake, and the
 * others are judged all the same. Without a word about hosts, delegates and policy, documents are held against the
 * specification alone: what CI asks of a bundle must not depend on the machine that CI runs on.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl/check/format.h"
#include "ctl/option.h"
#include "validate/base/limits.h"
#include "validate/rule/version.h"

struct wanted {
	const struct check_format *format;
	enum fail_on fail_on;
	enum colour_when colour;
	bool ruled, fix;
	char **words; /* within argv */
	int count;
	const char *from; /* --files-from */
	enum release rules;
	struct against *against;
};

static int choose_format(void *to, const char *name)
{
	struct wanted *w = to;

	w->format = check_format_find(name);
	return w->format ? CTL_GOOD : usage(&verb_check, "unknown format %s: %s", name, check_format_names());
}

static int choose_rules(void *to, const char *name)
{
	struct wanted *w = to;

	w->rules = release_find(bytes_of(name));
	w->ruled = true;
	if (w->rules == RELEASE_MAX)
		return usage(&verb_check, "unknown release %s: the last one with rules of its own is %s", name,
			release_name(RELEASE_MAX - 1));
	return CTL_GOOD;
}

static int choose_from(void *to, const char *word)
{
	struct wanted *w = to;

	if (w->from)
		return usage(&verb_check, "--files-from may be given once");
	w->from = word;
	if (strcmp(word, "-") == 0 && w->against->stdin_taken)
		return usage(&verb_check, "standard input can be read once");
	w->against->stdin_taken |= strcmp(word, "-") == 0;
	return CTL_GOOD;
}

static int read_words(int argc, char **argv, struct wanted *w)
{
	static const char *const severities[] = { "error", "warning", "never", NULL };
	static const char *const times[] = { "auto", "always", "never", NULL };
	struct against *x = w->against;
	const char *fail_on = severities[0], *colour = times[0];
	const struct option options[] = {
		{ .name = "--format", .take = choose_format, .to = w, .needs = check_format_names() },
		{ .name = "--rules", .take = choose_rules, .to = w, .needs = "a release of runvet" },
		{ .name = "--host", .take = against_host, .to = x, .needs = "live, none or a host document" },
		{ .name = "--delegate",
			.take = against_delegate,
			.to = x,
			.needs = "a name in runtimes.d, none, all or a file" },
		{ .name = "--policy",
			.take = against_policy,
			.to = x,
			.needs = "a policy.json, the directory that holds it, or none" },
		{ .name = "--profile", .take = against_profile, .to = x, .needs = "a profile, as restricted@v1.37" },
		{ .name = "--context",
			.take = against_context,
			.to = x,
			.needs = "none, or a file that says who calls" },
		{ .name = "--fail-on", .value = &fail_on, .choices = severities },
		{ .name = "--color", .value = &colour, .choices = times },
		{ .name = "--files-from", .take = choose_from, .to = w, .needs = "a file of paths, or -" },
		{ .name = "--fix", .flag = &w->fix },
		{ 0 },
	};

	w->count = options_read(&verb_check, options, argc, argv);
	w->words = argv + 1;
	if (w->count < 0)
		return CTL_USAGE;
	w->fail_on = (enum fail_on)option_choice(severities, fail_on);
	w->colour = (enum colour_when)option_choice(times, colour);
	if (w->count == 0 && !w->from)
		return usage(&verb_check, "a path is missing: a bundle, a config.json, or - for standard input");
	return CTL_GOOD;
}

static int judge_each(struct output *o, const struct named *n)
{
	struct checked *list = arena_array(&o->arena, n->count + 1, sizeof(*list));
	struct progress progress = progress_begin(n->count);
	int r = n->faults ? CTL_USAGE : CTL_GOOD;
	size_t count = 0;

	if (!list)
		return trouble("no memory");
	o->unread = n->faults;
	if (o->format->begin)
		o->format->begin(o);
	for (size_t i = 0; i < n->count && !o->failed; i++) {
		struct checked *c = &list[count];
		*c = (struct checked){ .given = n->paths[i] };
		progress_show(&progress, i);
		if (judge_all(c, o->against, o) < 0) {
			r = CTL_USAGE;
			continue;
		}
		count++;
		if (r == CTL_GOOD && output_fails(o, c))
			r = CTL_FOUND;
		if (o->to.len >= OUTPUT_PIECE)
			progress_clear(&progress);
		if (output_flush(o, false) != CTL_GOOD)
			return CTL_USAGE;
	}
	progress_clear(&progress);
	if (o->format->end)
		o->format->end(o, list, count);
	return output_flush(o, true) == CTL_GOOD ? r : CTL_USAGE;
}

/* The words become documents, and each is judged. */
static int judge_named(const struct wanted *w)
{
	struct named named = { 0 };
	struct output o = { .format = w->format ? w->format : &check_text,
		.against = w->against,
		.fail_on = w->fail_on,
		.paint = paint_for(STDOUT_FILENO, w->colour),
		.columns = paint_columns(STDOUT_FILENO) };

	arena_init(&named.arena, LIMIT_ARENA);
	arena_init(&o.arena, LIMIT_ARENA);
	o.to = text_growing(&o.arena);
	if (w->fix)
		o.format = &check_patch;
	for (int i = 0; i < w->count; i++)
		named_add(&named, w->words[i]);
	int r = w->from ? named_from(&named, w->from) : CTL_GOOD;
	o.several = named.count > 1;
	if (r == CTL_GOOD)
		r = judge_each(&o, &named);
	arena_done(&o.arena);
	arena_done(&named.arena);
	return r;
}

static int run(int argc, char **argv)
{
	struct against against = { .root = -1 };
	struct wanted w = { .against = &against };

	arena_init(&against.arena, LIMIT_ARENA);
	int r = read_words(argc, argv, &w);
	if (r == CTL_GOOD && w.fix && w.format)
		r = usage(&verb_check, "--fix prints a patch, and no format beside it");
	if (r == CTL_GOOD)
		r = against_settle(&against);
	if (r == CTL_GOOD && w.fix && against.hosts.count * against.delegates.count > 1)
		r = usage(&verb_check, "--fix is for one host and one delegate");
	if (w.ruled)
		against.policy.rules = w.rules;
	if (r == CTL_GOOD)
		r = judge_named(&w);
	against_done(&against);
	return r;
}

const struct verb verb_check = {
	.name = "check",
	.summary = "judge bundles by the rules that runvet applies",
	.help = "Usage: runvetctl check [OPTION]... PATH...\n\n"
		"Judges each PATH: a bundle directory, a config.json, or - for standard input;\n"
		"by the specification, and by the hosts, delegates and policy that are named. Of\n"
		"another directory, every bundle and runtime configuration below it; * and **\n"
		"in a PATH that is no file stand for any name, and any names.\n\n"
		"      --host WHICH   live: this machine, as the calling user has it; FILE: what\n"
		"                     runvetctl host --format json printed on another; none\n"
		"                     (the default)\n"
		"      --delegate WHICH  NAME: an entry of runtimes.d, asked what it can; all:\n"
		"                     each that is installed; FILE: what runc features, or\n"
		"                     runvetctl features --format json, printed; none (the\n"
		"                     default)\n"
		"      --policy FILE  a policy.json or the directory that holds it, whoever owns\n"
		"                     it; none (the default)\n"
		"      --profile NAME  a built-in profile, enforced without a policy file; with\n"
		"                     --policy, that profile instead of the one it would choose\n"
		"      --context FILE  who calls, and what the engine gives the container itself\n"
		"                     (docs/context.md); none: no engine, so that each mount of\n"
		"                     the host is the bundle's own; without it a bundle's place\n"
		"                     tells where --host is live, and elsewhere nobody knows\n"
		"      --rules RELEASE  judge as a policy with that value of \"rules\" does: what a\n"
		"                     later release of runvet brought only warns (0.1)\n"
		"      --fail-on WHAT  what makes the exit status 1: error (the default: a\n"
		"                     document is refused), warning, or never\n"
		"      --format FORMAT  text: each finding with the line it is about, and what\n"
		"                     would be right (the default); lines: one line each, with\n"
		"                     PATH:LINE:COLUMN first; json: one object,\n"
		"                     {\"results\":[{\"path\",\"decision\",\"findings\",\"left_out\"}]},\n"
		"                     and more with the options above; sarif, junit, github:\n"
		"                     what CI reads (docs/ci.md)\n"
		"      --fix          print a JSON Patch (RFC 6902) that mends what can be mended\n"
		"                     without being asked; nothing is written\n"
		"      --color WHEN   auto (the default), always or never\n"
		"      --files-from FILE  more paths, one on each line or NUL-terminated; -:\n"
		"                     standard input\n"
		"  -h, --help         this text\n\n"
		"--host and --delegate may be given several times, and a directory stands for the\n"
		"*.json in it. Each PATH is then judged on each host with each delegate: a table\n"
		"says where it runs, and below it everything that was found is said once, with\n"
		"where it holds. Of what is not known nothing is refused.\n\n"
		"Examples:\n"
		"  runvetctl check --profile restricted@v1.37 path/to/bundle\n"
		"  runvetctl check --format sarif 'deploy/**.json' >runvet.sarif\n\n"
		"Exit status:\n"
		"  0  every document may run, wherever it was judged\n"
		"  1  one is refused on some host with some delegate, or does not parse; what a\n"
		"     policy only audits refuses nothing\n"
		"  2  a wrong command line, or a file that cannot be opened or used; other\n"
		"     documents are judged all the same\n",
	.run = run,
};
