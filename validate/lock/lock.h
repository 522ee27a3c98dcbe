/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A lock file: a container as it was once, and all around it that changes results, so that another one can be held to
 * it.
 *
 *	{ "version": 1, "made": "2026-11-22T10:00:00Z", "by": "runvetctl 0.1.0", "salt": "32 hexadecimal digits",
 *	  "fingerprint": { "form": 1, "normal": "sha256:…", "posture": "sha256:…" },
 *	  "image": { "ref", "digest", "layers" (as this machine's store names them, where there is no digest) },
 *	  "delegate": { "name", "version", "digest" },
 *	  "kernel": { "release", "machine" },
 *	  "host": { "cgroup": { "mode" }, "hardware": { "cpu": { "model", "flags": […] … } … }, "tuning": …, "gpu": … }
 *	              members of the host document (validate/host/host.h), under their names there,
 *	  "document": { "process.args": "salted:…", "root.readonly": true, "process.env[TZ]": "salted:…",
 *	              "mounts[/data].options": ["rbind", "ro"] … }  every field of the normal document,
 *	  "posture": { … }  the same of the posture document }
 *
 * A member that is left out is not held to, and may be left out by hand. A field's name is its place: members joined by
 * dots; an entry of a map, and of a list whose entries have a name of their own (a mount's destination, a variable), by
 * that name in brackets, any other by its number. Its value stands there where its row lets it be shown, else a
 * digest of it, keyed with the lock's own salt: equal values in two locks do not look equal. Who has the lock has the
 * salt, too, and can try a guess: a short secret is not safe in it.
 *
 * Documents like any other, judged by rows (.of = OF_LOCK, validate/rule/conf_lock.c). A newer version is told by its
 * number, before anything else of it is judged.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "validate/base/fail.h"
#include "validate/doc/doc.h"

#define LOCK_VERSION 1

/* A lock, read or made. */
struct lock {
	const struct doc *root;   /* the form above */
};

/* What a lock is held to in. */
enum lock_part {
	LOCK_NORMAL = 1 << 0,  /* the normal fingerprint, and the document by its fields */
	LOCK_POSTURE = 1 << 1, /* the posture likewise */
	LOCK_IMAGE = 1 << 2,
	LOCK_DELEGATE = 1 << 3,
	LOCK_HOST = 1 << 4,    /* kernel and host */
	LOCK_ALL = LOCK_NORMAL | LOCK_POSTURE | LOCK_IMAGE | LOCK_DELEGATE | LOCK_HOST,
};

enum lock_change {
	LOCK_OTHER, /* both have it */
	LOCK_GONE,  /* the lock has it */
	LOCK_NEW,   /* only what is there now has it */
	LOCK_FORM,  /* made by other rules of fingerprints: the two say nothing of each other */
};

/* What differs between two. */
struct lock_difference {
	enum lock_part part;
	enum lock_change change;
	const char *path;     /* "host.hardware.cpu.model"; of a document's field its name: "mounts[/data].options" */
	struct bytes was, is; /* what may be shown of either, cut and fit to be shown; empty: nothing may be */
	bool list;            /* of a list: was and is are what only one of the two has in it */
	const struct lock_difference *next;
};

/*
 * Judges the text of a lock file. 0, or a negative errno with *reterr (its place, cause CAUSE_POLICY): -EBADMSG no
 * JSON, -EPROTONOSUPPORT of a newer version, -EINVAL breaks a rule, -ENOMEM. `file` is its name in *reterr.
 */
int lock_parse(struct arena *a, struct bytes text, const char *file, struct lock *ret, struct fail *reterr);

/*
 * Reads the file at the absolute path, below `top` (a descriptor of "/"; AT_CWD: the path as it is): a regular file of
 * at most LIMIT_CONF_BYTES, no symlink, and root's own (OWNER_ROOT) unless `anyone` may have it. As lock_parse, and
 * what file_read returns (-ENOENT there is none, -EPERM not root's).
 */
int lock_read(struct arena *a, int top, const char *path, bool anyone, struct lock *ret, struct fail *reterr);

/* What a lock is made of; members but config may be NULL: not known. */
struct lock_of {
	const struct doc *config;                   /* the whole config.json */
	const struct doc *context, *host, *delegate; /* validate/policy/context.h, host/host.h, host/delegate.h */
	const char *id, *bundle;                    /* of the container it is made of: normal is stripped of them */
	const char *host_name;                      /* of its machine: likewise */
	struct bytes image;                         /* as started.h has it; empty: not known */
	const struct lock *like;                    /* that it is to be compared with; NULL: none */
	struct timespec made;                       /* zero: the lock does not say when */
	const char *by;                             /* "runvetctl 0.1.0" */
};

/*
 * Two of the same differ in made, by and salt (and what is keyed with it) only. One that is like another has its salt,
 * and counts the image as that one does, so that an image that only one of the two knows is no other container. A
 * document of very many fields is locked by its fingerprints alone. 0; -EINVAL for a document without a canonical
 * form; -ENOMEM; or what getrandom(2) says.
 */
int lock_make(struct arena *a, const struct lock_of *of, struct lock *ret, struct fail *reterr);

/*
 * Everything in `parts` (LOCK_* bits) that `lock` says and `now` (made to be like it) is known to be otherwise, in the
 * lock's order; then what is new in the document. A fingerprint is told of only where no field tells why it differs.
 * NULL in *ret: nothing. 0 or -ENOMEM.
 */
int lock_differs(struct arena *a, const struct lock *lock, const struct lock *now, unsigned parts,
		 const struct lock_difference **ret);

/*
 * What stands at a difference's place in the config.json, or what is nearest above it: the document itself where
 * nothing is nearer.
 */
const struct doc *lock_place(struct arena *a, const struct doc *config, const struct lock_difference *d);

/* The lock as a file: indented, with a newline at the end. */
void lock_write(const struct lock *lock, struct text *to);

/* What is said of a difference's path, without a full stop: "is false, and was true", "is not as it was", "is gone". */
void lock_tell(const struct lock_difference *d, struct text *to);
