/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What create settled for the start of this container: modes and exemptions, by runvet's note. What differs is judged
 * by it as a start would judge it; what it lets be is shown all the same, as what it is. Of a container without a note,
 * and of a document that create did not approve, nothing is settled, and everything that differs counts.
 */
#include <string.h>

#include "audit/note.h"
#include "ctl/boundary/boundary.h"
#include "config.h"
#include "validate/base/digest.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/check.h"
#include "validate/policy/start.h"
#include "validate/policy/start_exempt.h"

/* The note on this very container: by the root that it was noted with, where that is known. */
static bool find_note(struct looked *l, struct note *ret)
{
	const struct running *r = &l->of;
	const char *const roots[] = { r->record ? r->noted_root : r->root, r->record ? r->noted_root : "" };
	struct places places;

	if (!*r->id || places_default(l->a, NULL, &places) < 0 || !places.run_dir)
		return false;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (note_read(l->a, places.run_dir, roots[i] ? roots[i] : "", r->id, ret) == 0 &&
			(r->record ? strcmp(ret->record, r->record) == 0
				   : r->bundle && strcmp(ret->bundle, r->bundle) == 0))
			return true;
	return false;
}

void settled_find(struct looked *l)
{
	struct note n;
	char digest[DIGEST_HEX];

	if (!find_note(l, &n) || !n.start || !n.config_digest[0])
		return;
	digest_hex(l->text, (struct bytes){ 0 }, digest);
	l->approved = strcmp(digest, n.config_digest) == 0 ? APPROVED : NOT_APPROVED;
	l->wanted = l->approved == APPROVED ? n.start : NULL;
}

/* What rules find that are off for it: start does not ask them, and whoever looks wants to know. */
static int add_unasked(struct looked *l, const struct check_input *in, struct fail *why)
{
	struct report all = { 0 };
	size_t kept = 0;
	const int r = check(l->a, in, &all, why);

	for (size_t i = 0; r == 0 && i < all.count; i++) {
		if (start_mode(l->wanted, all.findings[i].id) != MODE_OFF)
			continue;
		all.findings[kept] = all.findings[i];
		all.findings[kept].severity = SEV_OFF;
		all.findings[kept++].mode = MODE_OFF;
	}
	all = (struct report){ .findings = all.findings, .count = kept };
	l->off = kept;
	return r < 0 ? r : report_append(l->a, &l->report, &all);
}

int settled_judge(struct looked *l, const struct check_input *in, struct fail *why)
{
	const struct start s = {
		.wanted = l->wanted,
		.file = l->file,
		.text = l->text,
		.config = l->config,
		.boundary = l->boundary,
	};
	const struct policy_fault *faults;
	struct applied used = { 0 };
	struct policy p;

	int r = start_judge(l->a, &s, &l->report, why);
	if (r == 0)
		r = start_exempt(l->a, l->wanted, when_now(), &l->report, &used);
	if (r < 0)
		return r;
	policy_default(&p);
	l->decision = decide(&p, &l->report, NULL, false).kind;
	/* A note has no room for reasons: they are in the policy, if that still has the exemption. */
	struct policy *now = used.exempt_count ? arena_new(l->a, struct policy) : NULL;
	if (now && policy_look(l->a, RUNVET_SITE "/policy.json", false, now, &faults) == 0)
		l->policy = now;
	return add_unasked(l, in, why);
}

size_t looked_counts(const struct looked *l)
{
	const struct report *r = &l->report;
	size_t n = r->errors + r->warnings;

	/* That an exemption ends soon is no difference. */
	for (size_t i = 0; i < r->count; i++)
		n -= r->findings[i].severity == SEV_WARNING && strcmp(r->findings[i].id, "policy.exempt-ends") == 0;
	return n;
}

/* The exemption as the note has it. */
static const struct doc *noted(const struct looked *l, const char *id)
{
	const struct doc *list = doc_get(l->wanted, "exempt");

	for (const struct doc *d = list ? list->first : NULL; d; d = d->next)
		if (d->type == DOC_OBJECT && bytes_is(doc_string(d, "id", (struct bytes){ 0 }), id))
			return d;
	return NULL;
}

void settled_exemption(const struct looked *l, const char *id, struct exempt_words *ret)
{
	const struct bytes until = doc_string(noted(l, id), "notAfter", (struct bytes){ 0 });
	const struct policy *p = l->policy;

	*ret = (struct exempt_words){ .until = until.len ? arena_copy(l->a, until) : NULL, .gone = p != NULL };
	for (size_t i = 0; p && i < p->exempt_count; i++) {
		if (strcmp(p->exempt[i].id, id) != 0)
			continue;
		const struct bytes reason = doc_string(p->exempt[i].from.at, "reason", (struct bytes){ 0 });
		ret->reason = reason.len ? arena_copy(l->a, reason) : NULL;
		ret->gone = false;
	}
}
