/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtimes.d: where a delegate lives and how it speaks. NAME.json in /etc/runvet/runtimes.d stands over the one of the same name in
 * /usr/share/runvet/runtimes.d, which stands over the copy that is compiled in. Judged by rows of their own (.of = OF_RUNTIME).
 *
 *	{ "name": "runc", "dialect": "runc", "priority": 60, "paths": ["/usr/bin/runc", "/usr/sbin/runc"],
 *	  "options": [{ "name": "pidfd-socket", "verb": "create", "value": true }], "quirks": [] }
 */
#pragma once

#include "shim/argv.h"
#include "validate/base/file.h"

struct runtime {
	const char *name;
	const struct dialect *dialect; /* NULL: "containerd-shim", for runtime_path only */
	const char *const *paths;      /* absolute, NULL-terminated, first that can be executed wins */
	int64_t priority;              /* the highest that is installed is what plain `runvet` runs */
	const struct option_added *options;
	size_t option_count;
	const char *file;              /* where it came from; "(built in)" */
	const char *argv0;             /* handed on as argv[0]; NULL: the path */
	bool rewrites;                 /* quirk: changes config.json itself (nvidia-container-runtime) */
};

struct runtimes_dirs {
	const char *site, *vendor; /* "/etc/runvet/runtimes.d", "/usr/share/runvet/runtimes.d" */
};

/*
 * The entry of that name. 0; -ENOENT when no place has one; another negative errno with *reterr (CAUSE_RUNTIMES) when the
 * file that counts is broken: then *ret still holds the compiled-in entry if there is one (for the verbs that
 * always have to work), or .name == NULL.
 */
int runtime_find(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct runtime *ret, struct fail *reterr);

/* What plain `runvet` stands for: of all entries the installed one with the highest priority, then by name. Errors as above. */
int runtime_default(struct arena *a, const struct runtimes_dirs *dirs, struct runtime *ret, struct fail *reterr);

/* The compiled-in copies: generated from runtimes.d/ at build time. Closed by a NULL name. */
struct runtime_embedded {
	const char *name, *text;
};
extern const struct runtime_embedded runtimes_embedded[];
