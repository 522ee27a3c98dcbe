/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl rules: the rows that runvet judges by, told by themselves. docs/rules.md is what the third format prints,
 * so what is documented is what is enforced.
 */
#include <stdlib.h>

#include "ctl/ctl.h"
#include "ctl/told.h"

#define OUTPUT_ARENA ((size_t)16 << 20)

static const char
	*const subjects[OF_MAX] = { [OF_BUNDLE] = "bundle", [OF_POLICY] = "policy", [OF_RUNTIME] = "runtimes" };

/* Calls tell for every row of that subject that has an id, in table order. */
static void each_rule(enum subject of, void (*tell)(const struct rule *, struct text *), struct text *to)
{
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++)
			if ((*t)->rows[i].id && (*t)->rows[i].of == of)
				tell(&(*t)->rows[i], to);
}

static void line_of(const struct rule *r, struct text *to)
{
	text_printf(to, "%-54s %-8s  %-5s  %-7s  %-14s  %s\n", r->id, severity_name(told_severity(r)), told_since(r),
		told_release(r), basis_name(r->basis), r->at && *r->at ? r->at : "-");
}

static void list_text(struct text *to)
{
	text_printf(to, "%-54s %-8s  %-5s  %-7s  %-14s  %s\n", "ID", "SEVERITY", "SINCE", "RELEASE", "BASIS", "PLACE");
	for (enum subject of = OF_BUNDLE; of < OF_MAX; of++)
		each_rule(of, line_of, to);
}

static void member(struct text *to, const char *name, const char *value)
{
	text_printf(to, "\"%s\":", name);
	if (value)
		text_json(to, bytes_of(value));
	else
		text_add(to, "null");
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
	text_char(to, '}');
}

static void list_json(struct text *to)
{
	text_add(to, "{\"rules\":[");
	for (enum subject of = OF_BUNDLE; of < OF_MAX; of++)
		each_rule(of, object_of, to);
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
	if (strchr(r->spec, '('))
		text_printf(to, "%s | ", basis_name(r->basis));
	else
		text_printf(to, "[%s](%s%s) | ", basis_name(r->basis), TOLD_SPEC, r->spec);
	cell(sentence, to);
	if (r->fix)
		text_add(to, "; ");
	cell(r->fix ? r->fix : "", to);
	text_add(to, " |\n");
}

static void list_markdown(struct text *to)
{
	static const char *const titles[OF_MAX] = {
		[OF_BUNDLE] = "The document of a container",
		[OF_POLICY] = "The policy file",
		[OF_RUNTIME] = "A file of runtimes.d",
	};
	text_add(to,
		"<!-- SPDX-License-Identifier: Apache-2.0 -->\n# The rules\n\n"
		"`runvetctl rules --format markdown` prints this page. The severity is what a breach weighs: an error\n"
		"refuses, a warning and a remark (info) do not. A document is held to the release of the runtime\n"
		"specification that its `ociVersion` names, where that matters; *since* is the release that brought\n"
		"the rule. The basis says on whose word it is one: ");
	for (enum basis b = BASIS_MUST; b <= BASIS_TEXT; b++)
		text_printf(to, "%s*%s*, %s", b == BASIS_MUST ? "" : "; ", basis_name(b), basis_words(b));
	text_add(to,
		".\n\nA value of the wrong type is an error too, called `type.` and its place "
		"(`type.process.args`).\n");
	for (enum subject of = OF_BUNDLE; of < OF_MAX; of++) {
		text_printf(to,
			"\n## %s\n\n| rule | severity | since | basis | what must hold |\n| --- | --- | --- | --- | "
			"--- "
			"|\n",
			titles[of]);
		each_rule(of, row_of, to);
	}
}

static const struct {
	const char *name;
	void (*list)(struct text *to);
} formats[] = { { "text", list_text }, { "json", list_json }, { "markdown", list_markdown } };

static int choose(const char *name, void (**ret)(struct text *))
{
	for (size_t i = 0; name && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name, formats[i].name) == 0) {
			*ret = formats[i].list;
			return CTL_GOOD;
		}
	return name ? usage(&verb_rules, "unknown format %s: text, json or markdown", name)
		    : usage(&verb_rules, "--format needs a value: text, json or markdown");
}

static int run(int argc, char **argv)
{
	static const char *const options[] = { "--format", "--help", NULL };
	void (*list)(struct text *) = list_text;
	int r = CTL_GOOD;
	for (int i = 1; i < argc && r == CTL_GOOD; i++) {
		if (strcmp(argv[i], "--format") == 0)
			r = choose(argv[++i], &list);
		else if (strncmp(argv[i], "--format=", 9) == 0)
			r = choose(argv[i] + 9, &list);
		else if (argv[i][0] == '-')
			r = usage_option(&verb_rules, argv[i], options);
		else
			r = usage(&verb_rules, "rules takes no argument, got %s; runvetctl explain tells of one",
				argv[i]);
	}
	if (r != CTL_GOOD)
		return r;
	struct arena a;
	arena_init(&a, OUTPUT_ARENA);
	struct text to = text_growing(&a);
	list(&to);
	r = to.cut ? trouble("no memory for the output") : put(to.data);
	arena_done(&a);
	return r;
}

const struct verb verb_rules = {
	.name = "rules",
	.summary = "list the rules that runvet applies",
	.help = "Usage: runvetctl rules [--format text|json|markdown]\n\n"
		"Lists the rules that runvet judges by: of a container's document, of the policy\n"
		"file, of runtimes.d.\n\n"
		"      --format text      id, severity, the releases of the specification and of\n"
		"                         runvet that brought it, basis, place (the default)\n"
		"      --format json      one object: {\"rules\":[{\"id\",\"of\",\"place\",\"severity\",\n"
		"                         \"except\",\"basis\",\"since\",\"release\",\"spec\",\"says\",\n"
		"                         \"fix\"}]}\n"
		"      --format markdown  the page docs/rules.md\n"
		"  -h, --help             this text\n",
	.run = run,
};
