/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What install would write for an engine: which file, and what is to stand in it, made of what stands in it now. The
 * text that is there is kept but for the words that have to change; what is inserted is whole lines. Nothing is written
 * here.
 */
#pragma once

#include "ctl/node/node.h"

struct plan_want {
	const char *engine;  /* "docker" */
	const char *name;    /* of the runtime: "runvet" */
	const char *binary;  /* what the engine is to call: "/usr/libexec/runvet/runc" */
	const char *runtime; /* "runc" */
	bool usual;          /* it becomes the default */
	bool draining;       /* it only stays for those who have it */
};

struct engine_plan {
	const char *engine;
	const char *reload, *unload; /* what to type so that the engine takes it up, and so that it forgets it */
	const char *runtime;         /* which it becomes, unless said otherwise; NULL: crun where it is, else runc */
	/* The file; NULL when there is nothing to be done, with *ret_why. */
	const char *(*target)(const struct node *n, const struct plan_want *w, const char **ret_why);
	/* Its text, from what it holds (data NULL: it is not there). 0, or a negative errno with *ret_why. */
	int (*edit)(const struct node *n, const struct plan_want *w, struct bytes before, struct text *to,
		    const char **ret_why);
	/*
	 * How many containers name the runtime still, and would not start or go without it; *ret_how tells how that is
	 * known.
	 */
	size_t (*used)(const struct node *n, const struct plan_want *w, const char **ret_how);
};

extern const struct engine_plan plan_docker, plan_containerd, plan_crio, plan_podman;

/* NULL: no such engine. */
const struct engine_plan *plan_of(const char *engine);

/* One change of a text: [from, to) becomes `with`. In the order of their places; an empty span inserts. */
struct edit {
	size_t from, to;
	const char *with;
};

#define EDITS_MOST 8u

void edits_apply(struct bytes before, const struct edit *edits, size_t count, struct text *to);

/* The lines that differ, as a unified diff without its header; what is equal at both ends is left out. */
void diff_write(struct bytes before, struct bytes after, struct text *to);

/* How many files in the directories below `directory` have `file` with that string at `path` (a path of names). */
size_t used_in(const struct node *n, const char *directory, const char *file, const char *path, const char *word);
