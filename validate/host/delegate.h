/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the delegate is and can, as a document:
 *
 *	{ "name": "runc", "dialect": "runc", "path": "/usr/bin/runc", "digest": "…" (SHA-256 of the binary),
 *	  "version": "1.1.5", "quirks": ["idmap-unlisted"], "features": { … } }
 *
 * "features" is what it prints under that name, absent when it has no such command or said nothing that can be read:
 * unknown. The delegate is asked once per binary (device, inode, size, mtime, ctime), and the answer kept in a file
 * that only root (rootless: we) can have written.
 */
#pragma once

#include "validate/base/file.h"
#include "validate/doc/doc.h"

struct delegate_want {
	const char *name, *dialect;    /* "" when not known */
	const char *path;              /* absolute */
	struct identity identity;      /* of the file there */
	const char *const *quirks;     /* closed by NULL, or NULL */
	const char *cache;             /* absolute directory of ours; NULL: nothing is kept */
	bool ask;                      /* run it when the cache has no answer; false: then its features are unknown */
};

/*
 * The document, in the arena. A cache that has an answer for this very binary is believed; else the delegate is run
 * (`features`, `--version`) for at most WAIT_FEATURES_MS, unless another process is at it just now: then features
 * are unknown this time. No child is left when it returns. 0; or -ENOMEM. *reterr may say why features are unknown.
 */
int delegate_look(struct arena *a, const struct delegate_want *want, const struct doc **ret, struct fail *reterr);
