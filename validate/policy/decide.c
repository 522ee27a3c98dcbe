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

/*
 * How much a finding tells its reader, least first. A broken document comes before everything; then what the policy
 * says, which holds on any host, and of that first what names the deed itself and not its forty traces; what this
 * host cannot give comes last.
 */
static unsigned rank_of(const struct finding *f)
{
	static const char *const deeds[] = { "privileged", "exec.", "update.", "escape.host-root",
		"escape.engine-socket" };

	if (!f->profile)
		return strncmp(f->id, "host.", 5) == 0 || strncmp(f->id, "feat.", 5) == 0 ? 3 : 0;
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (strncmp(f->id, deeds[i], strlen(deeds[i])) == 0)
			return 1;
	return 2;
}

/* Of the errors that refuse, or without one of those that would: the first of those that tell most. */
static const struct finding *telling_error(const struct report *r)
{
	const struct finding *best = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		if (f->severity != SEV_ERROR)
			continue;
		const bool milder = f->mode == MODE_AUDIT, best_milder = best && best->mode == MODE_AUDIT;
		if (!best || (best_milder && !milder) || (best_milder == milder && rank_of(f) < rank_of(best)))
			best = f;
	}
	return best;
}

static struct decision of_report(const struct policy *p, const struct report *r)
{
	if (r->errors == 0)
		return (struct decision){ .kind = DECISION_ALLOW, .may_run = true };
	const bool runs = p->mode == MODE_AUDIT || r->errors == r->audited;
	const struct finding *because = telling_error(r);
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
