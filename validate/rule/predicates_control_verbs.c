/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for exec and update: what is done to a container that runs must not make it more than what was judged when
 * it was created. That is in the posture; without one, what exec brings is judged by itself.
 */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

static bool holds_had(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *had = control_posture(f, "capabilities");
	if (!control_of_exec(f) || !had)
		return true;
	for (const struct doc *set = had->type == DOC_OBJECT ? had->first : NULL; set; set = set->next)
		for (const struct doc *c = set->type == DOC_ARRAY ? set->first : NULL; c; c = c->next)
			if (c->type == DOC_STRING && bytes_equal(c->string, d->string))
				return true;
	return false;
}

static void tells_had(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "the container was created without it");
}

const struct predicate be_had_before = {
	.says = "be a capability that the container has itself",
	.judges = DOC_STRING,
	.holds = holds_had,
	.tells = tells_had,
};

/* crun took the user of exec's command line for root until it was mended; a process.json it always read right. */
static bool by_name_of_root(const struct rule *r, const struct facts *f)
{
	const struct doc *exec = doc_get(f->context, "exec");
	for (const struct doc *o = around_first(exec, "options"); o; o = o->next)
		if (o->type == DOC_STRING && bytes_is(o->string, "user"))
			return control_has_fault(r, f, "crun", "CVE-2026-30892");
	return false;
}

static bool holds_same_root(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *uid = doc_get(d, "uid"), *had = control_posture(f, "user.uid");
	if (by_name_of_root(r, f) && !around_unset(uid)) {
		*ret_at = uid;
		return false;
	}
	if (!control_of_exec(f) || !uid || uid->type != DOC_INT || uid->integer.magnitude != 0 || around_unset(had))
		return true;
	*ret_at = uid;
	return false;
}

static void tells_same_root(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	if (by_name_of_root(r, f)) {
		text_add(to, "this crun, ");
		text_shown(to, around_string(f->delegate, "version"), 32);
		text_add(to, ", makes root of whom a command line names (CVE-2026-30892)");
		return;
	}
	text_printf(to, "the container itself runs as user %lld",
		(long long)around_int(control_posture(f, "user"), "uid", 0));
}

const struct predicate not_become_root = {
	.says = "not be root's where the container's is not",
	.judges = DOC_OBJECT,
	.holds = holds_same_root,
	.tells = tells_same_root,
};

static bool holds_same_nnp(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return !control_of_exec(f) || !doc_true(doc_get(f->context, "posture"), r->text) || doc_true(d, r->text);
}

static void tells_same_nnp(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at, (void)f;
	text_printf(to, "the container was created with %s", r->text);
}

const struct predicate keep_set = {
	.says = "set {}, as the container does",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_same_nnp,
	.tells = tells_same_nnp,
};

/* What exec does not name is the container's own. */
static bool holds_same_label(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	const struct bytes had = around_string(doc_get(f->context, "posture"), r->text);
	return !control_of_exec(f) || had.len == 0 || d->string.len == 0 || bytes_equal(had, d->string);
}

static void tells_same_label(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_add(to, "the container was created with ");
	text_shown(to, around_string(doc_get(f->context, "posture"), r->text), 128);
}

const struct predicate keep_the_label = {
	.says = "be the {} of the container",
	.takes = TAKES_TEXT,
	.judges = DOC_STRING,
	.holds = holds_same_label,
	.tells = tells_same_label,
};

/* Of quotas what counts is their part of a period. */
#define PERIOD_USUAL 100000

static int64_t had_amount(const struct rule *r, const struct facts *f)
{
	const struct doc *resources = control_posture(f, "resources");
	return around_int(resources, r->text, 0);
}

static bool more_time(const struct doc *d, const struct facts *f, int64_t had)
{
	const int64_t before = around_int(control_posture(f, "resources"), "cpuPeriod", 0);
	const int64_t now = around_int(d->parent, "period", 0);
	const double p = before > 0 ? (double)before : PERIOD_USUAL, q = now > 0 ? (double)now : p;
	return (double)around_int(d->parent, "quota", 0) / q > (double)had / p;
}

static bool raises(const struct rule *r, const struct doc *d, const struct facts *f)
{
	const int64_t had = had_amount(r, f), most = param_int(f, r, "max", INT64_MAX);
	/* limit, quota, swap: a negative one takes the limit away, zero leaves it. */
	if (d->integer.magnitude == 0)
		return false;
	const bool none = d->integer.negative;
	const int64_t wanted = none || d->integer.magnitude > INT64_MAX ? INT64_MAX : (int64_t)d->integer.magnitude;
	if (wanted > most || (none && most != INT64_MAX))
		return true;
	if (most != INT64_MAX || had <= 0)
		return false;
	return none || (bytes_is(bytes_of(r->text), "cpuQuota") ? more_time(d, f, had) : wanted > had);
}

static bool holds_not_raised(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)ret_at;
	return !control_of_update(f) || !raises(r, d, f);
}

static void tells_not_raised(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	const int64_t most = param_int(f, r, "max", INT64_MAX);
	if (most != INT64_MAX)
		text_printf(to, "the policy allows %lld", (long long)most);
	else
		text_printf(to, "the container was created with %lld", (long long)had_amount(r, f));
}

const struct predicate not_be_raised = {
	.says = "not be raised above what the container was created with",
	.takes = TAKES_TEXT,
	.judges = DOC_INT,
	.holds = holds_not_raised,
	.tells = tells_not_raised,
};

static bool holds_no_devices(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return !control_of_update(f) || !doc_true(d, "allow");
}

const struct predicate not_come_later = {
	.says = "not let the container open devices that it was created without",
	.judges = DOC_OBJECT,
	.holds = holds_no_devices,
};
