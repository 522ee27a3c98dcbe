/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of runvetctl check: which documents, what they are held against, what becomes of each, and what is told.
 *
 * A document is judged once for each host and each delegate that was named; where none was, the one "side" that
 * nothing is known of takes the place. What was found is written as it will be printed at once, so that of a thousand
 * judgements no more than their lines are kept.
 */
#pragma once

#include "ctl/check/paint.h"
#include "ctl/check/source.h"
#include "ctl/input.h"
#include "ctl/policy.h"
#include "shim/runtimes.h"
#include "validate/policy/decide.h"

/* A host or a delegate. */
struct side {
	const char *labels[3];      /* what it can be called; NULL: no other */
	unsigned label;             /* the first by which it is told from the others */
	const struct doc *document; /* a host's, or a delegate's; NULL: unknown, or this machine */
	bool live;                  /* this machine */
	const char *lacks;          /* of a delegate: why nobody knows its features; NULL: they are known */
};

struct sides {
	struct side *list;
	size_t count, room;
};

/* Everything that documents are held against. */
struct against {
	struct arena arena;
	bool held;               /* something was named: more is printed than of the specification alone */
	struct sides hosts, delegates;
	struct opened site;      /* with --policy */
	bool has_policy;
	struct policy policy;    /* that counts; without --policy one that asks nothing */
	struct runtimes_dirs dirs;
	const char *profile;     /* with --profile: what holds instead of the policy's choice; NULL: none */
	const struct doc *context; /* with --context: who calls; NULL: a bundle's own place tells, or nobody */
	const char *cache;       /* of facts about this machine; NULL: none */
	int root;                /* O_PATH of "/"; -1 when no live host is asked */
	bool stdin_taken;
};

/*
 * What --host, --delegate and the others named, added: as struct option's .take, of a struct against. CTL_GOOD, or
 * CTL_USAGE once it has complained.
 */
int against_host(void *against, const char *word);
int against_delegate(void *against, const char *word);
int against_policy(void *against, const char *word);
int against_profile(void *against, const char *word);
int against_context(void *against, const char *word);

/* A side of that name: room for one more, all of it unset but the labels. NULL when there is no memory. */
struct side *against_add(struct against *x, struct sides *to, const char *label, const char *file, bool named);

/* A file that was named, as input_get reads it; a directory stands for the *.json in it. Each is given to `add`. */
int against_files(struct against *x, const char *word, int (*add)(struct against *x, const char *path));

/* Finds where facts about this machine are kept, if the caller can keep any. */
void against_cache(struct against *x);

/* Complains of a fault in a file: "FILE:LINE:COLUMN: SAYS [RULE]". Returns CTL_USAGE. */
int against_fault(const char *file, const struct fail *why);

/* The policy that counts, once all is named. CTL_GOOD or CTL_USAGE. */
int against_rule(struct against *x);

/* What it is called, once all is settled. */
const char *side_name(const struct side *s);

/* Once all is named: who was not, and how each is told from the others. CTL_GOOD or CTL_USAGE. */
int against_settle(struct against *x);
void against_done(struct against *x);

/* What became of a document on one host with one delegate. */
struct outcome {
	const struct side *host, *delegate;
	enum decision_kind decision;
	bool runs;
	size_t errors, warnings, infos, exempted, left_out;
	const char **lines; /* of formats that group: as the text prints them, in order */
	size_t line_count;
};

/* A finding of a document, once, wherever it holds. */
struct noted {
	struct finding f;     /* its strings are the document's */
	struct region region;
	bool *in;             /* of outcomes */
};

/* One document that was named, and what became of it: hosts × delegates, host by host. */
struct checked {
	const char *given; /* as it was named, or found below a directory that was */
	const char *file;  /* the file that was read: given, or config.json in it; "-" */
	struct outcome *outcomes;
	size_t count, all; /* judged so far; of all */
	/* As long as the document is looked at. */
	struct arena *arena;
	struct source source;
	const struct doc *root; /* NULL: it does not parse */
	struct noted *noted;    /* in the order of the first outcome that has it */
	size_t noted_count, noted_room;
	const char *bundle, *applied; /* the directory; the profile that was applied, NULL: none */
};

enum fail_on { FAIL_ON_ERROR, FAIL_ON_WARNING, FAIL_NEVER };

struct check_format;

/* Where outcomes are told. */
struct output {
	struct arena arena;
	const struct check_format *format;
	const struct against *against;
	struct paint paint;
	unsigned columns;   /* of the terminal; 0: lines are as long as they are */
	enum fail_on fail_on;
	struct text to;     /* not yet written */
	bool failed;        /* standard output takes no more */
	bool several;       /* documents were named */
	bool unread;        /* something that was named could not be read */
	size_t told;        /* results so far: of documents, or of outcomes */
	size_t mended;      /* findings, by patches */
	void *state;        /* of the format; in the arena */
};

#define OUTPUT_PIECE ((size_t)1 << 20) /* bytes that are written at once */

/* Writes what there is, once it is much, or in any case. CTL_GOOD, or CTL_USAGE once it has complained. */
int output_flush(struct output *o, bool all);

/* Whether the document makes the exit status 1. */
bool output_fails(const struct output *o, const struct checked *c);

/*
 * Judges the document that c->given names on every host with every delegate, and tells of it. 0, or a negative errno
 * once it has complained.
 */
int judge_all(struct checked *c, const struct against *x, struct output *o);

/*
 * One judgement by what is named, the host and the delegate of `one`, in the arena: the document of c, or another
 * reading of it. 0 or a negative errno, with *reterr.
 */
int judge_once(struct arena *a, const struct against *x, const struct checked *c, const struct outcome *one,
	       struct report *ret, struct fail *reterr);

/* Adds what was found to c->noted, each once. False when there is no memory. */
bool noted_add(struct checked *c, const struct report *r, size_t outcome);

/* The same results where there are several outcomes of each: a table, and what is found grouped by where. */
void matrix_write(struct output *o, const struct against *x, const struct checked *list, size_t count,
		  struct text *to);

/*
 * What was found of one document, each line once, below where it holds; `named`: with the document's name. False when
 * there is no memory.
 */
bool grouped_write(struct output *o, const struct against *x, const struct checked *c, bool named, struct text *to);

/* The documents that words name. */
struct named {
	struct arena arena;
	const char **paths;
	size_t count, room;
	bool faults; /* something named nothing, and was complained of */
};

/*
 * Adds what a word names: a file, "-", a bundle; of another directory all bundles and runtime configurations below it,
 * of a pattern with * or ** that is no file everything that it fits. Complains of what names nothing.
 */
void named_add(struct named *n, const char *word);

/* Adds the paths in a file ("-": standard input), one for each line or NUL. CTL_GOOD or CTL_USAGE. */
int named_from(struct named *n, const char *file);

/* On a terminal's stderr: how many of how many. To be cleared before anything else is written there. */
struct progress {
	bool on, shown;
	size_t of;
	struct timespec last;
};
struct progress progress_begin(size_t of);
void progress_show(struct progress *p, size_t done);
void progress_clear(struct progress *p);
