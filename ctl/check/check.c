/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl check: judges bundles where they are made, by the rules that runvet applies where they run. A document
 * that does not parse is a finding like any other; a file that cannot be opened is the caller's mistake, and the
 * others are judged all the same. Without a word about hosts, delegates and policy, documents are held against the
 * specification alone: what CI asks of a bundle must not depend on the machine that CI runs on.
 */
#include "ctl/check/check.h"

#include <errno.h>
#include <stdlib.h>

#include "ctl/ctl.h"
#include "validate/base/limits.h"
#include "validate/rule/version.h"

struct wanted {
	bool json, ruled;
	char **paths; /* within argv */
	int count;
	enum release rules;
	struct against *against;
};

static int choose_format(struct wanted *w, const char *name)
{
	w->json = strcmp(name, "json") == 0;
	return w->json || strcmp(name, "text") == 0 ? CTL_GOOD
						    : usage(&verb_check, "unknown format %s: text or json", name);
}

static int choose_rules(struct wanted *w, const char *name)
{
	w->rules = release_find(bytes_of(name));
	w->ruled = true;
	if (w->rules == RELEASE_MAX)
		return usage(&verb_check, "unknown release %s: the last one with rules of its own is %s", name,
			release_name(RELEASE_MAX - 1));
	return CTL_GOOD;
}

static int add_host(struct wanted *w, const char *word)
{
	return against_host(w->against, word);
}

static int add_delegate(struct wanted *w, const char *word)
{
	return against_delegate(w->against, word);
}

static int choose_policy(struct wanted *w, const char *word)
{
	return against_policy(w->against, word);
}

static const struct {
	const char *name, *needs;
	int (*take)(struct wanted *w, const char *value);
} options[] = {
	{ "--format", "text or json", choose_format },
	{ "--rules", "a release of runvet", choose_rules },
	{ "--host", "live, none or a host document", add_host },
	{ "--delegate", "a name in runtimes.d, none, all or a file", add_delegate },
	{ "--policy", "a policy.json, the directory that holds it, or none", choose_policy },
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* Takes the option at argv[*i], which may take its value from the next word. */
static int read_option(struct wanted *w, char **argv, int *i)
{
	const char *known[OPTIONS + 2] = { NULL }, *word = argv[*i];
	for (size_t k = 0; k < OPTIONS; k++) {
		const size_t len = strlen(options[k].name);
		known[k] = options[k].name;
		if (strncmp(word, options[k].name, len) != 0 || (word[len] && word[len] != '='))
			continue;
		const char *value = word[len] ? word + len + 1 : argv[++*i];
		return value ? options[k].take(w, value)
			     : usage(&verb_check, "%s needs a value: %s", options[k].name, options[k].needs);
	}
	known[OPTIONS] = "--help";
	return usage_option(&verb_check, word, known);
}

/* Options may stand anywhere before "--"; the paths are moved together at the front of argv. */
static int read_words(int argc, char **argv, struct wanted *w)
{
	int r = CTL_GOOD;
	w->paths = argv;
	for (int i = 1; i < argc && r == CTL_GOOD; i++) {
		const char *word = argv[i];
		if (strcmp(word, "--") == 0) {
			while (++i < argc)
				w->paths[w->count++] = argv[i];
		} else if (word[0] == '-' && word[1]) {
			r = read_option(w, argv, &i);
		} else {
			w->paths[w->count++] = argv[i];
		}
	}
	if (r == CTL_GOOD && w->count == 0)
		return usage(&verb_check, "a path is missing: a bundle, a config.json, or - for standard input");
	return r;
}

static int judge_each(const struct wanted *w, struct output *o)
{
	struct checked *list = arena_array(&o->arena, (size_t)w->count + 1, sizeof(*list));
	int r = CTL_GOOD;
	size_t count = 0;

	if (!list)
		return trouble("no memory");
	for (int i = 0; i < w->count; i++) {
		struct checked *c = &list[count];
		*c = (struct checked){ .given = w->paths[i] };
		if (judge_all(c, w->against, o) < 0) {
			r = CTL_USAGE;
			continue;
		}
		count++;
		for (size_t k = 0; k < c->count && r == CTL_GOOD; k++)
			r = c->outcomes[k].runs ? CTL_GOOD : CTL_FOUND;
	}
	return output_all(o, w->against, list, count) == CTL_GOOD ? r : CTL_USAGE;
}

static int run(int argc, char **argv)
{
	struct against against = { .root = -1 };
	struct wanted w = { .against = &against };

	arena_init(&against.arena, LIMIT_ARENA);
	int r = read_words(argc, argv, &w);
	if (r == CTL_GOOD)
		r = against_settle(&against);
	if (w.ruled)
		against.policy.rules = w.rules;
	if (r == CTL_GOOD) {
		struct output o = { .json = w.json };
		arena_init(&o.arena, LIMIT_ARENA);
		o.to = text_growing(&o.arena);
		r = judge_each(&w, &o);
		arena_done(&o.arena);
	}
	against_done(&against);
	return r;
}

const struct verb verb_check = {
	.name = "check",
	.summary = "judge bundles by the rules that runvet applies",
	.help = "Usage: runvetctl check [OPTION]... PATH...\n\n"
		"Judges each PATH: a bundle directory, a config.json, or - for standard input;\n"
		"by the specification, and by the hosts, delegates and policy that are named.\n\n"
		"      --host WHICH   live: this machine, as the calling user has it; FILE: what\n"
		"                     runvetctl host --format json printed on another; none\n"
		"                     (the default)\n"
		"      --delegate WHICH  NAME: an entry of runtimes.d, asked what it can; all:\n"
		"                     each that is installed; FILE: what runc features, or\n"
		"                     runvetctl features --format json, printed; none (the\n"
		"                     default)\n"
		"      --policy FILE  a policy.json or the directory that holds it, whoever owns\n"
		"                     it; none (the default)\n"
		"      --format text  one line per finding, PATH:LINE:COLUMN first (the default)\n"
		"      --format json  one object: {\"results\":[{\"path\",\"decision\",\"findings\",\n"
		"                     \"left_out\"}]}; with one of the options above also \"host\",\n"
		"                     \"delegate\", \"unknown\" and \"policy\", and a result for each\n"
		"                     document, host and delegate\n"
		"      --rules RELEASE  judge as a policy with that value of \"rules\" does: what a\n"
		"                     later release of runvet brought only warns (0.1)\n"
		"  -h, --help         this text\n\n"
		"--host and --delegate may be given several times, and a directory stands for the\n"
		"*.json in it. Each PATH is then judged on each host with each delegate: a table\n"
		"says where it runs, and below it everything that was found is said once, with\n"
		"where it holds. Of what is not known nothing is refused.\n\n"
		"Exit status:\n"
		"  0  every document may run, wherever it was judged\n"
		"  1  one is refused on some host with some delegate, or does not parse; what a\n"
		"     policy only audits refuses nothing\n"
		"  2  a wrong command line, or a file that cannot be opened or used; other\n"
		"     documents are judged all the same\n",
	.run = run,
};
