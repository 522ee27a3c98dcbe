/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small objects, which is nearly all of them, are compared pair by pair. Large ones are sorted.
 */
#include "validate/doc/unique.h"

#include <errno.h>

#include "validate/doc/sort.h"

#define PAIRS_UP_TO 32u

/* By length, bytes, place; never equal, because no two have the same place. */
static int order(const struct doc *a, const struct doc *b)
{
	if (a->key.len != b->key.len)
		return a->key.len < b->key.len ? -1 : 1;
	const int by_bytes = a->key.len ? memcmp(a->key.data, b->key.data, a->key.len) : 0;
	return by_bytes ? by_bytes : a->index < b->index ? -1 : 1;
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
	items = doc_sort(items, spare, n, order);
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
