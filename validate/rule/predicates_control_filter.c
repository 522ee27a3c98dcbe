/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what a system-call filter lets pass, by names alone. A call that a rule allows under a condition is not
 * judged here, and what the compiled filter comes to is another question: this finds what is openly let through.
 */
#include "validate/rule/control.h"
#include "validate/rule/predicates_control.h"

static const char *const passing[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", NULL };

/* Calls that reach far into the kernel, or out of the container. Docker refuses them; Podman lets some of them pass. */
static const char *const risky[] = {
	"add_key",
	"bpf",
	"create_module",
	"delete_module",
	"finit_module",
	"fsconfig",
	"fsmount",
	"fsopen",
	"fspick",
	"init_module",
	"io_uring_enter",
	"io_uring_register",
	"io_uring_setup",
	"iopl",
	"ioperm",
	"kcmp",
	"kexec_file_load",
	"kexec_load",
	"keyctl",
	"mount",
	"mount_setattr",
	"move_mount",
	"open_by_handle_at",
	"open_tree",
	"perf_event_open",
	"pidfd_getfd",
	"pivot_root",
	"process_vm_writev",
	"quotactl",
	"reboot",
	"request_key",
	"setns",
	"swapoff",
	"swapon",
	"syslog",
	"umount2",
	"unshare",
	"uselib",
	"userfaultfd",
	NULL,
};

static bool is_risky(const struct rule *r, const struct facts *f, struct bytes name)
{
	return param_has(f, r, "deny", risky, name) && !param_has(f, r, "allow", NULL, name);
}

static bool unconditional(const struct doc *entry)
{
	return around_unset(doc_get(entry, "args"));
}

/* Whether a rule refuses the call whatever its arguments. */
static bool refused(const struct doc *seccomp, struct bytes name)
{
	for (const struct doc *e = around_first(seccomp, "syscalls"); e; e = e->next) {
		if (!unconditional(e) || word_among(around_string(e, "action"), passing))
			continue;
		for (const struct doc *n = around_first(e, "names"); n; n = n->next)
			if (n->type == DOC_STRING && bytes_equal(n->string, name))
				return true;
	}
	return false;
}

/* The next risky name, from *given or *otherwise on, that a filter lets pass by default; false at the end. */
struct passed {
	const struct doc *given;
	const char *const *otherwise;
};

static struct passed passed(const struct rule *r, const struct facts *f)
{
	const struct doc *given = around_param(f, r, "deny");
	return (struct passed){ given ? given->first : NULL, given ? NULL : risky };
}

static bool next_passed(struct passed *p, const struct rule *r, const struct facts *f, const struct doc *seccomp,
	struct bytes *ret)
{
	while (p->given || (p->otherwise && *p->otherwise)) {
		if (p->given) {
			*ret = p->given->type == DOC_STRING ? p->given->string : (struct bytes){ 0 };
			p->given = p->given->next;
		} else {
			*ret = bytes_of(*p->otherwise++);
		}
		if (ret->len > 0 && is_risky(r, f, *ret) && !refused(seccomp, *ret))
			return true;
	}
	return false;
}

static bool holds_risky(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	if (d->parent->type == DOC_ARRAY) {
		const struct doc *entry = d->parent->parent;
		return !word_among(around_string(entry, "action"), passing) || !unconditional(entry) ||
			!is_risky(r, f, d->string);
	}
	struct passed p = passed(r, f);
	struct bytes name;
	return !word_among(d->string, passing) || !next_passed(&p, r, f, d->parent, &name);
}

#define NAMED_MOST 6u
#define NAME_SHOWN 32

static void tells_risky(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	if (at->parent->type == DOC_ARRAY) {
		text_add(to, "the policy wants it refused, and this rule lets it pass");
		return;
	}
	struct passed p = passed(r, f);
	struct bytes name;
	unsigned count = 0;
	for (; next_passed(&p, r, f, at->parent, &name); count++) {
		if (count >= NAMED_MOST)
			continue;
		text_add(to, count ? ", " : "what no rule refuses passes, so do ");
		text_shown(to, name, NAME_SHOWN);
	}
	if (count > NAMED_MOST)
		text_printf(to, " and %u more", count - NAMED_MOST);
}

const struct predicate not_let_risky_pass = {
	.says = "not let system calls pass that the policy wants refused",
	.judges = DOC_STRING,
	.holds = holds_risky,
	.tells = tells_risky,
};

static bool holds_listener(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	return d->string.len == 0 ||
		(param_matches(f, r, "allow", NULL, d->string) && around_unset(doc_get(around_place(f, d), "uid")));
}

static void tells_listener(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	const int64_t uid = around_int(around_place(f, at), "uid", 0);
	text_add(to, "whoever listens there decides about the container's calls; ");
	if (uid != 0) {
		text_printf(to, "on this host user %lld may", (long long)uid);
		return;
	}
	text_add(to, "the policy allows ");
	param_write(f, r, "allow", NULL, to);
}

const struct predicate be_a_trusted_listener = {
	.says = "be a listener that the policy allows",
	.judges = DOC_STRING,
	.holds = holds_listener,
	.tells = tells_listener,
};
