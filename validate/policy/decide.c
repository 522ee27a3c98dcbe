/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two questions, answered in this order: would it run by what was found or what broke, and if not, who says that it
 * runs all the same. Nothing is looked up here and nothing is kept, so the whole table of decide.h can be tested.
 */
#include "validate/policy/decide.h"

static const char *reason_of(enum cause c)
{
	switch (c) {
	case CAUSE_COMMAND_LINE:
		return "command-line";
	case CAUSE_BUNDLE:
		return "bundle-unreadable";
	case CAUSE_POLICY:
		return "policy-unreadable";
	case CAUSE_RUNTIMES:
		return "runtimes-unreadable";
	case CAUSE_AUDIT:
		return "audit-unavailable";
	case CAUSE_CLOCK:
		return "clock";
	case CAUSE_INTERNAL:
	case CAUSE_MAX:
		break;
	}
	return "internal";
}

/* The first error that refuses; without one, the first that would. */
static const struct finding *first_error(const struct report *r)
{
	const struct finding *audited = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		if (f->severity == SEV_ERROR && f->mode != MODE_AUDIT)
			return f;
		if (f->severity == SEV_ERROR && !audited)
			audited = f;
	}
	return audited;
}

static struct decision of_report(const struct policy *p, const struct report *r)
{
	if (r->errors == 0)
		return (struct decision){ .kind = DECISION_ALLOW, .may_run = true };
	const bool runs = p->mode == MODE_AUDIT || r->errors == r->audited;
	const struct finding *because = first_error(r);
	return (struct decision){
		.kind = runs ? DECISION_WOULD_DENY : DECISION_DENY,
		.reason = because && because->profile ? "policy" : "rule-violation",
		.may_run = runs,
		.because = because,
	};
}

static struct decision of_failure(const struct policy *p, const struct fail *why)
{
	struct decision d = { .kind = DECISION_ERROR, .reason = reason_of(why->cause) };

	if (why->cause == CAUSE_POLICY || why->cause >= CAUSE_MAX)
		return d;
	if (p->mode == MODE_AUDIT)
		d.kind = DECISION_WOULD_DENY;
	else if (p->allow_on[why->cause])
		d.kind = DECISION_BYPASS;
	d.may_run = d.kind != DECISION_ERROR;
	return d;
}

struct decision decide(const struct policy *p, const struct report *report, const struct fail *why, bool bypass)
{
	struct decision d = report ? of_report(p, report) : of_failure(p, why);

	if (bypass && !d.may_run) {
		d.kind = DECISION_BYPASS;
		d.reason = "break-glass";
		d.may_run = true;
	}
	return d;
}

const char *decision_name(enum decision_kind k)
{
	switch (k) {
	case DECISION_ALLOW:
		return "allow";
	case DECISION_DENY:
		return "deny";
	case DECISION_WOULD_DENY:
		return "would-deny";
	case DECISION_BYPASS:
		return "bypass";
	case DECISION_ERROR:
		break;
	}
	return "error";
}
