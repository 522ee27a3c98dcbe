/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a document in another order. */
#pragma once

#include "validate/doc/doc.h"

/*
 * Sorts items, using spare, which has room for as many; returns which of the two holds the result. `order` is below,
 * at or above zero, as strcmp's; what it calls equal stays in the order it was in. Takes O(n log n) whatever the items
 * are, and O(n) when they are in order.
 */
const struct doc **doc_sort(const struct doc **items, const struct doc **spare, size_t n,
			    int (*order)(const struct doc *a, const struct doc *b));
