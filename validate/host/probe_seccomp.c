/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel's filters can. A flag is known when the kernel goes on to look at the filter, which is not there
 * (EFAULT), and does not refuse the flag (EINVAL): nothing is ever loaded.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "validate/host/probe.h"
#include "validate/host/read.h"

#ifndef SECCOMP_FILTER_FLAG_TSYNC_ESRCH
#define SECCOMP_FILTER_FLAG_TSYNC_ESRCH (1UL << 4)
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* The kernel's words and the specification's; kill_thread goes by two of them. */
static const struct {
	const char *word, *action;
} actions[] = {
	{ "kill_process", "SCMP_ACT_KILL_PROCESS" },
	{ "kill_thread", "SCMP_ACT_KILL" },
	{ "kill_thread", "SCMP_ACT_KILL_THREAD" },
	{ "trap", "SCMP_ACT_TRAP" },
	{ "errno", "SCMP_ACT_ERRNO" },
	{ "user_notif", "SCMP_ACT_NOTIFY" },
	{ "trace", "SCMP_ACT_TRACE" },
	{ "log", "SCMP_ACT_LOG" },
	{ "allow", "SCMP_ACT_ALLOW" },
};

static const struct {
	unsigned long flag, with; /* it is only taken together with others */
	const char *name;
} flags[] = {
	{ SECCOMP_FILTER_FLAG_TSYNC, 0, "SECCOMP_FILTER_FLAG_TSYNC" },
	{ SECCOMP_FILTER_FLAG_LOG, 0, "SECCOMP_FILTER_FLAG_LOG" },
	{ SECCOMP_FILTER_FLAG_SPEC_ALLOW, 0, "SECCOMP_FILTER_FLAG_SPEC_ALLOW" },
	{ SECCOMP_FILTER_FLAG_NEW_LISTENER, 0, "SECCOMP_FILTER_FLAG_NEW_LISTENER" },
	{ SECCOMP_FILTER_FLAG_TSYNC_ESRCH, 0, "SECCOMP_FILTER_FLAG_TSYNC_ESRCH" },
	{ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, SECCOMP_FILTER_FLAG_NEW_LISTENER,
		"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" },
};

/* libseccomp's names for what uname(2) says. */
static const struct {
	const char *machine, *name;
} architectures[] = {
	{ "x86_64", "SCMP_ARCH_X86_64" },
	{ "aarch64", "SCMP_ARCH_AARCH64" },
	{ "i386", "SCMP_ARCH_X86" },
	{ "i486", "SCMP_ARCH_X86" },
	{ "i586", "SCMP_ARCH_X86" },
	{ "i686", "SCMP_ARCH_X86" },
	{ "armv6l", "SCMP_ARCH_ARM" },
	{ "armv7l", "SCMP_ARCH_ARM" },
	{ "ppc64le", "SCMP_ARCH_PPC64LE" },
	{ "ppc64", "SCMP_ARCH_PPC64" },
	{ "s390x", "SCMP_ARCH_S390X" },
	{ "s390", "SCMP_ARCH_S390" },
	{ "riscv64", "SCMP_ARCH_RISCV64" },
	{ "loongarch64", "SCMP_ARCH_LOONGARCH64" },
};

/* The errno with which the kernel refuses a filter that is not there. */
static int refusal(unsigned long with)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, with, NULL) < 0 ? errno : 0;
}

/* Whether it is certain that the kernel has no filters. */
static bool has_none(struct probe *p)
{
	if (p->host->live)
		return refusal(0) == EINVAL;
	return probe_status(p, "Name").data && !probe_status(p, "Seccomp").data;
}

static void add_actions(struct probe *p, struct doc *to, struct bytes text)
{
	struct doc *list = make_array(p->arena, to, "actions");
	struct bytes word;
	while (read_word(&text, &word))
		for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
			if (bytes_is(word, actions[i].word))
				make_word(p->arena, list, bytes_of(actions[i].action));
}

/* The names of the flags that are known, as words; empty when that cannot be told. */
static struct bytes flags_of(struct probe *p)
{
	struct text words = text_growing(p->arena);
	if (refusal(0) != EFAULT)
		return (struct bytes){ 0 };
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (refusal(flags[i].flag | flags[i].with) == EFAULT)
			text_printf(&words, "%s%s", words.len ? " " : "", flags[i].name);
	return (struct bytes){ words.data, words.len };
}

static void add_flags(struct probe *p, struct doc *to, struct bytes words)
{
	struct doc *list = words.len ? make_array(p->arena, to, "flags") : NULL;
	struct bytes word;
	while (list && read_word(&words, &word))
		make_string(p->arena, list, NULL, word);
}

static void add_architecture(struct probe *p, struct doc *to)
{
	struct utsname name;
	struct bytes machine = { 0 };
	if (p->host->live && uname(&name) == 0)
		machine = bytes_of(name.machine);
	if (!p->host->live)
		machine = read_trimmed(probe_read(p, "proc/sys/kernel/arch", PROBE_FILE));
	for (size_t i = 0; i < sizeof(architectures) / sizeof(architectures[0]); i++)
		if (bytes_is(machine, architectures[i].machine))
			make_string(p->arena, to, "architecture", bytes_of(architectures[i].name));
}

static void learn(struct probe *p, const char *of, struct bytes words)
{
	words = read_trimmed(words);
	struct text *to = words.len ? probe_learn(p, "seccomp", of) : NULL;
	if (to) {
		text_char(to, ' ');
		text_bytes(to, words);
	}
}

void probe_seccomp(struct probe *p)
{
	struct bytes known, known_flags = { 0 };
	const bool kept = probe_recall(p, "seccomp", "actions", &known) &&
		probe_recall(p, "seccomp", "flags", &known_flags);
	if (!kept) {
		known = probe_read(p, "proc/sys/kernel/seccomp/actions_avail", PROBE_FILE);
		known_flags = known.len && p->host->live ? flags_of(p) : (struct bytes){ 0 };
	}
	if (!known.len && !has_none(p))
		return;
	if (!kept && known_flags.len) {
		learn(p, "actions", known);
		learn(p, "flags", known_flags);
	}
	struct doc *to = make_member(p->arena, p->to, "seccomp");
	if (known.len)
		add_actions(p, to, known);
	add_flags(p, to, known_flags);
	add_architecture(p, to);
}
