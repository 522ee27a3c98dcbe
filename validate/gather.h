/* SPDX-License-Identifier: Apache-2.0 */
/* Collects what the engine finds and makes the report of it: private to validate/. */
#pragma once

#include "validate/breach.h"

/* The breaches of one severity, as they came. */
struct kept {
	struct breach *first, *last;
	size_t count, all; /* kept; found */
};

struct gathered {
	struct arena *arena;
	struct kept kept[SEV_ERROR + 1];
	uint32_t sequence;
	bool failed; /* no memory */
};

/* Adds a copy of the breach, or only counts it once its severity has LIMIT_FINDINGS. Not for SEV_OFF. */
void gather(struct gathered *g, const struct breach *b);

/* All of it in table order, then place order, with line and column. 0 or -ENOMEM. */
int gather_report(const struct gathered *g, struct telling *t, struct report *ret);
