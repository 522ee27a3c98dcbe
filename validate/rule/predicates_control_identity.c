/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for who the process is. What counts is the number in the document, which is what will run: a name or a
 * number too big that an engine took for something else has been resolved by then.
 */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

static bool holds_true(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return doc_true(d, r->text);
}

const struct predicate set_to_true = {
	.says = "set {}",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_true,
};

static bool excused(const struct rule *r, const struct facts *f)
{
	return param_true(f, r, "userns", false) && control_user_namespace(f) != KNOWN_NO;
}

static bool holds_nonroot(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *uid = doc_get(d, "uid");
	if (!uid || uid->type != DOC_INT || uid->integer.magnitude != 0 || excused(r, f))
		return true;
	*ret_at = uid;
	return false;
}

const struct predicate not_be_root = {
	.says = "not be root's",
	.judges = DOC_OBJECT | DOC_INT,
	.holds = holds_nonroot,
};

static bool among(const struct doc *list, const struct doc *gid)
{
	for (const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL; e; e = e->next)
		if (e->type == DOC_INT && e->integer.negative == gid->integer.negative &&
			e->integer.magnitude == gid->integer.magnitude)
			return true;
	return false;
}

static bool group_kept(const struct rule *r, const struct facts *f, const struct doc *gid)
{
	const struct doc *allow = around_param(f, r, "allow"), *forbid = around_param(f, r, "forbid");
	return gid->type != DOC_INT || (!among(forbid, gid) && (!allow || among(allow, gid)));
}

static bool holds_group(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return group_kept(r, f, d) || excused(r, f);
}

const struct predicate be_an_allowed_group = {
	.says = "be a group that the policy allows",
	.judges = DOC_INT,
	.holds = holds_group,
};
