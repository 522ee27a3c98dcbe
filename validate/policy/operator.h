/* SPDX-License-Identifier: Apache-2.0 */
/* The predicates of custom rules. Each reads what it is held against from the rule's entry (struct rule, said). */
#pragma once

#include "validate/rule/rule.h"

struct op_word {
	const char *name;                 /* "not-in": as "op" says it */
	const struct predicate *predicate;
	unsigned types;                   /* of the place: DOC_* bits of which it has to have one */
	bool values, bounds;              /* needs value or values; needs min or max */
	bool present;                     /* the place has to be set */
	bool each;                        /* it is held against every entry of the array at the place */
};

/* NULL when there is none of that name. */
const struct op_word *operator_find(struct bytes name);

/*
 * Of a place that has to be set: where the row stands, or behind the path of names in its text; that has to be there at
 * all, whatever it holds; or that is a map ("sysctl.*", "*") and has to have an entry under a key.
 */
extern const struct predicate operator_set, operator_have, operator_there, operator_entry;
