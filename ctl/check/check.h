/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of runvetctl check: what documents are held against, what becomes of each, and what is printed of it.
 *
 * A document is judged once for each host and each delegate that was named; where none was, the one "side" that
 * nothing is known of takes the place. What was found is written as it will be printed at once, so that of a thousand
 * judgements no more than their lines are kept.
 */
#pragma once

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
	const char *cache;       /* of facts about this machine; NULL: none */
	int root;                /* O_PATH of "/"; -1 when no live host is asked */
	bool stdin_taken;
};

/* What --host, --delegate and --policy named, added. CTL_GOOD, or CTL_USAGE once it has complained. */
int against_host(struct against *x, const char *word);
int against_delegate(struct against *x, const char *word);
int against_policy(struct against *x, const char *word);

/* A side of that name: room for one more, all of it unset but the labels. NULL when there is no memory. */
struct side *against_add(struct against *x, struct sides *to, const char *label, const char *file, bool named);

/* A file that was named, as input_get reads it; a directory stands for the *.json in it. Each is given to `add`. */
int against_files(struct against *x, const char *word, int (*add)(struct against *x, const char *path));

/* Finds where facts about this machine are kept, if the caller can keep any. */
void against_cache(struct against *x);

/* Complains of a fault in a file: "FILE:LINE:COLUMN: SAYS [RULE]". Returns CTL_USAGE. */
int against_fault(const char *file, const struct fail *why);

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
	size_t errors, warnings, infos;
	const char **lines; /* as the text prints them, in order */
	size_t line_count;
};

/* One document that was named on the command line, and what became of it: hosts × delegates, host by host. */
struct checked {
	const char *given; /* the word on the command line */
	const char *file;  /* the file that was read: given, or config.json in it; "-" */
	struct outcome *outcomes;
	size_t count;
};

/* Where outcomes are written to. */
struct output {
	struct arena arena;
	bool json;
	struct text to; /* of the JSON, all results so far */
};

/*
 * Judges the document that c->given names on every host with every delegate, and writes each outcome. 0, or a negative
 * errno once it has complained.
 */
int judge_all(struct checked *c, const struct against *x, struct output *o);

/* One outcome: what is printed of it, kept in o. With JSON, added to o->to. 0 or -ENOMEM. */
int output_outcome(struct output *o, const struct against *x, const struct checked *c, const struct report *r,
		   struct outcome *ret);

/* Prints all results. The text is for people, with a line of sums; the JSON is one object on one line. An exit code. */
int output_all(struct output *o, const struct against *x, const struct checked *list, size_t count);

/* The same results where there are several outcomes of each: a table, and what is found grouped by where. */
void matrix_write(struct output *o, const struct against *x, const struct checked *list, size_t count,
		  struct text *to);

/*
 * What was found of one document, each line once, below where it holds; `named`: with the document's name. False when
 * there is no memory.
 */
bool grouped_write(struct output *o, const struct against *x, const struct checked *c, bool named, struct text *to);
