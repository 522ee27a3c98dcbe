/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stays of a judged call: a record, always, and of a container that is made a note. Both are written from what was
 * found out on the way; what was not reached by then (a document that does not parse names no engine) is unknown.
 */
#include "shim/trial.h"

#include <errno.h>
#include <unistd.h>

#include "audit/caller.h"
#include "audit/policy_seen.h"
#include "audit/quiet.h"
#include "validate/fingerprint/sketch.h"
#include "validate/lock/started.h"
#include "validate/policy/context.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/start.h"

int trial_context(struct trial *t, const struct doc *config, struct fail *reterr)
{
	return context_of_call(t->call, &t->input, config, &t->policy, &t->standing, reterr);
}

static const char *place_below(enum input_kind kind)
{
	switch (kind) {
	case INPUT_PROCESS:
		return "process";
	case INPUT_RESOURCES:
		return "linux.resources";
	case INPUT_NONE:
	case INPUT_CONFIG:
		break;
	}
	return "";
}

int trial_hold(struct trial *t, const struct doc *root, struct fail *reterr)
{
	const struct input *in = &t->input;
	const int top = call_top(t->call);
	char boot[BOOT_ID];
	const struct host host = { .root = top,
		.live = true,
		.cache = t->cache,
		.bundle = in->bundle,
		.boot = boot_id(boot) ? boot : NULL };

	const int r = trial_context(t, root, reterr);
	if (r < 0)
		return r;
	const struct evaluation e = {
		.file = in->name,
		.text = in->file.bytes,
		.root = root,
		.below = place_below(in->kind),
		.policy = &t->policy,
		.host = top < 0 ? NULL : &host,
		.delegate = t->delegate,
		.context = t->standing.context,
	};
	return evaluate(&t->call->arena, &e, &t->report, &t->host, reterr);
}

/* Whether environment and arguments of a process may stand on the line: an exec's own, or what could not be read. */
static bool holds_a_command(const struct call *c)
{
	const struct request *q = &c->request;
	const bool elsewhere = c->parsed == 0 && q->value[SLOT_PROCESS];

	return !call_creates(c) && q->verb != VERB_UPDATE && !elsewhere;
}

/* A string of the delegate's document; NULL when that is not known. */
static const char *delegate_word(struct trial *t, const char *key)
{
	const struct bytes word = doc_string(t->delegate, key, (struct bytes){ 0 });

	return word.len ? arena_copy(&t->call->arena, word) : NULL;
}

/* What the container may do: of a create by its document, of later verbs as it was noted. */
static const struct doc *posture_of(struct trial *t)
{
	struct call *c = t->call;
	const struct applied *applied = t->report.applied;

	if (!t->posture && t->config)
		t->posture = posture_make(&c->arena, t->config, t->host, applied ? applied->profile : NULL);
	if (!t->posture && c->noted && !call_creates(c))
		t->posture = c->note.posture;
	return t->posture;
}

/* Of what makes a container, once; NULL for all else, and for a document that has none. */
static const struct fingerprints *fingerprints_of(struct trial *t)
{
	struct call *c = t->call;
	const struct started started = {
		.config = t->config,
		.context = t->standing.context,
		.id = c->request.id,
		.bundle = t->input.bundle,
		.root = call_top(c),
	};
	struct fingerprint_of of;

	if (t->config && call_creates(c) && !t->fingerprints.normal[0] && started_of(&c->arena, &started, &of) == 0)
		(void)fingerprints_make(&c->arena, &of, &t->fingerprints);
	return t->fingerprints.normal[0] ? &t->fingerprints : NULL;
}

static struct sink_want want_of(const struct trial *t)
{
	const struct call *c = t->call;

	return (struct sink_want){
		.places = &c->places,
		.chain = t->policy.audit_chain,
		.journal = t->policy.audit_journal,
		.wait = call_creates(c) || t->decision.kind != DECISION_ALLOW,
		.synced = t->policy.audit_synced,
		.to_disk = t->policy.audit_fdatasync,
		.ack_ms = t->policy.ack_ms,
		.rootless = rootless(),
		.hidden = holds_a_command(c),
	};
}

int trial_record(struct trial *t, struct fail *reterr)
{
	struct call *c = t->call;

	if (!t->standing.context && trial_context(t, NULL, reterr) < 0) {
		reterr->cause = CAUSE_AUDIT;
		return -ENOMEM;
	}
	const struct judged judged = {
		.config = t->config,
		.process = t->process,
		.spoken = t->spoken,
		.posture = posture_of(t),
	};
	const struct occurrence o = {
		.verb = *c->request.verb_word ? c->request.verb_word : NULL,
		.id = c->request.id,
		.bundle = t->input.bundle,
		.root = c->request.value[SLOT_ROOT],
		.delegate = c->delegate.path,
		.delegate_digest = delegate_word(t, "digest"),
		.delegate_version = delegate_word(t, "version"),
		.create_record = c->noted && !call_creates(c) ? c->note.record : NULL,
		.config_digest = t->input.file.digest,
		.fingerprints = fingerprints_of(t),
		.policy = &t->policy,
		.report = t->broken ? NULL : &t->report,
		.why = t->broken ? &t->why : NULL,
		.context = t->standing.context,
		.judged = &judged,
		.caller = &t->standing.caller,
		.decision = t->decision,
		.began = c->began,
	};
	struct sink_want want = want_of(t);
	struct record r = { 0 };
	enum commit commit = COMMIT_NONE;

	if (t->policy_read)
		policy_seen_tell(&c->arena, &t->policy, &want);
	want.later = t->decision.may_run ? &t->later : NULL;
	int code = record_init(&r, &c->arena, reterr);
	if (code == 0)
		code = record_fill(&r, &o, reterr);
	if (code == 0)
		code = sink_write(&r, &want, &commit, reterr);
	t->record = code == 0 ? r.id : NULL;
	if (code < 0)
		reterr->cause = CAUSE_AUDIT;
	return code;
}

/* What start and exec will need: whether anything is wanted of them, and what tells a document from another one. */
static void note_start(struct trial *t, struct note *n)
{
	struct call *c = t->call;
	const char *pid_file = c->request.value[SLOT_PID_FILE], *config = c->request.value[SLOT_CONFIG];

	n->start = t->report.applied ? t->report.applied->start : NULL;
	if (pid_file && *pid_file)
		n->pid_file = path_absolute(&c->arena, pid_file);
	if (config && t->input.dir.fd != t->input.root.fd)
		n->config_file = path_absolute(&c->arena, config);
	if (t->config && start_wants(n->start, "drift"))
		n->sketch = sketch_make(&c->arena, t->config, n->record);
}

void trial_remember(struct trial *t)
{
	struct call *c = t->call;
	struct note n = {
		.delegate = c->delegate.path,
		.runtime = c->delegate.runtime.name,
		.dialect = c->delegate.runtime.dialect ? c->delegate.runtime.dialect->name : "",
		.record = t->record ? t->record : "",
		.bundle = t->input.bundle,
		.config = t->input.file.identity,
		.bundle_device = t->input.dir.st.st_dev,
		.bundle_inode = t->input.dir.st.st_ino,
		.pid = getpid(),
		.pid_started = process_started(getpid()),
	};

	if (!call_creates(c) || !c->request.id || !n.bundle || !n.runtime || !c->places.run_dir)
		return;
	if (t->config && t->standing.context) {
		n.identity = context_identity(&c->arena, t->standing.context);
		n.posture = posture_of(t);
	}
	note_start(t, &n);
	memcpy(n.config_digest, t->input.file.digest, sizeof(n.config_digest));
	/* It exists already: this create will fail, and what runs is still what its own create said. */
	if (c->noted && !note_container_gone(&c->arena, c->places.run_dir, call_root(c), c->request.id)) {
		const struct note now = n;
		n = c->note;
		n.pid = now.pid; /* for the ring alone */
		n.pid_started = now.pid_started;
	}
	struct quiet quiet;
	quiet_begin(&quiet);
	note_sweep(&c->arena, c->places.run_dir);
	(void)note_write(&c->arena, c->places.run_dir, call_root(c), c->request.id, &n);
	quiet_end(&quiet);
}
