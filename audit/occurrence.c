/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened, in fields. The sentence comes first: who reads only MESSAGE has to know what was asked for, what was
 * answered, and which rules were behind it. Findings are quoted as their row's .quote allows, never in full.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "audit/facts.h"
#include "audit/identity.h"
#include "audit/parts.h"
#include "validate/base/file.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"
#include "validate/base/when.h"

/* All that the kind of decision settles. */
static const struct kind {
	const char *says, *event, *message_id, *severity;
	unsigned priority;
} kinds[] = {
	[DECISION_ALLOW] = { "allowed", "allowed", ID_ALLOWED, "notice", 5 },
	[DECISION_DENY] = { "denied", "denied", ID_DENIED, "warning", 4 },
	[DECISION_WOULD_DENY] = { "would have denied", "would-deny", ID_WOULD_DENY, "warning", 4 },
	[DECISION_BYPASS] = { "let through", "bypassed", ID_BYPASS, "warning", 4 },
	[DECISION_ERROR] = { "refused", "error", ID_ERROR, "error", 3 },
};

/* What was seen at start, whatever was decided then; its weight is that of the worst finding. */
static const struct {
	const char *says, *event, *message_id;
} sights[] = {
	[SEEN_DRIFT] = { ", which is not what was approved", "container.drift", ID_DRIFT },
	[SEEN_BOUNDARY] = { ", which did not get what it was told to have", "container.boundary", ID_BOUNDARY },
};

static const struct {
	const char *severity;
	unsigned priority;
} weights[] = {
	[SEV_OFF] = { "notice", 5 },
	[SEV_INFO] = { "notice", 5 },
	[SEV_WARNING] = { "warning", 4 },
	[SEV_ERROR] = { "error", 3 },
};

static enum severity worst(const struct occurrence *o)
{
	return !o->report || o->report->errors ? SEV_ERROR : o->report->warnings ? SEV_WARNING : SEV_INFO;
}

static const struct kind *kind_of(const struct occurrence *o)
{
	const size_t kind = (size_t)o->decision.kind;
	return &kinds[kind < sizeof(kinds) / sizeof(kinds[0]) ? kind : DECISION_ERROR];
}

/* Whether an earlier one of the list, of that severity, has the same rule. */
static bool said_before(const struct finding *findings, size_t n, enum severity severity)
{
	for (size_t i = 0; i < n; i++)
		if (findings[i].severity == severity && strcmp(findings[i].id, findings[n].id) == 0)
			return true;
	return false;
}

static void write_rules(struct text *to, const struct report *report, enum severity severity)
{
	size_t shown = 0, left = 0;
	for (size_t i = 0; i < report->count; i++) {
		if (report->findings[i].severity != severity || said_before(report->findings, i, severity))
			continue;
		if (shown < LIMIT_RECORD_NAMED)
			text_printf(to, "%s%s", shown++ ? ", " : ": ", report->findings[i].id);
		else
			left++;
	}
	if (left > 0)
		text_printf(to, " and %zu more", left);
}

static void write_message(struct text *to, const struct occurrence *o)
{
	const char *verb = o->verb ? o->verb : "a call";
	text_printf(to, "%s %s %s ", kind_of(o)->says, verb, strcmp(verb, "exec") == 0 ? "in" : "of");
	write_container(to, o->id);
	identity_write(o->context, to);
	if (o->seen)
		text_add(to, sights[o->seen].says);
	if (o->report && (o->decision.kind != DECISION_ALLOW || o->seen))
		write_rules(to, o->report, o->seen ? worst(o) : SEV_ERROR);
	if (!o->why)
		return;
	text_printf(to, ": %s", o->decision.reason ? o->decision.reason : cause_name(o->why->cause));
	if (o->why->rule[0])
		text_printf(to, " (%s)", o->why->rule);
	text_printf(to, ": %s", o->why->says);
}

/* Bars separate the parts of a violation; one within a pointer is written as what is not fit to be shown. */
static void add_pointer(struct text *to, const char *pointer)
{
	for (const char *c = pointer; *c; c++)
		if (*c == '|')
			text_add(to, "\\x7c");
		else
			text_char(to, *c);
}

static int add_violation(struct record *r, const struct finding *f)
{
	struct text t = text_growing(r->arena);
	text_printf(&t, "%s|%s|", f->id, severity_name(f->severity));
	add_pointer(&t, f->pointer ? f->pointer : "");
	text_char(&t, '|');
	finding_write(f, SHOW_SAFE, &t);
	return t.cut ? -ENOMEM : record_add(r, FIELD_VIOLATION, (struct bytes){ t.data, t.len });
}

static int add_rules(struct record *r, const struct report *report, enum severity severity)
{
	size_t n = 0;
	for (size_t i = 0; i < report->count && n < LIMIT_RECORD_FINDINGS; i++) {
		const struct finding *f = &report->findings[i];
		if (f->severity != severity || said_before(report->findings, i, severity))
			continue;
		n++;
		if (record_add(r, FIELD_RULE, bytes_of(f->id)) < 0)
			return -ENOMEM;
	}
	return 0;
}

/*
 * Errors before warnings, because the list may have to be cut; infos are no part of a trail, but of what was seen at
 * start, and those that a profile asks for: what the host was when an experiment started. The rules that are named are
 * those of one severity.
 */
static int add_report(struct record *r, const struct report *report, enum severity rules, bool infos)
{
	static const enum severity order[] = { SEV_ERROR, SEV_WARNING, SEV_INFO };
	size_t n = 0, infos_listed = 0;
	for (size_t s = 0; s < sizeof(order) / sizeof(order[0]); s++)
		for (size_t i = 0; i < report->count && n + infos_listed < LIMIT_RECORD_FINDINGS; i++) {
			const struct finding *f = &report->findings[i];
			if (f->severity != order[s] || (f->severity == SEV_INFO && !infos && !f->profile))
				continue;
			*(f->severity == SEV_INFO ? &infos_listed : &n) += 1;
			if (add_violation(r, f) < 0)
				return -ENOMEM;
		}
	r->truncated = r->truncated || n < report->errors + report->warnings;
	if (add_rules(r, report, rules) < 0 || record_number(r, FIELD_VIOLATION_COUNT, report->errors) < 0)
		return -ENOMEM;
	return report->warnings ? record_number(r, FIELD_WARNING_COUNT, report->warnings) : 0;
}

/* "baseline@v1.37" in its parts; a profile of the policy's own has no version. */
static int add_profile(struct record *r, const char *profile)
{
	const char *at = strchr(profile, '@');
	const size_t name = at ? (size_t)(at - profile) : strlen(profile);
	if (record_add(r, FIELD_POLICY, (struct bytes){ profile, name }) < 0)
		return -ENOMEM;
	return at ? record_add(r, FIELD_POLICY_VERSION, bytes_of(at + 1)) : 0;
}

static int add_shadow(struct record *r, const struct shadowed *s)
{
	struct text t = text_growing(r->arena);
	size_t named = 0;
	text_printf(&t, "%s|%s|", s->profile, s->errors ? "deny" : "allow");
	for (size_t i = 0; i < s->count && named < LIMIT_RECORD_NAMED; i++)
		if (s->findings[i].severity == SEV_ERROR && !said_before(s->findings, i, SEV_ERROR))
			text_printf(&t, "%s%s", named++ ? "," : "", s->findings[i].id);
	return t.cut ? -ENOMEM : record_add(r, FIELD_SHADOW, (struct bytes){ t.data, t.len });
}

/* Which part of the policy was applied, what it exempted, and what others of its profiles would have said. */
static int add_applied(struct record *r, const struct applied *a)
{
	if (add_profile(r, a->profile) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < a->exempt_count && i < LIMIT_RECORD_FINDINGS; i++)
		if (record_add(r, FIELD_EXEMPT, bytes_of(a->exempt[i])) < 0)
			return -ENOMEM;
	for (size_t i = 0; i < a->shadow_count && i < LIMIT_RECORD_FINDINGS; i++)
		if (add_shadow(r, &a->shadows[i]) < 0)
			return -ENOMEM;
	r->truncated |= a->exempt_count > LIMIT_RECORD_FINDINGS || a->shadow_count > LIMIT_RECORD_FINDINGS;
	return 0;
}

/* What broke has the form of a violation, so that one query finds both. */
static int add_why(struct record *r, const struct fail *why)
{
	struct text t = text_growing(r->arena);
	const char *rule = why->rule[0] ? why->rule : cause_name(why->cause);
	text_printf(&t, "%s|error|", rule);
	add_pointer(&t, why->pointer);
	text_printf(&t, "|%s", why->says);
	if (why->file[0] && why->place.line)
		text_printf(&t, " (%s:%u:%u)", why->file, why->place.line, why->place.column);
	else if (why->file[0])
		text_printf(&t, " (%s)", why->file);
	if (t.cut || record_add(r, FIELD_RULE, bytes_of(rule)) < 0)
		return -ENOMEM;
	return record_add(r, FIELD_VIOLATION, (struct bytes){ t.data, t.len });
}

/* Root's create under an engine's monitor is shown to journald by its parent: see record_fill. */
static int add_surroundings(struct record *r, const struct occurrence *o)
{
	struct caller c;
	int e;

	if (o->caller)
		c = *o->caller;
	else
		caller_read(r->arena, &c);
	e = record_caller(r, &c);
	e = e < 0 ? e : record_machine(r);
	if (e == 0 && !rootless() && geteuid() == 0 && o->verb && strcmp(o->verb, "create") == 0 &&
		caller_is_monitor(c.exe))
		e = record_number(r, FIELD_OBJECT_PID, (uint64_t)c.parent);
	return e;
}

static int add_elapsed(struct record *r, const struct timespec *began)
{
	const struct timespec now = clock_now(CLOCK_MONOTONIC);
	if (began->tv_sec == 0 && began->tv_nsec == 0)
		return 0;
	const int64_t us = (int64_t)(now.tv_sec - began->tv_sec) * 1000000 + (now.tv_nsec - began->tv_nsec) / 1000;
	return us < 0 ? 0 : record_number(r, FIELD_ELAPSED_US, (uint64_t)us);
}

int record_fill(struct record *r, const struct occurrence *o, struct fail *reterr)
{
	const struct kind *kind = kind_of(o);
	const bool no = o->decision.kind == DECISION_DENY || o->decision.kind == DECISION_WOULD_DENY;
	struct text message = text_growing(r->arena), event = text_growing(r->arena);
	write_message(&message, o);
	if (o->seen)
		text_add(&event, sights[o->seen].event);
	else
		text_printf(&event, "%s.%s", o->verb ? o->verb : "call", kind->event);
	r->action = o->verb;
	r->decision = o->decision.kind;
	const struct pair pairs[] = {
		{ FIELD_MESSAGE, message.data },
		{ FIELD_MESSAGE_ID, o->seen ? sights[o->seen].message_id : kind->message_id },
		{ FIELD_EVENT, event.data },
		{ FIELD_SEVERITY, o->seen ? weights[worst(o)].severity : kind->severity },
		{ FIELD_ACTION, o->verb },
		{ FIELD_DECISION, decision_name(o->decision.kind) },
		{ FIELD_MODE, o->policy ? (o->policy->mode == MODE_AUDIT ? "audit" : "enforce") : NULL },
		{ FIELD_REASON, o->decision.reason },
		{ FIELD_CONTAINER_ID, o->id },
		{ FIELD_RUNTIME, o->delegate },
		{ FIELD_RUNTIME_VERSION, o->delegate_version },
		{ FIELD_BUNDLE, o->bundle },
		{ FIELD_ROOT, o->root },
		{ FIELD_CREATE_RECORD, o->create_record },
		{ FIELD_DOCUMENTATION, no ? "man:runvet-rules(7)" : NULL },
	};
	int e = message.cut || event.cut ? -ENOMEM : record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0]));
	e = e < 0 ? e : record_number(r, FIELD_PRIORITY, o->seen ? weights[worst(o)].priority : kind->priority);
	e = e < 0 ? e : record_digest(r, FIELD_POLICY_DIGEST, o->policy ? o->policy->digest : o->policy_digest);
	e = e < 0 ? e : record_digest(r, FIELD_CONFIG_DIGEST, o->config_digest);
	e = e < 0 ? e : record_digest(r, FIELD_FINGERPRINT_NORMAL, o->fingerprints ? o->fingerprints->normal : NULL);
	e = e < 0 ? e : record_digest(r, FIELD_FINGERPRINT_POSTURE, o->fingerprints ? o->fingerprints->posture : NULL);
	e = e < 0 ? e : record_digest(r, FIELD_RUNTIME_DIGEST, o->delegate_digest);
	if (e == 0 && o->report)
		e = add_report(r, o->report, o->seen ? worst(o) : SEV_ERROR, o->seen);
	if (e == 0 && o->report && o->report->applied)
		e = add_applied(r, o->report->applied);
	if (e == 0 && o->why)
		e = add_why(r, o->why);
	e = e < 0 ? e : record_identity(r, o->context);
	e = e < 0 ? e : record_facts(r, o->judged);
	e = e < 0 ? e : add_surroundings(r, o);
	e = e < 0 ? e : add_elapsed(r, &o->began);
	return e < 0 ? fail(reterr, e, CAUSE_AUDIT, "", "no record could be made: %s", errno_words(e)) : 0;
}
