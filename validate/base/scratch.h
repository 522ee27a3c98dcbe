/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdlib.h>

/*
 * Room for a list that is sorted and forgotten again: on the stack while it is short, as it is in every usual document,
 * because a C library may map and unmap a page for each such list. What a hostile document makes long is taken from
 * the heap.
 */
struct scratch {
	max_align_t near[128]; /* 2 or 4 KiB, by what the processor aligns most */
	void *far;
};

/* Room for that many things of that size, zeroed only where it is far; NULL when memory is gone. It is given back by
 * scratch_end, also when it was not there. */
static inline void *scratch(struct scratch *s, size_t count, size_t size)
{
	s->far = count > sizeof(s->near) / size ? calloc(count, size) : NULL;
	return count > sizeof(s->near) / size ? s->far : s->near;
}

static inline void scratch_end(struct scratch *s)
{
	free(s->far);
}
