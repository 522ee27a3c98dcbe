/* SPDX-License-Identifier: Apache-2.0 */
/* One bounded arena per run: nothing is freed one by one, and hostile input meets one hard ceiling. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "validate/base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
	size_t used, limit; /* bytes */
};

/* Starts an empty arena that will give at most `limit` bytes; allocates nothing yet. */
void arena_init(struct arena *a, size_t limit);

/* Frees all that came from the arena; NULL and an empty arena are fine. */
void arena_done(struct arena *a);

/* Zeroed memory, aligned for any type, owned by the arena; NULL once the limit or the machine is exhausted. */
void *arena_alloc(struct arena *a, size_t size);

/* The same for n items of `size`; NULL too when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);

/*
 * Whether the piece at p, of `had` bytes, could be made `size` bytes long where it stands: when it is the last that was
 * handed out, and its block has room. What it grows by is zeroed.
 */
bool arena_extend(struct arena *a, const void *p, size_t had, size_t size);

/* A NUL-terminated copy of b; NULL as arena_alloc. */
char *arena_copy(struct arena *a, struct bytes b);

/* A formatted string; NULL as arena_alloc. */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
