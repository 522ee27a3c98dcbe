/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the probes of the host share: private to validate/host. A probe adds what it finds to the host document; what
 * it cannot tell it leaves out. It reads through here, below the host's root and nowhere else, so that it can neither
 * hang nor be led astray.
 */
#pragma once

#include "validate/doc/make.h"
#include "validate/host/mounts.h"

#define PROBE_FILE ((size_t)256 << 10) /* a file that is longer than this is not believed, unless said otherwise */
#define PROBE_ENTRIES 1024u            /* entries of one directory that are looked at */

struct probe {
	struct arena *arena;
	const struct host *host;
	struct doc *to;          /* the host document */
	uint64_t asks;           /* ASK() bits, all of them */
	struct mounts mounts;    /* see mounts_get */
	int proc, sys;           /* O_PATH, -1 until needed */
	struct bytes status;     /* of /proc/self/status, NULL until read */
	struct bytes cgroups;    /* of /proc/self/cgroup */
};

/* One question's answer; several may come from one function. */
void probe_kernel(struct probe *p);
void probe_self(struct probe *p);
void probe_rlimits(struct probe *p);
void probe_subids(struct probe *p);
void probe_namespaces(struct probe *p);
void probe_cgroup(struct probe *p);
void probe_cgroup_files(struct probe *p);
void probe_seccomp(struct probe *p);
void probe_lsm(struct probe *p);
void probe_apparmor_profiles(struct probe *p);
void probe_capabilities(struct probe *p);
void probe_filesystems(struct probe *p);
void probe_limits(struct probe *p);
void probe_cpus(struct probe *p);
void probe_huge_pages(struct probe *p);
void probe_scheduler(struct probe *p);
void probe_interfaces(struct probe *p);
void probe_rdma(struct probe *p);
void probe_resctrl(struct probe *p);
void probe_clocks(struct probe *p);
