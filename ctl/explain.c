/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl explain: one rule, as one who was refused by it wants to read it; explain_record.c tells of one refusal. */
#include <stdlib.h>

#include "ctl/ctl.h"
#include "ctl/explain.h"
#include "ctl/policy.h"
#include "ctl/told.h"
#include "ctl/audit/query.h"
#include "validate/base/near.h"
#include "validate/rule/control_unseen.h"

#define NEAR_MOST 1024 /* ids that a misspelt one is compared with */

void explain_line(struct text *to, const char *name, const char *value)
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
		: strcmp(against, "boundary") == 0 ? "what its container got; what cannot be seen is never a breach"
		: strcmp(against, "approved") == 0 ? "what was noted when the container was created"
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
		explain_line(to, "place", r->at);
	if (against_words(r))
		explain_line(to, "against", against_words(r));
	explain_line(to, "severity", severity_name(type ? SEV_ERROR : told_severity(r)));
	t = text_over(more, sizeof(more));
	rule_exceptions_write(r, &t);
	if (t.len && !type)
		explain_line(to, "except", more);
	if (r->since != SPEC_ANY)
		text_printf(to, "  %-9s runtime-spec %s\n", "since", told_since(r));
	text_printf(to, "  %-9s runvet %s\n", "release", told_release(r));
	text_printf(to, "  %-9s %s: %s\n", "basis", basis_name(basis), basis_words(basis));
	text_printf(to, "  %-9s %s%s\n", "source", strstr(r->spec, ".md") && r->of != OF_CONTROL ? TOLD_SPEC : "",
		r->spec);
	if (r->fix && !type)
		explain_line(to, "fix", r->fix);
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

/* Who uses a control, and what it cannot see. The policy of this host is a help where it can be read. */
static int of_control(const char *id, struct text *to)
{
	struct opened o;
	const bool read = policy_open(NULL, &o) == 0;
	const int r = explain_use(&o.arena, id, read ? &o.policy : NULL, to);

	if (control_unseen(id))
		explain_line(to, "unseen", control_unseen(id));
	policy_close(&o);
	return r < 0 ? trouble("no memory") : CTL_GOOD;
}

static int explain_rule(const char *id, const struct rule *r)
{
	char text[16384];
	struct text to = text_over(text, sizeof(text));

	about(id, r, &to);
	if ((r->of == OF_CONTROL || r->of == OF_BOUNDARY) && of_control(id, &to) != CTL_GOOD)
		return CTL_USAGE;
	return put(text);
}

static int run(int argc, char **argv)
{
	static const char *const options[] = { "--help", NULL };
	if (argc > 1 && argv[1][0] == '-')
		return usage_option(&verb_explain, argv[1], options);
	if (argc != 2)
		return usage(&verb_explain,
			argc < 2 ? "the id of a rule or of a record is missing" : "explain takes one id");
	const struct rule *r = rule_find(argv[1]);
	if (r)
		return explain_rule(argv[1], r);
	return query_is_id(argv[1]) ? explain_record(argv[1]) : unknown(argv[1]);
}

const struct verb verb_explain = {
	.name = "explain",
	.summary = "tell what a rule asks for, or why a call was refused",
	.help = "Usage: runvetctl explain RULE|RECORD\n\n"
		"Of a rule that a finding names: what must hold, where, how much a breach weighs,\n"
		"since which release, on whose word, and what would be right. Of a control also\n"
		"its parameters, the profiles that use it, and what it cannot see.\n\n"
		"Of a record, by the id that stands in the refusal or its first eight digits:\n"
		"what was decided, and rule by rule the kind of value, what is allowed, which\n"
		"line of the policy says so, which exemptions there are for it and why they do\n"
		"not hold.\n"
		"As long as the bundle is there, unchanged, it is judged again.\n\n"
		"  -h, --help  this text\n\n"
		"Examples:\n"
		"  runvetctl explain mount.sensitive\n"
		"  runvetctl explain 0199aa7b-3f2c\n\n"
		"Exit status: 0 told, 1 there is no such record, 2 a wrong command line or a\n"
		"chain that cannot be read.\n",
	.run = run,
};
