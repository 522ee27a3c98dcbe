/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host has, as a document. Rules ask (validate/rule/ask.h), probes answer; what was not asked, and what cannot
 * be known, is absent, and no rule is broken by it. Probes read and stat; they never write, never wait for a server
 * or a fifo, and never fail: a probe that meets something odd gives no answer.
 *
 * All answers, under the names that a host.json has:
 *
 *	kernel        { release: "6.1.0-18-amd64", machine: "x86_64" }
 *	self          { euid, egid, nice, initialUserNamespace: bool, uidMap: [[inside, outside, count]…], gidMap,
 *	                setgroups: bool, capabilities: { effective: ["CAP_CHOWN"…], bounding: […] (where all that
 *	                the document names are in it, only those) }, oomScoreAdj,
 *	                cpusAllowed: "0-3", memsAllowed: "0" (both where the document speaks of CPUs or nodes),
 *	                namespaces: { pid: { device: "0:4", inode }… },
 *	                rlimits: { RLIMIT_NOFILE: { soft, hard }… },      unlimited is 18446744073709551615
 *	                subuids: [[first, count]…], subgids } of the process that will become the delegate;
 *	              namespaces where the document joins one
 *	namespaces    { pid: { available: bool, quota }…, unprivilegedUser: bool }   by the spec's eight type names
 *	init          { namespaces: { pid: { device, inode }… } }   of process 1; where one is joined
 *	cgroup        { mode: "v1" | "hybrid" | "v2", controllers: ["memory"…] (usable by a container here, both kinds),
 *	                v2: […] (those of them on the v2 mount), own: "/system.slice/…", delegated: bool (rootless),
 *	                cpus: "0-3", mems: "0" (effective, of the parent),
 *	                files: { memory: ["memory.max"…]… } (of a controller: what a child cgroup has) }
 *	seccomp       { actions: ["SCMP_ACT_ERRNO"…], flags: ["SECCOMP_FILTER_FLAG_LOG"…],
 *	                architecture: "SCMP_ARCH_X86_64" }
 *	              an object without actions: the kernel has no filters. Absent: not known
 *	lsm           ["capability", "apparmor"…]
 *	apparmor      { enabled: bool, profiles: { "docker-default": "enforce"… } }
 *	selinux       { enabled: bool, enforcing: bool }
 *	capabilities  { last: 40 }
 *	filesystems   { known: ["ext4"…] (those that the document needs, where all are kept),
 *	                loadable: ["nfs"…] | absent, modules: bool (may be loaded) }
 *	limits        { nrOpen }
 *	cpus          { online: "0-3", possible: "0-3" }
 *	nodes         { online: "0", memory: "0", numa: bool }
 *	hugePages     ["2MB"…]   as cgroup files spell them
 *	scheduler     { rtRuntimeUs, rtGroup: bool, deadlinePeriodMinUs, deadlinePeriodMaxUs }
 *	interfaces    { eth0: { loopback: bool, immutable: bool }… }
 *	rdma          ["mlx5_0"…]
 *	resctrl       { mounted: bool, l3: bool, mb: bool, l3Monitoring: bool, closids, groups: { name: ["L3:0=f"…]… } }
 *	clocks        { monotonic: { secs }, boottime: { secs } }
 *	hardware      { cpu: { vendor: "GenuineIntel", model, microcode: "0xd0003b9", flags: ["aes"…] (sorted) },
 *	                smt: bool (it is on), governor: "performance" (those of all CPUs, joined by ","),
 *	                isolated: "2-3", numaNodes, numaCpus: { "0": "0-3"… } }   what changes sums and their times
 *	tuning        { aslr: 0 | 1 | 2, thp: "always" | "madvise" | "never", numaBalancing: bool, swappiness,
 *	                overcommit, realtime: bool (a PREEMPT_RT kernel) }
 *	gpu           { nvidia: { driver: "535.104.05", devices: [{ pci: "0000:07:00.0", uuid: "GPU-…", model,
 *	                mig: ["gi1/ci0"…] (where its instances are listed) }…] (by pci) } }
 *	places        { "/mounts/3": {…} }, by JSON Pointer into the whole config.json:
 *
 *	  a path      { kind: "absent" | "file" | "directory" | "socket" | "fifo" | "block" | "character" | "other",
 *	                path: as resolved, clean: bool (no symlink on the way, no "." or ".."), uid, gid, mode: 420,
 *	                executable: bool, device: "8:1" (of the file system), inode, number: "1:3" (of a device node),
 *	                filesystem: "ext4", network: bool (or FUSE), flags: ["ro", "nosuid"…] (of its mount),
 *	                submounts: bool }
 *	  root        a path, and { dev, proc, sys: "directory" | "symlink" | "absent" | "other" }
 *	              and { above: [{ path, uid, gid, mode }…] }, the directories on the way that not all may search
 *	  mounts[]    { source: a path, destination: a path below the rootfs } of a bind mount, source also of a block
 *	              device; source also has, where an earlier mount begins there or brought it, that mount's
 *	              { mountPoint: "/srv", elsewhere: ["/etc"…] (other paths of the same file) };
 *	              { layers: [{ role: "lower" | "upper" | "work", a path }…] } of an overlay
 *	  hooks       a path, and digest: "sha256:…" of its file ("": it has none to be had),
 *	              and { above: [{ path, uid, gid, mode }…] }, the directories on the way that others than root
 *	              may write
 *	  namespaces  a path, and { type: "network", inode… } of what it joins; kind "namespace"
 *	  devices[]   { node: a path below the rootfs, host: a path, the same one on the host: where no node can be
 *	              made, that is bound }
 *	  *Device[]   { kind: "absent" | "block", whole: bool }
 *	  sysctl.*    { exists: bool, writable: bool }
 *	  cwd, args   a path below the rootfs, and escapes: bool (it leads out of it)
 *	  listener    a path
 *	  cgroupsPath { kind: "absent" | "directory", populated: bool, frozen: bool, writable: bool }
 *	  labels      { valid: bool }
 */
#pragma once

#include "validate/check.h"

struct host {
	int root;                /* O_PATH descriptor of "/", or of a tree that stands for it in a test */
	bool live;               /* it is this machine: what only system calls tell may be asked, too */
	const char *cache;       /* absolute directory of ours for what holds until the next boot; NULL: none */
	const struct doc *given; /* a host.json: nothing is probed; places and self in it count as well */
	const char *bundle;      /* absolute directory that relative paths count from; NULL: not known */
	const char *boot;        /* the id of this boot, of a live host, for who has it already; NULL: it is read */
};

/* A document and what is asked about it. */
struct host_question {
	const struct doc *config;
	const char *below;            /* where it stands in a config.json; "" is all of it */
	const struct doc *whole;      /* the whole config.json where only a part is judged; NULL when it is not known */
	struct asking *asking;
};

/*
 * The answers are made in the arena; *ret is never NULL on success. Those about places are also put where they were
 * asked, unless a host was given. 0, or -ENOMEM.
 */
int host_look(struct arena *a, const struct host *h, const struct host_question *q, const struct doc **ret,
	      struct fail *reterr);

/* Every answer that needs no document: what `runvetctl host` prints. */
int host_all(struct arena *a, const struct host *h, const struct doc **ret, struct fail *reterr);

/*
 * Judges the text of a host.json by its rows (OF_MACHINE). 0 with the tree in *ret, or a negative errno with the first
 * fault in *reterr.
 */
int host_parse(struct arena *a, struct bytes text, const char *file, const struct doc **ret, struct fail *reterr);
