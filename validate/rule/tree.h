/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows' places as the engine walks them, side by side with a document: the compiled form (image.h), of the rows
 * that are built in, which come so with the program, and of any others, for which it is made of their vocabulary. What
 * is found is told with the vocabulary, as whoever explains or lists has it; that is spelt out then.
 */
#pragma once

#include "validate/rule/image.h"

struct tree {
	const struct image_node *nodes;
	const uint64_t *asks;
	const struct image_wait *waits;
	const char *text;
	const struct image_node *root;
	enum subject of;
	struct place_node **grown; /* by node; NULL: the rows are those that are built in */
	const struct rule **rows;  /* by number */
};

/* The places of a subject in these tables (closed by NULL); NULL: of all rows that are built in. 0, or -ENOMEM. */
int tree_make(struct arena *a, const struct rules *const *tables, enum subject of, struct tree *ret);

/* The child of that name, exactly; NULL when there is none. */
const struct image_node *tree_child(const struct tree *t, const struct image_node *n, struct bytes name);

/* The child whose name differs from `name` only by letter case, as Unicode's simple folding has it; NULL when none. */
const struct image_node *tree_variant(const struct tree *t, const struct image_node *n, struct bytes name);

/* The node at a place of names, "linux.resources"; NULL when no row is there. "" is the root. */
const struct image_node *tree_at(const struct tree *t, const char *place);

/* The same place in the vocabulary, open. */
struct place_node *tree_place(const struct tree *t, const struct image_node *n);

/* Whether a value there has the type, and a number the width, that the place's rows ask for. */
bool tree_fits(const struct image_node *n, const struct doc *d);

static inline struct bytes tree_name(const struct tree *t, const struct image_node *n)
{
	return (struct bytes){ t->text + n->name, n->name_len };
}

/* A row, spelt out. */
static inline const struct rule *tree_row(const struct tree *t, uint32_t number)
{
	if (t->rows)
		return t->rows[number];
	const uint32_t spelt = rule_image.rules[number]; /* asked of every entry of a list: mostly it is there */
	return spelt ? (const struct rule *)(const void *)(rule_image.room + spelt) : rule_row(number);
}

/* What a row asks, without spelling it out. */
static inline uint64_t tree_asks(const struct tree *t, uint32_t number)
{
	return t->rows ? t->rows[number]->asks : rule_image.rows[number].asks;
}
