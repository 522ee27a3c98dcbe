/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are built in, turned on one by one: a byte for each says what its breach weighs, and none is copied. For
 * who judges by some of a subject's rows, or otherwise than they weigh of themselves.
 */
#pragma once

#include "validate/check.h"

/* struct turned while it is made. */
struct turning {
	struct arena *arena;
	enum subject of;
	uint32_t first, count; /* rows */
	uint8_t *severity, *live;
	uint64_t *asks;        /* NULL: no row asks more than it does itself */
};

/* No row of the subject is on. 0, or -ENOMEM. */
int turning_start(struct arena *a, enum subject of, struct turning *ret);

/* The row of that number is judged, and weighs that; it asks these questions as well. 0, or -ENOMEM. */
int turning_on(struct turning *t, size_t row, enum severity s, uint64_t asks);

/* Done: what the engine takes. */
struct turned turning_end(const struct turning *t);
