/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boundary that a container really has, as a document: looked up from its init process and /proc, while it exists
 * and before (or while) its own code runs. Rows of OF_BOUNDARY hold config.json against it. What cannot be seen is
 * absent, and absent breaks no rule: a hidden /proc, an init that is gone, a user namespace that we may not look into.
 *
 * Nothing here waits: only files of /proc and of the cgroup tree are read, which the kernel answers by itself, and no path
 * of the container is walked through whose file system might have to be asked elsewhere.
 *
 *	pid           1234
 *	created       bool: its own code does not run yet. Absent or false: what a program may do to itself (drop, lower,
 *	              gain by exec) is no breach
 *	process       { noNewPrivileges: bool, seccomp: "disabled" | "strict" | "filter" (disabled is absent as long as
 *	                the runtime may still set it), capabilities: { bounding: ["CAP_CHOWN"…], effective, permitted,
 *	                inheritable, ambient, last: 40 (the kernel's last) }, uid, gid (effective, as the container sees them; hostUid, hostGid as
 *	                the host does), additionalGids: […], umask, oomScoreAdj,
 *	                rlimits: { RLIMIT_NOFILE: { soft, hard }… }, apparmor: "docker-default (enforce)", selinux: "…",
 *	                scheduler: { policy: "SCHED_OTHER", nice, priority, runtime, deadline, period },
 *	                ioPriority: { class: "IOPRIO_CLASS_BE", priority }, cpus: "0-3", mems: "0",
 *	                personality: "LINUX" }
 *	namespaces    { pid: { device: "0:4", inode, hosts: bool (it is process 1's), asked: bool (it is the one that
 *	                the document's path names, where it names one) }… }  by the spec's type names
 *	uidMap, gidMap  [[inside, outside, count]…]
 *	root          { readonly: bool, propagation: "private" | "shared" | "slave" | "unbindable", filesystem }
 *	mounts        { "/mounts/3": { type, options: ["ro", "nosuid"…] (of the mount and of its file system),
 *	                propagation, source (the path in its file system) }… }  by JSON Pointer of what config.json asks
 *	                for; the topmost mount at its destination; null where there is none
 *	maskedPaths   { "/proc/kcore": "masked" | "open" | "absent" }
 *	readonlyPaths { "/proc/sys": "readonly" | "writable" | "absent" }
 *	devices       { "/linux/devices/0": { type: "c", major, minor, mode: 438, uid, gid } | null (none) }
 *	cgroup        { path: "/system.slice/…", mode: "v1" | "hybrid" | "v2",
 *	                limits: { "memory.limit": 536870912, "pids.limit": 100, "cpu.quota": …, "cpu.cpus": "0-3"… }
 *	                by their names below linux.resources; unlimited is -1. In the words of the document on v2 too:
 *	                memory.swap is memory and swap together. But "cpu.weight" (v2) stands beside "cpu.shares" (v1)
 *	                and "io.weight" beside "blockIO.weight", as the files have them; "hugepageLimits.2MB" is bytes,
 *	                "unified.memory.high" the file's text as it is }
 *	hostname, domainname   as inside
 *	sysctl        { "net.ipv4.ip_forward": "1"… }   of those that config.json sets, where they can be seen from here
 */
#pragma once

#include <sys/types.h>

#include "validate/doc/doc.h"

struct fail;

struct boundary_of {
	pid_t pid;                 /* the container's init */
	const struct doc *config;  /* what was asked for: only that is looked up. NULL: everything that needs no document */
	int top;                   /* O_PATH descriptor of "/", where proc is found */
	const char *bundle;        /* absolute, for relative paths; NULL: not known */
	bool created;              /* its own code does not run yet: what the runtime sets last may not be set */
};

/* The answers are made in the arena; *ret is never NULL on success. 0, or -ENOMEM with *reterr. */
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
