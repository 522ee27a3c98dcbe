/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a policy to a note, and back: what comes back is a policy of nothing but exemptions, for the one place that
 * applies them (exempt.c).
 */
#include "validate/policy/start_exempt.h"

#include <errno.h>

#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"

/* The rules of start among those that it names; NULL where there is none. */
static struct doc *rules_of(struct arena *a, const struct exemption *x, const struct library *lib)
{
	struct doc *list = NULL;

	for (const char *const *id = x->rules; *id; id++) {
		const size_t at = library_find(lib, bytes_of(*id));
		if (at == SIZE_MAX || !lib->controls[at].start)
			continue;
		list = list ? list : make_document(a);
		(void)make_string(a, list, *id, bytes_of(*id));
	}
	return list;
}

static struct doc *one(struct arena *a, const struct exemption *x, const struct doc *rules)
{
	struct doc *d = make_document(a);
	char day[WHEN_SIZE];

	(void)make_string(a, d, "id", bytes_of(x->id));
	struct doc *list = make_array(a, d, "rules");
	for (const struct doc *r = rules->first; r; r = r->next)
		(void)make_string(a, list, NULL, r->string);
	if (x->values)
		(void)make_copy(a, d, "values", x->values);
	if (x->mode != MODE_OFF)
		(void)make_string(a, d, "mode", bytes_of(mode_name(x->mode)));
	when_write(x->ends, false, day);
	(void)make_string(a, d, "notAfter", bytes_of(day));
	return d;
}

static size_t length_of(struct arena *a, const struct doc *d)
{
	struct text to = text_growing(a);
	doc_write(d, false, &to);
	return to.cut ? LIMIT_START_EXEMPT : to.len + 1;
}

void start_exempt_make(struct arena *a, const struct exempt_view *v, const struct library *lib, struct doc *to)
{
	const struct policy *p = v->policy;
	struct doc *list = NULL;
	char day[WHEN_SIZE];
	size_t room = LIMIT_START_EXEMPT;

	for (size_t i = 0; i < p->exempt_count; i++) {
		const struct doc *rules = rules_of(a, &p->exempt[i], lib);
		if (!rules || exemption_holds(&p->exempt[i], v, NULL) != EXEMPT_APPLIES)
			continue;
		const struct doc *d = one(a, &p->exempt[i], rules);
		const size_t length = length_of(a, d);
		if (length > room)
			return;
		room -= length;
		if (!list && p->dated) {
			when_write(p->issued, true, day);
			(void)make_string(a, to, "issued", bytes_of(day));
		}
		list = list ? list : make_array(a, to, "exempt");
		(void)make_copy(a, list, NULL, d);
	}
}

static bool is_text(const struct doc *d)
{
	return d && d->type == DOC_STRING && d->string.len > 0;
}

static bool are_texts(const struct doc *list)
{
	for (const struct doc *e = list->first; e; e = e->next)
		if (!is_text(e))
			return false;
	return list->first;
}

/* As a policy would have to have them, or none can be covered. */
static bool are_values(const struct doc *d)
{
	if (d && d->type != DOC_OBJECT)
		return false;
	for (const struct doc *m = d ? d->first : NULL; m; m = m->next)
		if (!is_text(m) && !(m->type == DOC_ARRAY && are_texts(m)))
			return false;
	return true;
}

/* Whether it is one; -ENOMEM. */
static int read_one(struct arena *a, const struct doc *d, struct exemption *ret)
{
	static const char *const none[] = { NULL };
	const struct doc *rules = doc_get(d, "rules"), *id = doc_get(d, "id"), *values = doc_get(d, "values");
	size_t n = 0;

	if (!is_text(id) || !rules || rules->type != DOC_ARRAY || !are_texts(rules) || !are_values(values))
		return 0;
	const char **ids = arena_array(a, rules->count + 1, sizeof(*ids));
	*ret = (struct exemption){
		.id = arena_copy(a, id->string),
		.rules = ids,
		.provided = none,
		.values = values,
		.mode = mode_find(doc_string(d, "mode", (struct bytes){ 0 }), MODE_OFF),
	};
	for (const struct doc *e = rules->first; e && ids; e = e->next)
		if (!(ids[n++] = arena_copy(a, e->string)))
			return -ENOMEM;
	if (!ids || !ret->id)
		return -ENOMEM;
	return when_read(doc_string(d, "notAfter", (struct bytes){ 0 }), &ret->ends) == 0;
}

/* Both lists as one. */
static int join(struct arena *a, const struct applied *more, struct applied *ret)
{
	const char **all = arena_array(a, ret->exempt_count + more->exempt_count + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < ret->exempt_count; i++)
		all[i] = ret->exempt[i];
	for (size_t i = 0; i < more->exempt_count; i++)
		all[ret->exempt_count + i] = more->exempt[i];
	ret->exempt = all;
	ret->exempt_count += more->exempt_count;
	return 0;
}

int start_exempt(struct arena *a, const struct doc *wanted, struct timespec now, struct report *report,
	struct applied *ret)
{
	const struct doc *list = doc_get(wanted, "exempt"), *issued = doc_get(wanted, "issued");
	struct policy p;
	struct applied used = { 0 };

	if (!list || list->type != DOC_ARRAY || report->count == 0)
		return 0;
	struct exemption *all = arena_array(a, list->count + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	policy_default(&p);
	p.exempt = all;
	for (const struct doc *d = list->first; d; d = d->next) {
		const int r = d->type == DOC_OBJECT ? read_one(a, d, &all[p.exempt_count]) : 0;
		if (r < 0)
			return r;
		p.exempt_count += r > 0;
	}
	p.dated = issued != NULL;
	if (p.dated && (!is_text(issued) || when_read(issued->string, &p.issued) < 0))
		return 0;
	const struct exempt_view view = { .policy = &p, .now = now, .below = "", .report = report };
	const int r = exempt_report(a, &view, report, &used);
	return r < 0 || used.exempt_count == 0 ? r : join(a, &used, ret);
}
