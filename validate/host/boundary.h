/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boundary that a container really has, as a document: looked up from its init process and /proc, while it exists
 * and before (or while) its own code runs. Rows of OF_BOUNDARY hold config.json against it. What cannot be seen is
 * absent, and absent breaks no rule: a hidden /proc, an init that is gone, a user namespace that we may not look into.
 *
 * Nothing here waits: only files of /proc and of the cgroup tree are read, which the kernel answers by itself, and no
 * path of the container is walked through whose file system might have to be asked elsewhere.
 *
 *	pid           1234
 *	created       bool: only its runtime's code has run. All is as the runtime set it then, but what it sets last:
 *	                that is absent as long as it is not there. Once the container's own code runs it may have given
 *	                up what it had (capabilities, ids, limits), and an execve has made of its capabilities what
 *	                capabilities(7) says: root's effective and permitted sets become the bounding and inheritable
 *	                ones together, any other user's those of the ambient set (tried: runc 1.1.5, crun 1.8.1).
 *	process       { noNewPrivileges: bool, seccomp: "disabled" | "strict" | "filter" (disabled is absent as long as
 *	                the runtime may still set it), capabilities: { bounding: ["CAP_CHOWN"…], effective, permitted,
 *	                inheritable, ambient (one that has no name here is "CAP_63"), last: 40 (the kernel's last) },
 *	                uid, gid (effective, as the container sees them; hostUid, hostGid as the host does),
 *	                additionalGids: […] (as the container sees them; absent where one has no id in it), umask,
 *	                oomScoreAdj, cwd (as inside),
 *	                rlimits: { RLIMIT_NOFILE: { soft, hard }… } (unlimited is 18446744073709551615),
 *	                apparmor: "docker-default (enforce)", selinux: "…" (while it is created the one that its
 *	                execve will bring, absent as long as there is none),
 *	                scheduler: { policy: "SCHED_OTHER", flags: ["SCHED_FLAG_RESET_ON_FORK"…], nice, priority,
 *	                runtime, deadline, period } (nice of SCHED_OTHER and SCHED_BATCH; priority of SCHED_FIFO and
 *	                SCHED_RR; the last three, in nanoseconds, of SCHED_DEADLINE),
 *	                ioPriority: { class: "IOPRIO_CLASS_BE", priority } (IOPRIO_CLASS_NONE where none was set: the
 *	                class is the scheduler's then), cpus: "0-3", mems: "0", personality: "LINUX" | "LINUX32" |
 *	                "" (another), memoryPolicy: "bind:0" | "default" (as numa_maps has it, where config.json sets
 *	                one) }
 *	namespaces    { pid: { device: "0:4", inode, hosts: bool (it is process 1's), ours: bool (it is that of the
 *	                process that looks: at start the runtime's), asked: bool (it is the one that the document's
 *	                path names, where it names one) }… }  by the spec's type names; time is that of its
 *	                children, which its program will be in
 *	uidMap, gidMap  [[inside, outside, count]…]
 *	root          { readonly: bool, propagation: "private" | "shared" | "slave" | "unbindable", filesystem }
 *	mounts        { "/mounts/3": { kind: "mount", type, options: ["ro", "nosuid"…] (of the mount and of its file
 *	                system, each once), propagation, source (the path in its file system), device: "0:47" }
 *	                | { kind: "none" }… }  by JSON Pointer of what config.json asks for: the topmost mount right at
 *	                its destination. Absent where a later entry, or a masked or readonly path, has the same one
 *	maskedPaths   { "/proc/kcore": "masked" | "open" | "absent" }
 *	readonlyPaths { "/proc/sys": "readonly" | "writable" | "absent" }
 *	devices       { "/linux/devices/0": { kind: "device", type: "c" | "b" | "p", major, minor, mode: 438, uid, gid
 *	                (as inside) } | { kind: "none" } | { kind: "other" } (no device and no fifo) }
 *	cgroup        { path: "/system.slice/…", mode: "v1" | "hybrid" | "v2",
 *	                limits: { "memory.limit": 536870912, "pids.limit": 100, "cpu.quota": …, "cpu.cpus": "0-3"… }
 *	                of what config.json asks for below linux.resources, by the names there; unlimited is -1. Where
 *	                v2 keeps something else than was asked for, what it keeps stands beside it ("cpu.weight",
 *	                "io.weight"), and the name has the ranges that come to it, by any of the formulas that
 *	                runtimes use: "cpu.shares": [[998, 1023]…]. "hugepageLimits.2MB": 4194304;
 *	                "blockIO.throttleReadBpsDevice": { "8:0": 1048576… } (and its likes, blockIO.weightDevice);
 *	                "rdma": { mlx5_0: { hcaHandles, hcaObjects }… }; "network.priorities": { eth0: 5… };
 *	                "unified": { "memory.high": "1073741824"… } (texts of the files)
 *	                devices: ["c 1:3 rwm"…] (of v1 alone: v2 has a program) }
 *	hostname, domainname   as inside
 *	interfaces    ["lo", "eth0"…]  of its network namespace (/proc/PID/net/dev), where config.json has netDevices
 *	timeOffsets   { monotonic: { secs, nanosecs }, boottime: { secs, nanosecs } }  of /proc/PID/timens_offsets,
 *	                where config.json sets any
 *	sysctl        { "net.ipv4.ip_forward": "1"… }   of those that config.json sets, where they can be seen from
 *	                here, by the keys of config.json; one blank between words
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "validate/doc/doc.h"

struct fail;

struct boundary_of {
	pid_t pid;                 /* the container's init */
	uint64_t started;          /* its start time, of init_find; 0: not known. Another process is not looked at */
	const struct doc *config;  /* what was asked for: only that is looked up. NULL: all that needs no document */
	int top;                   /* O_PATH descriptor of "/", where proc is found */
	const char *bundle;        /* absolute, for relative paths; NULL: not known */
	bool created;              /* its own code does not run yet: what the runtime sets last may not be set */
};

/*
 * The answers are made in the arena; *ret is never NULL on success, and has but pid and created where the process is
 * gone. 0, or -ENOMEM with *reterr.
 */
int boundary_look(struct arena *a, const struct boundary_of *of, const struct doc **ret, struct fail *reterr);

/* Where the pid of a container's init stands. Strings may be NULL: not known. */
struct init_of {
	const char *pid_file;      /* that the create was given */
	const char *root, *id;     /* the runtime's --root, "" or NULL where it has its own */
	const char *dialect;       /* "runc", "crun" …: how its state is written */
	bool rootless;
};

/*
 * The init process, from the pid file or else the delegate's own state, and only where that can be no other process:
 * it began after `since` (ticks since boot; 0: whenever). 0 with *ret and *ret_started, or a negative errno.
 */
int init_find(struct arena *a, int top, const struct init_of *of, uint64_t since, pid_t *ret, uint64_t *ret_started);
