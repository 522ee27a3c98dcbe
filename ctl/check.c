/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl check: judges bundles where they are made, by the rules that runvet applies where they run. A document
 * that does not parse is a finding like any other; a file that cannot be opened is the caller's mistake, and the
 * others are judged all the same.
 */
#include "ctl/check.h"

#include <errno.h>
#include <stdlib.h>

#include "ctl/ctl.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/rule/version.h"

static int judge(struct checked *c, enum release rules)
{
	struct fail why = { 0 };
	struct bytes text;
	const struct doc *root;
	int r = input_get(&c->arena, c->given, &c->file, &text);
	if (r < 0)
		return r;
	const struct doc_options options = { .file = c->file, .cause = CAUSE_BUNDLE };
	r = doc_parse(&c->arena, text, &options, &root, &why);
	if (r == -EBADMSG)
		r = report_of_fail(&c->arena, &why, &c->report);
	else if (r == 0)
		r = check(&c->arena,
			&(struct check_input){ .file = c->file,
				.text = text,
				.root = root,
				.of = OF_BUNDLE,
				.below = "",
				.rules = rules },
			&c->report, &why);
	if (r < 0)
		(void)trouble("%s cannot be judged: %s", c->given, why.says[0] ? why.says : errno_words(r));
	return r;
}

struct wanted {
	int (*output)(const struct checked *list, size_t count);
	char **paths; /* within argv */
	int count;
	enum release rules;
};

static int choose_format(const char *name, struct wanted *w)
{
	if (!name)
		return usage(&verb_check, "--format needs a value: text or json");
	if (strcmp(name, "text") == 0)
		w->output = output_text;
	else if (strcmp(name, "json") == 0)
		w->output = output_json;
	else
		return usage(&verb_check, "unknown format %s: text or json", name);
	return CTL_GOOD;
}

static int choose_rules(const char *name, struct wanted *w)
{
	if (!name)
		return usage(&verb_check, "--rules needs a value: a release of runvet");
	w->rules = release_find(bytes_of(name));
	if (w->rules == RELEASE_MAX)
		return usage(&verb_check, "unknown release %s: the last one with rules of its own is %s", name,
			release_name(RELEASE_MAX - 1));
	return CTL_GOOD;
}

/* Options may stand anywhere before "--"; the paths are moved together at the front of argv. */
static int read_words(int argc, char **argv, struct wanted *w)
{
	static const char *const options[] = { "--format", "--rules", "--help", NULL };
	int r = CTL_GOOD;
	*w = (struct wanted){ .output = output_text, .paths = argv };
	for (int i = 1; i < argc && r == CTL_GOOD; i++) {
		const char *word = argv[i];
		if (strcmp(word, "--") == 0) {
			while (++i < argc)
				w->paths[w->count++] = argv[i];
		} else if (strcmp(word, "--format") == 0) {
			r = choose_format(argv[++i], w);
		} else if (strncmp(word, "--format=", 9) == 0) {
			r = choose_format(word + 9, w);
		} else if (strcmp(word, "--rules") == 0) {
			r = choose_rules(argv[++i], w);
		} else if (strncmp(word, "--rules=", 8) == 0) {
			r = choose_rules(word + 8, w);
		} else if (word[0] == '-' && word[1]) {
			return usage_option(&verb_check, word, options);
		} else {
			w->paths[w->count++] = argv[i];
		}
	}
	if (r == CTL_GOOD && w->count == 0)
		return usage(&verb_check, "a path is missing: a bundle, a config.json, or - for standard input");
	return r;
}

static int run(int argc, char **argv)
{
	struct wanted w;
	int r = read_words(argc, argv, &w);
	if (r != CTL_GOOD)
		return r;
	struct checked *list = calloc((size_t)w.count + 1, sizeof(*list));
	if (!list)
		return trouble("no memory");
	size_t count = 0;
	for (int i = 0; i < w.count; i++) {
		struct checked *c = &list[count];
		*c = (struct checked){ .given = w.paths[i] };
		arena_init(&c->arena, LIMIT_ARENA);
		if (judge(c, w.rules) < 0) {
			arena_done(&c->arena);
			r = CTL_USAGE;
			continue;
		}
		count++;
		if (c->report.errors && r == CTL_GOOD)
			r = CTL_FOUND;
	}
	if (w.output(list, count) != CTL_GOOD)
		r = CTL_USAGE;
	for (size_t i = 0; i < count; i++)
		arena_done(&list[i].arena);
	free(list);
	return r;
}

const struct verb verb_check = {
	.name = "check",
	.summary = "judge bundles by the rules that runvet applies",
	.help = "Usage: runvetctl check [--format text|json] [--rules RELEASE] PATH...\n\n"
		"Judges each PATH: a bundle directory, a config.json, or - for standard input.\n\n"
		"      --format text  one line per finding, PATH:LINE:COLUMN first (the default)\n"
		"      --format json  one object: {\"results\":[{\"path\",\"decision\",\"findings\",\n"
		"                     \"left_out\"}]}\n"
		"      --rules RELEASE  judge as a policy with that value of \"rules\" does: what a\n"
		"                     later release of runvet brought only warns (0.1)\n"
		"  -h, --help         this text\n\n"
		"Exit status:\n"
		"  0  nothing of severity error\n"
		"  1  something of severity error, or a document that does not parse\n"
		"  2  a wrong command line, or a file that cannot be opened; the others are\n"
		"     judged all the same\n",
	.run = run,
};
