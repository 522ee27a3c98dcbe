/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl policy coverage: what of a policy the given documents never touch. A rule that never fired may be kept by
 * everybody, or may not do what its author thinks; an exemption that was never used may be for nobody any more. Of
 * each document that counts which is judged as the shim would: the clause that is chosen, the shadows that are for it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/again.h"
#include "ctl/option.h"
#include "ctl/policy.h"
#include "validate/base/limits.h"

struct coverage {
	struct opened o;
	struct library *library;
	const char *context;
	bool live;
	size_t judged;
	bool *fired;            /* by control of the library */
	bool *used;             /* by exemption */
	bool *chosen, *watched; /* by clause of select; of shadow */
	bool fallback;          /* the profile for all others was applied */
};

static void note_findings(struct coverage *c, const struct finding *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const size_t at = library_find(c->library, bytes_of(list[i].id));
		if (at != SIZE_MAX)
			c->fired[at] = true;
	}
}

static int note_choice(struct coverage *c, const struct doc *context)
{
	const struct policy *p = &c->o.policy;
	struct chosen chosen;
	struct fail why = { 0 };

	if (policy_choose(p, c->library, context, &chosen, &why) < 0)
		return trouble("%s", why.says), -EINVAL;
	for (size_t i = 0; i < p->select_count; i++)
		c->chosen[i] |= &p->select[i] == chosen.clause || &p->select[i] == chosen.claimed;
	c->fallback |= !chosen.clause;
	for (size_t i = 0; i < p->shadow_count; i++)
		c->watched[i] |= conditions_met(p->shadow[i].when, context, NULL) != MET_NO;
	return 0;
}

static void note_report(struct coverage *c, const struct report *r)
{
	const struct policy *p = &c->o.policy;

	note_findings(c, r->findings, r->count);
	for (size_t i = 0; r->applied && i < r->applied->shadow_count; i++)
		note_findings(c, r->applied->shadows[i].findings, r->applied->shadows[i].count);
	for (size_t i = 0; r->applied && i < r->applied->exempt_count; i++)
		for (size_t k = 0; k < p->exempt_count; k++)
			c->used[k] |= strcmp(p->exempt[k].id, r->applied->exempt[i]) == 0;
}

static int on_word(struct coverage *c, const char *word)
{
	struct report report = { 0 };
	struct arena a;
	struct again g;

	arena_init(&a, LIMIT_ARENA);
	again_init(&g, c->live);
	int r = again_given(&g, word, c->context);
	if (r == 0 && g.unsound) {
		(void)trouble("%s: it is no JSON", word);
		r = -EBADMSG;
	}
	if (r == 0)
		r = note_choice(c, g.context);
	if (r == 0)
		r = again_judge(&g, &a, &c->o.policy, &report, NULL);
	if (r == 0) {
		note_report(c, &report);
		c->judged++;
	}
	again_done(&g);
	arena_done(&a);
	return r;
}

/* Adds to `named` the controls that a profile turns on. */
static int add_profile(struct coverage *c, const struct profile *p, enum mode limit, bool *named)
{
	const struct ruling *rulings = profile_rulings(c->library, p, limit, MODE_ENFORCE);

	if (!rulings)
		return trouble("no memory"), -ENOMEM;
	for (size_t i = 0; i < c->library->count; i++)
		/* No document is judged by the rules of start. */
		named[i] |= rulings[i].named && rulings[i].mode != MODE_OFF && !c->library->controls[i].start;
	return 0;
}

/* The controls of every profile that somebody may be judged by. */
static int effective(struct coverage *c, bool *named)
{
	const struct policy *p = &c->o.policy;
	struct chosen fallback;
	struct fail why = { 0 };

	int r = policy_choose(p, c->library, NULL, &fallback, &why);
	if (r < 0)
		return trouble("%s", why.says), r;
	r = add_profile(c, fallback.profile, fallback.mode, named);
	for (size_t i = 0; i < p->select_count && r == 0; i++)
		r = add_profile(c, p->select[i].profile, p->select[i].mode, named);
	for (size_t i = 0; i < p->shadow_count && r == 0; i++)
		r = add_profile(c, p->shadow[i].profile, p->shadow[i].mode, named);
	return r;
}

static void write_unused(const char *what, const char *name, const struct origin *from, struct text *to)
{
	text_printf(to, "%s: %s  (", what, name);
	origin_write(from, to);
	text_add(to, ")\n");
}

/* No document is judged by the rules of start: whether an exemption for them is ever used nobody knows here. */
static bool is_of_start(const struct library *lib, const struct exemption *x)
{
	for (const char *const *id = x->rules; *id; id++) {
		const size_t at = library_find(lib, bytes_of(*id));
		if (at == SIZE_MAX || !lib->controls[at].start)
			return false;
	}
	return true;
}

static size_t write_clauses(const char *what, const struct selection *list, size_t count, const bool *met,
	struct text *to)
{
	size_t unused = 0;
	for (size_t i = 0; i < count; i++) {
		if (met[i])
			continue;
		unused++;
		write_unused(what, list[i].profile->name, &list[i].from, to);
	}
	return unused;
}

static int write_all(struct coverage *c)
{
	const struct policy *p = &c->o.policy;
	const struct library *lib = c->library;
	struct text to = text_growing(&c->o.arena);
	bool *named = arena_array(&c->o.arena, lib->count + 1, sizeof(*named));
	size_t rules = 0, fired = 0, used = 0;

	if (!named)
		return trouble("no memory");
	if (effective(c, named) < 0)
		return CTL_USAGE;
	for (size_t i = 0; i < lib->count; i++) {
		rules += named[i];
		fired += named[i] && c->fired[i];
		if (named[i] && !c->fired[i])
			text_printf(&to, "never fired: %s\n", lib->controls[i].id);
	}
	for (size_t i = 0; i < p->exempt_count; i++) {
		c->used[i] |= is_of_start(lib, &p->exempt[i]);
		used += c->used[i];
		if (!c->used[i])
			write_unused("never used: exemption", p->exempt[i].id, &p->exempt[i].from, &to);
	}
	size_t unmet = write_clauses("never chosen: clause of select for", p->select, p->select_count, c->chosen, &to);
	unmet += write_clauses("never met: clause of shadow for", p->shadow, p->shadow_count, c->watched, &to);
	if (!c->fallback)
		text_add(&to, "never applied: the profile for all others\n");
	const size_t clauses = p->select_count + p->shadow_count;
	text_printf(&to, "%zu judged: %zu of %zu rules fired, %zu of %zu exemptions used, %zu of %zu clauses met\n",
		c->judged, fired, rules, used, p->exempt_count, clauses - unmet, clauses);
	const int code = to.cut ? trouble("no memory for the output") : put(to.data);
	if (code != CTL_GOOD)
		return code;
	return fired < rules || used < p->exempt_count || unmet > 0 || !c->fallback ? CTL_FOUND : CTL_GOOD;
}

static int open_policy(struct coverage *c, const char *given)
{
	struct arena *a = &c->o.arena;

	if (policy_open(given, &c->o) < 0) {
		(void)policy_print_faults(&c->o);
		return CTL_FOUND;
	}
	const struct policy *p = &c->o.policy;
	if (!p->present)
		return trouble("there is no policy at %s", c->o.path);
	c->library = p->library ? p->library : library_new(a, 0);
	c->fired = c->library ? arena_array(a, c->library->count + 1, sizeof(bool)) : NULL;
	c->used = arena_array(a, p->exempt_count + 1, sizeof(bool));
	c->chosen = arena_array(a, p->select_count + 1, sizeof(bool));
	c->watched = arena_array(a, p->shadow_count + 1, sizeof(bool));
	return c->fired && c->used && c->chosen && c->watched ? CTL_GOOD : trouble("no memory");
}

static int cover(struct coverage *c, char *const *words, size_t count)
{
	int code = open_policy(c, words[0]);
	for (size_t i = 1; i < count && code == CTL_GOOD; i++)
		if (on_word(c, words[i]) < 0)
			code = CTL_USAGE;
	if (code == CTL_GOOD)
		code = write_all(c);
	policy_close(&c->o);
	return code;
}

static int run(int argc, char **argv)
{
	struct coverage c = { 0 };
	const struct option options[] = {
		{ .name = "--live", .flag = &c.live },
		{ .name = "--context", .value = &c.context },
		{ 0 },
	};
	const int count = options_read(&verb_policy, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	if (count < 2)
		return usage(&verb_policy, "coverage takes a policy, and what is judged by it");
	return cover(&c, argv + 1, (size_t)count);
}

const struct subverb policy_coverage = { .name = "coverage", .summary = "list what is never used", .run = run };
