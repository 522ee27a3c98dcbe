/* SPDX-License-Identifier: Apache-2.0 */
/* One bounded arena per run: nothing is freed one by one, and hostile input meets one hard ceiling. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "validate/base/bytes.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif

/* Bytes behind each piece that nobody may touch: only where AddressSanitizer sees to that. */
#ifdef ARENA_ASAN
#define ARENA_GAP ((size_t)16)
#else
#define ARENA_GAP ((size_t)0)
#endif

#define ARENA_ALIGN ((size_t)16) /* of every piece */

struct arena_block;

struct arena {
	struct arena_block *blocks;
	char *at;                 /* the next piece, */
	size_t left;              /* and what there is from there to the end of the newest block: so many ARENA_ALIGN */
	char *letters;            /* where short copies stand side by side, */
	size_t letters_left;      /* and what is left of that */
	size_t used, limit;       /* bytes */
};

/* Where an arena stood. */
struct arena_mark {
	struct arena_block *block;
	char *at, *letters;
	size_t letters_left;
};

/* Starts an empty arena that will give at most `limit` bytes; allocates nothing yet. */
void arena_init(struct arena *a, size_t limit);

/* Frees all that came from the arena; NULL and an empty arena are fine. */
void arena_done(struct arena *a);

/* arena_alloc where the newest block has no room for it. */
void *arena_more(struct arena *a, size_t size);

/* Zeroed memory, aligned for any type, owned by the arena; NULL once the limit or the machine is exhausted. */
static inline void *arena_alloc(struct arena *a, size_t size)
{
	if (ARENA_GAP > 0 || size >= a->left)
		return arena_more(a, size);
	const size_t need = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	char *p = a->at;
	a->at += need;
	a->left -= need;
	return p;
}

/* The same for n items of `size`; NULL too when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);

/*
 * Whether the piece at p, of `had` bytes, could be made `size` bytes long where it stands: when it is the last that was
 * handed out, and its block has room. What it grows by is zeroed.
 */
bool arena_extend(struct arena *a, const void *p, size_t had, size_t size);

/*
 * For what is needed for a moment only: arena_release gives back all that was handed out since arena_mark, which may
 * not be used from then on, and is zeroed for the next one. Memory that was touched once is cheaper than fresh. Marks
 * nest; pieces that have a block to themselves, and the rest of a block that was left for another one, stay taken.
 */
struct arena_mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, const struct arena_mark *mark);

/* A NUL-terminated copy of b; NULL as arena_alloc. */
char *arena_copy(struct arena *a, struct bytes b);

/* A formatted string; NULL as arena_alloc. */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
