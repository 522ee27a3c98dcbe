/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From breaches to a report. A hostile document can hold as many breaches as values, and more. Per severity only the
 * first LIMIT_FINDINGS are kept, so that a flood of remarks cannot wash the one error away; all are counted.
 */
#include "validate/gather.h"

#include <errno.h>
#include <stdlib.h>

#include "validate/base/limits.h"

void gather(struct gathered *g, const struct breach *b)
{
	struct kept *k = &g->kept[b->severity];
	k->all++;
	if (k->count == LIMIT_FINDINGS || g->failed)
		return;
	struct breach *copy = arena_new(g->arena, struct breach);
	if (!copy) {
		g->failed = true;
		return;
	}
	*copy = *b;
	copy->sequence = g->sequence++;
	if (k->last)
		k->last->next = copy;
	else
		k->first = copy;
	k->last = copy;
	k->count++;
}

static int by_offset(const void *a, const void *b)
{
	const struct breach *const *x = a, *const *y = b;
	return (*x)->offset < (*y)->offset ? -1 : (*x)->offset > (*y)->offset;
}

static int by_order(const void *a, const void *b)
{
	const struct breach *const *x = a, *const *y = b;
	if ((*x)->order != (*y)->order)
		return (*x)->order < (*y)->order ? -1 : 1;
	if ((*x)->offset != (*y)->offset)
		return (*x)->offset < (*y)->offset ? -1 : 1;
	return (*x)->sequence < (*y)->sequence ? -1 : (*x)->sequence > (*y)->sequence;
}

/* Line and column of many offsets in one sweep over the text, from one line's end to the next. */
static void place_all(struct breach **list, size_t count, struct bytes text)
{
	uint32_t line = 1;
	size_t start = 0, looked = 0; /* where that line begins; up to where no other one does */
	qsort(list, count, sizeof(struct breach *), by_offset);
	for (size_t k = 0; k < count; k++) {
		const size_t end = list[k]->offset < text.len ? list[k]->offset : text.len;
		const char *at;
		while (looked < end && (at = memchr(text.data + looked, '\n', end - looked))) {
			looked = start = (size_t)(at - text.data) + 1;
			line++;
		}
		looked = end;
		list[k]->place = (struct place){ line, (uint32_t)(end - start) + 1 };
	}
}

/* The kept breaches, errors first where there is not room for all, in table order and then place order. */
static struct breach **choose(const struct gathered *g, size_t *ret_count)
{
	size_t count = 0, all = 0;
	for (int s = SEV_INFO; s <= SEV_ERROR; s++)
		all += g->kept[s].count;
	if (all > LIMIT_FINDINGS)
		all = LIMIT_FINDINGS;
	struct breach **list = arena_array(g->arena, all + 1, sizeof(struct breach *));
	if (!list)
		return NULL;
	for (int s = SEV_ERROR; s >= SEV_INFO; s--)
		for (struct breach *b = g->kept[s].first; b && count < all; b = b->next)
			list[count++] = b;
	*ret_count = count;
	return list;
}

/* What the vocabulary has of the places that are told of: spelt out now, for an allowed container has none. */
static void spell_places(struct telling *t, struct breach **list, size_t count)
{
	if (count == 0)
		return;
	t->root = tree_place(t->tree, t->tree->root);
	t->start = t->at ? tree_place(t->tree, t->at) : NULL;
	for (size_t i = 0; i < count; i++)
		list[i]->node = list[i]->found ? tree_place(t->tree, list[i]->found) : NULL;
}

int gather_report(const struct gathered *g, struct telling *t, struct report *ret)
{
	size_t count = 0;
	struct breach **list = choose(g, &count);
	struct finding *findings = arena_array(g->arena, count + 1, sizeof(*findings));
	if (!list || !findings || g->failed)
		return -ENOMEM;
	spell_places(t, list, count);
	place_all(list, count, t->in->text);
	qsort(list, count, sizeof(struct breach *), by_order);
	for (size_t i = 0; i < count; i++) {
		const int r = breach_tell(t, list[i], &findings[i]);
		if (r < 0)
			return r;
	}
	*ret = (struct report){
		.file = t->in->file,
		.findings = findings,
		.count = count,
		.errors = g->kept[SEV_ERROR].all,
		.warnings = g->kept[SEV_WARNING].all,
		.infos = g->kept[SEV_INFO].all,
	};
	return 0;
}
