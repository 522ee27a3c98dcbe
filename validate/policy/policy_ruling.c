/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: named sets of rules, each with a mode and parameters. A profile extends others: first what they say, in
 * order, then its own word, which replaces theirs rule by rule and parameter by parameter. Each is applied once,
 * where it is first met, so that two profiles that both extend a third do not undo each other.
 *
 * A profile's mode is what its own rules do that say none, and the most that comes of the rules that it extends: so
 * "mode": "audit" over a built-in profile is that profile on trial.
 */
#include "validate/doc/make.h"
#include "validate/policy/policy_parts.h"

static unsigned strictness(enum mode m)
{
	static const unsigned order[] = { [MODE_OFF] = 0, [MODE_WARN] = 1, [MODE_AUDIT] = 2, [MODE_ENFORCE] = 3 };
	return order[m];
}

enum mode mode_least(enum mode a, enum mode b)
{
	return strictness(a) < strictness(b) ? a : b;
}

bool mode_stricter(enum mode a, enum mode b)
{
	return strictness(a) > strictness(b);
}

/* That a profile was applied, and up to which mode. */
struct visit {
	const struct profile *profile;
	enum mode limit;
	const struct visit *older;
};

struct applying {
	struct library *lib;
	struct ruling *rulings;
	const struct visit *visits;
};

/* The parameters of both: the later ones replace those of their names. */
static const struct doc *merged(struct library *lib, const struct doc *earlier, const struct doc *later)
{
	if (!earlier || !later)
		return later ? later : earlier;
	struct doc *both = make_document(lib->arena);
	for (const struct doc *m = later->first; m; m = m->next)
		if (m->type != DOC_NULL)
			(void)make_copy(lib->arena, both, arena_copy(lib->arena, m->key), m);
	for (const struct doc *m = earlier->first; m; m = m->next) {
		const char *key = arena_copy(lib->arena, m->key);
		if (key && !doc_get(later, key))
			(void)make_copy(lib->arena, both, key, m);
	}
	lib->failed |= !both || !make_whole(both);
	return both;
}

static void rule_on(struct applying *to, const struct profile *p, const struct setting *s, enum mode limit)
{
	struct ruling *r = &to->rulings[s->control];
	const enum mode mode = s->moded ? s->mode : p->moded ? p->mode : r->named ? r->mode : MODE_ENFORCE;

	r->named = true;
	r->mode = mode_least(mode, limit);
	r->params = merged(to->lib, r->params, s->params);
	r->from = p;
	r->at = s->at;
}

static void apply(struct applying *to, const struct profile *p, enum mode limit);

/* It was applied below a milder profile, and now below a stricter one: for each rule the stricter mode holds. */
static void apply_again(struct applying *to, const struct profile *p, enum mode limit)
{
	struct applying alone = { .lib = to->lib };
	alone.rulings = arena_array(to->lib->arena, to->lib->count + 1, sizeof(*alone.rulings));
	if (!alone.rulings) {
		to->lib->failed = true;
		return;
	}
	for (size_t i = 0; i < to->lib->count; i++)
		alone.rulings[i].mode = MODE_OFF;
	apply(&alone, p, limit);
	for (size_t i = 0; i < to->lib->count; i++)
		if (mode_stricter(alone.rulings[i].mode, to->rulings[i].mode))
			to->rulings[i].mode = alone.rulings[i].mode;
}

static void apply(struct applying *to, const struct profile *p, enum mode limit)
{
	bool again = false;
	for (const struct visit *v = to->visits; v; v = v->older) {
		if (v->profile == p && !mode_stricter(limit, v->limit))
			return;
		again |= v->profile == p;
	}
	struct visit *now = arena_new(to->lib->arena, struct visit);
	if (!now) {
		to->lib->failed = true;
		return;
	}
	*now = (struct visit){ p, limit, to->visits };
	to->visits = now;
	if (again) {
		apply_again(to, p, limit);
		return;
	}
	for (size_t i = 0; i < p->extend_count; i++)
		apply(to, p->extends[i], p->moded ? mode_least(limit, p->mode) : limit);
	for (size_t i = 0; i < p->rule_count; i++)
		rule_on(to, p, &p->rules[i], limit);
}

struct ruling *profile_rulings(struct library *lib, const struct profile *p, enum mode limit, enum mode custom)
{
	struct applying to = { .lib = lib };
	to.rulings = arena_array(lib->arena, lib->count + 1, sizeof(*to.rulings));
	if (!to.rulings)
		return NULL;
	for (size_t i = 0; i < lib->count; i++) {
		const struct control *c = &lib->controls[i];
		to.rulings[i].mode = c->custom ? mode_least(c->mode, custom) : c->start ? MODE_AUDIT : MODE_OFF;
		to.rulings[i].named = c->custom;
		to.rulings[i].at = c->from.at;
	}
	apply(&to, p, limit);
	return lib->failed ? NULL : to.rulings;
}

static bool same(const struct doc *a, const struct doc *b)
{
	if (!a || !b)
		return a == b;
	if (a->type != b->type || !bytes_equal(a->key, b->key) || a->count != b->count)
		return false;
	if (a->type == DOC_BOOL)
		return a->boolean == b->boolean;
	if (a->type == DOC_INT)
		return a->integer.negative == b->integer.negative && a->integer.magnitude == b->integer.magnitude;
	if (a->type == DOC_STRING || a->type == DOC_NUMBER)
		return bytes_equal(a->string, b->string);
	const struct doc *x = a->type == DOC_NULL ? NULL : a->first, *y = b->type == DOC_NULL ? NULL : b->first;
	for (; x && y; x = x->next, y = y->next)
		if (!same(x, y))
			return false;
	return x == y;
}

/* Whether all members of both are alike, whatever their order. */
static bool same_members(const struct doc *a, const struct doc *b)
{
	if (!a || !b)
		return (!a || a->count == 0) && (!b || b->count == 0);
	if (a->count != b->count)
		return false;
	for (const struct doc *x = a->first; x; x = x->next) {
		const struct doc *y = b->first;
		while (y && !bytes_equal(x->key, y->key))
			y = y->next;
		if (!y || !same(x, y))
			return false;
	}
	return true;
}

bool rulings_tighten(const struct library *lib, const struct ruling *tight, const struct ruling *than,
	size_t *ret_control)
{
	for (size_t i = 0; i < lib->count; i++) {
		if (than[i].mode == MODE_OFF)
			continue;
		if (!mode_stricter(than[i].mode, tight[i].mode) && same_members(tight[i].params, than[i].params))
			continue;
		if (ret_control)
			*ret_control = i;
		return false;
	}
	return true;
}
