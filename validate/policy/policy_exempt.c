/* SPDX-License-Identifier: Apache-2.0 */
/* Exemptions as they are written: who, why, for what, and until when. Each is dated, and not too far ahead. */
#include <stdlib.h>

#include "validate/base/when.h"
#include "validate/policy/reading.h"

#define DAY_SECONDS 86400

/* The rules that no exemption can be for: what is not a rule about a value, or makes documents ambiguous. */
static bool beyond_exemption(const struct rule *r)
{
	return r->of != OF_BUNDLE && r->of != OF_HOST && r->of != OF_CONTROL;
}

/* What an exemption demands in return is asked at create, and nothing of start is known then. */
static bool is_rule(struct loading *l, struct bytes id, bool demanded)
{
	char name[80];
	struct text to = text_over(name, sizeof(name));

	const size_t at = library_find(l->library, id);
	if (at != SIZE_MAX)
		return !demanded || !l->library->controls[at].start;
	if (bytes_start(id, "json.") || bytes_start(id, "type."))
		return false;
	text_bytes(&to, id);
	const struct rule *r = to.cut ? NULL : rule_find(name);
	return r && !beyond_exemption(r);
}

static const char *const *read_rules(struct loading *l, const struct doc *list, bool demanded)
{
	const char **ids = arena_array(l->arena, (list ? list->count : 0) + 1, sizeof(*ids));
	size_t n = 0;

	l->failed |= !ids;
	for (const struct doc *e = list && ids ? list->first : NULL; e; e = e->next) {
		char name[80], near[128];
		struct text shown = text_over(name, sizeof(name)), hint = text_over(near, sizeof(near));
		if (is_rule(l, e->string, demanded)) {
			l->failed |= !(ids[n++] = arena_copy(l->arena, e->string));
			continue;
		}
		text_shown(&shown, e->string, 64);
		library_near(l->library, e->string, &hint);
		fault_at(l, e, "policy.rule-unknown",
			demanded ? "create judges by no rule %s (yet) that could be asked in return for an exemption%s"
				 : "this runvet has no rule %s (yet) that an exemption could be for%s",
			name, near);
	}
	return ids;
}

static void judge_end(struct loading *l, const struct doc *d, const struct exemption *x)
{
	const long days = l->policy->exempt_days;

	if (days == 0)
		return;
	if (!l->file->dated)
		fault_at(l, d, "policy.exempt-days",
			"with maxExemptDays a file that exempts says when it was issued: days are counted from then");
	else if (x->ends.tv_sec - l->file->issued.tv_sec > days * DAY_SECONDS)
		fault_at(l, doc_get(d, "notAfter"), "policy.exempt-days",
			"the exemption %s ends more than %ld days (maxExemptDays) after its file was issued", x->id,
			days);
}

static int by_id(const void *a, const void *b)
{
	const struct exemption *const *x = a, *const *y = b;
	const int order = strcmp((*x)->id, (*y)->id);
	return order ? order : (*x < *y) ? -1 : *x > *y;
}

/* An id stands in records: it has to be one exemption's. */
static void judge_ids(struct loading *l, const struct exemption *all, size_t count)
{
	const struct exemption **sorted = arena_array(l->arena, count + 1, sizeof(struct exemption *));

	if (!sorted || l->failed) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		sorted[i] = &all[i];
	qsort(sorted, count, sizeof(struct exemption *), by_id);
	for (size_t i = 1; i < count; i++) {
		char where[512];
		struct text first = text_over(where, sizeof(where));
		if (strcmp(sorted[i - 1]->id, sorted[i]->id) != 0)
			continue;
		origin_write(&sorted[i - 1]->from, &first);
		l->file = sorted[i]->from.file;
		fault_at(l, sorted[i]->from.at, "policy.exempt-twice", "the exemption %s is there already, at %s",
			sorted[i]->id, where);
	}
}

static void read_exemption(struct loading *l, const struct doc *d, struct exemption *ret)
{
	*ret = (struct exemption){
		.from = { l->file, d },
		.id = read_text(l, d, "id"),
		.rules = read_rules(l, doc_get(d, "rules"), false),
		.provided = read_rules(l, doc_get(d, "provided"), true),
		.match = doc_get(d, "match"),
		.values = doc_get(d, "values"),
		.mode = read_mode(d, MODE_OFF),
	};
	judge_conditions(l, ret->match);
	if (when_read(doc_string(d, "notAfter", (struct bytes){ 0 }), &ret->ends) == 0)
		judge_end(l, d, ret);
	if (!l->file->first && !l->file->may_relax)
		fault_at(l, d, "policy.relax",
			"an exemption relaxes, and policy.json does not list this file in mayRelax");
}

void read_exemptions(struct loading *l)
{
	struct policy *p = l->policy;
	size_t room = 0, count = 0;

	for (size_t i = 0; i < p->file_count; i++) {
		const struct doc *list = doc_get(p->files[i].root, "exempt");
		room += list ? list->count : 0;
	}
	struct exemption *all = arena_array(l->arena, room + 1, sizeof(*all));
	l->failed |= !all;
	for (size_t i = 0; i < p->file_count && all; i++) {
		l->file = &p->files[i];
		const struct doc *list = doc_get(l->file->root, "exempt");
		for (const struct doc *d = list ? list->first : NULL; d && !l->failed; d = d->next)
			read_exemption(l, d, &all[count++]);
	}
	judge_ids(l, all, count);
	p->exempt = all;
	p->exempt_count = count;
}
