/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One order, everywhere: what the document says, what the host and the delegate make of it, what the site says. The
 * host is only asked what some row wants to know about this document, once for all of the later looks.
 */
#include "validate/policy/evaluate.h"

#include <errno.h>
#include <stdlib.h>

#include "validate/base/when.h"
#include "validate/policy/held.h"
#include "validate/policy/ready.h"
#include "validate/policy/start.h"

struct judging {
	struct arena *arena;
	const struct evaluation *e;
	struct library *library;
	const struct doc *host;
	const struct asked *asked; /* what it was asked about places, where it was looked at */
	struct look
		*looks; /* whose findings count: the chosen profile, and what a claim adds to it; then the shadows */
	size_t counted, all;
	struct report *ret;
	struct applied *applied;
};

static int no_memory(struct fail *reterr)
{
	return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with");
}

static struct check_input input_of(const struct judging *j, enum subject of)
{
	const struct evaluation *e = j->e;
	return (struct check_input){
		.file = e->file,
		.text = e->text,
		.root = e->root,
		.of = of,
		.below = e->below,
		.whole = e->whole,
		.rules = e->policy->rules,
		.host = of == OF_BUNDLE ? NULL : j->host,
		.asked = of == OF_BUNDLE ? NULL : j->asked,
		.delegate = of == OF_BUNDLE ? NULL : e->delegate,
		.context = of == OF_BUNDLE ? NULL : e->context,
	};
}

static void add_look(struct judging *j, const struct profile *p, enum mode mode, enum mode custom)
{
	j->looks[j->all++] = (struct look){ .profile = p, .mode = mode, .custom = custom };
}

/* What the profiles that count want of the container's start, and what of it is exempt. */
static int want_start(struct judging *j, const struct exempt_view *view, struct fail *reterr)
{
	const struct start_rulings from = {
		.library = j->library,
		.rulings = { j->looks[0].rulings, j->counted > 1 ? j->looks[1].rulings : NULL },
		.profile = j->applied->profile,
		.exempt = j->e->policy->exempt_count > 0 ? view : NULL,
	};

	/* Without a library it stands there already (choose_ready). */
	if (*j->e->below || j->e->spoken || !j->library)
		return 0;
	j->applied->start = start_make(j->arena, j->e->policy, &from);
	return j->applied->start ? 0 : no_memory(reterr);
}

/* Without a policy file: nothing is to be worked out. */
static int choose_ready(struct judging *j, struct fail *reterr)
{
	const struct doc *start = NULL;

	j->looks = arena_new(j->arena, struct look);
	j->applied = arena_new(j->arena, struct applied);
	if (!j->looks || !j->applied || ready_look(j->arena, j->e->below, j->looks, &start) < 0)
		return no_memory(reterr);
	j->counted = j->all = 1;
	j->applied->profile = j->looks->profile->name;
	j->applied->mode = j->looks->mode;
	if (!*j->e->below && !j->e->spoken)
		j->applied->start = start;
	return 0;
}

/* Which profiles are looked through, made ready. */
static int choose(struct judging *j, struct fail *reterr)
{
	const struct policy *p = j->e->policy;
	struct chosen chosen;

	if (ready_for(p))
		return choose_ready(j, reterr);
	j->library = p->library ? p->library : library_new(j->arena, 0);
	j->looks = arena_array(j->arena, p->shadow_count + 2, sizeof(*j->looks));
	j->applied = arena_new(j->arena, struct applied);
	if (!j->library || !j->looks || !j->applied)
		return no_memory(reterr);
	int r = policy_choose(p, j->library, j->e->context, &chosen, reterr);
	if (r < 0)
		return r;
	j->applied->profile = chosen.profile->name;
	j->applied->mode = chosen.mode;
	add_look(j, chosen.profile, chosen.mode, chosen.custom);
	if (chosen.claimed) {
		j->applied->claimed = chosen.claimed->profile->name;
		add_look(j, chosen.claimed->profile, chosen.claimed->mode, MODE_OFF);
	}
	j->counted = j->all;
	for (size_t i = 0; i < p->shadow_count; i++)
		if (conditions_met(p->shadow[i].when, j->e->context, NULL) != MET_NO)
			add_look(j, p->shadow[i].profile, mode_least(p->shadow[i].mode, MODE_AUDIT), MODE_OFF);
	for (size_t i = 0; i < j->all && r == 0; i++)
		r = look_make(j->arena, p, j->library, j->e->below, &j->looks[i]);
	return r < 0 ? no_memory(reterr) : 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct asked *const *x = a, *const *y = b;
	const struct doc *p = (*x)->value, *q = (*y)->value;
	if (p->offset != q->offset)
		return p->offset < q->offset ? -1 : 1;
	return (p > q) - (p < q);
}

/* Several looks may ask about one place: it is looked at once. */
static int ask_once(struct arena *a, struct asking *asking)
{
	size_t count = 0, i = 0;
	for (const struct asked *q = asking->places; q; q = q->next)
		count++;
	struct asked **list = arena_array(a, count + 1, sizeof(struct asked *));
	if (!list)
		return -ENOMEM;
	for (struct asked *q = asking->places; q; q = q->next)
		list[i++] = q;
	qsort(list, count, sizeof(struct asked *), by_offset);
	asking->places = asking->last = NULL;
	for (i = 0; i < count; i++) {
		list[i]->next = NULL;
		if (asking->last && asking->last->value == list[i]->value) {
			asking->last->asks |= list[i]->asks;
			continue;
		}
		if (asking->last)
			asking->last->next = list[i];
		else
			asking->places = list[i];
		asking->last = list[i];
	}
	return 0;
}

/* What rows of host and policy want to know, asked. */
static int look_around(struct judging *j, struct fail *reterr)
{
	const struct evaluation *e = j->e;
	struct asking asking = { 0 };
	struct check_input in = input_of(j, OF_HOST);

	int r = check_asks(j->arena, &in, &asking, reterr);
	in = input_of(j, OF_CONTROL);
	for (size_t i = 0; i < j->all && r == 0; i++)
		r = look_asks(j->arena, &in, &j->looks[i], &asking, reterr);
	if (r == 0 && ask_once(j->arena, &asking) < 0)
		r = no_memory(reterr);
	const struct host_question q = { .config = e->root, .below = e->below, .whole = e->whole, .asking = &asking };
	if (r == 0)
		r = host_look(j->arena, e->host, &q, &j->host, reterr);
	j->asked = e->host->given ? NULL : asking.places;
	return r;
}

/* A value that the specification forbids is not held against the host as well: one mistake, one sentence. */
static void drop_told(const struct report *told, struct report *more)
{
	size_t kept = 0;
	for (size_t i = 0; i < more->count; i++) {
		const struct finding *f = &more->findings[i];
		bool known = false;
		for (size_t k = 0; k < told->count && !known; k++)
			known = told->findings[k].severity == SEV_ERROR && told->findings[k].at == f->at;
		if (!known) {
			more->findings[kept++] = *f;
			continue;
		}
		more->errors -= f->severity == SEV_ERROR;
		more->warnings -= f->severity == SEV_WARNING;
		more->infos -= f->severity == SEV_INFO;
	}
	more->count = kept;
}

static int judge(struct judging *j, struct fail *reterr)
{
	struct check_input in = input_of(j, OF_HOST);
	struct report found = { 0 };

	int r = j->e->spoken ? 0 : check(j->arena, &in, &found, reterr);
	if (r == 0)
		drop_told(j->ret, &found);
	if (r == 0 && report_append(j->arena, j->ret, &found) < 0)
		r = no_memory(reterr);
	in = input_of(j, OF_CONTROL);
	for (size_t i = 0; i < j->all && r == 0; i++)
		r = look_judge(j->arena, &in, &j->looks[i], reterr);
	for (size_t i = 0; i < j->all && r == 0; i++)
		if (held_look(j->arena, j->e, j->host, &j->looks[i], i < j->counted ? &j->applied->learn : NULL) < 0)
			r = no_memory(reterr);
	return r;
}

/* What a claim adds says nothing again that was said already, and as loudly. */
static void drop_repeated(const struct look *first, struct look *second)
{
	for (enum look_kind k = 0; k < LOOK_HIDDEN; k++) {
		struct report *r = &second->found[k];
		size_t kept = 0;
		for (size_t i = 0; i < r->count; i++) {
			const struct finding *f = &r->findings[i];
			bool said = false;
			for (enum look_kind m = 0; m <= k; m++)
				for (size_t n = 0; n < first->found[m].count && !said; n++) {
					const struct finding *g = &first->found[m].findings[n];
					said = g->at == f->at && strcmp(g->id, f->id) == 0 &&
						g->severity >= f->severity;
				}
			if (!said) {
				r->findings[kept++] = *f;
				continue;
			}
			r->errors -= f->severity == SEV_ERROR;
			r->warnings -= f->severity == SEV_WARNING;
			r->infos -= f->severity == SEV_INFO;
			r->audited -= f->severity == SEV_ERROR && k == LOOK_AUDITED;
		}
		r->count = kept;
	}
}

static int collect(struct judging *j, struct fail *reterr)
{
	for (size_t i = 0; i < j->counted; i++) {
		if (i > 0)
			drop_repeated(&j->looks[0], &j->looks[i]);
		for (enum look_kind k = 0; k < LOOK_HIDDEN; k++)
			if (report_append(j->arena, j->ret, &j->looks[i].found[k]) < 0)
				return no_memory(reterr);
	}
	return 0;
}

/* What each shadow would have said, its own exemptions counted. */
static int shadows(struct judging *j, const struct exempt_view *like, struct fail *reterr)
{
	struct shadowed *list = arena_array(j->arena, j->all - j->counted + 1, sizeof(*list));

	if (!list)
		return no_memory(reterr);
	for (size_t i = j->counted; i < j->all; i++) {
		struct look *look = &j->looks[i];
		struct report whole = { 0 };
		struct exempt_view view = *like;
		for (enum look_kind k = 0; k < LOOK_HIDDEN; k++)
			if (report_append(j->arena, &whole, &look->found[k]) < 0)
				return no_memory(reterr);
		view.report = &whole;
		view.hidden = &look->found[LOOK_HIDDEN];
		if (exempt_report(j->arena, &view, &whole, NULL) < 0)
			return no_memory(reterr);
		list[i - j->counted] = (struct shadowed){
			.profile = look->profile->name,
			.errors = whole.errors,
			.warnings = whole.warnings,
			.findings = whole.findings,
			.count = whole.count,
		};
	}
	j->applied->shadows = list;
	j->applied->shadow_count = j->all - j->counted;
	return 0;
}

static int settle(struct judging *j, struct fail *reterr)
{
	const struct evaluation *e = j->e;
	const struct timespec now = e->now.tv_sec || e->now.tv_nsec ? e->now : when_now();
	struct exempt_view view = {
		.policy = e->policy,
		.now = now,
		.context = e->context,
		.host = j->host,
		.below = e->below,
		.hidden = &j->looks[0].found[LOOK_HIDDEN],
	};

	int r = collect(j, reterr);
	if (r == 0)
		r = shadows(j, &view, reterr);
	view.report = j->ret;
	if (r == 0 && exempt_report(j->arena, &view, j->ret, j->applied) < 0)
		r = no_memory(reterr);
	if (r == 0)
		r = want_start(j, &view, reterr);
	j->ret->applied = j->applied;
	return r;
}

int evaluate(struct arena *a, const struct evaluation *e, struct report *ret, const struct doc **ret_host,
	struct fail *reterr)
{
	struct judging j = { .arena = a, .e = e, .ret = ret };
	const struct check_input in = input_of(&j, OF_BUNDLE);

	int r = e->spoken ? 0 : check(a, &in, ret, reterr);
	if (r == 0)
		r = choose(&j, reterr);
	if (r == 0 && e->host)
		r = look_around(&j, reterr);
	if (r == 0)
		r = judge(&j, reterr);
	if (r == 0)
		r = settle(&j, reterr);
	if (r == 0 && ret_host)
		*ret_host = j.host;
	return r;
}
