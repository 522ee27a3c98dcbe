/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second judgement asks less than the first one: the runtime has made the container by now, so what this host
 * cannot give is no question any more, and a network namespace or a cgroup that is there already no fault. What the
 * specification says of the document and what the policy says of it hold as they did. A policy that cannot be read
 * stops the next create; a start it does not stop.
 */
#include "shim/rewritten.h"

#include <errno.h>
#include <unistd.h>

#include "audit/quiet.h"
#include "config.h"
#include "shim/bypass.h"
#include "shim/delegate_features.h"
#include "shim/trial.h"
#include "validate/base/fd.h"
#include "validate/fingerprint/sketch.h"
#include "validate/policy/start.h"

bool rewritten_expected(const struct call *c)
{
	for (const char *const *q = c->delegate.runtime.quirks; q && *q; q++)
		if (strcmp(*q, "rewrites-config") == 0)
			return true;
	return false;
}

/* Takes out what was found of the host, and what is no reason to refuse: create has told that. */
static void keep_reasons(struct report *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		if (f->severity == SEV_ERROR && (!f->rule || f->rule->of != OF_HOST)) {
			r->findings[kept++] = *f;
			continue;
		}
		r->errors -= f->severity == SEV_ERROR;
		r->warnings -= f->severity == SEV_WARNING;
		r->infos -= f->severity == SEV_INFO;
	}
	r->count = kept;
}

static int judge(struct call *c, struct drift *d, struct trial *t, struct fail *reterr)
{
	const struct doc *root = drift_document(&c->arena, d);

	if (!root)
		return fail(reterr, -EBADMSG, CAUSE_BUNDLE, "", "%s", d->odd ? d->odd : "it is no JSON");
	int r = policy_load(&c->arena, RUNVET_SITE "/policy.json", &t->policy, reterr);
	if (r < 0)
		return r;
	t->cache = features_cache(&c->arena, &c->places, false);
	const struct delegate_want want = features_want(&c->delegate, t->cache, false);
	if (delegate_look(&c->arena, &want, &t->delegate, NULL, reterr) < 0)
		t->delegate = NULL;
	return trial_hold(t, root, reterr);
}

void rewritten_judge(struct call *c, struct drift *d, struct rewritten *ret)
{
	const struct request said = c->request;
	struct trial t = { .call = c };
	struct fail why = { 0 };

	*ret = (struct rewritten){ .decision = { .kind = DECISION_ALLOW, .may_run = true } };
	t.input = (struct input){
		.kind = INPUT_CONFIG,
		.name = "config.json",
		.bundle = c->note.bundle,
		.root.fd = -1,
		.dir.fd = -1,
		.file = d->file,
	};
	/* As create was called: clauses of the policy speak of its verb. */
	c->request.verb = VERB_CREATE;
	c->request.verb_word = "create";
	const int r = judge(c, d, &t, &why);
	c->request = said;
	if (r < 0) {
		ret->unjudged = arena_copy(&c->arena, bytes_of(why.says));
		return;
	}
	keep_reasons(&t.report);
	ret->judged = true;
	ret->report = t.report;
	ret->report.file = "config.json";
	ret->decision = decide(&t.policy, &ret->report, NULL, false);
	if (!ret->decision.may_run && t.policy.start_drift != MODE_ENFORCE) {
		ret->decision.kind = DECISION_WOULD_DENY;
		ret->decision.may_run = true;
	}
	ret->digest = t.policy.digest[0] ? arena_copy(&c->arena, bytes_of(t.policy.digest)) : NULL;
}

void rewritten_note(struct call *c, struct drift *d)
{
	struct note now = c->note;
	struct quiet quiet;

	if (!d->read || !c->places.run_dir)
		return;
	memcpy(now.config_digest, d->file.digest, sizeof(now.config_digest));
	now.config = d->file.identity;
	now.judged_anew = true;
	now.sketch = sketch_make(&c->arena, drift_document(&c->arena, d), now.record);
	quiet_begin(&quiet);
	(void)note_write(&c->arena, c->places.run_dir, call_root(c), c->request.id, &now);
	quiet_end(&quiet);
}
