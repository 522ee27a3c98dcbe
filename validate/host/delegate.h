/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the delegate is and can, as a document:
 *
 *	{ "name": "runc", "dialect": "runc", "path": "/usr/bin/runc", "quirks": ["idmap-unlisted"],
 *	  "digest": "…" (SHA-256 of the binary), "version": "1.1.5", "spec": "1.0.2-dev" (as --version says),
 *	  "features": { … }, "asked": { "settled": true, "lacks": "…", … } }
 *
 * "features" is what it prints under that name, absent when it has no such command or said nothing that can be read:
 * unknown. "asked" is there when the delegate was asked, now or earlier: "settled" says that it answered to the point,
 * "lacks" why there are no features.
 *
 * The delegate is asked once per binary (device, inode, size, mtime, ctime), and the answer kept in a file that only
 * root (rootless: we) can have written. One that gave no answer (it hung, or printed what nobody can read) is asked
 * again once that is REST_FEATURES_S ago.
 */
#pragma once

#include "validate/base/file.h"
#include "validate/doc/doc.h"

struct delegate_want {
	const char *name, *dialect;    /* "" when not known */
	const char *path;              /* absolute */
	const char *argv0;             /* what it is called; NULL: by its path */
	struct identity identity;      /* of the file there; zero when it could not be asked: then nothing is known */
	const char *const *quirks;     /* closed by NULL, or NULL */
	const char *cache;             /* absolute directory, there already; NULL: nothing is kept */
	bool ask;                      /* run it when the cache has no answer; false: then its features are unknown */
};

/*
 * The document, in the arena. A cache that has an answer for this very binary is believed; else the delegate is run
 * (`--version`, `features`) for at most WAIT_FEATURES_MS, unless another process is at it just now, or the answer could
 * not be kept in the cache that is named: then features are unknown this time. What is run has no descriptor of ours,
 * an environment of one variable, and is a process group of its own, which is killed when it is late. No child is left
 * when it returns. *ret_kept (may be NULL) says that nothing was run. 0; or -ENOMEM. *reterr is filled when features
 * are unknown, with the reason, also with 0.
 */
int delegate_look(struct arena *a, const struct delegate_want *want, const struct doc **ret, bool *ret_kept,
		  struct fail *reterr);
