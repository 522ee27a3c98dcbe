/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of `runvetctl boundary` share: which container is meant, what was declared for it, what it has, and
 * both side by side.
 */
#pragma once

#include "ctl/ctl.h"
#include "ctl/node/running.h"
#include "validate/report.h"

/* What the command line says. */
struct wanted {
	const char *container; /* an id, the beginning of one, or a name; NULL: a process is meant */
	const char *root;      /* of its runtime; NULL: any */
	const char *bundle;    /* NULL: where its runtime says that it is */
	pid_t pid;             /* 0: that of the container */
};

struct looked {
	struct arena *a;
	struct running of;         /* of a process that no runtime knows only .pid and .bundle are set */
	const char *file;          /* its config.json */
	struct bytes text;
	const struct doc *config, *boundary;
	struct report report;
};

/* Finds the container that is meant. CTL_GOOD, or an exit code once it has complained. */
int which_container(struct arena *a, int top, const struct wanted *w, struct running *ret);

enum mark {
	MARK_SAME,
	MARK_DIFFERS, /* by an error */
	MARK_MINOR,   /* by a warning, or by what is merely told */
	MARK_UNKNOWN, /* what it has cannot be seen */
	MARK_UNASKED, /* config.json does not speak of it */
};

/* "=", "!", "~", "?", " " */
const char *mark_sign(enum mark m);

/* "same", "differs", "minor", "unknown", "unasked" */
const char *mark_name(enum mark m);

/* One field. The texts are fit to be shown. */
struct side {
	const char *field;
	const char *declared, *real; /* NULL: nothing; not to be seen */
	const char *pointer;         /* of findings about it: this place, or below it */
	const char *rule;            /* where others share the place, how ids of its rules begin; NULL: any */
	enum mark mark;
};

struct sides {
	const struct looked *l;
	struct side *of;
	size_t count, room;
};

/* All fields, marked. False for want of memory. */
bool sides_make(const struct looked *l, struct sides *ret);

/* Adds one; texts are copied where they are not constants. */
void side_add(struct sides *s, const struct side *one);

/* A value in words: of a list or an object all of them. NULL for NULL. */
const char *side_value(const struct sides *s, const struct doc *d);

void sides_process(struct sides *s);
void sides_places(struct sides *s);
void sides_resources(struct sides *s);

void print_text(const struct sides *s, unsigned columns, struct text *to);
void print_json(const struct sides *s, struct text *to);
