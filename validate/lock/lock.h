/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock file: a container as it was once, and all around it that changes results, so that another one can be held to it.
 *
 *	{ "version": 1, "made": "2026-11-22T10:00:00Z", "by": "runvetctl 0.1.0",
 *	  "fingerprint": { "form": 1, "normal": "sha256:…", "posture": "sha256:…" },
 *	  "image": { "ref", "digest" },                       where known
 *	  "delegate": { "name", "version", "digest" },
 *	  "kernel": { "release", "machine" },
 *	  "host": { "cpu": { "model", "flags": […], "microcode" }, "numa": …, "thp": …, "aslr": …, "smt": …, "governor": …,
 *	            "cgroup": "v2", "gpu": { "driver", "devices": […] } },
 *	  "document": { "/process/args": "sha256:…", "/root/readonly": true, … } }   every field of the normal document:
 *	              its value where its row lets it be shown, else a digest
 *
 * Documents like any other, judged by rows (.of = OF_LOCK). A member that is left out is not held to.
 */
#pragma once

#include "validate/base/fail.h"
#include "validate/doc/doc.h"

/* What is compared, however it was come by. Members may be NULL: not known. */
struct lock {
	const struct doc *root; /* the form above */
};

/* What differs between two. */
struct lock_difference {
	const char *path;       /* "host.cpu.model", "document./mounts/3/options" */
	struct bytes was, is;   /* what may be shown of either; empty: absent */
	const struct lock_difference *next;
};

/*
 * Reads a file of the operator's: root's own (OWNER_ROOT), unless `anyone`. 0, or a negative errno with *reterr (its place,
 * cause CAUSE_POLICY): -ENOENT there is none, -EBADMSG no JSON, -EINVAL breaks a rule, -EPROTONOSUPPORT of a newer form,
 * -EPERM not root's.
 */
int lock_read(struct arena *a, const char *path, bool anyone, struct lock *ret, struct fail *reterr);
int lock_parse(struct arena *a, struct bytes text, const char *file, struct lock *ret, struct fail *reterr);

/* What a lock is made of; members may be NULL. */
struct lock_of {
	const struct doc *config, *context, *host, *delegate;
	const char *id, *bundle;
};

/* 0, -EINVAL for a document without a canonical form, or -ENOMEM. */
int lock_make(struct arena *a, const struct lock_of *of, struct lock *ret, struct fail *reterr);

/* Everything that `lock` says and `now` is known to be otherwise, in the lock's order. NULL in *ret: nothing. 0 or -ENOMEM. */
int lock_differs(struct arena *a, const struct lock *lock, const struct lock *now, const struct lock_difference **ret);
