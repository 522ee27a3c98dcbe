/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a judged call, each stage once and in this order: policy, line, delegate, what it can, document, owner,
 * rules, decision, record, and then the delegate. A stage that breaks is weighed like a breach: what the policy lets
 * through does not end the judging, so that an excuse for one fault never hides another. Nothing has happened until
 * the record is written; from there on a change of mind is a second record.
 */
#include "shim/judge.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "config.h"
#include "shim/bundle.h"
#include "shim/bypass.h"
#include "shim/context.h"
#include "shim/delegate_features.h"
#include "shim/refuse.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/policy/evaluate.h"

struct trial {
	struct call *call;
	struct policy policy;
	struct input input;
	struct report report;
	const char *cache;          /* where facts about host and delegate are kept; NULL: nowhere */
	const struct doc *delegate; /* validate/host/delegate.h; NULL: nothing is known */
	const struct doc *host;     /* validate/host/host.h; NULL: nobody asked */
	const struct doc *root;     /* of the document; NULL: there is none, or it does not parse */
	struct standing standing;
	struct fail why;            /* what broke, when the decision is owed to that */
	bool broken;
	bool sound; /* the delegate passed its checks */
	bool never; /* it cannot be run, whoever wants it */
	struct decision decision;
	const char *record; /* id of the last record that a sink took */
};

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

/* Who calls, and for whom: asked once, with as much of the document as there is. */
static int stand(struct trial *t, struct fail *reterr)
{
	return context_of_call(t->call, &t->input, t->root, 0, &t->standing, reterr);
}

/* Holds the document against the specification, this machine, the delegate and the policy. */
static int hold(struct trial *t, struct fail *reterr)
{
	const struct input *in = &t->input;
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	const struct host host = { .root = top, .live = true, .cache = t->cache, .bundle = in->bundle };
	const struct evaluation e = {
		.file = in->name,
		.text = in->file.bytes,
		.root = t->root,
		.below = place_below(in->kind),
		.policy = &t->policy,
		.host = top < 0 ? NULL : &host,
		.delegate = t->delegate,
		.context = t->standing.context,
	};

	return evaluate(&t->call->arena, &e, &t->report, &t->host, reterr);
}

/* The document, read and parsed. 0, also when there is none; or a negative errno. */
static int read_document(struct trial *t, struct fail *reterr)
{
	struct arena *a = &t->call->arena;
	struct input *in = &t->input;
	const int code = input_read(a, &t->call->request, in, reterr);

	if (code < 0 || in->kind == INPUT_NONE)
		return code;
	t->report.file = in->name;
	const struct doc_options options = { .file = in->name, .cause = CAUSE_BUNDLE };
	return doc_parse(a, in->file.bytes, &options, &t->root, reterr);
}

/* The document: read, parsed, whose container it is, its owner, its rules. */
static bool see_document(struct trial *t)
{
	struct input *in = &t->input;
	struct fail broken = { 0 }, why = { 0 };
	const int code = read_document(t, &broken);

	/* A record names the container, also where its document is what is broken. */
	if (stand(t, &why) < 0 && !weigh(t, &why))
		return false;
	if (code < 0)
		return in->cut ? weigh_never(t, &broken) : weigh(t, &broken);
	if (in->kind == INPUT_NONE)
		return weigh(t, NULL);
	if (input_owner(in, t->root, &why) < 0 && !weigh(t, &why))
		return false;
	if (hold(t, &why) < 0 && !weigh(t, &why))
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

	if (policy_load(&t->call->arena, RUNVET_SITE "/policy.json", &t->policy, &why) < 0 && !weigh(t, &why))
		return;
	if (c->parsed == -ENOSYS && t->policy.pass_unknown_verb)
		return;
	if (c->parsed < 0 && !weigh(t, &c->parse_failure))
		return;
	if (see_delegate(t) && c->parsed == 0 && see_features(t))
		(void)see_document(t);
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

static int record(struct trial *t, struct fail *reterr)
{
	struct call *c = t->call;
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
		.policy = &t->policy,
		.report = t->broken ? NULL : &t->report,
		.why = t->broken ? &t->why : NULL,
		.decision = t->decision,
		.context = t->standing.context,
		.caller = t->standing.context ? &t->standing.caller : NULL,
		.began = c->began,
	};
	const struct sink_want want = {
		.places = &c->places,
		.chain = t->policy.audit_chain,
		.journal = t->policy.audit_journal,
		.wait = call_creates(c) || t->decision.kind != DECISION_ALLOW,
		.ack_ms = t->policy.ack_ms,
		.rootless = rootless(),
		.hidden = holds_a_command(c),
	};
	struct record r = { 0 };
	enum commit commit = COMMIT_NONE;

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

/*
 * What is remembered until the container is deleted. Nobody depends on it, so nothing is said when it cannot be kept.
 */
static void remember(struct trial *t)
{
	struct call *c = t->call;
	struct note n = {
		.delegate = c->delegate.path,
		.runtime = c->delegate.runtime.name,
		.dialect = c->delegate.runtime.dialect ? c->delegate.runtime.dialect->name : "",
		.record = t->record ? t->record : "",
		.bundle = t->input.bundle,
		.config = t->input.file.identity,
		.pid = getpid(),
		.pid_started = process_started(getpid()),
	};

	if (!call_creates(c) || !c->request.id || !n.bundle || !n.runtime || !c->places.run_dir)
		return;
	memcpy(n.config_digest, t->input.file.digest, sizeof(n.config_digest));
	context_note(c, &t->standing, t->root, t->host, NULL, &n);
	/* It exists already: this create will fail, and what runs is still what its own create said. */
	if (c->noted && !note_container_gone(&c->arena, c->places.run_dir, call_root(c), c->request.id)) {
		const struct note now = n;
		n = c->note;
		n.pid = now.pid; /* for the ring alone */
		n.pid_started = now.pid_started;
	}
	/* Beyond RLIMIT_FSIZE a write kills by default; the disposition is the delegate's again afterwards. */
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	(void)sigaction(SIGXFSZ, &ignore, &before);
	note_sweep(&c->arena, c->places.run_dir);
	(void)note_write(&c->arena, c->places.run_dir, call_root(c), c->request.id, &n);
	(void)sigaction(SIGXFSZ, &before, NULL);
}

/* Becomes the delegate; returns only when it may or can not, with t->decision and t->why saying so. */
static void run(struct trial *t)
{
	struct fail why = { 0 };

	remember(t);
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
	if (c->parsed == -ENOSYS && t.policy.pass_unknown_verb && t.decision.may_run)
		return call_pass(c);
	call_blank(c);
	if (record(&t, &why) < 0 && t.decision.may_run)
		(void)weigh(&t, &why);
	if (t.decision.may_run) {
		run(&t);
		(void)record(&t, &why);
	}
	const int code = refuse_it(&t);
	input_close(&t.input);
	return code;
}
