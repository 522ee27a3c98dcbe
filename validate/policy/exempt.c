/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exemptions, applied to a report. Those that demand nothing in return come first, so that what the others demand is
 * held against what is left.
 */
#include <errno.h>
#include <stdio.h>

#include "validate/base/when.h"
#include "validate/policy/policy_parts.h"

#define ENDS_SOON_S (14L * 86400)

struct exempting {
	struct arena *arena;
	const struct exempt_view *view;
	struct report *report;
	const char **used; /* ids, each once */
	bool *is_used;     /* by index of the exemption */
	size_t used_count;
};

/* The finding weighs what the exemption leaves of it. */
static void lessen(struct exempting *x, struct finding *f, const struct exemption *by)
{
	struct report *r = x->report;
	const bool error = f->severity == SEV_ERROR, audited = error && f->mode == MODE_AUDIT;

	if (by->mode == MODE_AUDIT && (audited || !error))
		return;
	if (by->mode == MODE_WARN && !error)
		return;
	f->exempt = by->id;
	r->errors -= error && by->mode != MODE_AUDIT;
	r->warnings -= f->severity == SEV_WARNING;
	r->audited -= audited;
	if (by->mode == MODE_AUDIT) {
		f->mode = MODE_AUDIT;
		r->audited++;
	} else if (by->mode == MODE_WARN) {
		f->severity = SEV_WARNING;
		r->warnings++;
	} else {
		f->severity = SEV_OFF;
		r->exempted++;
	}
}

static void note_use(struct exempting *x, size_t i)
{
	if (x->is_used[i])
		return;
	x->is_used[i] = true;
	x->used[x->used_count++] = x->view->policy->exempt[i].id;
}

/* A finding that would be exempt but for the date says which exemption has ended, and when. */
static int say_ended(struct exempting *x, struct finding *f, const struct exemption *ended)
{
	struct exempt_view then = *x->view;
	struct policy undated = *x->view->policy;
	char day[WHEN_SIZE];

	undated.dated = false;
	then.policy = &undated;
	then.now = (struct timespec){ .tv_sec = ended->ends.tv_sec - 1 };
	if (exemption_covers(ended, f, &then, NULL) != EXEMPT_APPLIES)
		return 0;
	when_write(ended->ends, false, day);
	f->fix = arena_printf(x->arena, "%s%sexemption %s ended on %.10s", f->fix ? f->fix : "", f->fix ? "; " : "",
		ended->id, day);
	return f->fix ? 0 : -ENOMEM;
}

/* What one finding is to the exemptions, of those that depend on other rules or those that do not. */
static int consider(struct exempting *x, struct finding *f, bool depend)
{
	const struct policy *p = x->view->policy;
	const struct exemption *ended = NULL;

	for (size_t i = 0; i < p->exempt_count; i++) {
		const struct exemption *by = &p->exempt[i];
		if ((by->provided[0] != NULL) != depend)
			continue;
		const enum exempts e = exemption_covers(by, f, x->view, NULL);
		if (e == EXEMPT_ENDED && !ended)
			ended = by;
		if (e != EXEMPT_APPLIES)
			continue;
		note_use(x, i);
		lessen(x, f, by);
		return 0;
	}
	return ended ? say_ended(x, f, ended) : 0;
}

/* A used exemption that is about to end is worth a word while there is time. */
static int warn_of_end(struct exempting *x, const struct exemption *by)
{
	struct report more = { 0 };
	struct finding *f;
	char day[WHEN_SIZE];

	if (by->ends.tv_sec - x->view->now.tv_sec > ENDS_SOON_S)
		return 0;
	when_write(by->ends, false, day);
	f = arena_new(x->arena, struct finding);
	if (!f)
		return -ENOMEM;
	*f = (struct finding){
		.id = "policy.exempt-ends",
		.severity = SEV_WARNING,
		.pointer = "",
		.says = arena_printf(x->arena, "exemption %s ends on %.10s, and is used", by->id, day),
		.fix = "what it is for will be refused then",
	};
	more = (struct report){ .findings = f, .count = 1, .warnings = 1 };
	return f->says ? report_append(x->arena, x->report, &more) : -ENOMEM;
}

int exempt_report(struct arena *a, const struct exempt_view *v, struct report *report, struct applied *ret)
{
	const struct policy *p = v->policy;
	struct exempting x = { .arena = a, .view = v, .report = report };
	const size_t count = report->count;

	if (p->exempt_count == 0 || count == 0)
		return 0;
	x.used = arena_array(a, p->exempt_count, sizeof(*x.used));
	x.is_used = arena_array(a, p->exempt_count, sizeof(*x.is_used));
	if (!x.used || !x.is_used)
		return -ENOMEM;
	for (unsigned depend = 0; depend < 2; depend++)
		for (size_t i = 0; i < count; i++) {
			struct finding *f = &report->findings[i];
			if (f->severity >= SEV_WARNING && !f->exempt && consider(&x, f, depend) < 0)
				return -ENOMEM;
		}
	for (size_t i = 0; i < p->exempt_count && ret; i++)
		if (x.is_used[i] && warn_of_end(&x, &p->exempt[i]) < 0)
			return -ENOMEM;
	if (ret) {
		ret->exempt = x.used;
		ret->exempt_count = x.used_count;
	}
	return 0;
}
