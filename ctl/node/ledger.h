/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What install did, kept so that uninstall undoes it byte for byte: below /var/lib/runvet/install, a directory for each
 * engine with the file as it was (`before`), as it became (`after`), as it is while containers still name the runtime
 * (`between`), and state.json. State is written before the step that it tells of, each file in one rename, so that
 * whatever stops us, the engine has one whole configuration, and the next call knows which.
 */
#pragma once

#include "ctl/node/node.h"

#define LEDGER "/var/lib/runvet/install"

enum phase {
	PHASE_NONE,
	PHASE_INSTALLING, /* `after` may or may not be in place */
	PHASE_INSTALLED,
	PHASE_DRAINING,   /* `between` may or may not be in place: the runtime's name stays for those who have it */
	PHASE_REMOVING,   /* `before` may or may not be in place */
};

struct ledger {
	const struct node *node;
	const char *key;        /* "docker", "divert-runc" */
	enum phase phase;
	const char *name, *binary, *runtime; /* as in struct plan_want */
	const char *path;       /* the file that is changed; of a divert, the runtime that is stood in for */
	const char *made;       /* the first directory that had to be made for it; "" */
	bool usual, there;      /* it became the default; there was a file before */
	bool dpkg;              /* of a divert: dpkg was told */
	unsigned mode, uid, gid; /* of that file */
	struct bytes before, after, between; /* .data NULL: there is none */
};

/* Reads it; .phase is PHASE_NONE when there is none. 0 or a negative errno with *ret_why. */
int ledger_read(const struct node *n, const char *key, struct ledger *ret, const char **ret_why);

/* Writes all of it, texts first, the state last. 0 or a negative errno. */
int ledger_write(struct ledger *l, enum phase phase);

/* The same, of the state alone. */
int ledger_step(struct ledger *l, enum phase phase);

/* Removes it, the state first. */
int ledger_remove(const struct ledger *l);

/* Locks all of them: a descriptor, or a negative errno (-EWOULDBLOCK: another is at it). Makes the directory. */
int ledger_lock(const struct node *n);

/* --- files of a node ------------------------------------------------------------------------------------------- */

/*
 * Puts a file there in one step: beside it, brought to disk, renamed. Directories that are missing are made 0755; the
 * first of them is *ret_made ("" when none was; may be NULL). 0 or a negative errno.
 */
int place_file(const struct node *n, const char *path, struct bytes text, const struct ledger *like,
	       const char **ret_made);

/* Removes what a place_file that was stopped has left beside it. */
void place_clear(const struct node *n, const char *path);

/* The directory that a path is in, opened, and its last name. A descriptor or a negative errno. */
int place_parent(const struct node *n, const char *path, const char **ret_name);
