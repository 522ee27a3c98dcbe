/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what the kernel holds the container to beside its capabilities: filters, AppArmor, SELinux. */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

/* Whatever lets the call go on. A tracer or a listener may say no; whether it does cannot be seen here. */
static const char *const passing[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_NOTIFY", NULL };

static bool refuses_something(const struct doc *seccomp)
{
	if (!word_among(around_string(seccomp, "defaultAction"), passing))
		return true;
	for (const struct doc *e = around_first(seccomp, "syscalls"); e; e = e->next)
		if (!word_among(around_string(e, "action"), passing) && around_first(e, "names"))
			return true;
	return false;
}

/* crun takes a ready filter from there, and passes over linux.seccomp. */
static bool has_raw_filter(const struct doc *root)
{
	for (const struct doc *m = doc_get(root, "annotations") ? doc_get(root, "annotations")->first : NULL; m;
		m = m->next)
		if (bytes_is(m->key, "run.oci.seccomp_bpf_data") && !around_unset(m))
			return true;
	return false;
}

static bool kernel_without(const struct facts *f)
{
	const struct doc *seccomp = around_host(f, "seccomp");
	return seccomp && !doc_get(seccomp, "actions");
}

static bool holds_filter(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *linux_ = doc_get(d, "linux"), *seccomp = doc_get(linux_, "seccomp");
	if (linux_)
		*ret_at = linux_;
	if (!around_unset(seccomp)) {
		*ret_at = seccomp;
		return refuses_something(seccomp);
	}
	return !control_for_engine(f, r) || kernel_without(f) ||
		(has_raw_filter(d) && bytes_is(around_string(f->delegate, "dialect"), "crun"));
}

static void tells_filter(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)f;
	text_add(to,
		doc_get(at, "defaultAction") ? "this one lets every call pass"
					     : "without one every call reaches the kernel");
}

const struct predicate have_a_filter = {
	.says = "filter system calls",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_filter,
	.tells = tells_filter,
};
