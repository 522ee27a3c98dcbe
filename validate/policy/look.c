/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a profile to rows: copies of the rows that it turns on, with the severity that its modes give them. The engine
 * that judges the specification judges them, too; what a rule is, is said once.
 */
#include "validate/policy/look.h"

#include <errno.h>

#include "validate/doc/make.h"
#include "validate/rule/control.h"
#include "validate/rule/vocabulary.h"

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

static uint64_t asks_of(const struct policy *p, const struct rule *row, const struct doc *params)
{
	const bool digest = (row->asks & ASK(ASK_HOOK)) && exempts_by(p, row->id, "digest");
	return row->asks | control_asks(row, params) | (digest ? ASK(ASK_HOOK_DIGEST) : 0);
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

static void copy_row(const struct rule *row, enum mode mode, bool part, struct rule *to)
{
	*to = *row;
	/* A row that only informs refuses nothing in any mode. */
	if (row->severity != SEV_INFO)
		to->severity = mode == MODE_WARN ? SEV_WARNING : SEV_ERROR;
	if (part && to->presence == REQUIRED)
		to->presence = OPTIONAL;
}

int look_make(struct arena *a, const struct policy *p, struct library *lib, const char *below, struct look *ret)
{
	const struct ruling *rulings = profile_rulings(lib, ret->profile, ret->mode, ret->custom);
	const bool part = strcmp(below, "linux.resources") == 0;
	enum look_kind *kinds = arena_array(a, lib->count + 1, sizeof(*kinds));
	struct rule *rows[LOOK_MAX];
	struct doc *params = NULL;
	size_t counts[LOOK_MAX] = { 0 };

	if (!rulings || !kinds)
		return -ENOMEM;
	for (size_t i = 0; i < lib->count; i++) {
		kinds[i] = kind_of(p, &lib->controls[i], &rulings[i]);
		if (kinds[i] < LOOK_MAX)
			counts[kinds[i]] += lib->controls[i].row_count;
		if (kinds[i] < LOOK_MAX && rulings[i].params) {
			params = params ? params : make_document(a);
			(void)make_copy(a, params, lib->controls[i].id, rulings[i].params);
		}
	}
	if (params && !make_whole(params))
		return -ENOMEM;
	for (enum look_kind k = 0; k < LOOK_MAX; k++)
		if (!(rows[k] = arena_array(a, counts[k] + 1, sizeof(struct rule))))
			return -ENOMEM;
	for (size_t i = 0; i < lib->count; i++) {
		if (kinds[i] == LOOK_MAX)
			continue;
		struct rules *to = &ret->rows[kinds[i]];
		for (size_t k = 0; k < lib->controls[i].row_count; k++) {
			const struct rule *row = &control_rows(&lib->controls[i])[k];
			struct rule *copy = &rows[kinds[i]][to->count++];
			copy_row(row, rulings[i].mode, part, copy);
			copy->asks = asks_of(p, row, rulings[i].params);
		}
	}
	for (enum look_kind k = 0; k < LOOK_MAX; k++) {
		const struct rules *const tables[] = { &ret->rows[k], NULL };
		ret->rows[k].rows = rows[k];
		if (counts[k] > 0 && !(ret->places[k] = vocabulary(a, tables, OF_CONTROL)))
			return -ENOMEM;
	}
	ret->rulings = rulings;
	ret->params = params;
	return 0;
}

int look_asks(struct arena *a, const struct check_input *like, const struct look *look, struct asking *asking,
	struct fail *reterr)
{
	struct check_input in = *like;
	int r = 0;

	for (enum look_kind k = 0; k < LOOK_MAX && r == 0; k++) {
		in.places = look->places[k];
		if (in.places)
			r = check_asks(a, &in, asking, reterr);
	}
	return r;
}

int look_judge(struct arena *a, const struct check_input *like, struct look *look, struct fail *reterr)
{
	struct check_input in = *like;

	in.params = look->params;
	for (enum look_kind k = 0; k < LOOK_MAX; k++) {
		struct report *found = &look->found[k];
		in.places = look->places[k];
		if (!in.places)
			continue;
		const int r = check(a, &in, found, reterr);
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
