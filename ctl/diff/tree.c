/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows as a tree of places, as a vocabulary has them, and the vocabulary itself beside it, which says what may be
 * shown.
 */
#include <errno.h>

#include "ctl/diff/diff_parts.h"

const struct diff_row *diff_own_row(const struct diff_at *at)
{
	return at->rows && at->rows->rows ? at->row : NULL;
}

static const struct place_node *word_below(const struct place_node *n, struct bytes key, bool element)
{
	if (!n)
		return NULL;
	place_open(n);
	const struct place_node *c = element ? n->element : place_child(n, key);
	if (!element && (!c || (!c->typed && n->key)))
		c = n->key;
	if (c)
		place_open(c);
	return c;
}

struct diff_at diff_step(const struct diff_walk *w, const struct diff_at *at, struct bytes key, bool element)
{
	struct diff_at ret = { .row = at->row, .words = word_below(at->words, key, element) };
	const struct place_node *n = at->rows;

	if (n)
		ret.rows = place_child(n, key);
	if (n && !ret.rows)
		ret.rows = element ? n->element : n->key;
	if (ret.rows && ret.rows->rows)
		ret.row = w->rows[ret.rows->rows->order];
	return ret;
}

enum quote diff_quote(const struct diff_walk *w, const struct diff_at *at)
{
	if (w->of == OF_LOCK || (diff_own_row(at) && diff_own_row(at)->shows))
		return QUOTE_VALUE;
	return at->words && at->words->typed ? at->words->typed->rule->quote : QUOTE_NEVER;
}

struct tree {
	const struct diff_row **rows;
	struct place_node *root;
};

/* The rows as those of a vocabulary, so that a place is found in them as in that. */
static int tree_grow(struct arena *a, enum subject of, struct tree *ret)
{
	static const struct {
		const struct diff_row *rows;
		const size_t *count;
	} tables[] = {
		{ diff_rows_config, &diff_rows_config_count },
		{ diff_rows_env, &diff_rows_env_count },
		{ diff_rows_host, &diff_rows_host_count },
		{ diff_rows_beside, &diff_rows_beside_count },
	};
	size_t all = 0, n = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		all += *tables[i].count;
	struct rule *rules = arena_array(a, all, sizeof(*rules));
	struct rules *table = arena_new(a, struct rules);
	ret->rows = arena_array(a, all, sizeof(struct diff_row *));
	if (!rules || !table || !ret->rows)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (size_t k = 0; k < *tables[i].count; k++, n++) {
			ret->rows[n] = &tables[i].rows[k];
			rules[n].at = ret->rows[n]->at;
			rules[n].of = ret->rows[n]->of;
		}
	*table = (struct rules){ rules, all };
	const struct rules *const list[] = { table, NULL };
	ret->root = vocabulary(a, list, of);
	return ret->root ? 0 : -ENOMEM;
}

int diff_begin(struct diff_walk *w, struct diff_at *ret)
{
	struct tree tree;

	w->place = text_growing(w->arena);
	if (tree_grow(w->arena, w->of, &tree) < 0)
		return -ENOMEM;
	w->rows = tree.rows;
	*ret = (struct diff_at){
		.rows = tree.root,
		.row = tree.root->rows ? tree.rows[tree.root->rows->order] : NULL,
		.words = w->of == OF_LOCK ? NULL : vocabulary(w->arena, NULL, w->of),
	};
	return 0;
}

const struct diff_row *diff_row_at(struct arena *a, enum subject of, const char *at)
{
	struct tree tree;
	const struct place_node *n = NULL;
	const struct diff_row *ret = NULL;

	if (tree_grow(a, of, &tree) < 0)
		return NULL;
	n = tree.root;
	while (n && *at) {
		const size_t len = *at == '[' ? 0 : strcspn(at, ".[");
		const struct bytes name = { at, len };
		const struct place_node *c = len ? place_child(n, name) : n->element;
		n = c ? c : len ? n->key : NULL;
		at += len ? len : 2;
		at += *at == '.';
		ret = n && n->rows ? tree.rows[n->rows->order] : ret;
	}
	return ret;
}
