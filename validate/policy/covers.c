/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exemptions remove findings, never rules: what does not match still counts. One covers a finding when it names its
 * rule, has not ended, is for this context by facts that can be believed, names the very value that was found, and what
 * it demands in return holds. Whatever cannot be told for certain is not covered.
 */
#include <errno.h>

#include "validate/base/glob.h"
#include "validate/base/when.h"
#include "validate/policy/policy_parts.h"
#include "validate/rule/around.h"

static bool listed(const char *const *list, const char *id)
{
	for (; *list; list++)
		if (strcmp(*list, id) == 0)
			return true;
	return false;
}

static bool before(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

static const struct doc *member(const struct doc *object, struct bytes name)
{
	for (const struct doc *m = object->type == DOC_OBJECT ? object->first : NULL; m; m = m->next)
		if (bytes_equal(m->key, name))
			return m;
	return NULL;
}

/* The member of what was judged; where that is a member itself ("source" of a mount), its neighbour. */
static const struct doc *element_member(const struct doc *judged, struct bytes name)
{
	if (judged->type == DOC_OBJECT)
		return member(judged, name);
	return judged->parent && judged->parent->type == DOC_OBJECT ? member(judged->parent, name) : NULL;
}

/*
 * The value of that name at a finding, as text: "value" is what was found itself, "key" its name in a map, any other a
 * member of the element that the rule judged ("source" of a mount). A rule that judged a list or a map as a whole may
 * have found more than it points at, so nothing in there has a value of its own.
 */
static bool value_of(const struct finding *f, struct bytes name, char *number, size_t size, struct bytes *ret)
{
	const struct doc *d = f->at;
	const bool element = f->judged && f->judged->parent && f->judged->parent->type == DOC_ARRAY;

	if (!d || (f->judged != d && !element))
		return false;
	if (bytes_is(name, "key")) {
		*ret = d->key;
		return d->parent && d->parent->type == DOC_OBJECT;
	}
	if (!bytes_is(name, "value"))
		d = element_member(f->judged, name);
	if (d && d->type == DOC_STRING) {
		*ret = d->string;
		return true;
	}
	if (!d || d->type != DOC_INT)
		return false;
	struct text to = text_over(number, size);
	text_printf(&to, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude);
	*ret = (struct bytes){ to.data, to.len };
	return true;
}

/* Whether the path stays where it says: a pattern must not be led out by "..". */
static bool climbs(struct bytes path)
{
	return path.len > 0 && path.data[0] == '/' && path_climbs(path);
}

/* What the host says of the element that was judged; NULL when that is not known. */
static const struct doc *place_of(const struct finding *f, const struct exempt_view *v)
{
	const struct facts facts = { .below = v->below, .host = v->host };
	const struct doc *element = f->judged && f->judged->type != DOC_OBJECT ? f->judged->parent : f->judged;
	return element ? around_place(&facts, element) : NULL;
}

/* Where a path of the element really leads, by the host's word; empty when that is not known. */
static struct bytes resolved(const struct finding *f, struct bytes name, const struct exempt_view *v)
{
	const struct doc *place = place_of(f, v);

	if (bytes_is(name, "source"))
		return doc_string(place, "source.path", (struct bytes){ 0 });
	return doc_string(place, bytes_is(name, "path") ? "path" : "-", (struct bytes){ 0 });
}

/* One pattern. Without a star it names a value, and with one also the place where that leads has to match. */
static bool pattern_takes(struct bytes pattern, struct bytes value, struct bytes real)
{
	if (bytes_equal(pattern, value))
		return true;
	if (climbs(value) || !glob_match(pattern, value))
		return false;
	return real.len == 0 || glob_match(pattern, real);
}

static bool value_taken(const struct doc *patterns, struct bytes value, struct bytes real)
{
	if (patterns->type == DOC_STRING)
		return pattern_takes(patterns->string, value, real);
	for (const struct doc *e = patterns->first; e; e = e->next)
		if (pattern_takes(e->string, value, real))
			return true;
	return false;
}

/* Of a document that is not as it was all places have to be named: one that is not may be what matters. */
static enum exempts places_cover(const struct doc *patterns, const struct finding *f)
{
	if (!f->places || !f->places[0])
		return EXEMPT_NO_VALUE;
	for (const char *const *place = f->places; *place; place++)
		if (!value_taken(patterns, bytes_of(*place), (struct bytes){ 0 }))
			return EXEMPT_OTHER_VALUE;
	return EXEMPT_APPLIES;
}

static enum exempts values_cover(const struct exemption *x, const struct finding *f, const struct exempt_view *v,
	const struct doc **ret_at)
{
	for (const struct doc *m = x->values ? x->values->first : NULL; m; m = m->next) {
		char number[24];
		struct bytes value;
		*ret_at = m;
		if (bytes_is(m->key, "place") && f->rule && f->rule->of == OF_BOUNDARY) {
			const enum exempts e = places_cover(m, f);
			if (e != EXEMPT_APPLIES)
				return e;
			continue;
		}
		if (bytes_is(m->key, "digest"))
			value = doc_string(place_of(f, v), "digest", (struct bytes){ 0 });
		else if (!value_of(f, m->key, number, sizeof(number), &value))
			return EXEMPT_NO_VALUE;
		if (bytes_is(m->key, "digest") && value.len == 0)
			return EXEMPT_NO_VALUE;
		if (!value_taken(m, value, resolved(f, m->key, v)))
			return EXEMPT_OTHER_VALUE;
	}
	return EXEMPT_APPLIES;
}

/* The first rule of `provided` that is broken here, and not exempt itself; NULL when all hold. */
static const char *broken(const struct exemption *x, const struct report *r)
{
	for (size_t i = 0; r && i < r->count; i++)
		if (r->findings[i].severity >= SEV_WARNING && listed(x->provided, r->findings[i].id))
			return r->findings[i].id;
	return NULL;
}

/* Findings that were counted and not kept may be of any rule. */
static bool all_kept(const struct report *r)
{
	return !r || report_left_out(r) == 0;
}

static enum exempts covers_now(const struct exemption *x, const struct exempt_view *v)
{
	if (v->policy->dated && before(v->now, v->policy->issued))
		return EXEMPT_CLOCK;
	return before(v->now, x->ends) ? EXEMPT_APPLIES : EXEMPT_ENDED;
}

static enum exempts covers_call(const struct exemption *x, const struct exempt_view *v, const struct doc **ret_fact)
{
	const enum met met = conditions_met(x->match, v->context, ret_fact);
	return met == MET_NO ? EXEMPT_OTHER_CONTEXT : met == MET_CLAIM ? EXEMPT_CLAIM : EXEMPT_APPLIES;
}

static enum exempts is_provided(const struct exemption *x, const struct exempt_view *v, const char **ret_rule)
{
	if (!x->provided[0])
		return EXEMPT_APPLIES;
	*ret_rule = broken(x, v->report);
	if (!*ret_rule)
		*ret_rule = broken(x, v->hidden);
	if (!*ret_rule && (!all_kept(v->report) || !all_kept(v->hidden)))
		*ret_rule = x->provided[0];
	return *ret_rule ? EXEMPT_NOT_PROVIDED : EXEMPT_APPLIES;
}

/* f NULL: of no finding yet. */
static enum exempts covers(const struct exemption *x, const struct finding *f, const struct exempt_view *v,
	struct bytes *ret_detail)
{
	const struct doc *at = NULL;
	const char *detail = NULL;

	enum exempts e = covers_now(x, v);
	if (e != EXEMPT_APPLIES)
		return e;
	e = covers_call(x, v, &at);
	if (e == EXEMPT_APPLIES && f)
		e = values_cover(x, f, v, &at);
	if (e == EXEMPT_APPLIES)
		e = is_provided(x, v, &detail);
	if (ret_detail)
		*ret_detail = detail ? bytes_of(detail) : at ? at->key : (struct bytes){ 0 };
	return e;
}

enum exempts exemption_covers(const struct exemption *x, const struct finding *f, const struct exempt_view *v,
	struct bytes *ret_detail)
{
	return listed(x->rules, f->id) ? covers(x, f, v, ret_detail) : EXEMPT_OTHER_RULE;
}

enum exempts exemption_holds(const struct exemption *x, const struct exempt_view *v, struct bytes *ret_detail)
{
	return covers(x, NULL, v, ret_detail);
}

const char *exempts_words(enum exempts e)
{
	static const char *const words[] = {
		[EXEMPT_APPLIES] = "it applies",
		[EXEMPT_OTHER_RULE] = "it is for other rules",
		[EXEMPT_ENDED] = "it has ended",
		[EXEMPT_CLOCK] = "the clock shows a time before the policy was issued",
		[EXEMPT_OTHER_CONTEXT] = "it is for another call",
		[EXEMPT_CLAIM] = "only a claim says that it is for this call",
		[EXEMPT_OTHER_VALUE] = "it is for another value",
		[EXEMPT_NO_VALUE] = "the finding has no value of that name",
		[EXEMPT_NOT_PROVIDED] = "a rule that it depends on is broken",
	};
	return words[e];
}
