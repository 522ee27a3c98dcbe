/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls, for which container of which engine, as a document; and how far each of it can be believed.
 *
 *	{ "engine": "docker" | "containerd-cri" | "containerd" | "cri-o" | "podman" | "buildah" | "buildkit" |
 *	            "nerdctl",   absent: none that is known
 *	  "namespace": "k8s.io",  containerd's
 *	  "source": "cri" | "cri-o" | "docker" | "nerdctl"  whose words container.name, pod and image are; absent:
 *	            nobody's. No word of trust: how they are spelled tells nothing of who wrote them
 *	  "verb": "create", "rootless": false, "bundle": "/run/…" (as resolved), "root": "/run/docker/…",
 *	  "container": { "id", "name", "type": "container" | "sandbox" },
 *	  "pod": { "namespace", "name", "uid", "sandbox" },
 *	  "image": { "ref", "digest": "sha256:…" (the engine's id of the image where it has no other) },
 *	  "user": "1000:1000", as Docker was asked for it
 *	  "labels": { … }, "annotations": { … },
 *	  "caller": { "uid", "exe", "unit", "pid" },
 *	  "managed": ["/var/lib/docker/containers/ID/hosts"…] globs (validate/base/glob.h) of resolved paths that the
 *	            engine itself gives this container; none of them can be met by a path that a user may choose,
 *	  "exec": { "options": ["cap", "user"…] } of an exec whose line says what is run; absent: a document does,
 *	  "posture": { … } of the container at create, for exec and update; absent: not known,
 *	  "trust": { "engine": "place", "pod": "engine", "image": "engine", "image.ref": "claim", … } }
 *
 * Trust is one word for each top-level member: "kernel" (asked of the kernel), "place" (a path that only root can
 * have made), "engine" (written by the engine over whatever the user said), "claim" (a user may have said it). A claim
 * may only tighten. A member of a member that is worth less than the rest has a word of its own ("image.ref");
 * context_trust knows both.
 *
 * The posture, every member of which is absent where it was not known:
 *
 *	{ "capabilities": { "bounding": ["CAP_CHOWN"…], "effective", "permitted", "inheritable", "ambient" } (empty,
 *	            never absent: no capabilities is what a config.json without them means),
 *	  "user": { "uid", "gid", "additionalGids": […] }, "noNewPrivileges": bool, "seccomp": bool,
 *	  "apparmorProfile": "", "selinuxLabel": "", (empty: none)
 *	  "namespaces": { "pid": "new" | "joined" | "host"… }  of the eight types,
 *	  "maskedPaths": 11, "readonlyPaths": 6, "readonlyRoot": bool,
 *	  "resources": { "memory", "swap", "pids", "cpuQuota", "cpuPeriod", "cpuShares" } (absent: not limited),
 *	  "profile": "restricted@v1.34" }  that it was judged by
 */
#pragma once

#include <sys/types.h>

#include "validate/doc/doc.h"

enum trust { TRUST_UNKNOWN, TRUST_CLAIM, TRUST_ENGINE, TRUST_PLACE, TRUST_KERNEL };

/* "" (unknown), "claim", "engine", "place", "kernel". */
const char *trust_name(enum trust t);

/* How far the member of that path ("engine", "pod.namespace") can be believed. A NULL context is unknown. */
enum trust context_trust(const struct doc *context, const char *path);

/* What is known of a call before any rule is asked. Strings may be NULL: not known. */
struct calling {
	const char *verb, *id;
	const char *bundle;        /* absolute; of exec and update, the one that was noted at create */
	const char *root;          /* --root as it was given */
	const struct doc *config;  /* config.json; NULL for exec and update */
	const struct doc *identity; /* what context_identity kept at create; for exec and update */
	const struct doc *posture; /* what posture_make kept */
	const struct doc *exec;    /* how exec says what to run, where that is its command line: see "exec"; NULL */
	bool rootless;             /* we are not this machine's root: all that we are told is a claim */
	int host;                  /* O_PATH descriptor of "/", or of what stands for it; -1: nothing is looked at */
	const char *kubelet;       /* its root directory, when it is none of the usual ones */
	struct {
		pid_t pid;
		const char *exe, *unit;
		uid_t uid; /* (uid_t)-1: not known */
	} caller;
};

/* Members that cost a look into files of the engine's, or much copying; the rest is always there. */
enum context_want {
	CONTEXT_ANNOTATIONS = 1 << 0,
	CONTEXT_LABELS = 1 << 1,
	CONTEXT_IMAGE = 1 << 2, /* also: user, and the container's name, where only files of the engine's tell */
	CONTEXT_ALL = CONTEXT_ANNOTATIONS | CONTEXT_LABELS | CONTEXT_IMAGE,
};

/*
 * Makes the document. Looks at directories and, as far as `wanted` (CONTEXT_* bits) asks, reads files that only root
 * can write; what cannot be read is absent. 0, or -ENOMEM with *reterr (CAUSE_INTERNAL).
 */
int context_make(struct arena *a, const struct calling *c, unsigned wanted, const struct doc **ret,
		 struct fail *reterr);

/* What of a create's context is worth noting for later verbs: engine, namespace, container, pod, image, trust. */
const struct doc *context_identity(struct arena *a, const struct doc *context);

/*
 * The posture of the container of this config.json. host: what was found out about the host while it was judged
 * (places of namespaces tell a joined one from the host's); profile: that judged it; both may be NULL. NULL once memory
 * is used up.
 */
const struct doc *posture_make(struct arena *a, const struct doc *config, const struct doc *host, const char *profile);
