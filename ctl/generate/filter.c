/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter: what syscalls.c lists is allowed, a few calls are under a condition, all else is refused. clone3 is told
 * to be missing, for its flags lie where no filter can look: libraries fall back to clone, whose flags are looked at.
 */
#include <sys/personality.h>

#include "ctl/generate/generate.h"

/* CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: no namespace is made inside. */
#define NEW_NAMESPACES 0x7e020000u
#define ERRNO_ENOSYS 38
#define FAMILY_VSOCK 40 /* reaches the hypervisor, past the network namespace */

/* Of a machine (uname -m): the architectures that its kernel runs programs of. */
static const struct {
	const char *machine, *architectures[4];
} machines[] = {
	{ "x86_64", { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32" } },
	{ "aarch64", { "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM" } },
	{ "ppc64le", { "SCMP_ARCH_PPC64LE" } },
	{ "s390x", { "SCMP_ARCH_S390X", "SCMP_ARCH_S390" } },
	{ "riscv64", { "SCMP_ARCH_RISCV64" } },
};

static struct doc *add_rule(struct arena *a, struct doc *list, const char *name, const char *action)
{
	struct doc *rule = make_object(a, list, NULL), *names = make_array(a, rule, "names");
	(void)make_string(a, names, NULL, bytes_of(name));
	(void)make_string(a, rule, "action", bytes_of(action));
	return rule;
}

struct condition {
	const char *op;
	uint64_t value, second;
};

/* The call is allowed when its first argument meets the condition. */
static void allow_when(struct arena *a, struct doc *list, const char *name, struct condition when)
{
	struct doc *arg = make_object(a, make_array(a, add_rule(a, list, name, "SCMP_ACT_ALLOW"), "args"), NULL);
	(void)make_uint(a, arg, "index", 0);
	(void)make_uint(a, arg, "value", when.value);
	if (strcmp(when.op, "SCMP_CMP_MASKED_EQ") == 0)
		(void)make_uint(a, arg, "valueTwo", when.second);
	(void)make_string(a, arg, "op", bytes_of(when.op));
}

void generate_filter(struct arena *a, struct doc *linux_part, const struct generated *g, const char *machine)
{
	/* What personality(2) is called with by ordinary programs: asking, Linux as it is, and 32 bits of it. */
	static const uint64_t personalities[] = { 0, 0x0008, 0x20000, 0x20008, 0xffffffff };
	struct doc *filter = make_object(a, linux_part, "seccomp"), *list, *names;

	(void)make_string(a, filter, "defaultAction", BYTES("SCMP_ACT_ERRNO"));
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (strcmp(machines[i].machine, machine) != 0)
			continue;
		list = make_array(a, filter, "architectures");
		for (size_t k = 0; machines[i].architectures[k]; k++)
			(void)make_string(a, list, NULL, bytes_of(machines[i].architectures[k]));
	}
	list = make_array(a, filter, "syscalls");
	for (const struct syscall_group *group = syscall_groups; group->subject; group++) {
		struct doc *rule = make_object(a, list, NULL);
		names = make_array(a, rule, "names");
		for (const char *const *name = group->names; *name; name++)
			(void)make_string(a, names, NULL, bytes_of(*name));
		(void)make_string(a, rule, "action", BYTES("SCMP_ACT_ALLOW"));
	}
	/* On s390 the flags are the second argument: there clone is refused whole, and fork has to do. */
	if (strcmp(machine, "s390x") != 0)
		allow_when(a, list, "clone", (struct condition){ "SCMP_CMP_MASKED_EQ", NEW_NAMESPACES, 0 });
	(void)make_uint(a, add_rule(a, list, "clone3", "SCMP_ACT_ERRNO"), "errnoRet", ERRNO_ENOSYS);
	for (size_t i = 0; i < sizeof(personalities) / sizeof(personalities[0]); i++)
		allow_when(a, list, "personality", (struct condition){ "SCMP_CMP_EQ", personalities[i], 0 });
	if (g->fixed == FIXED_TWICE) /* setarch -R, so that addresses are no matter of chance */
		allow_when(a, list, "personality", (struct condition){ "SCMP_CMP_EQ", ADDR_NO_RANDOMIZE, 0 });
	allow_when(a, list, "socket", (struct condition){ "SCMP_CMP_NE", FAMILY_VSOCK, 0 });
}
