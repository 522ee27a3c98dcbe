/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switches, and what every part of the reading shares. Two promises: what is not said keeps its default, which is
 * the strict one; and a policy that is not wholly understood is not used in part. A file of policy.d may turn a switch
 * to the stricter side only, unless policy.json says that it may do more.
 */
#include "validate/policy/policy.h"

#include <errno.h>
#include <stdio.h>

#include "validate/base/limits.h"
#include "validate/policy/reading.h"
#include "validate/rule/version.h"

#define FAULTS_MOST 100u /* listed of one policy */

void policy_default(struct policy *ret)
{
	*ret = (struct policy){
		.mode = MODE_ENFORCE,
		.rules = RELEASE_0_1,
		.start_drift = MODE_ENFORCE,
		.start_boundary = MODE_ENFORCE,
		.audit_chain = true,
		.audit_journal = true,
		.audit_lifecycle = true,
		.audit_synced = true,
		.ack_ms = WAIT_JOURNAL_ACK_MS,
	};
}

static const char *const mode_names[] = {
	[MODE_ENFORCE] = "enforce",
	[MODE_WARN] = "warn",
	[MODE_AUDIT] = "audit",
	[MODE_OFF] = "off",
};

const char *mode_name(enum mode m)
{
	return mode_names[m];
}

enum mode mode_find(struct bytes name, enum mode otherwise)
{
	for (enum mode m = MODE_ENFORCE; m <= MODE_OFF; m++)
		if (bytes_is(name, mode_names[m]))
			return m;
	return otherwise;
}

enum mode read_mode(const struct doc *object, enum mode otherwise)
{
	return mode_find(doc_string(object, "mode", (struct bytes){ 0 }), otherwise);
}

const char *read_text(struct loading *l, const struct doc *object, const char *name)
{
	const struct doc *d = doc_get(object, name);
	if (!d || d->type != DOC_STRING)
		return NULL;
	const char *text = arena_copy(l->arena, d->string);
	l->failed |= !text;
	return text;
}

void fault_at(struct loading *l, const struct doc *at, const char *rule, const char *format, ...)
{
	char says[256]; /* as much as a failure holds */
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(says, sizeof(says), format, ap);
	va_end(ap);
	struct policy_fault *f = l->fault_count++ < FAULTS_MOST ? arena_new(l->arena, struct policy_fault) : NULL;
	if (!f) {
		l->failed |= l->fault_count <= FAULTS_MOST;
		return;
	}
	(void)fail(&f->why, -EINVAL, CAUSE_POLICY, rule, "%s", says);
	if (l->file) {
		(void)snprintf(f->why.file, sizeof(f->why.file), "%s", l->file->path);
		f->why.place = doc_place(l->file->text, at ? at->key_offset : 0);
		struct text pointer = text_over(f->why.pointer, sizeof(f->why.pointer));
		doc_pointer(at, "", &pointer);
	}
	*l->faults_end = f;
	l->faults_end = &f->next;
}

void origin_write(const struct origin *o, struct text *to)
{
	if (!o->file) {
		text_add(to, "built in");
		return;
	}
	const struct place at = doc_place(o->file->text, o->at ? o->at->key_offset : 0);
	text_printf(to, "%s:%u:%u", o->file->path, at.line, at.column);
}

struct origin policy_origin(const struct policy *p, const char *member)
{
	for (size_t i = p->file_count; i > 0; i--) {
		const struct doc *d = doc_find(p->files[i - 1].root, member);
		if (d)
			return (struct origin){ &p->files[i - 1], d };
	}
	return (struct origin){ 0 };
}

int policy_clock(const struct policy *p, struct timespec now, struct fail *reterr)
{
	if (!p->dated || now.tv_sec >= p->issued.tv_sec)
		return 0;
	return fail(reterr, -ETIME, CAUSE_CLOCK, "policy.clock",
		"the clock shows a time before the policy was issued: no exemption holds until it is set");
}

/* Whether the file may turn it the milder way; says so at `at` when it may not. */
static bool may_relax(struct loading *l, const struct doc *at, bool milder)
{
	if (!milder || l->file->first || l->file->may_relax)
		return true;
	fault_at(l, at, "policy.relax",
		"it relaxes what holds without this file, and policy.json does not list the file in mayRelax");
	return false;
}

static void read_bool(struct loading *l, const char *path, bool *to)
{
	const struct doc *d = doc_find(l->file->root, path);
	if (d && may_relax(l, d, *to && !d->boolean))
		*to = d->boolean;
}

static void read_on_error(struct loading *l)
{
	const struct doc *on = doc_get(l->file->root, "onError");

	for (enum cause c = 0; c < CAUSE_MAX; c++) {
		/* A policy that cannot be believed cannot say what happens then. */
		const struct doc *d = c == CAUSE_POLICY ? NULL : doc_get(on, cause_name(c));
		if (!d)
			continue;
		const bool allow = bytes_is(d->string, "allow");
		if (may_relax(l, d, allow && !l->policy->allow_on[c]))
			l->policy->allow_on[c] = allow;
	}
}

static void read_words(struct loading *l)
{
	struct policy *p = l->policy;
	const struct doc *root = l->file->root, *mode = doc_get(root, "mode"), *rules = doc_get(root, "rules"),
			 *verb = doc_get(root, "unknownVerb"), *commit = doc_find(root, "audit.commit");

	if (mode) {
		const enum mode m = read_mode(root, MODE_ENFORCE);
		if (may_relax(l, mode, mode_stricter(p->mode, m)))
			p->mode = m;
	}
	if (rules) {
		const enum release r = release_find(rules->string);
		if (may_relax(l, rules, r < p->rules))
			p->rules = r;
	}
	if (commit) {
		const bool synced = bytes_is(commit->string, "synced");
		if (may_relax(l, commit, p->audit_synced && !synced))
			p->audit_synced = synced;
	}
	if (verb) {
		const bool pass = bytes_is(verb->string, "pass");
		if (may_relax(l, verb, pass && !p->pass_unknown_verb))
			p->pass_unknown_verb = pass;
	}
}

/* The most that comes of a group of rules at start. */
static void read_start(struct loading *l, const char *path, enum mode *to)
{
	const struct doc *d = doc_find(l->file->root, path);
	const enum mode m = d ? mode_find(d->string, *to) : *to;

	if (d && may_relax(l, d, mode_stricter(*to, m)))
		*to = m;
}

/* What lies below it counts as the engine's own, so that another directory lets other mounts pass. */
static void read_kubelet(struct loading *l)
{
	const struct doc *d = doc_get(l->file->root, "kubelet");
	const char *now = l->policy->kubelet;

	if (d && may_relax(l, d, !now || !bytes_is(d->string, now)))
		l->failed |= !(l->policy->kubelet = arena_copy(l->arena, d->string));
}

static void read_numbers(struct loading *l)
{
	struct policy *p = l->policy;
	const struct doc *ack = doc_find(l->file->root, "audit.ackMs"), *days = doc_get(l->file->root, "maxExemptDays");

	if (ack && may_relax(l, ack, (long)ack->integer.magnitude < p->ack_ms))
		p->ack_ms = (long)ack->integer.magnitude;
	if (days && may_relax(l, days, p->exempt_days > 0 && (long)days->integer.magnitude > p->exempt_days))
		p->exempt_days = (long)days->integer.magnitude;
}

void read_switches(struct loading *l)
{
	struct policy *p = l->policy;

	for (size_t i = 0; i < p->file_count; i++) {
		const struct policy_file *f = l->file = &p->files[i];
		read_words(l);
		read_on_error(l);
		read_start(l, "start.drift", &p->start_drift);
		read_start(l, "start.boundary", &p->start_boundary);
		read_bool(l, "audit.chain", &p->audit_chain);
		read_bool(l, "audit.journal", &p->audit_journal);
		read_bool(l, "audit.lifecycle", &p->audit_lifecycle);
		read_bool(l, "audit.fdatasync", &p->audit_fdatasync);
		read_numbers(l);
		read_kubelet(l);
		if (f->dated && (!p->dated || f->issued.tv_sec > p->issued.tv_sec))
			p->issued = f->issued;
		p->dated |= f->dated;
		/* Also a row, of one file: no decision may ever go without a trace. */
		if (!p->audit_chain && !p->audit_journal)
			fault_at(l, doc_get(f->root, "audit"), "policy.audit-sink",
				"audit.chain and audit.journal are both false: no decision would leave a trace");
	}
}
