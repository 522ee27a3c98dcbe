/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a judged call, each stage once and in this order: policy, line, delegate, what it can, document, owner,
 * rules, decision, record, and then the delegate. A stage that breaks is weighed like a breach: what the policy lets
 * through does not end the judging, so that an excuse for one fault never hides another. Nothing has happened until
 * the record is written; from there on a change of mind is a second record.
 */
#include "shim/judge.h"

#include <errno.h>

#include "config.h"
#include "shim/bypass.h"
#include "shim/delegate_features.h"
#include "shim/learn.h"
#include "shim/refuse.h"
#include "shim/rewritten.h"
#include "shim/spoken.h"
#include "shim/trial.h"
#include "validate/base/limits.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/start_exempt.h"
#include "validate/policy/start.h"

/* How much a decision weighs: the heavier one stands. */
static int weight(const struct decision *d)
{
	if (!d->may_run)
		return 3;
	return d->kind == DECISION_ALLOW ? 1 : 2;
}

/* Adds a decision owed to a failure (or, with NULL, to the report). Returns whether it may still run. */
static bool weigh(struct trial *t, const struct fail *why)
{
	const struct report *report = why ? NULL : &t->report;
	struct decision d = decide(&t->policy, report, why, false);

	if (!d.may_run && bypass_in_force(&t->call->arena, BYPASS_FILE, when_now()))
		d = decide(&t->policy, report, why, true);
	if (weight(&d) > weight(&t->decision)) {
		t->decision = d;
		t->broken = why != NULL;
		if (why)
			t->why = *why;
	}
	return t->decision.may_run;
}

/* What no switch can let through: there is nothing that could be run. */
static bool weigh_never(struct trial *t, const struct fail *why)
{
	struct policy strict;

	policy_default(&strict);
	t->decision = decide(&strict, NULL, why, false);
	t->why = *why;
	t->broken = t->never = true;
	return false;
}

static bool see_delegate(struct trial *t)
{
	struct fail why = { 0 };
	const int r = call_choose(t->call, &why);
	const char *path = t->call->delegate.path;

	t->sound = r == 0;
	if (r == 0)
		return true;
	return r == -ELOOP || !path || *path == '\0' ? weigh_never(t, &why) : weigh(t, &why);
}

/*
 * What the delegate can. Only what makes a container may ask it, and only where the answer can be kept: a machine on
 * which nothing can be written must not pay for the question each time.
 */
static bool see_features(struct trial *t)
{
	struct call *c = t->call;
	struct fail why = { 0 };

	t->cache = features_cache(&c->arena, &c->places, call_creates(c));
	const bool ask = t->cache && t->sound && call_creates(c);
	const struct delegate_want want = features_want(&c->delegate, t->cache, ask);
	if (delegate_look(&c->arena, &want, &t->delegate, NULL, &why) < 0)
		return weigh(t, &why);
	return true;
}

/* The bundle of a container with a user namespace may be its root's. That is known, and worth a word. */
static int add_mapped_owner(struct trial *t, struct fail *reterr)
{
	struct report *r = &t->report;
	struct finding *grown = arena_array(&t->call->arena, r->count + 1, sizeof(*grown));

	if (!grown)
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "memory is used up");
	if (r->count > 0)
		memcpy(grown, r->findings, r->count * sizeof(*grown));
	grown[r->count++] = (struct finding){
		.id = "bundle.owner",
		.severity = SEV_WARNING,
		.pointer = "",
		.says = "the bundle belongs to the container's root, who may change it once it runs",
	};
	r->findings = grown;
	r->warnings++;
	return 0;
}

/*
 * Without a document of its own runc takes config.json for what an exec is like, as it stands there then: who could
 * write to it would have the last word. What a delegate rewrote counts only once that was judged (rewritten.h).
 */
static void see_drift(struct trial *t)
{
	struct call *c = t->call;
	struct drift d;

	if (!t->spoken || !c->noted || !start_wants(c->note.start, "drift") ||
		(rewritten_expected(c) && !c->note.judged_anew))
		return;
	drift_look(&c->arena, &c->note, false, &d);
	if (d.config == DRIFT_CONTENT)
		(void)drift_report(&c->arena, &c->note, &d, &t->report);
}

/* What of that create exempted, beside what the policy of now does. */
static void exempt_drift(struct trial *t)
{
	struct call *c = t->call;
	struct applied *all = t->spoken && c->noted ? arena_new(&c->arena, struct applied) : NULL;

	if (!all)
		return;
	*all = t->report.applied
		? *t->report.applied
		: (struct applied){ .profile = start_profile(&c->arena, c->note.start), .mode = MODE_ENFORCE };
	const size_t before = all->exempt_count;
	(void)start_exempt(&c->arena, c->note.start, when_now(), &t->report, all);
	if (all->exempt_count > before)
		t->report.applied = all;
}

/* An exec whose command line says what is run. There is no document but that, and only the policy has an opinion. */
static bool see_line(struct trial *t)
{
	struct call *c = t->call;
	struct fail why = { 0 };
	bool lost;
	const struct doc *posture = c->noted ? c->note.posture : NULL;
	const struct doc *said = spoken_process(&c->arena, &c->request, posture, &lost);

	t->process = said;
	t->spoken = c->request.verb == VERB_EXEC;
	see_drift(t);
	if (lost)
		(void)fail(&why, -ENOMEM, CAUSE_INTERNAL, "", "memory is used up");
	if (!said) {
		exempt_drift(t);
		return weigh(t, lost ? &why : NULL);
	}
	struct evaluation e = {
		.file = "command line",
		.root = said,
		.below = "process",
		.policy = &t->policy,
		.delegate = t->delegate,
		.spoken = true,
	};
	int r = trial_context(t, NULL, &why);
	e.context = t->standing.context;
	if (r == 0)
		r = evaluate(&c->arena, &e, &t->report, NULL, &why);
	for (size_t i = 0; i < t->report.count; i++)
		t->report.findings[i].place = (struct place){ 0 };
	t->report.file = e.file;
	exempt_drift(t);
	return weigh(t, r < 0 ? &why : NULL);
}

/* The document: read, parsed, its owner, its rules. */
static bool see_document(struct trial *t)
{
	struct arena *a = &t->call->arena;
	struct input *in = &t->input;
	const struct doc *root = NULL;
	struct fail why = { 0 };

	if (input_read(a, &t->call->request, in, &why) < 0)
		return in->cut ? weigh_never(t, &why) : weigh(t, &why);
	t->report.file = in->name;
	if (in->kind == INPUT_NONE)
		return see_line(t);
	const struct doc_options options = { .file = in->name, .cause = CAUSE_BUNDLE };
	if (doc_parse(a, in->file.bytes, &options, &root, &why) < 0)
		return weigh(t, &why);
	t->config = in->kind == INPUT_CONFIG ? root : NULL;
	t->process = in->kind == INPUT_PROCESS ? root : NULL;
	if (input_owner(in, root, &why) < 0 && !weigh(t, &why))
		return false;
	if (trial_hold(t, root, &why) < 0 && !weigh(t, &why))
		return false;
	if (in->mapped_owner && add_mapped_owner(t, &why) < 0)
		return weigh(t, &why);
	return weigh(t, NULL);
}

/* All that is judged. Afterwards t->decision stands. */
static void see(struct trial *t)
{
	const struct call *c = t->call;
	struct fail why = { 0 };

	t->policy_read = policy_load(&t->call->arena, RUNVET_SITE "/policy.json", &t->policy, &why) == 0;
	if (!t->policy_read && !weigh(t, &why))
		return;
	if (policy_clock(&t->policy, when_now(), &why) < 0 && !weigh(t, &why))
		return;
	if (c->parsed == -ENOSYS && t->policy.pass_unknown_verb)
		return;
	if (c->parsed < 0 && !weigh(t, &c->parse_failure))
		return;
	if (see_delegate(t) && c->parsed == 0 && see_features(t))
		(void)see_document(t);
}

/* Becomes the delegate; returns only when it may or can not, with t->decision and t->why saying so. */
static void run(struct trial *t)
{
	struct fail why = { 0 };

	trial_remember(t);
	sink_settle(&t->later);
	if (t->input.file.fd >= 0 && input_unchanged(&t->input, &why) < 0 && !weigh(t, &why))
		return;
	if (input_replay(&t->input, &why) < 0) {
		(void)weigh_never(t, &why);
		return;
	}
	(void)call_exec(t->call, &why);
	(void)weigh_never(t, &why);
}

static int refuse_it(const struct trial *t)
{
	const struct request *q = &t->call->request;
	char line[LIMIT_REFUSAL + 1];
	struct text to = text_over(line, sizeof(line));

	refuse_compose(q, &t->decision, t->broken ? NULL : &t->report, t->broken ? &t->why : NULL, t->record, &to);
	return refuse(q, line);
}

int judge(struct call *c)
{
	struct trial t = { .call = c, .decision = { .kind = DECISION_ALLOW, .may_run = true } };
	struct fail why = { 0 };

	t.input = (struct input){ .root.fd = -1, .dir.fd = -1, .file.fd = -1, .name = "" };
	see(&t);
	call_settle(c);
	if (c->parsed == -ENOSYS && t.policy.pass_unknown_verb && t.decision.may_run)
		return call_pass(c);
	call_blank(c);
	if (t.decision.may_run && t.decision.kind == DECISION_ALLOW && call_creates(c))
		learn_lock(&c->arena, &t.report);
	if (trial_record(&t, &why) < 0 && t.decision.may_run)
		(void)weigh(&t, &why);
	if (t.decision.may_run) {
		run(&t);
		(void)trial_record(&t, &why);
	}
	const int code = refuse_it(&t);
	input_close(&t.input);
	return code;
}
