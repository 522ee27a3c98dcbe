/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node that is looked at: this machine, or the tree of another one. Every path is looked up below the node's root,
 * symbolic links included, so that a tree answers for itself and never for the machine it lies on. Processes are asked
 * for on this machine only.
 */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include "validate/doc/doc.h"

#define NODE_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" /* of a unit that says nothing */

struct node {
	struct arena *a;
	int top;           /* descriptor of its root */
	const char *root;  /* that root without a slash at its end: "" is this machine's */
	bool live;
};

/* `root` may be NULL: this machine. 0 or a negative errno; ended by node_close. */
int node_open(struct arena *a, const char *root, struct node *ret);
void node_close(struct node *n);

/* --- files ----------------------------------------------------------------------------------------------------- */

/* An absolute path as open(2) below the root; the descriptor or a negative errno. */
int node_at(const struct node *n, const char *path, int flags);

/* Whether something is there. *ret (may be NULL) is told what; symbolic links are followed. */
bool node_stat(const struct node *n, const char *path, struct stat *ret);

/* A configuration file as a tree. */
struct conf {
	const char *path;
	bool there;              /* it could be opened, or could not for another reason than that it is missing */
	struct bytes text;
	const struct doc *root;  /* NULL: it is not there, or cannot be understood: .why */
	struct fail why;
	struct stat st;
};

enum conf_kind { CONF_JSON, CONF_TOML };

void conf_read(const struct node *n, const char *path, enum conf_kind kind, struct conf *ret);

/* Names in a directory that fit a pattern ("*.conf"), sorted, closed by NULL; NULL: none. */
const char *const *node_names(const struct node *n, const char *directory, const char *pattern);

/* --- programs -------------------------------------------------------------------------------------------------- */

enum through {
	THROUGH_MISSING, /* nothing that could be executed is there */
	THROUGH_OTHER,   /* another program */
	THROUGH_RUNVET,
};

struct program {
	enum through through;
	const char *path;    /* absolute, as it will be called; NULL: not in any directory of PATH */
	const char *behind;  /* "nvidia-container-runtime", when it comes to runvet by way of that; else NULL */
	struct stat st;      /* when it is there */
};

/* What runs when that is called: a path, or a name that is looked up in `path` ("/usr/bin:/bin"). */
void program_find(const struct node *n, const char *word, const char *path, struct program *ret);

/* --- daemons --------------------------------------------------------------------------------------------------- */

struct daemon {
	const char *name;      /* "dockerd" */
	pid_t pid;             /* 0: it does not run, or cannot be seen */
	time_t since;          /* when it was started; 0: not known */
	const char *const *words; /* its command line, closed by NULL; NULL: not known */
	const char *path;      /* PATH of its environment, or as its unit sets it; never NULL */
	const char *unit;      /* "docker.service" */
	const char *build;     /* DOCKER_BUILDKIT_RUNC_COMMAND likewise; NULL */
};

/* Finds it by the name of its executable, and what its unit's files say of its environment. */
void daemon_find(const struct node *n, const char *name, const char *unit, struct daemon *ret);

/* The value of --option on its command line (either spelling, one or two dashes), the nth from 0; NULL. */
const char *daemon_option(const struct daemon *d, const char *option, size_t nth);

/*
 * What answers GET `path` on a socket of this machine, as JSON; NULL when nothing does within WAIT_DAEMON_MS. *ret_why
 * says why (may be NULL).
 */
const struct doc *daemon_asked(const struct node *n, const char *socket, const char *path, const char **ret_why);

#define WAIT_DAEMON_MS 3000
