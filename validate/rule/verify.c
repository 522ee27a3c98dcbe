/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table judges itself. What a compiler cannot see in a row (an id said twice, a predicate without its argument, a
 * place that no parser understands) would otherwise be a rule that silently never speaks, which is the worst fault
 * a validator can have. The tests run this before anything else.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "validate/rule/vocabulary.h"

#define VERIFY_ARENA ((size_t)16 << 20)

struct fault {
	const struct rule *rule;
	struct fail *fail;
};

/* Every fault is told in one way: which row, and what is wrong with it. */
static int wrong(const struct fault *f, const char *what)
{
	const char *id = f->rule && f->rule->id ? f->rule->id : "a field";
	const char *at = f->rule && f->rule->at ? f->rule->at : "(no place)";
	return fail(f->fail, -EINVAL, CAUSE_INTERNAL, "", "the row %s at %s %s", id, at, what);
}

/* A control has a name that people write into policies: "privileged" is one. */
static bool id_spelled(const char *id, bool plain)
{
	bool after_dot = true, dotted = false;
	for (; *id; id++) {
		const bool letter = (*id >= 'a' && *id <= 'z') || (*id >= '0' && *id <= '9');
		if (!letter && (after_dot || (*id != '.' && *id != '-')))
			return false;
		after_dot = *id == '.';
		dotted |= after_dot;
	}
	return (dotted || plain) && !after_dot;
}

/* A place is names, "[]" and "*", joined by dots; alternatives in braces are whole steps and are not nested. */
static bool place_spelled(const char *p)
{
	bool in_braces = false, step_wanted = true;
	if (!*p)
		return true;
	for (; *p; p++) {
		const bool name = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
			*p == '_';
		if (name || (*p == '*' && step_wanted && (!p[1] || strchr(".[,}", p[1])))) {
			step_wanted = false;
		} else if (*p == '{' && !in_braces && step_wanted && strchr(p, '}')) {
			in_braces = true;
		} else if (!step_wanted && (*p == '.' || (*p == ',' && in_braces))) {
			step_wanted = true;
		} else if (*p == '}' && in_braces && !step_wanted && (!p[1] || p[1] == '.' || p[1] == '[')) {
			in_braces = false;
		} else if (*p == '[' && p[1] == ']' && !step_wanted) {
			p++;
			if (p[1] && !strchr(".[,}", p[1]))
				return false;
		} else {
			return false;
		}
	}
	return !in_braces && !step_wanted;
}

static bool argument_fits(const struct rule *r)
{
	switch (r->must->takes) {
	case TAKES_NOTHING:
		return !r->words && r->range.min == 0 && r->range.max == 0;
	case TAKES_WORDS:
		return r->words && r->words[0];
	case TAKES_RANGE:
		return r->range.min < r->range.max;
	case TAKES_TEXT:
		return r->text && *r->text;
	}
	return false;
}

/* What is wrong with a row's word on releases; NULL when nothing is. */
static const char *verify_release(const struct rule *r, bool judges)
{
	if (r->in >= RELEASE_MAX)
		return "is of no release";
	if (r->of == OF_BUNDLE && r->since == SPEC_ANY)
		return "does not say since when";
	if (r->before && (!judges || r->before >= r->severity || r->since <= SPEC_1_0_0))
		return "was not less before";
	if (r->relaxed && (!judges || r->relaxed_to >= r->severity || r->relaxed <= r->since))
		return "is not loosened";
	if (!r->relaxed && r->relaxed_to)
		return "does not say from when on it is loosened";
	if (r->until && (!r->type || r->until <= r->since))
		return "is no property that was there before it was removed";
	return NULL;
}

/* What is wrong with a row's parameters; NULL when nothing is. */
static const char *verify_params(const struct rule *r)
{
	if (r->params && r->of != OF_CONTROL)
		return "has parameters, and no policy sets them";
	if ((r->basis == BASIS_POLICY) != (r->of == OF_CONTROL))
		return r->of == OF_CONTROL ? "is a control on another word than the policy's" : "is no control";
	for (const struct param *p = r->params; p && p->name; p++)
		if (!*p->name || !p->type || !p->says || (p->of && !(p->type & (DOC_ARRAY | DOC_OBJECT))))
			return "has an unfinished parameter";
	return NULL;
}

static int verify_row(const struct rule *r, struct fail *reterr)
{
	const struct fault f = { r, reterr };
	const bool judges = r->must || r->presence != OPTIONAL;
	if (!r->at)
		return !r->id                       ? wrong(&f, "has neither id nor place")
			: judges || r->type         ? wrong(&f, "judges without a place")
			: !r->says || !r->severity  ? wrong(&f, "does not say what must hold")
			: !id_spelled(r->id, false) ? wrong(&f, "has an ill-spelled id")
						    : 0;
	if (!place_spelled(r->at))
		return wrong(&f, "has an ill-spelled place");
	if (r->of >= OF_MAX)
		return wrong(&f, "is of no subject");
	if (!r->type && !judges)
		return wrong(&f, "asks for nothing");
	if (!r->id && judges)
		return wrong(&f, "judges without an id");
	if (r->id && !judges && *r->at)
		return wrong(&f, "has an id and nothing to say under it: the id of a type breach is derived");
	if (r->id && !id_spelled(r->id, r->of == OF_CONTROL))
		return wrong(&f, "has an ill-spelled id");
	if (judges && r->severity == SEV_OFF)
		return wrong(&f, "has no severity");
	if (r->width != INT_ANY && !(r->type & DOC_INT))
		return wrong(&f, "gives a width to what is no integer");
	if (r->quote != QUOTE_NEVER && !r->type && !subject_is_second_look(r->of))
		return wrong(&f, "says what may be quoted, but does not give the type");
	if (r->asks && !subject_is_second_look(r->of))
		return wrong(&f, "asks about the host, and is not held against it");
	if (r->type && subject_is_second_look(r->of))
		return wrong(&f, "gives a type to a place that the specification's rows give one");
	if (!r->spec || !*r->spec)
		return wrong(&f, "names no source");
	const char *param = verify_params(r);
	if (param)
		return wrong(&f, param);
	const char *release = verify_release(r, judges);
	if (release)
		return wrong(&f, release);
	if (!r->must)
		return r->words || r->range.min || r->range.max ? wrong(&f, "has an argument and no predicate") : 0;
	if (!r->must->says || !r->must->holds || !r->must->judges)
		return wrong(&f, "has an unfinished predicate");
	if (!argument_fits(r))
		return wrong(&f, "has an argument that does not fit its predicate");
	return 0;
}

static int verify_unique(const struct rules *const *tables, struct fail *reterr)
{
	for (const struct rules *const *t = tables; *t; t++)
		for (size_t i = 0; i < (*t)->count; i++)
			for (const struct rules *const *u = tables; *u; u++)
				for (size_t j = 0; j < (*u)->count; j++) {
					const struct rule *a = &(*t)->rows[i], *b = &(*u)->rows[j];
					if (a != b && a->id && b->id && strcmp(a->id, b->id) == 0)
						return wrong(&(struct fault){ a, reterr }, "has the id of another one");
				}
	return 0;
}

/* What holds between the rows of one place: one type, and predicates that can be given it. */
static int verify_place(const struct place_node *n, struct fail *reterr)
{
	for (const struct waiting *w = n->rows; w; w = w->next) {
		const struct fault f = { w->rule, reterr };
		if (w->rule->type && w != n->typed)
			return wrong(&f, "gives a type to a place that has one");
		if (!w->rule->must)
			continue;
		if (subject_is_second_look(w->rule->of))
			continue;
		if (!n->typed)
			return wrong(&f, "judges the value of a place without a type");
		if (n->typed->rule->type & ~w->rule->must->judges)
			return wrong(&f, "has a predicate that does not take the type of its place");
	}
	const struct place_node *above = n->parent;
	if (n->typed && above && above->typed && n->typed->rule->since < above->typed->rule->since)
		return wrong(&(struct fault){ n->typed->rule, reterr }, "is older than the property that holds it");
	const struct fault f = { n->typed ? n->typed->rule : n->rows ? n->rows->rule : NULL, reterr };
	if (n->key && n->element)
		return wrong(&f, "is map and array at once");
	if (n->typed &&
		(((n->first || n->key) && !(n->typed->rule->type & DOC_OBJECT)) ||
			(n->element && !(n->typed->rule->type & DOC_ARRAY))))
		return wrong(&f, "has places below it that its type cannot have");
	return 0;
}

/* Every place of a second look is one of the bundle's, and has a type that the predicate takes at least in part. */
static int verify_second(const struct place_node *n, const struct place_node *like, struct fail *reterr)
{
	const struct fault f = { n->rows ? n->rows->rule : NULL, reterr };
	if (!like)
		return wrong(&f, "speaks of a place that no row of the specification has");
	for (const struct waiting *w = n->rows; w; w = w->next)
		if (w->rule->must && (!like->typed || !(like->typed->rule->type & w->rule->must->judges)))
			return wrong(&(struct fault){ w->rule, reterr }, "has a predicate that does not take the type");
	int r = 0;
	for (const struct place_node *c = n->first; c && r == 0; c = c->next)
		r = verify_second(c, place_child(like, c->name), reterr);
	if (n->element && r == 0)
		r = verify_second(n->element, like->element, reterr);
	return n->key && r == 0 ? verify_second(n->key, like->key, reterr) : r;
}

int rule_verify_tables(const struct rules *const *tables, struct fail *reterr)
{
	int r = verify_unique(tables, reterr);
	for (const struct rules *const *t = tables; *t && r == 0; t++)
		for (size_t i = 0; i < (*t)->count && r == 0; i++)
			r = verify_row(&(*t)->rows[i], reterr);
	struct arena a;
	arena_init(&a, VERIFY_ARENA);
	for (enum subject of = OF_BUNDLE; of < OF_MAX && r == 0; of++) {
		const struct place_node *n = vocabulary(&a, tables, of);
		if (!n)
			r = fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for the tables");
		for (; n && r == 0; n = place_next(n))
			r = verify_place(n, reterr);
	}
	for (enum subject of = OF_HOST; of <= OF_BOUNDARY && r == 0; of++) {
		const struct place_node *n = vocabulary(&a, tables, of), *like = vocabulary(&a, tables, OF_BUNDLE);
		r = n && like ? verify_second(n, like, reterr)
			      : fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for the tables");
	}
	arena_done(&a);
	return r;
}

int rule_verify(struct fail *reterr)
{
	return rule_verify_tables(rule_tables, reterr);
}
