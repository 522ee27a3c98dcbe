/* SPDX-License-Identifier: Apache-2.0 */
/* Who called: what /proc tells of this process and its parent without a word of anybody's command line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "validate/base/arena.h"

#define BOOT_ID    37         /* a UUID and the NUL */
#define LOGIN_NONE UINT32_MAX /* nobody logged in, as under a daemon */

struct caller {
	pid_t pid, parent;
	const char *exe;     /* the parent's executable; NULL when unknown */
	const char *unit;    /* the systemd unit it runs in; NULL when unknown */
	uid_t uid;           /* its effective user; (uid_t)-1 when unknown */
	uint32_t loginuid, session;
};

struct machine {
	const char *id, *name, *boot_id, *kernel; /* NULL when unknown; the kernel by its release */
};

/* The id of this boot, which no other has. False, and "", where it cannot be read. */
bool boot_id(char ret[static BOOT_ID]);

/* Never fails: what cannot be read is unknown. Strings are the arena's. */
void caller_read(struct arena *a, struct caller *ret);
void machine_read(struct arena *a, struct machine *ret);

/*
 * The unit that a /proc/PID/cgroup names: of the hierarchy name=systemd (v1), else of the unified one; the first
 * part of the path below the slices. Empty when it names none. Points into `cgroup`.
 */
struct bytes unit_of_cgroup(struct bytes cgroup);

/*
 * Whether this executable is an engine's monitor, whose command line holds nothing of the container's: conmon, a
 * containerd shim, crio.
 */
bool caller_is_monitor(const char *exe);
