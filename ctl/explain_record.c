/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl explain RECORD: what was refused, by whom, and what would let it pass. Where the bundle is still what it
 * was, it is judged again, by the evaluator that refused it and the policy of now; where it is not, the record's own
 * words are all there is, and that is said. Of values no more is shown than a record may hold.
 */
#include <errno.h>
#include <stdio.h>

#include "ctl/again.h"
#include "ctl/audit/query.h"
#include "ctl/ctl.h"
#include "ctl/explain.h"
#include "ctl/policy.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"
#include "validate/rule/control_unseen.h"

struct telling {
	struct opened o;
	bool policy; /* o.policy was read */
	struct library *library;
	struct chosen chosen;
	const struct ruling *rulings, *claimed; /* by control; NULL: none */
	struct again again;
	enum kept kept;
	const struct doc *record, *host;
	struct report report;
	struct text to;
};

static struct bytes said(const struct telling *t, const char *path)
{
	return doc_string(t->record, path, (struct bytes){ 0 });
}

/* " WORD VALUE" of the record, when it has one. */
static void add(struct telling *t, const char *word, const char *path)
{
	const struct bytes b = said(t, path);
	if (b.len == 0)
		return;
	text_add(&t->to, word);
	text_shown(&t->to, b, LIMIT_FIELD);
}

static void head(struct telling *t, const struct seen *line)
{
	text_add(&t->to, "record ");
	add(t, "", "id");
	text_printf(&t->to, " (%s", line->place);
	if (line->number > 0)
		text_printf(&t->to, ":%lu", line->number);
	text_add(&t->to, ")\n\n");
	add(t, "  time      ", "time");
	add(t, "\n  decision  ", "decision");
	add(t, ", ", "reason");
	add(t, "; mode ", "mode");
	add(t, "\n  call      ", "action");
	add(t, " of ", "container.id");
	add(t, " by ", "engine.name");
	add(t, ", believed by its ", "engine.trust");
	add(t, "\n  bundle    ", "bundle");
	add(t, "\n  image     ", "container.image.name");
	add(t, ", ", "container.image.id");
	add(t, "\n  pod       ", "k8s.namespace.name");
	add(t, "/", "k8s.pod.name");
	add(t, "\n  caller    ", "caller.exe");
	add(t, ", unit ", "caller.unit");
	add(t, "\n  policy    ", "policy.name");
	add(t, "@", "policy.version");
	add(t, ", digest ", "policy.digest");
	if (t->policy && !bytes_is(digest_digits(t->record, "policy.digest"), t->o.policy.digest))
		text_printf(&t->to, "\n            the policy of now is another: %s",
			t->o.policy.digest[0] ? t->o.policy.digest : "there is none");
	text_printf(&t->to, "\n  document  %s%s\n", kept_words(t->kept),
		t->kept == KEPT_SAME ? ", and is judged again" : ": what follows is what the record says");
}

/* Whose word set the mode of a rule. */
static void set_by(struct telling *t, const char *id, const char *profile)
{
	const size_t at = t->library ? library_find(t->library, bytes_of(id)) : SIZE_MAX;
	const struct selection *c = t->chosen.claimed;
	const bool by_claim = c && profile && strcmp(c->profile->name, profile) == 0;
	const struct ruling *all = by_claim ? t->claimed : t->rulings;

	if (at == SIZE_MAX || !all || !all[at].named)
		return;
	const struct ruling *r = &all[at];
	const struct origin from = { r->from ? r->from->from.file : t->library->controls[at].from.file, r->at };
	text_printf(&t->to, "  %-9s %s by %s (", "mode", mode_name(r->mode),
		r->from ? r->from->name : "the rule itself");
	origin_write(&from, &t->to);
	text_add(&t->to, ")\n");
	if (r->params && r->params->count > 0) {
		text_printf(&t->to, "  %-9s ", "params");
		doc_write(r->params, false, &t->to);
		text_char(&t->to, '\n');
	}
}

/* Which exemptions there are for the rule, and why each did not hold. */
static void exemptions(struct telling *t, const struct finding *f, const char *id)
{
	const struct policy *p = &t->o.policy;
	const struct exempt_view view = {
		.policy = p,
		.now = t->again.now,
		.context = t->again.context,
		.host = t->host,
		.below = "",
		.report = &t->report,
	};

	for (size_t i = 0; t->policy && i < p->exempt_count; i++) {
		const struct exemption *x = &p->exempt[i];
		const struct finding bare = { .id = id, .pointer = "" };
		struct bytes detail = { 0 };
		enum exempts e = exemption_covers(x, f ? f : &bare, &view, &detail);
		if (e == EXEMPT_OTHER_RULE)
			continue;
		/* What rules have found that no profile names is not known here. */
		if (e == EXEMPT_APPLIES && f && !f->exempt)
			e = EXEMPT_NOT_PROVIDED;
		text_printf(&t->to, "  %-9s %s (", "exempt", x->id);
		origin_write(&x->from, &t->to);
		text_printf(&t->to, "): %s",
			!f && (e == EXEMPT_NO_VALUE || e == EXEMPT_APPLIES)
				? "it is for this rule; the value is not known here"
				: exempts_words(e));
		if (detail.len > 0 && f) {
			text_add(&t->to, ": ");
			text_shown(&t->to, detail, 80);
		}
		text_char(&t->to, '\n');
	}
}

static void sources(struct telling *t, const char *id, const struct rule *rule, const char *fix)
{
	const struct rule *r = rule ? rule : rule_find(id);

	if (fix)
		explain_line(&t->to, "fix", fix);
	if (r && r->spec)
		explain_line(&t->to, "source", r->spec);
	if (control_unseen(id))
		explain_line(&t->to, "unseen", control_unseen(id));
}

static void finding(struct telling *t, const struct finding *f)
{
	text_printf(&t->to, "\n%s at %s: %s%s\n", f->id, *f->pointer ? f->pointer : "the document",
		f->severity == SEV_OFF ? "exempt" : severity_name(f->severity),
		f->mode == MODE_AUDIT ? ", audited only" : "");
	explain_line(&t->to, "rule", f->says);
	if (f->found_safe)
		explain_line(&t->to, "value", f->found_safe);
	if (f->fact)
		explain_line(&t->to, "allowed", f->fact);
	set_by(t, f->id, f->profile);
	exemptions(t, f, f->id);
	sources(t, f->id, f->rule, f->fix);
}

/* A violation, by the record's words alone. */
static void violation(struct telling *t, const struct doc *v)
{
	const char *id = arena_copy(&t->o.arena, doc_string(v, "rule", (struct bytes){ 0 }));
	const struct bytes path = doc_string(v, "path", (struct bytes){ 0 });

	if (!id)
		return;
	text_printf(&t->to, "\n%s at ", id);
	text_shown(&t->to, path.len ? path : BYTES("the document"), LIMIT_POINTER);
	text_add(&t->to, ": ");
	text_shown(&t->to, doc_string(v, "severity", (struct bytes){ 0 }), 20);
	text_printf(&t->to, "\n  %-9s ", "rule");
	text_shown(&t->to, doc_string(v, "text", (struct bytes){ 0 }), LIMIT_FIELD);
	text_char(&t->to, '\n');
	set_by(t, id, NULL);
	exemptions(t, NULL, id);
	sources(t, id, NULL, NULL);
}

static bool is_found(const struct telling *t, const struct doc *v)
{
	for (size_t i = 0; i < t->report.count; i++)
		if (bytes_is(doc_string(v, "rule", (struct bytes){ 0 }), t->report.findings[i].id) &&
			bytes_is(doc_string(v, "path", (struct bytes){ 0 }), t->report.findings[i].pointer))
			return true;
	return false;
}

static void body(struct telling *t)
{
	const struct doc *list = doc_get(t->record, "violations");
	const bool judged = t->kept == KEPT_SAME && !t->again.unsound;

	for (size_t i = 0; judged && i < t->report.count; i++)
		finding(t, &t->report.findings[i]);
	for (const struct doc *v = list ? list->first : NULL; v; v = v->next) {
		if (judged && is_found(t, v))
			continue;
		violation(t, v);
		if (judged)
			explain_line(&t->to, "now", "judged again, it is not found any more");
	}
	if (!list && t->report.count == 0)
		text_add(&t->to, "\nNothing was found.\n");
}

/* Which profile is for the call, and what it comes to. */
static int rulings(struct telling *t)
{
	struct fail why = { 0 };

	t->library = t->o.policy.library ? t->o.policy.library : library_new(&t->o.arena, 0);
	if (!t->library)
		return -ENOMEM;
	if (policy_choose(&t->o.policy, t->library, t->again.context, &t->chosen, &why) < 0)
		return 0;
	t->rulings = profile_rulings(t->library, t->chosen.profile, t->chosen.mode, t->chosen.custom);
	if (t->chosen.claimed)
		t->claimed = profile_rulings(t->library, t->chosen.claimed->profile, t->chosen.claimed->mode, MODE_OFF);
	return t->rulings ? 0 : -ENOMEM;
}

static int tell(struct telling *t, const struct seen *line, bool whole)
{
	int r = again_recorded(&t->again, line->root, NULL, &t->kept);

	t->record = line->root;
	(void)when_read(said(t, "time"), &t->again.now);
	if (r == 0)
		r = rulings(t);
	if (r == 0)
		r = again_judge(&t->again, &t->o.arena, &t->o.policy, &t->report, &t->host);
	if (r < 0)
		return r == -ENOMEM ? trouble("no memory") : CTL_USAGE;
	if (whole)
		head(t, line);
	body(t);
	return t->to.cut ? trouble("no memory for the output") : put(t->to.data);
}

static void begin(struct telling *t)
{
	*t = (struct telling){ 0 };
	t->policy = policy_open(NULL, &t->o) == 0;
	if (!t->policy) {
		(void)trouble("the policy of this host cannot be read; runvetctl policy check tells why");
		policy_default(&t->o.policy);
	}
	again_init(&t->again, true);
	t->to = text_growing(&t->o.arena);
}

static void end(struct telling *t)
{
	again_done(&t->again);
	policy_close(&t->o);
}

int explain_record(const char *id)
{
	struct telling t;
	struct seen line;
	struct query q;

	begin(&t);
	query_init(&q);
	const int r = query_find(&q, &t.o.arena, id, &line);
	query_done(&q);
	const int code = r == -ENOENT ? CTL_FOUND : r < 0 ? CTL_USAGE : tell(&t, &line, true);
	end(&t);
	return code;
}

int explain_seen(const struct seen *line)
{
	struct telling t;

	begin(&t);
	const int code = tell(&t, line, false);
	end(&t);
	return code;
}
