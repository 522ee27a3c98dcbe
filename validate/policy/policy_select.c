/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a clause is for. The facts are those of the context document, under its names. What a user may have said about
 * himself is no reason to judge him more mildly: a clause on a claim only counts where it says "trust": "any", and
 * then its profile is applied beside the one that is his without the claim, never in its place.
 */
#include <errno.h>

#include "validate/base/glob.h"
#include "validate/base/near.h"
#include "validate/policy/context.h"
#include "validate/policy/reading.h"

/* All but labels.KEY and annotations.KEY, of which the key is whatever follows the first dot. */
static const char *const facts[] = {
	"engine",
	"namespace",
	"verb",
	"rootless",
	"bundle",
	"root",
	"user",
	"container.id",
	"container.name",
	"container.type",
	"pod.namespace",
	"pod.name",
	"pod.uid",
	"pod.sandbox",
	"image.ref",
	"image.digest",
	"caller.uid",
	"caller.exe",
	"caller.unit",
	NULL,
};

#define FACT_WORDS "engine, verb, container.*, pod.*, image.*, caller.*, labels.KEY, annotations.KEY ..."

static bool keyed(struct bytes name)
{
	return (bytes_start(name, "labels.") && name.len > strlen("labels.")) ||
		(bytes_start(name, "annotations.") && name.len > strlen("annotations."));
}

static bool is_fact(struct bytes name)
{
	for (const char *const *f = facts; *f; f++)
		if (bytes_is(name, *f))
			return true;
	return keyed(name);
}

void judge_conditions(struct loading *l, const struct doc *when)
{
	for (const struct doc *m = when ? when->first : NULL; m; m = m->next) {
		char name[80];
		struct text shown = text_over(name, sizeof(name));
		if (is_fact(m->key))
			continue;
		text_shown(&shown, m->key, 64);
		const char *near = near_word(m->key, facts);
		if (near)
			fault_at(l, m, "policy.fact-unknown", "%s is no fact of a call; did you mean %s?", name, near);
		else
			fault_at(l, m, "policy.fact-unknown", "%s is no fact of a call: there are " FACT_WORDS, name);
	}
}

static const struct doc *named(const struct doc *object, struct bytes name)
{
	for (const struct doc *m = object && object->type == DOC_OBJECT ? object->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, name))
			return m->type == DOC_NULL ? NULL : m;
	return NULL;
}

/* The fact's value; its name is a path of two steps at most. */
static const struct doc *fact_of(const struct doc *context, struct bytes name)
{
	const char *dot = memchr(name.data, '.', name.len);
	if (!dot)
		return named(context, name);
	const size_t first = (size_t)(dot - name.data);
	return named(named(context, (struct bytes){ name.data, first }),
		(struct bytes){ dot + 1, name.len - first - 1 });
}

static bool same_integer(const struct doc *a, const struct doc *b)
{
	return a->integer.negative == b->integer.negative && a->integer.magnitude == b->integer.magnitude;
}

/* One value that is asked for: a pattern, a number, a boolean. */
static bool is_like(const struct doc *want, const struct doc *fact)
{
	if (want->type != fact->type)
		return false;
	switch (want->type) {
	case DOC_STRING:
		return glob_match(want->string, fact->string);
	case DOC_INT:
		return same_integer(want, fact);
	case DOC_BOOL:
		return want->boolean == fact->boolean;
	case DOC_NULL:
	case DOC_NUMBER:
	case DOC_ARRAY:
	case DOC_OBJECT:
		break;
	}
	return false;
}

static bool is_met(const struct doc *want, const struct doc *fact)
{
	if (want->type != DOC_ARRAY)
		return is_like(want, fact);
	for (const struct doc *e = want->first; e; e = e->next)
		if (is_like(e, fact))
			return true;
	return false;
}

static bool believed(const struct doc *context, struct bytes name)
{
	char path[256];
	struct text to = text_over(path, sizeof(path));
	text_bytes(&to, name);
	return !to.cut && context_trust(context, path) > TRUST_CLAIM;
}

enum met conditions_met(const struct doc *when, const struct doc *context, const struct doc **ret_fact)
{
	enum met met = MET_YES;
	for (const struct doc *m = when ? when->first : NULL; m; m = m->next) {
		if (m->type == DOC_NULL)
			continue;
		const struct doc *fact = fact_of(context, m->key);
		const bool yes = fact && is_met(m, fact);
		if (yes && (met == MET_CLAIM || believed(context, m->key)))
			continue;
		met = yes ? MET_CLAIM : MET_NO;
		if (ret_fact)
			*ret_fact = m;
		if (met == MET_NO)
			break;
	}
	return met;
}

int policy_choose(const struct policy *p, struct library *lib, const struct doc *context, struct chosen *ret,
	struct fail *reterr)
{
	*ret = (struct chosen){ .mode = MODE_ENFORCE, .custom = MODE_ENFORCE };
	for (size_t i = 0; i < p->select_count; i++) {
		const struct selection *s = &p->select[i];
		const enum met met = conditions_met(s->when, context, NULL);
		if (met == MET_CLAIM && s->any && !ret->claimed)
			ret->claimed = s;
		if (met != MET_YES)
			continue;
		ret->clause = s;
		ret->profile = s->profile;
		ret->mode = ret->custom = s->mode;
		return 0;
	}
	ret->profile = p->profile;
	if (!ret->profile) {
		const char *newest = builtin_newest(BYTES("baseline"));
		ret->profile = library_profile(lib, bytes_of(newest ? newest : "privileged@1"));
		ret->mode = MODE_AUDIT;
	}
	if (!ret->profile)
		return fail(reterr, -EINVAL, CAUSE_INTERNAL, "", "there is no profile to judge by");
	return 0;
}

/* Whether the clause forbids all that is forbidden without it; else a fault, of the rule's id and in these words. */
static void judge_stricter(struct loading *l, const struct selection *s, const char *id, const char *why)
{
	struct chosen base;
	struct policy bare = *l->policy;
	size_t at = 0;

	bare.select_count = 0;
	if (policy_choose(&bare, l->library, NULL, &base, NULL) < 0)
		return;
	const struct ruling *tight = profile_rulings(l->library, s->profile, s->mode, s->mode),
			    *than = profile_rulings(l->library, base.profile, base.mode, base.custom);
	if (!tight || !than)
		l->failed = true;
	else if (!rulings_tighten(l->library, tight, than, &at))
		fault_at(l, s->from.at, id, "%s is milder than %s in %s, and %s", s->profile->name, base.profile->name,
			l->library->controls[at].id, why);
}

/* A file of policy.d may add clauses, but none that is milder than what holds without them. */
static void judge_later(struct loading *l, const struct selection *s)
{
	if (!l->file->first && !l->file->may_relax)
		judge_stricter(l, s, "policy.relax", "policy.json does not list this file in mayRelax");
}

static void read_clause(struct loading *l, const struct doc *d, bool shadow, struct selection *ret)
{
	*ret = (struct selection){
		.from = { l->file, d },
		.when = doc_get(d, "when"),
		.any = doc_get(d, "trust") != NULL,
		.mode = read_mode(d, MODE_ENFORCE),
	};
	judge_conditions(l, ret->when);
	ret->profile = read_profile_name(l, doc_get(d, "profile"), shadow ? MODE_AUDIT : ret->mode);
	if (!ret->profile || shadow || l->fault_count > 0)
		return;
	/* What a claim selects and is no stricter would never do anything. */
	if (ret->any)
		judge_stricter(l, ret, "policy.claim-loosens", "on the word of a claim one may only tighten");
	else
		judge_later(l, ret);
}

static size_t read_list(struct loading *l, const char *member, const struct selection **ret)
{
	const struct policy *p = l->policy;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < p->file_count; i++) {
		const struct doc *list = doc_get(p->files[i].root, member);
		room += list ? list->count : 0;
	}
	struct selection *all = arena_array(l->arena, room + 1, sizeof(*all));
	l->failed |= !all;
	for (size_t i = 0; i < p->file_count && all; i++) {
		l->file = &p->files[i];
		const struct doc *list = doc_get(l->file->root, member);
		for (const struct doc *d = list ? list->first : NULL; d; d = d->next)
			read_clause(l, d, strcmp(member, "shadow") == 0, &all[count++]);
	}
	*ret = all;
	return count;
}

/* The profile of everyone else. A later file replaces it by one that is stricter, or is listed in mayRelax. */
static void read_default(struct loading *l)
{
	struct policy *p = l->policy;

	for (size_t i = 0; i < p->file_count; i++) {
		l->file = &p->files[i];
		const struct doc *name = doc_get(l->file->root, "profile");
		if (!name)
			continue;
		const struct profile *profile = read_profile_name(l, name,
			p->mode == MODE_AUDIT ? MODE_AUDIT : MODE_ENFORCE);
		if (!profile || l->fault_count > 0)
			continue;
		const struct selection as = { .from = { l->file, name }, .profile = profile, .mode = MODE_ENFORCE };
		judge_later(l, &as);
		p->profile = profile;
	}
}

void read_selection(struct loading *l)
{
	read_default(l);
	l->policy->select_count = read_list(l, "select", &l->policy->select);
	l->policy->shadow_count = read_list(l, "shadow", &l->policy->shadow);
}
