/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an object names a member twice. */
#pragma once

#include "validate/base/arena.h"
#include "validate/doc/doc.h"

/*
 * Looks for two members of the same name (after unescaping, byte for byte). 0 when every name is there once; 1 when
 * not, with the earliest second one in *ret_again and one before it in *ret_first; -ENOMEM. Takes O(n log n) whatever
 * the names are.
 */
int unique_names(struct arena *a, const struct doc *object, const struct doc **ret_first,
		 const struct doc **ret_again);
