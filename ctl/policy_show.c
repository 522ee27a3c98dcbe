/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl policy show: what a policy comes to, and who said each part of it. */
#include <errno.h>
#include <stdio.h>

#include "ctl/input.h"
#include "ctl/option.h"
#include "ctl/policy.h"
#include "validate/doc/make.h"
#include "validate/rule/version.h"

struct wanted {
	const char *policy, *profile, *context;
};

static void put_line(struct text *to, const char *name, const char *value, const struct origin *from)
{
	text_printf(to, "%-22s %-22s ", name, value);
	origin_write(from, to);
	text_char(to, '\n');
}

static void write_switches(const struct policy *p, struct text *to)
{
	char number[24];
	const struct {
		const char *member, *value;
	} rows[] = {
		{ "mode", mode_name(p->mode) },
		{ "rules", release_name(p->rules) },
		{ "start.drift", mode_name(p->start_drift) },
		{ "start.boundary", mode_name(p->start_boundary) },
		{ "unknownVerb", p->pass_unknown_verb ? "pass" : "deny" },
		{ "audit.chain", p->audit_chain ? "true" : "false" },
		{ "audit.journal", p->audit_journal ? "true" : "false" },
		{ "audit.lifecycle", p->audit_lifecycle ? "true" : "false" },
		{ "audit.ackMs", number },
		{ "audit.commit", p->audit_synced ? "synced" : "sent" },
		{ "audit.fdatasync", p->audit_fdatasync ? "true" : "false" },
	};
	(void)snprintf(number, sizeof(number), "%ld", p->ack_ms);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct origin from = policy_origin(p, rows[i].member);
		put_line(to, rows[i].member, rows[i].value, &from);
	}
	for (enum cause c = 0; c < CAUSE_MAX; c++) {
		char member[48];
		(void)snprintf(member, sizeof(member), "onError.%s", cause_name(c));
		const struct origin from = policy_origin(p, member);
		if (c != CAUSE_POLICY)
			put_line(to, member, p->allow_on[c] ? "allow" : "deny", &from);
	}
}

static void write_clause(const char *name, const struct selection *s, struct text *to)
{
	text_printf(to, "%s: ", name);
	if (s->when)
		doc_write(s->when, false, to);
	else
		text_add(to, "all");
	text_printf(to, "%s: %s", s->any ? ", by claims too" : "", s->profile->name);
	if (s->mode != MODE_ENFORCE)
		text_printf(to, ", at most %s", mode_name(s->mode));
	text_add(to, "  (");
	origin_write(&s->from, to);
	text_add(to, ")\n");
}

static void write_parts(const struct policy *p, struct text *to)
{
	for (size_t i = 0; i < p->select_count; i++)
		write_clause("select", &p->select[i], to);
	for (size_t i = 0; i < p->shadow_count; i++)
		write_clause("shadow", &p->shadow[i], to);
	for (size_t i = 0; i < p->exempt_count; i++) {
		const struct exemption *x = &p->exempt[i];
		text_printf(to, "exempt: %s:", x->id);
		for (const char *const *r = x->rules; *r; r++)
			text_printf(to, " %s", *r);
		if (x->match) {
			text_add(to, " for ");
			doc_write(x->match, false, to);
		}
		if (x->values) {
			text_add(to, " of ");
			doc_write(x->values, false, to);
		}
		text_add(to, " until ");
		text_shown(to, doc_string(x->from.at, "notAfter", (struct bytes){ 0 }), 40);
		text_add(to, "  (");
		origin_write(&x->from, to);
		text_add(to, ")\n");
	}
}

static int write_rules(const struct chosen *c, struct library *lib, struct text *to)
{
	const struct ruling *rulings = c->profile ? profile_rulings(lib, c->profile, c->mode, c->custom) : NULL;
	if (!rulings)
		return -ENOMEM;
	text_printf(to, "\nprofile %s", c->profile->name);
	if (c->mode != MODE_ENFORCE)
		text_printf(to, ", at most %s", mode_name(c->mode));
	text_add(to, "  (");
	origin_write(&c->profile->from, to);
	text_add(to, ")\n");
	for (size_t i = 0; i < lib->count; i++) {
		const struct ruling *r = &rulings[i];
		const struct control *control = &lib->controls[i];
		if (!r->named)
			continue;
		const struct origin from = { r->from ? r->from->from.file : control->from.file, r->at };
		text_printf(to, "  %-20s %-8s %s (", control->id, mode_name(r->mode),
			r->from ? r->from->name : "the rule itself");
		origin_write(&from, to);
		text_add(to, ")\n");
		if (r->params && r->params->count > 0) {
			text_add(to, "      ");
			doc_write(r->params, false, to);
			text_char(to, '\n');
		}
	}
	return 0;
}

/* Which profile is meant: the one that is named, the one of a call, the default one. */
static int choose(struct opened *o, const struct wanted *w, struct library *lib, struct chosen *ret)
{
	const struct doc *context = NULL;
	struct fail why = { 0 };

	if (w->profile) {
		*ret = (struct chosen){ .profile = library_profile(lib, bytes_of(w->profile)) };
		return ret->profile ? 0 : trouble("there is no profile %s", w->profile);
	}
	if (w->context) {
		const struct doc_options options = { .file = w->context, .cause = CAUSE_BUNDLE };
		const char *file;
		struct bytes text;
		if (input_get(&o->arena, w->context, &file, &text) < 0)
			return CTL_USAGE;
		if (doc_parse(&o->arena, text, &options, &context, &why) < 0)
			return trouble("%s: %s", w->context, why.says);
	}
	return policy_choose(&o->policy, lib, context, ret, &why) < 0 ? trouble("%s", why.says) : 0;
}

static int show(const struct wanted *w)
{
	struct opened o;
	struct chosen chosen = { 0 };
	if (policy_open(w->policy, &o) < 0) {
		(void)policy_print_faults(&o);
		policy_close(&o);
		return CTL_FOUND;
	}
	struct text to = text_growing(&o.arena);
	struct library *lib = o.policy.library ? o.policy.library : library_new(&o.arena, 0);
	if (o.policy.present)
		text_printf(&to, "%s, %zu file%s, digest %s\n", o.path, o.policy.file_count,
			o.policy.file_count == 1 ? "" : "s", o.policy.digest);
	else
		text_printf(&to, "there is no policy at %s; this is what holds then\n", o.path);
	write_switches(&o.policy, &to);
	write_parts(&o.policy, &to);
	int code = lib ? choose(&o, w, lib, &chosen) : trouble("no memory");
	if (code == CTL_GOOD && write_rules(&chosen, lib, &to) < 0)
		code = trouble("no memory");
	if (code == CTL_GOOD)
		code = to.cut ? trouble("no memory for the output") : put(to.data);
	policy_close(&o);
	return code;
}

static int run(int argc, char **argv)
{
	struct wanted w = { 0 };
	const struct option options[] = {
		{ .name = "--profile", .value = &w.profile },
		{ .name = "--context", .value = &w.context },
		{ 0 },
	};
	const int count = options_read(&verb_policy, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	if (count > 1)
		return usage(&verb_policy, "show takes one policy, got %s as well", argv[2]);
	w.policy = count > 0 ? argv[1] : NULL;
	return show(&w);
}

const struct subverb policy_show = { .name = "show", .summary = "print what a policy comes to", .run = run };
