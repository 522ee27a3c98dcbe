/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a profile to rows. Those that are built in stay where they are, and are turned on (validate/turn.h) with the
 * weight that their modes give them; rows of the policy's own are copied with it, and have a tree of places of their
 * own. The engine that judges the specification judges both; what a rule is, is said once.
 */
#include "validate/policy/look.h"

#include <errno.h>

#include "validate/doc/make.h"
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"
#include "validate/turn.h"

/* Whether an exemption asks for the rule in return; then it is judged although the profile does not. */
static bool depended_on(const struct policy *p, const char *id)
{
	for (size_t i = 0; i < p->exempt_count; i++)
		for (const char *const *r = p->exempt[i].provided; *r; r++)
			if (strcmp(*r, id) == 0)
				return true;
	return false;
}

/* An exemption for a value of that name, which has to be looked up then. */
static bool exempts_by(const struct policy *p, const char *id, const char *name)
{
	for (size_t i = 0; i < p->exempt_count; i++) {
		const struct exemption *x = &p->exempt[i];
		for (const char *const *r = x->rules; *r; r++)
			if (strcmp(*r, id) == 0 && doc_get(x->values, name))
				return true;
	}
	return false;
}

/* What a row that is built in asks beside its own questions. */
static uint64_t more_asks(const struct policy *p, const struct rule *row, const struct doc *params)
{
	const bool digest = (row->asks & ASK(ASK_HOOK)) && exempts_by(p, row->id, "digest");
	return control_asks(row, params) | (digest ? ASK(ASK_HOOK_DIGEST) : 0);
}

static enum look_kind kind_of(const struct policy *p, const struct control *c, const struct ruling *r)
{
	if (c->start)
		return LOOK_MAX;
	switch (r->mode) {
	case MODE_ENFORCE:
	case MODE_WARN:
		return LOOK_COUNTED;
	case MODE_AUDIT:
		return LOOK_AUDITED;
	case MODE_OFF:
		break;
	}
	return p->exempt_count > 0 && depended_on(p, c->id) ? LOOK_HIDDEN : LOOK_MAX;
}

/* A row that only informs refuses nothing in any mode. */
static enum severity weight_in(enum mode mode, enum severity own)
{
	return own == SEV_INFO ? SEV_INFO : mode == MODE_WARN ? SEV_WARNING : SEV_ERROR;
}

struct making {
	struct arena *arena;
	const struct policy *policy;
	const struct library *library;
	const struct ruling *rulings;
	enum look_kind *kinds; /* by control; LOOK_MAX: it is not judged */
	bool part;
	struct look *look;
};

/* det.lock is no row of the engine's alone: held.c asks for it. */
static int note_lock(struct making *m, size_t control, enum look_kind k)
{
	struct rule *copy = arena_new(m->arena, struct rule);
	if (!copy)
		return -ENOMEM;
	*copy = *control_rows(&m->library->controls[control]);
	copy->severity = weight_in(m->rulings[control].mode, copy->severity);
	m->look->locked[k] = copy;
	return 0;
}

/* The rows of one kind that are built in. */
static int turn(struct making *m, enum look_kind k)
{
	struct turning t;

	if (turning_start(m->arena, OF_CONTROL, &t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < m->library->count; i++) {
		const struct control *c = &m->library->controls[i];
		if (m->kinds[i] != k || c->custom)
			continue;
		const struct rule *row = control_rows(c);
		const enum severity s = weight_in(m->rulings[i].mode, row->severity);
		if (turning_on(&t, c->number, s, more_asks(m->policy, row, m->rulings[i].params)) < 0 ||
			(row->must == &be_as_locked && note_lock(m, i, k) < 0))
			return -ENOMEM;
	}
	m->look->turned[k] = turning_end(&t);
	m->look->turned[k].part = m->part;
	return 0;
}

/* The rows of one kind that are the policy's own. */
static int copy_custom(struct making *m, enum look_kind k, size_t count)
{
	struct rule *rows = arena_array(m->arena, count, sizeof(*rows));
	struct rules *to = &m->look->rows[k];
	const struct rules *const tables[] = { to, NULL };

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < m->library->count; i++) {
		const struct control *c = &m->library->controls[i];
		for (size_t n = 0; n < c->row_count && m->kinds[i] == k && c->custom; n++) {
			struct rule *copy = &rows[to->count++];
			*copy = c->rows[n];
			copy->severity = weight_in(m->rulings[i].mode, copy->severity);
			copy->asks |= control_asks(copy, m->rulings[i].params);
			if (m->part && copy->presence == REQUIRED)
				copy->presence = OPTIONAL;
		}
	}
	to->rows = rows;
	return tree_make(m->arena, tables, OF_CONTROL, &m->look->trees[k]);
}

/* The parameters of all rows that are judged: an object for each id, whose members are the ruling's. */
static int list_params(struct making *m, size_t count)
{
	struct doc *all = count ? arena_array(m->arena, count + 1, sizeof(*all)) : NULL;
	uint32_t used = 0;

	if (!count)
		return 0;
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < m->library->count; i++) {
		const struct doc *params = m->rulings[i].params;
		if (m->kinds[i] == LOOK_MAX || !params)
			continue;
		struct doc *d = &all[++used];
		*d = *params;
		d->key = bytes_of(m->library->controls[i].id);
		d->parent = all;
		d->index = used - 1;
		d->next = used < count ? d + 1 : NULL;
	}
	all->type = DOC_OBJECT;
	all->count = used;
	all->first = all + 1;
	m->look->params = all;
	return 0;
}

int look_make(struct arena *a, const struct policy *p, struct library *lib, const char *below, struct look *ret)
{
	size_t counts[LOOK_MAX] = { 0 }, customs[LOOK_MAX] = { 0 }, params = 0;
	struct making m = {
		.arena = a,
		.policy = p,
		.library = lib,
		.rulings = profile_rulings(lib, ret->profile, ret->mode, ret->custom),
		.kinds = arena_array(a, lib->count + 1, sizeof(*m.kinds)),
		.part = below_is_part(below),
		.look = ret,
	};

	if (!m.rulings || !m.kinds)
		return -ENOMEM;
	for (size_t i = 0; i < lib->count; i++) {
		const struct control *c = &lib->controls[i];
		m.kinds[i] = kind_of(p, c, &m.rulings[i]);
		if (m.kinds[i] == LOOK_MAX)
			continue;
		*(c->custom ? &customs[m.kinds[i]] : &counts[m.kinds[i]]) += c->row_count;
		params += m.rulings[i].params != NULL;
	}
	ret->rulings = m.rulings;
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		if ((counts[k] > 0 && turn(&m, k) < 0) || (customs[k] > 0 && copy_custom(&m, k, customs[k]) < 0))
			return -ENOMEM;
	return list_params(&m, params);
}

int look_asks(struct arena *a, const struct check_input *like, const struct look *look, struct asking *asking,
	struct fail *reterr)
{
	struct check_input in = *like;
	int r = 0;

	for (enum look_kind k = 0; k < LOOK_MAX && r == 0; k++) {
		in.turned = &look->turned[k];
		in.tree = NULL;
		if (in.turned->severity)
			r = check_asks(a, &in, asking, reterr);
		in.turned = NULL;
		in.tree = &look->trees[k];
		if (r == 0 && in.tree->root)
			r = check_asks(a, &in, asking, reterr);
	}
	return r;
}

/* One kind: the rows that are built in, then the policy's own. */
static int judge_kind(struct arena *a, struct check_input *in, struct look *look, enum look_kind k, struct fail *reterr)
{
	struct report more = { 0 };
	int r = 0;

	in->turned = &look->turned[k];
	in->tree = NULL;
	if (in->turned->severity)
		r = check(a, in, &look->found[k], reterr);
	in->turned = NULL;
	in->tree = &look->trees[k];
	if (r < 0 || !in->tree->root)
		return r;
	r = check(a, in, &more, reterr);
	if (r == 0 && report_append(a, &look->found[k], &more) < 0)
		r = fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory to judge with");
	return r;
}

int look_judge(struct arena *a, const struct check_input *like, struct look *look, struct fail *reterr)
{
	struct check_input in = *like;

	in.params = look->params;
	for (enum look_kind k = 0; k < LOOK_MAX; k++) {
		struct report *found = &look->found[k];
		const int r = judge_kind(a, &in, look, k, reterr);
		if (r < 0)
			return r;
		for (size_t i = 0; i < found->count; i++) {
			found->findings[i].profile = look->profile->name;
			found->findings[i].mode = k == LOOK_AUDITED ? MODE_AUDIT : MODE_ENFORCE;
		}
		if (k == LOOK_AUDITED)
			found->audited = found->errors;
	}
	return 0;
}
