/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl explain: one rule, as one who was refused by it wants to read it. */
#include <stdlib.h>

#include "ctl/ctl.h"
#include "ctl/told.h"
#include "validate/base/near.h"

#define NEAR_MOST 1024 /* ids that a misspelt one is compared with */

static void line(struct text *to, const char *name, const char *value)
{
	text_printf(to, "  %-9s %s\n", name, value);
}

/* The derived id of a type breach names one place, where the row that gives the type may speak of several. */
static bool of_type(const char *id, const struct rule *r)
{
	return !r->id || strcmp(r->id, id) != 0;
}

static void params(const struct rule *r, struct text *to)
{
	for (const struct param *p = r->params; p && p->name; p++) {
		text_printf(to, "  %-9s %s, ", p == r->params ? "params" : "", p->name);
		told_param_type(p, to);
		text_printf(to, ": %s\n", p->says);
	}
}

static const char *against_words(const struct rule *r)
{
	const char *against = told_against(r);
	return !against                            ? NULL
		: strcmp(against, "policy") == 0   ? "the site's policy, which sets whether it holds"
		: strcmp(against, "delegate") == 0 ? "what the delegate says it can do; unknown is never a breach"
						   : "what the host has; unknown is never a breach";
}

static void about(const char *id, const struct rule *r, struct text *to)
{
	char more[1024];
	struct text t = text_over(more, sizeof(more));
	const bool type = of_type(id, r);
	const enum basis basis = type ? BASIS_SCHEMA : r->basis;
	text_printf(to, "%s\n\n  ", id);
	if (type) {
		text_printf(&t, "%s must be ", r->at);
		rule_type_write(r, &t);
	} else {
		rule_write(r, &t);
	}
	text_printf(to, "%s.\n\n", more);
	if (r->at && *r->at)
		line(to, "place", r->at);
	if (against_words(r))
		line(to, "against", against_words(r));
	line(to, "severity", severity_name(type ? SEV_ERROR : told_severity(r)));
	t = text_over(more, sizeof(more));
	rule_exceptions_write(r, &t);
	if (t.len && !type)
		line(to, "except", more);
	if (r->since != SPEC_ANY)
		text_printf(to, "  %-9s runtime-spec %s\n", "since", told_since(r));
	text_printf(to, "  %-9s runvet %s\n", "release", told_release(r));
	text_printf(to, "  %-9s %s: %s\n", "basis", basis_name(basis), basis_words(basis));
	text_printf(to, "  %-9s %s%s\n", "source", strstr(r->spec, ".md") && r->of != OF_CONTROL ? TOLD_SPEC : "", r->spec);
	if (r->fix && !type)
		line(to, "fix", r->fix);
	params(r, to);
}

static int unknown(const char *id)
{
	const char *ids[NEAR_MOST + 1] = { NULL };
	size_t n = 0;
	for (const struct rules *const *t = rule_tables; *t; t++)
		for (size_t i = 0; i < (*t)->count && n < NEAR_MOST; i++)
			if ((*t)->rows[i].id)
				ids[n++] = (*t)->rows[i].id;
	const char *near = near_word(bytes_of(id), ids);
	if (near)
		return usage(&verb_explain, "no rule is called %s; did you mean %s?", id, near);
	return usage(&verb_explain, "no rule is called %s; runvetctl rules lists them", id);
}

static int run(int argc, char **argv)
{
	static const char *const options[] = { "--help", NULL };
	char text[8192];
	struct text to = text_over(text, sizeof(text));
	if (argc > 1 && argv[1][0] == '-')
		return usage_option(&verb_explain, argv[1], options);
	if (argc != 2)
		return usage(&verb_explain, argc < 2 ? "the id of a rule is missing" : "explain takes one id");
	const struct rule *r = rule_find(argv[1]);
	if (!r)
		return unknown(argv[1]);
	about(argv[1], r, &to);
	return put(text);
}

const struct verb verb_explain = {
	.name = "explain",
	.summary = "tell what a rule asks for, and why",
	.help = "Usage: runvetctl explain ID\n\n"
		"Tells of the rule that a finding names: what must hold, where, how much a breach\n"
		"weighs, since which release, on whose word, and what would be right.\n\n"
		"  -h, --help  this text\n",
	.run = run,
};
