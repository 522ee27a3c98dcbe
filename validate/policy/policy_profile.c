/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles as they are written. A misspelt rule or parameter would be a hole that nobody sees, so nothing is passed
 * over: what this runvet does not know is a fault, and says where.
 */
#include "validate/base/near.h"
#include "validate/policy/reading.h"

static const struct param *param_of(const struct control *c, struct bytes name)
{
	for (const struct param *p = control_rows(c)->params; p && p->name; p++)
		if (bytes_is(name, p->name))
			return p;
	return NULL;
}

static bool fits(const struct param *p, const struct doc *d)
{
	if (!(d->type & p->type))
		return false;
	if (d->type == DOC_ARRAY || d->type == DOC_OBJECT)
		for (const struct doc *e = d->first; e; e = e->next)
			if (p->of && !(e->type & p->of))
				return false;
	return true;
}

/* "an array, each entry a string". */
static void type_write(const struct param *p, struct text *to)
{
	text_add(to, doc_type_words(p->type));
	if (p->of)
		text_printf(to, ", each entry %s", doc_type_words(p->of));
}

static void unknown_param(struct loading *l, const struct control *c, const struct doc *m)
{
	char hint[128], list[128];
	struct text near = text_over(hint, sizeof(hint)), names = text_over(list, sizeof(list));
	const char *like = NULL;
	unsigned most = near_enough(m->key.len);

	for (const struct param *p = control_rows(c)->params; p && p->name; p++) {
		const unsigned edits = near_edits(bytes_of(p->name), m->key, most);
		text_printf(&names, "%s%s", names.len ? ", " : "", p->name);
		if (edits <= most) {
			like = p->name;
			most = edits;
		}
	}
	if (like)
		text_printf(&near, "; did you mean %s?", like);
	else
		text_printf(&near, "; it has %s", names.len ? list : "none");
	fault_at(l, m, "policy.param-unknown", "the rule %s has no parameter of that name%s", c->id, hint);
}

static void judge_params(struct loading *l, const struct control *c, const struct doc *params)
{
	for (const struct doc *m = params ? params->first : NULL; m; m = m->next) {
		const struct param *p = param_of(c, m->key);
		char want[96];
		struct text to = text_over(want, sizeof(want));
		if (m->type == DOC_NULL)
			continue;
		if (!p) {
			unknown_param(l, c, m);
		} else if (!fits(p, m)) {
			type_write(p, &to);
			fault_at(l, m, "policy.param-type", "the parameter %s of %s must be %s", p->name, c->id, want);
		}
	}
}

static void unknown_rule(struct loading *l, const struct doc *at, struct bytes id)
{
	char name[80], near[128];
	struct text shown = text_over(name, sizeof(name)), hint = text_over(near, sizeof(near));
	const struct rule *row;

	text_shown(&shown, id, 64);
	row = rule_find(name);
	library_near(l->library, id, &hint);
	if (row)
		fault_at(l, at, "policy.rule-unknown",
			"%s is a rule of %s, which holds everywhere: a profile names controls", name,
			row->of == OF_BUNDLE ? "the specification" : "the host or of runvet's files");
	else
		fault_at(l, at, "policy.rule-unknown", "this runvet has no rule %s (yet)%s", name, near);
}

void read_settings(struct loading *l, const struct doc *rules, struct profile *ret)
{
	ret->rules = arena_array(l->arena, (rules ? rules->count : 0) + 1, sizeof(*ret->rules));
	l->failed |= !ret->rules;
	for (const struct doc *m = rules && ret->rules ? rules->first : NULL; m; m = m->next) {
		const size_t at = library_find(l->library, m->key);
		if (at == SIZE_MAX) {
			unknown_rule(l, m, m->key);
			continue;
		}
		const struct doc *params = doc_get(m, "params");
		judge_params(l, &l->library->controls[at], params);
		ret->rules[ret->rule_count++] = (struct setting){
			.control = at,
			.moded = doc_get(m, "mode") != NULL,
			.mode = read_mode(m, MODE_ENFORCE),
			.params = params,
			.at = m,
		};
	}
}

/* "baseline@latest" moves with every upgrade: it may refuse nothing. */
static struct bytes family_of_latest(struct bytes name)
{
	static const char suffix[] = "@latest";
	const size_t n = sizeof(suffix) - 1;
	if (name.len <= n || memcmp(name.data + name.len - n, suffix, n) != 0)
		return (struct bytes){ 0 };
	return (struct bytes){ name.data, name.len - n };
}

static void near_profile(const struct loading *l, struct bytes name, struct text *to)
{
	const char *near = NULL;
	unsigned most = near_enough(name.len), edits;
	for (const struct profile *p = l->library->profiles; p; p = p->next)
		if ((edits = near_edits(bytes_of(p->name), name, most)) <= most) {
			near = p->name;
			most = edits;
		}
	for (const struct builtin *b = builtin_profiles; b->name; b++)
		if ((edits = near_edits(bytes_of(b->name), name, most)) <= most) {
			near = b->name;
			most = edits;
		}
	if (near)
		text_printf(to, "; did you mean %s?", near);
}

static void note_newer(struct loading *l, const struct doc *at, const struct profile *instead)
{
	struct newer *n = arena_new(l->arena, struct newer);
	l->failed |= !n;
	if (!n)
		return;
	*n = (struct newer){ { l->file, at }, instead, l->library->newer };
	l->library->newer = n;
}

struct profile *read_profile_name(struct loading *l, const struct doc *at, enum mode mode)
{
	const struct bytes family = family_of_latest(at->string);
	const char *newest = family.len ? builtin_newest(family) : NULL, *instead = builtin_instead(at->string);
	const char *meant = instead ? instead : newest;
	struct profile *p = library_profile(l->library, meant ? bytes_of(meant) : at->string);
	char name[80], hint[128];
	struct text shown = text_over(name, sizeof(name)), near = text_over(hint, sizeof(hint));

	if (newest && mode == MODE_ENFORCE)
		fault_at(l, at, "policy.profile-latest",
			"a profile of the latest version may only warn or audit: name %s, or set mode", newest);
	if (p && instead)
		note_newer(l, at, p);
	if (p || l->library->failed)
		return p;
	text_shown(&shown, at->string, 64);
	near_profile(l, at->string, &near);
	fault_at(l, at, "policy.profile-unknown", "there is no profile %s%s", name, hint);
	return NULL;
}

static void read_extends(struct loading *l, struct profile *p)
{
	const struct doc *list = doc_get(p->from.at, "extends");

	p->extends = arena_array(l->arena, (list ? list->count : 0) + 1, sizeof(struct profile *));
	l->failed |= !p->extends;
	for (const struct doc *e = list && p->extends ? list->first : NULL; e; e = e->next) {
		struct profile *above = read_profile_name(l, e, p->moded ? p->mode : MODE_ENFORCE);
		if (above)
			p->extends[p->extend_count++] = above;
	}
}

static struct profile *own_profile(const struct loading *l, struct bytes name)
{
	for (struct profile *p = l->library->profiles; p; p = p->next)
		if (p->from.file && bytes_is(name, p->name))
			return p;
	return NULL;
}

/* All names first, so that a profile may extend one that is written below it. */
static void read_names(struct loading *l, const struct doc *profiles)
{
	for (const struct doc *m = profiles ? profiles->first : NULL; m; m = m->next) {
		char where[512];
		struct text first = text_over(where, sizeof(where));
		const struct profile *twice = own_profile(l, m->key);
		if (twice) {
			origin_write(&twice->from, &first);
			fault_at(l, m, "policy.profile-twice", "the profile %s is there already, at %s", twice->name,
				where);
			continue;
		}
		struct profile *p = arena_new(l->arena, struct profile);
		if (!p || !(p->name = arena_copy(l->arena, m->key))) {
			l->failed = true;
			return;
		}
		p->from = (struct origin){ l->file, m };
		p->moded = doc_get(m, "mode") != NULL;
		p->mode = read_mode(m, MODE_ENFORCE);
		p->next = l->library->profiles;
		l->library->profiles = p;
	}
}

/* Depth first; a profile that is met while it is open extends itself. Closed ones are not entered again. */
static bool circular(struct profile *p)
{
	if (p->open)
		return true;
	if (p->checked)
		return false;
	p->open = true;
	bool found = false;
	for (size_t i = 0; i < p->extend_count && !found; i++)
		found = circular(p->extends[i]);
	p->open = false;
	p->checked = true;
	return found;
}

/* One fault for a circle, and the circle is opened there, so that whoever goes up from a profile arrives. */
static void judge_circles(struct loading *l)
{
	for (struct profile *p = l->library->profiles; p; p = p->next) {
		if (!circular(p))
			continue;
		l->file = p->from.file;
		fault_at(l, doc_get(p->from.at, "extends"), "policy.profile-circle",
			"the profile %s extends itself, by way of what it extends", p->name);
		return;
	}
}

void read_profiles(struct loading *l)
{
	const struct policy *policy = l->policy;

	for (size_t i = 0; i < policy->file_count; i++) {
		l->file = &policy->files[i];
		read_names(l, doc_get(l->file->root, "profiles"));
	}
	for (struct profile *p = l->library->profiles; p && !l->failed; p = p->next) {
		if (!p->from.file)
			continue;
		l->file = p->from.file;
		read_settings(l, doc_get(p->from.at, "rules"), p);
		read_extends(l, p);
	}
	judge_circles(l);
}
