/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small objects, which is nearly all of them, are compared pair by pair. Large ones are sorted: a merge sort has no bad
 * input, where a hash table would need a secret to be safe from names chosen to collide.
 */
#include "validate/doc/unique.h"

#include <errno.h>

#define PAIRS_UP_TO 32u

/* By length, bytes, place; never equal, because no two have the same place. */
static bool before(const struct doc *a, const struct doc *b)
{
	if (a->key.len != b->key.len)
		return a->key.len < b->key.len;
	const int order = a->key.len ? memcmp(a->key.data, b->key.data, a->key.len) : 0;
	return order ? order < 0 : a->index < b->index;
}

/* Merges from[low..middle) and from[middle..high) into to[low..high). */
static void merge(const struct doc **from, const struct doc **to, size_t low, size_t middle, size_t high)
{
	size_t left = low, right = middle;
	for (size_t i = low; i < high; i++) {
		const bool take_left = left < middle && (right >= high || before(from[left], from[right]));
		to[i] = from[take_left ? left++ : right++];
	}
}

/* Sorts items, using spare; returns which of the two holds the result. */
static const struct doc **sort(const struct doc **items, const struct doc **spare, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t low = 0; low < n; low += 2 * width) {
			const size_t middle = low + width < n ? low + width : n;
			const size_t high = low + 2 * width < n ? low + 2 * width : n;
			merge(items, spare, low, middle, high);
		}
		const struct doc **swap = items;
		items = spare;
		spare = swap;
	}
	return items;
}

static int unique_large(struct arena *a, const struct doc *object, const struct doc **ret_first,
	const struct doc **ret_again)
{
	const size_t n = object->count;
	const struct doc **items = arena_array(a, n, sizeof(struct doc *)),
			 **spare = arena_array(a, n, sizeof(struct doc *));
	if (!items || !spare)
		return -ENOMEM;
	for (const struct doc *d = object->first; d; d = d->next)
		items[d->index] = d;
	items = sort(items, spare, n);
	const struct doc *first = NULL, *again = NULL;
	for (size_t i = 1; i < n; i++) {
		if (!bytes_equal(items[i - 1]->key, items[i]->key) || (again && again->index < items[i]->index))
			continue;
		first = items[i - 1];
		again = items[i];
	}
	if (!again)
		return 0;
	*ret_first = first;
	*ret_again = again;
	return 1;
}

int unique_names(struct arena *a, const struct doc *object, const struct doc **ret_first, const struct doc **ret_again)
{
	if (object->count > PAIRS_UP_TO)
		return unique_large(a, object, ret_first, ret_again);
	for (const struct doc *again = object->first; again; again = again->next) {
		for (const struct doc *first = object->first; first != again; first = first->next) {
			if (!bytes_equal(first->key, again->key))
				continue;
			*ret_first = first;
			*ret_again = again;
			return 1;
		}
	}
	return 0;
}
