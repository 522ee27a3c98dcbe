/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl rules: the rows that runvet judges by, told by themselves. docs/rules.md is what the third format prints,
 * so what is documented is what is enforced.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/option.h"
#include "ctl/told.h"

#define OUTPUT_ARENA ((size_t)16 << 20)

static const char *const subjects[OF_MAX] = {
	[OF_BUNDLE] = "bundle",
	[OF_HOST] = "bundle",
	[OF_CONTROL] = "bundle",
	[OF_BOUNDARY] = "bundle",
	[OF_POLICY] = "policy",
	[OF_RUNTIME] = "runtimes",
	[OF_FEATURES] = "features",
	[OF_MACHINE] = "host",
	[OF_LOCK] = "lock",
};

/* What is listed together. A section without rows is left out. */
static const struct section {
	enum subject of;
	const char *against; /* told_against; NULL takes all of the subject */
	const char *title, *about;
} sections[] = {
	{ .of = OF_BUNDLE, .title = "The document of a container" },
	{ .of = OF_HOST,
		.against = "host",
		.title = "The document, held against the host",
		.about =
			"What the host is not known to lack is there: unknown is never a breach. Zero, false and empty "
			"are unset." },
	{ .of = OF_HOST,
		.against = "delegate",
		.title = "The document, held against what the delegate can",
		.about = "By what the delegate says of itself (`features`). What it does not speak of is unknown, and "
			 "no "
			 "breach." },
	{ .of = OF_CONTROL,
		.title = "The document, held against the site's policy",
		.about = "Controls: a profile of the policy sets which of them hold, and their parameters." },
	{ .of = OF_BOUNDARY,
		.title = "The document, held against what its container got",
		.about = "At `start`, and by `runvetctl boundary`: did the runtime do what it was told? What cannot be "
			 "seen is unknown, and no breach." },
	{ .of = OF_POLICY, .title = "The policy file" },
	{ .of = OF_RUNTIME, .title = "A file of runtimes.d" },
	{ .of = OF_FEATURES, .title = "What a delegate says of itself" },
	{ .of = OF_MACHINE, .title = "A host document" },
	{ .of = OF_LOCK, .title = "A lock file" },
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

/* Calls tell (unless NULL) for every row of the section, in table order. Returns whether there is one. */
static bool each_rule(const struct section *s, void (*tell)(const struct rule *, struct text *), struct text *to)
{
	bool any = false;
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++) {
			const struct rule *r = &(*t)->rows[i];
			const char *against = told_against(r);
			if (!r->id || r->of != s->of || (s->against && against && strcmp(s->against, against) != 0))
				continue;
			any = true;
			if (tell)
				tell(r, to);
		}
	return any;
}

static void line_of(const struct rule *r, struct text *to)
{
	text_printf(to, "%-54s %-8s  %-5s  %-7s  %-14s  %s\n", r->id, severity_name(told_severity(r)), told_since(r),
		told_release(r), basis_name(r->basis), r->at && *r->at ? r->at : "-");
}

static void list_text(struct text *to)
{
	text_printf(to, "%-54s %-8s  %-5s  %-7s  %-14s  %s\n", "ID", "SEVERITY", "SINCE", "RELEASE", "BASIS", "PLACE");
	for (size_t i = 0; i < SECTIONS; i++)
		each_rule(&sections[i], line_of, to);
}

static void member(struct text *to, const char *name, const char *value)
{
	text_printf(to, "\"%s\":", name);
	if (value)
		text_json(to, bytes_of(value));
	else
		text_add(to, "null");
}

static void params_of(const struct rule *r, struct text *to)
{
	text_add(to, ",\"params\":[");
	for (const struct param *p = r->params; p && p->name; p++) {
		char words[64];
		struct text type = text_over(words, sizeof(words));
		told_param_type(p, &type);
		text_add(to, p == r->params ? "{" : ",{");
		member(to, "name", p->name);
		text_char(to, ',');
		member(to, "type", words);
		text_char(to, ',');
		member(to, "says", p->says);
		text_char(to, '}');
	}
	text_char(to, ']');
}

static void object_of(const struct rule *r, struct text *to)
{
	char sentence[1024], exceptions[128];
	struct text says = text_over(sentence, sizeof(sentence)), but = text_over(exceptions, sizeof(exceptions));
	const struct {
		const char *name, *value;
	} members[] = {
		{ "id", r->id },
		{ "of", subjects[r->of] },
		{ "against", told_against(r) ? told_against(r) : "" },
		{ "place", r->at },
		{ "severity", severity_name(told_severity(r)) },
		{ "except", exceptions },
		{ "basis", basis_name(r->basis) },
		{ "since", r->since == SPEC_ANY ? NULL : told_since(r) },
		{ "release", told_release(r) },
		{ "spec", r->spec },
		{ "says", sentence },
		{ "fix", r->fix },
	};
	rule_write(r, &says);
	rule_exceptions_write(r, &but);
	text_add(to, to->data[to->len - 1] == '[' ? "{" : ",{");
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		text_add(to, i ? "," : "");
		member(to, members[i].name, *(members[i].value ? members[i].value : "x") ? members[i].value : NULL);
	}
	params_of(r, to);
	text_char(to, '}');
}

static void list_json(struct text *to)
{
	text_add(to, "{\"rules\":[");
	for (size_t i = 0; i < SECTIONS; i++)
		each_rule(&sections[i], object_of, to);
	text_add(to, "]}\n");
}

/* Text in a cell of a table: nothing in it is markup. */
static void cell(const char *s, struct text *to)
{
	for (; *s; s++) {
		if (strchr("\\`*_|<>[]{}#", *s))
			text_char(to, '\\');
		text_char(to, *s);
	}
}

static void row_of(const struct rule *r, struct text *to)
{
	char sentence[1024], exceptions[128];
	struct text says = text_over(sentence, sizeof(sentence)), but = text_over(exceptions, sizeof(exceptions));
	rule_write(r, &says);
	rule_exceptions_write(r, &but);
	text_printf(to, "| `%s` | %s%s%s | %s | ", r->id, severity_name(told_severity(r)), but.len ? "; " : "",
		exceptions, r->since == SPEC_ANY ? "" : told_since(r));
	if (r->of == OF_CONTROL || !strstr(r->spec, ".md"))
		text_printf(to, "%s%s%s | ", basis_name(r->basis), r->of == OF_CONTROL ? ": " : "",
			r->of == OF_CONTROL ? r->spec : "");
	else
		text_printf(to, "[%s](%s%s) | ", basis_name(r->basis), TOLD_SPEC, r->spec);
	cell(sentence, to);
	if (r->fix)
		text_add(to, "; ");
	cell(r->fix ? r->fix : "", to);
	for (const struct param *p = r->params; p && p->name; p++) {
		text_printf(to, "<br>`%s`, ", p->name);
		told_param_type(p, to);
		text_add(to, ": ");
		cell(p->says, to);
	}
	text_add(to, " |\n");
}

static void list_markdown(struct text *to)
{
	text_add(to,
		"<!-- SPDX-License-Identifier: Apache-2.0 -->\n# The rules\n\n"
		"`runvetctl rules --format markdown` prints this page. The severity is what a breach weighs: an error\n"
		"refuses, a warning and a remark (info) do not. A document is held to the release of the runtime\n"
		"specification that its `ociVersion` names, where that matters; *since* is the release that brought\n"
		"the rule. The basis says on whose word it is one: ");
	for (int b = BASIS_MUST; b <= BASIS_TEXT; b++)
		text_printf(to, "%s*%s*, %s", b == BASIS_MUST ? "" : "; ", basis_name((enum basis)b),
			basis_words((enum basis)b));
	text_add(to,
		".\n\nA value of the wrong type is an error too, called `type.` and its place "
		"(`type.process.args`).\n");
	for (const struct section *s = sections; s < sections + SECTIONS; s++) {
		if (!each_rule(s, NULL, to))
			continue;
		text_printf(to, "\n## %s\n\n%s%s", s->title, s->about ? s->about : "", s->about ? "\n\n" : "");
		text_add(to,
			"| rule | severity | since | basis | what must hold |\n"
			"| --- | --- | --- | --- | --- |\n");
		each_rule(s, row_of, to);
	}
}

static int run(int argc, char **argv)
{
	static const char *const formats[] = { "text", "json", "markdown", NULL };
	const char *format = NULL;
	const struct option options[] = { { .name = "--format", .value = &format, .choices = formats }, { 0 } };
	const int count = options_read(&verb_rules, options, argc, argv);

	if (count > 0)
		return usage(&verb_rules, "rules takes no argument, got %s; runvetctl explain tells of one", argv[1]);
	if (count < 0)
		return CTL_USAGE;
	struct arena a;
	arena_init(&a, OUTPUT_ARENA);
	struct text to = text_growing(&a);
	(option_is(format, "json") ? list_json : option_is(format, "markdown") ? list_markdown : list_text)(&to);
	const int r = to.cut ? trouble("no memory for the output") : put(to.data);
	arena_done(&a);
	return r;
}

const struct verb verb_rules = {
	.name = "rules",
	.summary = "list the rules that runvet applies",
	.help = "Usage: runvetctl rules [--format text|json|markdown]\n\n"
		"Lists the rules that runvet judges by: of a container's document, held against\n"
		"the specification, the host, the delegate and the policy; of the policy file, of\n"
		"runtimes.d, of a host document.\n\n"
		"      --format text      id, severity, the releases of the specification and of\n"
		"                         runvet that brought it, basis, place (the default)\n"
		"      --format json      one object: {\"rules\":[{\"id\",\"of\",\"against\",\"place\",\n"
		"                         \"severity\",\"except\",\"basis\",\"since\",\"release\",\n"
		"                         \"spec\",\"says\",\"fix\",\"params\":[{\"name\",\"type\",\n"
		"                         \"says\"}]}]}\n"
		"      --format markdown  the page docs/rules.md\n"
		"  -h, --help             this text\n"
		"\nExamples:\n"
		"  runvetctl rules\n"
		"  runvetctl rules --format json | jq '.rules[] | select(.severity == \"error\")'\n",
	.run = run,
};
