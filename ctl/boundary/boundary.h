/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of `runvetctl boundary` share: which container is meant, what was declared for it, what it has, and
 * both side by side.
 */
#pragma once

#include "ctl/ctl.h"
#include "ctl/node/running.h"
#include "validate/policy/decide.h"
#include "validate/report.h"

struct check_input;

/* What the command line says. */
struct wanted {
	const char *container; /* an id, the beginning of one, or a name; NULL: a process is meant */
	const char *root;      /* of its runtime; NULL: any */
	const char *bundle;    /* NULL: where its runtime says that it is */
	pid_t pid;             /* 0: that of the container */
};

/* Whether the document is the one that create approved. */
enum approved { APPROVED_UNKNOWN, APPROVED, NOT_APPROVED };

struct looked {
	struct arena *a;
	struct running of;         /* of a process that no runtime knows only .pid and .bundle are set */
	const char *file;          /* its config.json */
	struct bytes text;
	const struct doc *config, *boundary;
	enum approved approved;
	const struct doc *wanted;  /* what create settled for its start (validate/policy/start.h); NULL: nothing */
	struct report report;      /* judged by that, where there is one */
	size_t off;                /* of its findings: those of rules that are off for this container */
	enum decision_kind decision; /* of a start, by that */
	const struct policy *policy; /* of now, for the reasons of exemptions; NULL: not asked for, or broken */
};

/* Finds the container that is meant. CTL_GOOD, or an exit code once it has complained. */
int which_container(struct arena *a, int top, const struct wanted *w, struct running *ret);

/* Fills .approved and .wanted; whatever cannot be found out leaves them as they are. */
void settled_find(struct looked *l);

/*
 * Judges as a start would, with .wanted: fills .report, .off, .decision and .policy. 0, or a negative errno, with *why
 * where there is more to say.
 */
int settled_judge(struct looked *l, const struct check_input *in, struct fail *why);

/* How many of the findings count: errors and warnings that nothing exempts. */
size_t looked_counts(const struct looked *l);

/* An exemption that was used, in words. */
struct exempt_words {
	const char *until;  /* as the note has it; NULL where it says nothing */
	const char *reason; /* by the policy of now; NULL: not known */
	bool gone;          /* that policy has none of this id */
};
void settled_exemption(const struct looked *l, const char *id, struct exempt_words *ret);

enum mark {
	MARK_SAME,
	MARK_DIFFERS, /* by an error */
	MARK_MINOR,   /* by a warning, or by what is merely told */
	MARK_EXEMPT,  /* by what the policy lets be: an exemption, or a rule that is off */
	MARK_UNKNOWN, /* what it has cannot be seen */
	MARK_UNASKED, /* config.json does not speak of it */
};

/* "=", "!", "~", "x", "?", " " */
const char *mark_sign(enum mark m);

/* "same", "differs", "minor", "exempt", "unknown", "unasked" */
const char *mark_name(enum mark m);

/* What a finding makes of the field that it is about. */
enum mark mark_of(const struct finding *f);

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
