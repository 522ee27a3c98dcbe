/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what the kernel holds the container to beside its capabilities: filters, AppArmor, SELinux. */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

#define NAME_MOST 64

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
					     : "without linux.seccomp every call reaches the kernel");
}

const struct predicate have_a_filter = {
	.says = "filter system calls",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_filter,
	.tells = tells_filter,
};

static const struct doc *profile_mode(const struct facts *f, struct bytes name)
{
	const struct doc *all = around_host(f, "apparmor.profiles"), *m = all ? all->first : NULL;
	while (m && !bytes_equal(m->key, name))
		m = m->next;
	return m;
}

static bool loaded(const struct facts *f, struct bytes name)
{
	const struct doc *mode = profile_mode(f, name);
	return !around_host(f, "apparmor.profiles") || !mode || mode->type != DOC_STRING ||
		bytes_is(mode->string, "enforce") || bytes_is(mode->string, "kill");
}

/* Only the host's root can put a process under a profile: no rootless engine does. */
static bool in_user_namespace(const struct facts *f)
{
	const struct doc *initial = around_host(f, "self.initialUserNamespace");
	return initial && initial->type == DOC_BOOL && !initial->boolean;
}

/* Who execs and names none runs under the container's own: runc and crun see to that. */
static bool holds_profile(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *said = doc_get(d, "apparmorProfile"), *enabled = around_host(f, "apparmor.enabled");
	if (enabled && !doc_true(f->host, "apparmor.enabled"))
		return true;
	if (around_unset(said))
		return !enabled || control_of_exec(f) || in_user_namespace(f) || !control_for_engine(f, r);
	*ret_at = said;
	return !bytes_is(said->string, "unconfined") && loaded(f, said->string) &&
		(!param_set(f, r, "allow") || param_matches(f, r, "allow", NULL, said->string));
}

static void tells_profile(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	if (at->type != DOC_STRING) {
		text_add(to, "this host has AppArmor, and without a profile the container is unconfined");
	} else if (bytes_is(at->string, "unconfined")) {
		text_add(to, "under that name AppArmor lets everything be done");
	} else if (!loaded(f, at->string)) {
		text_add(to, "on this host that profile is only in ");
		text_shown(to, profile_mode(f, at->string)->string, NAME_MOST);
		text_add(to, " mode");
	} else {
		text_add(to, "the policy allows ");
		param_write(f, r, "allow", NULL, to);
	}
}

const struct predicate have_a_profile = {
	.says = "be confined by an AppArmor profile that the policy allows",
	.judges = DOC_OBJECT,
	.holds = holds_profile,
	.tells = tells_profile,
};

/* user:role:type:level; the level has colons of its own. */
struct label {
	struct bytes user, role, type, level;
};

static struct label label_split(struct bytes text)
{
	struct label l = { 0 };
	struct bytes *const parts[] = { &l.user, &l.role, &l.type };
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *colon = text.len > 0 ? memchr(text.data, ':', text.len) : NULL;
		const size_t len = colon ? (size_t)(colon - text.data) : text.len;
		*parts[i] = (struct bytes){ text.data, len };
		text = colon ? (struct bytes){ colon + 1, text.len - len - 1 } : (struct bytes){ 0 };
	}
	l.level = text;
	return l;
}

static const char *const container_types[] = { "container_t", "container_init_t", "container_kvm_t", NULL };

static bool label_kept(const struct rule *r, const struct facts *f, struct bytes text)
{
	const struct label l = label_split(text);
	const bool own = l.level.len > 0 && memchr(l.level.data, ':', l.level.len);
	return bytes_is(l.user, "system_u") && bytes_is(l.role, "system_r") &&
		param_has(f, r, "types", container_types, l.type) && (own || !param_true(f, r, "categories", false));
}

static bool holds_domain(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	const struct doc *said = doc_get(d, "selinuxLabel"), *enforcing = around_host(f, "selinux.enforcing");
	if (enforcing && !doc_true(f->host, "selinux.enforcing"))
		return true;
	if (around_unset(said))
		return !enforcing || control_of_exec(f) || !control_for_engine(f, r);
	*ret_at = said;
	return label_kept(r, f, said->string);
}

static void tells_domain(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	if (at->type != DOC_STRING) {
		text_add(to,
			"SELinux is enforced on this host, and without a label the container is not confined by it");
		return;
	}
	text_add(to, "the policy allows system_u:system_r with the types ");
	param_write(f, r, "types", container_types, to);
	if (param_true(f, r, "categories", false))
		text_add(to, " and categories of its own");
}

const struct predicate have_a_domain = {
	.says = "be confined by an SELinux label that the policy allows",
	.judges = DOC_OBJECT,
	.holds = holds_domain,
	.tells = tells_domain,
};
