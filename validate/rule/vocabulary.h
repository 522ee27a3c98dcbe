/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows' places as a tree: what names a document may have where, and which rows wait there. The engine walks
 * document and tree side by side, so that no row is ever looked up.
 *
 * The tree of the rows that are built in comes with the program (image.h), and what nobody walks through stays shut: a
 * node's .rows, .typed, .first, .element and .key may be read when it has been opened. What the functions
 * here return is open; what is reached by a member of a node is to be opened first, by place_open.
 */
#pragma once

#include "validate/rule/rule.h"

enum __attribute__((packed)) step {
	STEP_NAME,    /* a member of that name */
	STEP_ELEMENT, /* every element of an array */
	STEP_KEY,     /* every key of a map */
};

/* A row that waits at a place. */
struct waiting {
	const struct rule *rule;
	uint32_t order;            /* of the row among all rows of all tables */
	const struct waiting *next;
};

struct place_node {
	uint32_t image;            /* its number in rule_image; of a tree that was grown 0 */
	enum step step;
	bool required;             /* one of the rows asks for presence */
	struct bytes name;         /* for STEP_NAME; points into the row's .at */
	struct place_node *parent, *first, *next; /* children of STEP_NAME */
	struct place_node *element, *key;
	struct waiting *rows;
	const struct waiting *typed; /* the one that gives the place its type; NULL when none does */
	struct place_node *shut;   /* itself, while that is so; NULL: it is open */
};

/* Spells out the node's rows, and the children without theirs. */
void image_open(struct place_node *n);

static inline void place_open(const struct place_node *n)
{
	if (n->shut)
		image_open(n->shut);
}

/*
 * The tree of the rows of one subject; NULL as tables: of all that are built in. NULL when the arena is exhausted.
 */
struct place_node *vocabulary(struct arena *a, const struct rules *const *tables, enum subject of);

/* The child of that name, exactly; NULL when there is none. */
struct place_node *place_child(const struct place_node *n, struct bytes name);

/* The child whose name differs from `name` only by letter case, as Unicode's simple folding has it; NULL when none. */
struct place_node *place_variant(const struct place_node *n, struct bytes name);

/*
 * The node at a place such as "process" or "linux.resources" (names only); NULL when no row is there. "" is the root.
 */
struct place_node *place_at(struct place_node *root, const char *place);

/* The node after n in a walk over all of the tree, parents first, open; NULL at its end. */
struct place_node *place_next(const struct place_node *n);

/* The place in words: "process.args[]", "annotations.*". */
void place_write(const struct place_node *n, struct text *to);

/* Whether two names are one to a reader that ignores case: ASCII, and U+017F and U+212A, which fold onto s and k. */
bool names_fold_alike(struct bytes a, struct bytes b);

/*
 * The folded byte (a letter in lower case) at b.data[*at], with *at moved behind it. Bytes outside ASCII are given as
 * they are: no property of any delegate has them, so only what folds onto ASCII counts.
 */
int name_fold(struct bytes b, size_t *at);
