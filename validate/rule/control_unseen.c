/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/rule/control_unseen.h"

#include <stdlib.h>
#include <string.h>

struct unseen {
	const char *id, *says;
};

/* By id, which are the controls': a unit test holds them together. */
static const struct unseen unseen[] = {
	{ "annot.unsafe", "what an annotation does that the delegate does not list in its features" },
	{ "apparmor", "what the profile forbids: its name is judged, and whether it is loaded" },
	{ "caps.allowed",
		"what a set-user-ID file gives back to a process without noNewPrivileges; a capability that an "
		"engine adds by default and one that a user asked for look alike" },
	{ "caps.ambient", "file capabilities in the image" },
	{ "caps.inheritable", "file capabilities in the image" },
	{ "cgroup.parent", "limits that the parent cgroup has or lacks" },
	{ "cwd", "what the directory becomes after the container is made" },
	{ "det.cpu", "what else runs on those CPUs, and how fast the hardware lets them be" },
	{ "det.cpu.isa", "which of its code paths a library chooses" },
	{ "det.devices", "how a device adds up: a GPU's order of operations is its program's" },
	{ "det.env.forbidden", "what a program reads elsewhere: /proc, /sys, its files" },
	{ "det.env.required", "whether the program looks at the variable" },
	{ "det.image.digest", "what the image holds, and who signed it" },
	{ "det.mem", "what the kernel keeps in memory for others" },
	{ "det.mounts.rw", "what a file holds: an input that changed on the host is another input" },
	{ "det.ns", "the wall clock, which no namespace keeps" },
	{ "det.ns.net", "a network that a hook of the engine plugs into a new namespace (Docker's does)" },
	{ "det.personality", "a program that asks for random addresses again" },
	{ "det.realtime", "whether the kernel keeps the period: cyclictest measures it" },
	{ "det.sysctl", "sysctls that belong to no namespace: they are the host's" },
	{ "devices.cgroup", "a BPF program that somebody attaches later" },
	{ "devices.nodes", "nodes that the container makes itself, where its device cgroup lets it" },
	{ "env.sane", "what a program makes of a variable" },
	{ "escape.bpf", "unprivileged BPF, where the kernel allows it" },
	{ "escape.engine-socket",
		"an engine's API that listens on TCP, or on a socket made later in a directory that is mounted" },
	{ "escape.log-link", "who reads what is written there" },
	{ "hooks.allowed", "what a hook does: it is known by its path, its owner and its digest" },
	{ "hooks.env", "what a hook reads from files" },
	{ "image.pinned", "what the image holds, and who signed it" },
	{ "mount.flags", "what a program does within the mount" },
	{ "mount.host", "files that another container put into a volume, and what a path leads to later" },
	{ "mount.nested", "mounts that the container makes itself" },
	{ "mount.propagation", "mounts that the host makes shared later" },
	{ "mount.ro.recursive", "file systems that are mounted below the source later" },
	{ "mount.sensitive", "secrets in places that no engine or system uses by default" },
	{ "nnp", "what a process may do already without gaining more" },
	{ "ns.host.net", "ports of the host that an engine forwards (hostPort)" },
	{ "ns.join.foreign", "who else joins that namespace later" },
	{ "privileged", "that the engine was told so: it is known by its effects, all of them together" },
	{ "proc.masked", "files that a newer kernel brings" },
	{ "res.cpu", "what the cgroups above allow" },
	{ "res.memory", "what the cgroups above allow, and memory that the kernel uses for others" },
	{ "res.pids", "what the cgroups above allow" },
	{ "rootfs.sane", "what changes in the image's files between the look and the start" },
	{ "runtime.min.crun", "a fix that a distribution put into an older version: name it in the policy" },
	{ "runtime.min.runc", "a fix that a distribution put into an older version: name it in the policy" },
	{ "seccomp.notify", "what the process behind the socket answers" },
	{ "seccomp.present", "how much the filter allows: seccomp.risky looks at system calls by name" },
	{ "seccomp.risky", "conditions on arguments, and calls through another ABI" },
	{ "selinux", "what the policy of the domain allows" },
	{ "sysctl.safe", "sysctls of the host that are as wide as the namespace" },
	{ "user.groups", "groups that the image's /etc/group names and the engine leaves to the runtime" },
	{ "user.nonroot", "set-user-ID files in the image; what the user may do on the host's files" },
	{ "userns", "how many ids the range has left for others" },
};

#define UNSEEN (sizeof(unseen) / sizeof(unseen[0]))

const size_t controls_unseen = UNSEEN;

static int by_id(const void *key, const void *row)
{
	const struct unseen *u = row;
	return strcmp(key, u->id);
}

const char *control_unseen(const char *id)
{
	const struct unseen *u = bsearch(id, unseen, UNSEEN, sizeof(unseen[0]), by_id);
	return u ? u->says : NULL;
}
