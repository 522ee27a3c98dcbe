/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for whose world the container sees. A path says little: containerd gives every container of a pod a path,
 * on the host's network too. So what a path leads to is compared with the namespaces of process 1 by device and inode.
 */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* Only on the unified hierarchy do engines give a container a cgroup namespace of its own. */
static bool expected(const struct rule *r, const struct facts *f)
{
	return !bytes_is(bytes_of(r->text), "cgroup") ||
		bytes_is(doc_string(f->host, "cgroup.mode", (struct bytes){ 0 }), "v2");
}

static bool holds_own(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *entry = around_namespace(d, r->text), *linux_ = doc_get(d, "linux");
	if (!entry) {
		if (linux_)
			*ret_at = linux_;
		return !expected(r, f);
	}
	*ret_at = entry;
	return control_joins_host(f, entry) != KNOWN_YES;
}

static void tells_own(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	const struct bytes path = around_string(at, "path");
	if (path.len == 0) {
		text_add(to, "without one it is in the host's");
		return;
	}
	text_add(to, "this path leads to that of process 1");
}

const struct predicate have_own_namespace = {
	.says = "give the container its own {} namespace, not the host's",
	.takes = TAKES_TEXT,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_own,
	.tells = tells_own,
};

static bool holds_join(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *path = doc_get(d, "path");
	if (around_unset(path) || path->type != DOC_STRING)
		return true;
	*ret_at = path;
	return param_matches(f, r, "allow", NULL, path->string);
}

static void tells_join(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)at;
	text_add(to, "the policy lets it join ");
	param_write(f, r, "allow", NULL, to);
}

const struct predicate join_what_is_allowed = {
	.says = "lead to a namespace that the policy lets it join",
	.judges = DOC_OBJECT,
	.holds = holds_join,
	.tells = tells_join,
};

static bool holds_mapped(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r;
	const struct doc *linux_ = doc_get(d, "linux"), *maps = doc_get(linux_, "uidMappings");
	if (linux_)
		*ret_at = maps ? maps : linux_;
	return control_user_namespace(f) != KNOWN_NO;
}

const struct predicate map_root_away = {
	.says = "give the container a user namespace in which nobody is the host's root",
	.judges = DOC_OBJECT | DOC_ARRAY,
	.of_keys = true,
	.holds = holds_mapped,
};
