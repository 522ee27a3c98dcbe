/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the comparison: the walk (walk.c), who is matched with whom (match.c), filters (calls.c). */
#pragma once

#include "ctl/diff/diff.h"

/* A row with its place in the tree of rows, and what the vocabulary says may be shown there. */
struct diff_at {
	const struct place_node *rows;  /* NULL: no row speaks for what is below */
	const struct diff_row *row;     /* that speaks for the place; NULL: none */
	const struct place_node *words; /* the vocabulary's; NULL: unknown to it */
};

struct diff_walk {
	struct arena *arena;
	enum subject of;
	const struct diff_row *const *rows; /* by their order in the tree */
	struct differences *to;
	struct text place;
};

/* One value in both documents; NULL: it is not there. */
struct diff_value {
	const struct doc *a, *b;
};

/* An entry of a list or an object, by what it is known. */
struct diff_entry {
	struct bytes key;
	const struct doc *doc;
	uint32_t order;   /* in its list */
	uint32_t taken;   /* of the first with its key: how many were matched */
};

/*
 * Entries of d (NULL: none) with their keys, in the list's order; *ret_count of them. Elements of a list without a row
 * have none: only their place counts. NULL when there is no memory.
 */
struct diff_entry *diff_entries_of(struct arena *a, const struct doc *d, const struct diff_row *row, size_t *ret_count);

/* Sorts them by key, those with the same one by their order. */
void diff_entries_sort(struct diff_entry *e, size_t count);

/* The next entry with that key that nobody has taken; it is taken now. NULL: there is none. */
const struct diff_entry *diff_entry_take(struct diff_entry *sorted, size_t count, struct bytes key);

/* All of d as one text, members sorted; data is NULL when there is no memory. */
struct bytes diff_text(struct arena *a, const struct doc *d);

/* The tree of rows for a subject, and where it begins. 0 or -ENOMEM. */
int diff_begin(struct diff_walk *w, struct diff_at *ret);

/* What stands below a place by that key; `element`: as an entry of a list. */
struct diff_at diff_step(const struct diff_walk *w, const struct diff_at *at, struct bytes key, bool element);

/* Walks one value: adds all that differs in it. */
void diff_value(struct diff_walk *w, const struct diff_at *at, struct diff_value v);

/* Counts what only one of the two knows, or neither. */
void diff_unknown(struct diff_walk *w, enum diff_lacks of);

/* Adds one that differs, at w->place. */
void diff_add(struct diff_walk *w, const struct diff_at *at, const struct difference *d);

/* Adds one as it is; what matters finds room whatever noise there is. */
void diff_keep(struct diff_walk *w, const struct difference *d);

/* Two sets: what is in one of them only. */
void diff_sets(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v);

/* Two lists of what a filter does, by system call. */
void diff_calls(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v);

/* The row that stands at this very place, and not above it; NULL: there is none. */
const struct diff_row *diff_own_row(const struct diff_at *at);

/* What a place of the walk may show. */
enum quote diff_quote(const struct diff_walk *w, const struct diff_at *at);
