/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtimes.d: where a delegate lives and how it speaks. NAME.json in /etc/runvet/runtimes.d stands over the one of the
 * same name in /usr/share/runvet/runtimes.d, which stands over the copy that is compiled in. Judged by rows of their
 * own (.of = OF_RUNTIME). A file with another name adds a runtime; "name" has to say the file's.
 *
 *	{ "name": "runc", "dialect": "runc", "priority": 60, "paths": ["/usr/bin/runc", "/usr/sbin/runc"],
 *	  "options": [{ "name": "pidfd-socket", "verb": "create", "value": true }], "quirks": [] }
 *
 * "dialect" is runc, crun, youki, runsc or containerd-shim (runtime_path only). "priority" 0, or none, is never the
 * default. "argv0" is handed on instead of the path (crun picks its handler by it). "quirks" is a closed list:
 *
 *	rewrites-config    it changes config.json before it hands on (nvidia-container-runtime)
 *	version-constant   the ociVersionMax of its features says nothing about what it reads
 *	time-unlisted      its features do not list the time namespace, which it knows
 *	idmap-unlisted     nor the mount options idmap and ridmap
 *	options-unlisted   nor mount options that the specification demands
 *	seccomp-unlisted   nor what it can of seccomp
 *
 * Besides those of the rows, these rules are named: runtimes.name (the file's), runtimes.dialect, runtimes.option-name
 * (without dashes), runtimes.option-verb (one that the dialect knows), runtimes.quirk, runtimes.file.
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
	const char *const *quirks;     /* NULL-terminated, or NULL: what is true of it and not said by it */
};

struct runtimes_dirs {
	const char *site, *vendor; /* "/etc/runvet/runtimes.d", "/usr/share/runvet/runtimes.d" */
	struct runtime_seen **seen; /* where to keep what was found, so that one call sees one entry; NULL: nowhere */
};

/* What a name was found to stand for: as runtime_find returned it; "": runtime_default. */
struct runtime_seen {
	const char *name;
	struct runtime runtime;
	int code;
	struct fail why;
	struct runtime_seen *next;
};

/* Whether it may be looked up: [A-Za-z0-9_.-]+, not beginning with a dot, at most LIMIT_RUNTIME_NAME bytes. */
bool runtime_name_valid(const char *name);

/*
 * The entry of that name. 0; -ENOENT (without *reterr) when no place has one, or the name is not valid; another
 * negative errno with *reterr (CAUSE_RUNTIMES) when the file that counts is broken: then *ret still holds the
 * compiled-in entry if there is one (for the verbs that always have to work), or .name == NULL.
 */
int runtime_find(struct arena *a, const struct runtimes_dirs *dirs, const char *name, struct runtime *ret,
		 struct fail *reterr);

/*
 * The names of all entries, sorted, closed by NULL. 0, or a negative errno with *reterr (CAUSE_RUNTIMES) for a
 * directory that cannot be read; *ret then has the names of the others (but for -ENOMEM).
 */
int runtime_names(struct arena *a, const struct runtimes_dirs *dirs, const char *const **ret, struct fail *reterr);

/*
 * What plain `runvet` stands for: of all entries the installed one with the highest priority, then by name. Errors as
 * above: any broken file is one, because it may be the one that counts; *ret then holds the best of the rest.
 */
int runtime_default(struct arena *a, const struct runtimes_dirs *dirs, struct runtime *ret, struct fail *reterr);

/* The first of its paths that can be run (shim/candidate.h); NULL when none can. */
const char *runtime_installed(const struct runtime *r);

/*
 * Reads one file's text; `name` is what the file is called, `file` what failures and ret->file say (kept). 0, or a
 * negative errno with *reterr.
 */
int runtime_parse(struct arena *a, struct bytes text, const char *name, const char *file, struct runtime *ret,
		  struct fail *reterr);

/*
 * The compiled-in copies: generated from runtimes.d/ at build time, each as it is installed and what it says. Closed by
 * an empty name. Words are held, not pointed to: what points has to be adjusted at every start.
 */
struct runtime_embedded {
	char name[32], dialect[16];
	int priority;
	char paths[256], quirks[128]; /* each word closed by NUL, the list by an empty one */
	char text[512];
};
extern const struct runtime_embedded runtimes_embedded[];

/* The one of that name; NULL when none is compiled in. */
const struct runtime_embedded *runtime_embedded_find(const char *name);

/* What it says; `file` is kept for failures and ret->file. 0, or -ENOMEM with *reterr (CAUSE_RUNTIMES). */
int runtime_embedded_read(struct arena *a, const struct runtime_embedded *e, const char *file, struct runtime *ret,
			  struct fail *reterr);
