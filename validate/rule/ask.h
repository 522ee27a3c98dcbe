/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules ask about the machine. A row names its questions (.asks); only those of rows whose place is set in the
 * document at hand are looked up (validate/host), so that a container pays for what it uses. Zero, false and empty
 * values are unset, and ask nothing.
 */
#pragma once

#include <stdint.h>

struct doc;

/* The member of the host document that answers stands behind each; validate/host/host.h describes them. */
enum ask {
	ASK_KERNEL,       /* kernel */
	ASK_SELF,         /* self: ids, id maps, capabilities, cpus and nodes allowed */
	ASK_RLIMITS,      /* self.rlimits */
	ASK_SUBIDS,       /* self.subuids, self.subgids */
	ASK_NAMESPACES,   /* namespaces */
	ASK_CGROUP,       /* cgroup: mode, controllers */
	ASK_CGROUP_FILES, /* cgroup.files */
	ASK_SECCOMP,      /* seccomp */
	ASK_LSM,          /* lsm, apparmor, selinux */
	ASK_APPARMOR_PROFILES, /* apparmor.profiles */
	ASK_CAPABILITIES, /* capabilities */
	ASK_FILESYSTEMS,  /* filesystems */
	ASK_LIMITS,       /* limits */
	ASK_CPUS,         /* cpus, nodes */
	ASK_HUGE_PAGES,   /* hugePages */
	ASK_SCHEDULER,    /* scheduler */
	ASK_INTERFACES,   /* interfaces */
	ASK_RDMA,         /* rdma */
	ASK_RESCTRL,      /* resctrl */
	ASK_CLOCKS,       /* clocks */
	ASK_HARDWARE,     /* hardware */
	ASK_TUNING,       /* tuning */
	ASK_GPU,          /* gpu */
	/* From here on of the very place: the answer is places[JSON Pointer of it]. */
	ASK_ROOTFS,       /* root: its directory, and what lies at dev, proc, sys in it */
	ASK_SOURCE,       /* mounts[]: its source, where that is a path of the host */
	ASK_DESTINATION,  /* mounts[]: what is at its destination in the rootfs */
	ASK_HOOK,         /* hooks.*[]: its path on the host */
	ASK_HOOK_ABOVE,   /* hooks.*[]: the directories above it that others than root may write */
	ASK_HOOK_DIGEST,  /* hooks.*[]: what its file holds; only where a policy names a digest */
	ASK_CONTAINER_HOOK, /* hooks.startContainer[]: its path in the rootfs */
	ASK_NAMESPACE,    /* linux.namespaces[]: what its path joins */
	ASK_NODE,         /* linux.devices[]: in the rootfs, and the node of those numbers on the host */
	ASK_BLOCK_DEVICE, /* linux.resources.blockIO.*Device[] */
	ASK_SYSCTL,       /* linux.sysctl.*: as it is inside the new namespaces */
	ASK_CWD,          /* process.cwd in the rootfs */
	ASK_COMMAND,      /* process: args[0] in the rootfs */
	ASK_LISTENER,     /* linux.seccomp.listenerPath */
	ASK_CGROUPS_PATH, /* linux.cgroupsPath */
	ASK_LABEL,        /* process.selinuxLabel, linux.mountLabel: whether the loaded SELinux policy takes it */
	ASK_MAX,
};

#define ASK(what) (UINT64_C(1) << (what))
/* What a lock file has of a host (validate/lock/lock.h). */
#define ASK_LOCKED (ASK(ASK_KERNEL) | ASK(ASK_CGROUP) | ASK(ASK_HARDWARE) | ASK(ASK_TUNING) | ASK(ASK_GPU))

/* A place whose rows ask about it. */
struct asked {
	uint64_t asks; /* ASK() bits */
	const struct doc *value;
	const struct doc *answer; /* its entry in the host's places; NULL until it was looked at */
	struct asked *next;
};
