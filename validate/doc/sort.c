/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A merge sort has no bad input, where a hash table would need a secret to be safe from names chosen to collide, and it
 * asks for no memory of its own.
 */
#include "validate/doc/sort.h"

/* Merges from[low..middle) and from[middle..high) into to[low..high). What is in order costs one comparison. */
static void merge(const struct doc **from, const struct doc **to, const size_t at[static 3],
	int (*order)(const struct doc *a, const struct doc *b))
{
	const size_t middle = at[1], high = at[2];
	size_t left = at[0], right = middle;

	if (right >= high || order(from[right - 1], from[right]) <= 0) {
		memcpy(to + left, from + left, (high - left) * sizeof(struct doc *));
		return;
	}
	for (size_t i = left; i < high; i++) {
		const bool take_left = left < middle && (right >= high || order(from[left], from[right]) <= 0);
		to[i] = from[take_left ? left++ : right++];
	}
}

const struct doc **doc_sort(const struct doc **items, const struct doc **spare, size_t n,
	int (*order)(const struct doc *a, const struct doc *b))
{
	size_t in_order = 1;

	/* The usual case: who wrote it sorted it. */
	while (in_order < n && order(items[in_order - 1], items[in_order]) <= 0)
		in_order++;
	if (in_order >= n)
		return items;
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t low = 0; low < n; low += 2 * width) {
			const size_t middle = low + width < n ? low + width : n;
			const size_t high = low + 2 * width < n ? low + 2 * width : n;
			merge(items, spare, (const size_t[]){ low, middle, high }, order);
		}
		const struct doc **swap = items;
		items = spare;
		spare = swap;
	}
	return items;
}
