/* SPDX-License-Identifier: Apache-2.0 */
/* What runvetctl generate makes a config.json of. */
#pragma once

#include <sys/types.h>

#include "validate/doc/make.h"

/* What more than confinement is asked for. */
enum fixed {
	FIXED_NOT,
	FIXED_TWICE,    /* it has to be the same twice */
	FIXED_REALTIME, /* it has to keep a period */
};

/* What is asked for, and what is known of where it will run; NULL is unknown, and then what all have is taken. */
struct generated {
	const char *const *args; /* closed by NULL */
	const char *rootfs;
	bool rootless;           /* uid and gid of the caller become root in a user namespace */
	uid_t uid;
	gid_t gid;
	enum fixed fixed;
	const struct doc *host, *delegate;
};

/* The document; NULL when there is no memory. */
const struct doc *generate_config(struct arena *a, const struct generated *g);

/* Adds linux.seccomp: everything that is not listed is refused with EPERM. */
void generate_filter(struct arena *a, struct doc *linux_part, const struct generated *g, const char *machine);

/* What a profile of that name (deterministic@1) asks for. */
enum fixed fixed_for(const char *profile);

/* Variables that results depend on, NAME=value; closed by NULL. */
extern const char *const fixed_variables[];

/* Adds cpus and mems, and of real time its share, to linux.resources.cpu. */
void fixed_cpus(struct arena *a, const struct generated *g, struct doc *cpu);

/* Calls that an ordinary program makes, by what they are about: syscalls.c. Closed by a NULL subject. */
struct syscall_group {
	const char *subject;
	const char *const *names; /* closed by NULL */
};
extern const struct syscall_group syscall_groups[];

/* The kernel's files below /proc and /sys that a container is better without, and those that it may only read. */
extern const char *const hardened_masked[], *const hardened_readonly[];
