/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order: is the document what was approved; if not, was that to be expected, and is it fit to be judged anew; and
 * did the container get what the document says. The last can only be asked of a document that was judged. Each of the
 * two groups has its own record. Nothing of ours has to be healthy for a container to start (decision 6): every step
 * that cannot be taken is left out, and the one thing that ends a start is a breach that was found, of a rule that the
 * policy enforces, while no break-glass file is in force.
 */
#include "shim/start.h"

#include "audit/lifecycle.h"
#include "audit/policy_seen.h"
#include "shim/bypass.h"
#include "shim/drift.h"
#include "shim/refuse.h"
#include "shim/rewritten.h"
#include "shim/step.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/boundary.h"
#include "validate/policy/start.h"
#include "validate/policy/start_exempt.h"

/* One group of rules, and what came of it. */
struct sight {
	enum seen_at_start seen;
	struct report report;
	struct decision decision;
	struct applied applied; /* of the report's, with the exemptions that were used */
	bool told;              /* whatever the findings weigh, it is worth a record */
	const char *digest;     /* of the policy that judged anew */
	const char *config;     /* of the document as it is */
	const char *record;     /* its id, once a sink took it */
};

struct starting {
	struct call *call;
	struct drift drift;
	bool approved; /* the document that stands there was judged, as it is */
	struct sight document, boundary;
};

/* What of it is exempt by the note; a finding that is, is still worth a record. */
static void exempt(struct starting *s, struct sight *of)
{
	if (of->report.applied && !of->applied.profile)
		of->applied = *of->report.applied;
	(void)start_exempt(&s->call->arena, s->call->note.start, when_now(), &of->report, &of->applied);
	of->told |= of->report.exempted > 0;
}

/* What the findings come to. What is enforced was settled at create, the policy's mode with it. */
static void weigh(struct starting *s, struct sight *of)
{
	struct policy p;

	exempt(s, of);
	policy_default(&p);
	of->decision = decide(&p, &of->report, NULL, false);
	if (!of->decision.may_run && bypass_in_force(&s->call->arena, BYPASS_FILE, when_now()))
		of->decision = decide(&p, &of->report, NULL, true);
	of->told |= of->report.errors > 0 || of->report.warnings > 0;
}

/* What the delegate made of the document, judged anew: its decision stands, and the findings that led to it. */
static void judge_anew(struct starting *s)
{
	struct call *c = s->call;
	struct sight *of = &s->document;
	struct rewritten w;
	struct start_breach b = { .id = "drift.rewritten", .pointer = "" };

	rewritten_judge(c, &s->drift, &w);
	if (!w.judged) {
		b.fact = arena_printf(&c->arena, "it could not be judged anew: %s", w.unjudged ? w.unjudged : "");
		(void)start_add(&c->arena, c->note.start, &b, &of->report, NULL);
		of->report.file = "config.json";
		weigh(s, of);
		of->told = true;
		return;
	}
	b.fact = w.report.errors ? "and it breaks the rules now" : "and it keeps the rules";
	of->report = w.report;
	(void)start_add(&c->arena, c->note.start, &b, &of->report, &of->told);
	exempt(s, of);
	/* Enforced, it is a breach by itself. */
	const size_t refusing = of->report.errors - of->report.audited;
	of->decision = w.decision;
	if (of->decision.may_run && refusing > w.report.errors - w.report.audited)
		weigh(s, of);
	else if (!of->decision.may_run && bypass_in_force(&c->arena, BYPASS_FILE, when_now()))
		of->decision = (struct decision){ DECISION_BYPASS, "break-glass", true, of->decision.because };
	of->told |= of->report.errors > 0 || of->report.warnings > 0;
	of->digest = w.digest;
	s->approved = of->decision.may_run;
	if (s->approved)
		rewritten_note(c, &s->drift);
}

static void see_document(struct starting *s, bool drift, bool read)
{
	struct call *c = s->call;

	drift_look(&c->arena, &c->note, read, &s->drift);
	s->approved = s->drift.config == DRIFT_NONE || s->drift.config == DRIFT_COPY;
	s->document = (struct sight){ .seen = SEEN_DRIFT, .decision = { .kind = DECISION_ALLOW, .may_run = true } };
	if (s->drift.read)
		s->document.config = s->drift.file.digest;
	if (!drift)
		return;
	if (s->drift.config == DRIFT_CONTENT && rewritten_expected(c) && !c->note.judged_anew) {
		judge_anew(s);
		return;
	}
	if (drift_report(&c->arena, &c->note, &s->drift, &s->document.report) == 0)
		weigh(s, &s->document);
}

/* Whether the container got what the document says: only of one that was judged, and only where its init is seen. */
static void see_boundary(struct starting *s)
{
	struct call *c = s->call;
	struct arena *a = &c->arena;
	struct fail ignored;
	const struct doc *config = s->approved ? drift_document(a, &s->drift) : NULL;
	const struct init_of of = {
		.pid_file = c->note.pid_file[0] ? c->note.pid_file : NULL,
		.root = call_root(c),
		.id = c->request.id,
		.dialect = c->note.dialect[0] ? c->note.dialect : NULL,
		.rootless = rootless(),
	};
	const int top = config ? call_top(c) : -1;
	struct boundary_of look = { .config = config, .top = top, .bundle = c->note.bundle, .created = true };
	struct start judged = { .wanted = c->note.start, .file = "config.json", .config = config };

	s->boundary = (struct sight){ .seen = SEEN_BOUNDARY, .decision = { .kind = DECISION_ALLOW, .may_run = true } };
	/* gVisor's containers have a kernel of their own: their init on this one is the runtime. */
	if (top < 0 || strcmp(c->note.dialect, "runsc") == 0 ||
		init_find(a, top, &of, c->note.pid_started, &look.pid, &look.started) < 0 ||
		boundary_look(a, &look, &judged.boundary, &ignored) < 0)
		return;
	judged.text = s->drift.file.bytes;
	s->boundary.config = s->drift.file.digest;
	if (start_judge(a, &judged, &s->boundary.report, &ignored) == 0)
		weigh(s, &s->boundary);
}

static int fill(struct starting *s, struct sight *of, struct record *r)
{
	const struct call *c = s->call;
	struct fail ignored;
	const struct applied *found = of->report.applied;
	const struct occurrence o = {
		.verb = "start",
		.id = c->request.id,
		.bundle = c->note.bundle,
		.root = c->request.value[SLOT_ROOT],
		.create_record = c->note.record[0] ? c->note.record : NULL,
		.delegate = c->delegate.path,
		.config_digest = of->config,
		.policy_digest = of->digest,
		.report = &of->report,
		.context = c->note.identity,
		.decision = of->decision,
		.seen = of->seen,
		.began = c->began,
	};

	if (!found)
		of->applied.profile = start_profile(&s->call->arena, c->note.start);
	of->report.applied = &of->applied;
	int e = record_init(r, &s->call->arena, &ignored);
	e = e < 0 ? e : record_fill(r, &o, &ignored);
	of->report.applied = found;
	return e;
}

/* Nobody waits for the record of a start that goes on; a refusal has one first, like every other. */
static void tell(struct starting *s, struct sight *of)
{
	const struct places *p = &s->call->places;
	struct policy_seen seen;
	struct record r = { 0 };
	struct fail ignored;
	enum commit commit = COMMIT_NONE;

	if (!of->told || !p->run_dir || fill(s, of, &r) < 0)
		return;
	(void)policy_seen_read(p, &seen);
	if (of->decision.may_run) {
		record_tell(&r, p, &seen);
		return;
	}
	const struct sink_want want = {
		.places = p,
		.chain = seen.chain,
		.journal = seen.journal,
		.wait = true,
		.synced = true,
		.ack_ms = WAIT_JOURNAL_ACK_MS,
		.rootless = rootless(),
	};
	if (sink_write(&r, &want, &commit, &ignored) == 0)
		of->record = r.id;
}

static int refuse_it(const struct starting *s, const struct sight *of)
{
	const struct request *q = &s->call->request;
	char line[LIMIT_REFUSAL + 1];
	struct text to = text_over(line, sizeof(line));

	refuse_compose(q, &of->decision, &of->report, NULL, of->record, &to);
	return refuse(q, line);
}

int start_check(struct call *c)
{
	const struct doc *wanted = c->noted ? c->note.start : NULL;
	const bool drift = start_wants(wanted, "drift"), boundary = start_wants(wanted, "boundary");
	struct starting s = { .call = c };

	if (c->request.verb != VERB_START || !c->request.id || !(drift || boundary) || step_asks_for_help(c))
		return -1;
	see_document(&s, drift, boundary);
	tell(&s, &s.document);
	if (!s.document.decision.may_run)
		return refuse_it(&s, &s.document);
	if (!boundary)
		return -1;
	see_boundary(&s);
	tell(&s, &s.boundary);
	return s.boundary.decision.may_run ? -1 : refuse_it(&s, &s.boundary);
}
