/* SPDX-License-Identifier: Apache-2.0 */
/* The words for seccomp as the host's kernel has it. */
#include "validate/rule/known.h"
#include "validate/rule/predicates_cgroup.h"

static bool holds_filters(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct doc *seccomp = around_host(f, "seccomp");
	return around_unset(d) || !seccomp || doc_get(seccomp, "actions");
}

static void tells_filters(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at, (void)f;
	text_add(to, "the kernel of this host has no seccomp filters");
}

const struct predicate have_filters = {
	.says = "have a kernel that filters system calls",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_filters,
	.tells = tells_filters,
};

/* One of the two names is the other's. */
static bool is_listed(const struct doc *list, struct bytes action)
{
	static const char *const kill[] = { "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", NULL };
	if (known_entry(list, action) != NO)
		return true;
	return word_among(action, kill) &&
		(known_entry(list, bytes_of(kill[0])) == YES || known_entry(list, bytes_of(kill[1])) == YES);
}

static bool holds_action(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || is_listed(around_host(f, "seccomp.actions"), d->string);
}

static void tells_action(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "the kernel of this host has ");
	say_list(around_host(f, "seccomp.actions"), to);
}

const struct predicate be_an_action_here = {
	.says = "be an action of the host's kernel",
	.judges = DOC_STRING,
	.holds = holds_action,
	.tells = tells_action,
};

static bool holds_flag(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	return d->string.len == 0 || known_entry(around_host(f, "seccomp.flags"), d->string) != NO;
}

static void tells_flag(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "the kernel of this host has ");
	say_list(around_host(f, "seccomp.flags"), to);
}

const struct predicate be_a_flag_here = {
	.says = "be a flag of the host's kernel",
	.judges = DOC_STRING,
	.holds = holds_flag,
	.tells = tells_flag,
};

/* Those of the specification that put the most significant byte first; all others put it last. */
static const char *const big_endian[] = {
	"SCMP_ARCH_MIPS",
	"SCMP_ARCH_MIPS64",
	"SCMP_ARCH_MIPS64N32",
	"SCMP_ARCH_PPC",
	"SCMP_ARCH_PPC64",
	"SCMP_ARCH_S390",
	"SCMP_ARCH_S390X",
	"SCMP_ARCH_PARISC",
	"SCMP_ARCH_PARISC64",
	"SCMP_ARCH_M68K",
	"SCMP_ARCH_SHEB",
	NULL,
};

/*
 * A filter has one byte order, the native one, since delegates add what the list forgets: EDOM [tried: runc 1.1.5,
 * crun 1.8.1].
 */
static bool holds_order(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)ret_at;
	const struct bytes native = around_string(around_host(f, "seccomp"), "architecture");
	return d->string.len == 0 || native.len == 0 ||
		word_among(native, big_endian) == word_among(d->string, big_endian);
}

static void tells_order(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r, (void)at;
	text_add(to, "this host is ");
	say_bytes(around_string(around_host(f, "seccomp"), "architecture"), to);
}

const struct predicate share_byte_order = {
	.says = "have the byte order of the host's own architecture",
	.judges = DOC_STRING,
	.holds = holds_order,
	.tells = tells_order,
};

static bool is_used(const struct doc *seccomp)
{
	for (const struct doc *s = around_first(seccomp, "syscalls"); s; s = s->next)
		if (bytes_is(around_string(s, "action"), "SCMP_ACT_NOTIFY"))
			return true;
	return false;
}

/* runc connects where a filter notifies, crun whenever there is a path [tried: 1.1.5, 1.8.1]. */
static bool holds_socket(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)ret_at;
	const struct bytes kind = around_string(around_place(f, d), "kind");
	return d->string.len == 0 || kind.len == 0 || bytes_is(kind, "socket") ||
		!(known_dialect(f, r->words) || is_used(d->parent));
}

static void tells_socket(const struct rule *r, const struct doc *at, const struct facts *f, struct text *to)
{
	(void)r;
	const struct bytes kind = around_string(around_place(f, at), "kind");
	if (bytes_is(kind, "absent")) {
		text_add(to, "on this host there is nothing at that path");
		return;
	}
	text_add(to, "on this host that path is of another kind: ");
	say_bytes(kind, to);
}

const struct predicate name_a_socket = {
	.says = "be the path of a socket, for filters that notify and for {}",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_socket,
	.tells = tells_socket,
};
