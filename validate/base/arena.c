/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of growing blocks and a bump pointer. The limit counts what was taken from the machine, not what was handed
 * out, so it really is a ceiling on memory. Blocks come from mmap, so the kernel zeroes each page when it is touched
 * first, and pages that nobody needs cost nothing (calloc would clear a whole small block, and thereby touch it); the
 * first one is as large as a usual run wants. Touching a page costs as much as a thousand instructions, so pieces stand
 * as close as they can, and what is needed for a moment is given back: that alone is ever handed out twice, and zeroed
 * before.
 *
 * Under AddressSanitizer every allocation is followed by a poisoned gap, so that an overrun inside the arena is seen
 * like one on the heap, and so is the use of what was given back.
 */
#include "validate/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

#define BLOCK_FIRST ((size_t)256 << 10)
#define BLOCK_MOST ((size_t)4 << 20)
#define SHORT ((size_t)64)    /* copies that stand side by side; */
#define LETTERS ((size_t)256) /* room for them, taken at once */

struct arena_block {
	struct arena_block *next;
	size_t size; /* of data */
	alignas(max_align_t) char data[];
};

static_assert(alignof(max_align_t) <= ARENA_ALIGN && sizeof(struct arena_block) % ARENA_ALIGN == 0,
	"pieces are aligned for any type");

void arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){ .limit = limit };
}

void arena_done(struct arena *a)
{
	if (!a)
		return;
	while (a->blocks) {
		struct arena_block *block = a->blocks;
		a->blocks = block->next;
		ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
		(void)munmap(block, sizeof(*block) + block->size);
	}
	arena_init(a, a->limit);
}

/* What a piece of that size takes of its block. */
static size_t taken_by(size_t size)
{
	return (size + ARENA_GAP + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

/* The size, with its head, of the next block, which has to have room for `need` bytes; 0 when the limit forbids it. */
static size_t block_size(const struct arena *a, size_t need)
{
	const size_t head = sizeof(struct arena_block), left = a->limit - a->used;
	if (left <= head || need > left - head)
		return 0;
	size_t size = a->blocks ? (head + a->blocks->size) * 2 : BLOCK_FIRST;
	if (size > BLOCK_MOST)
		size = BLOCK_MOST;
	if (size > left)
		size = left;
	return (size < head + need ? head + need : size) / ARENA_ALIGN * ARENA_ALIGN;
}

/* A piece of `need` bytes out of a new block; NULL when there can be none. */
static char *block_new(struct arena *a, size_t need)
{
	const size_t head = sizeof(struct arena_block), size = block_size(a, need);
	if (size == 0)
		return NULL;
	struct arena_block *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == MAP_FAILED)
		return NULL;
	block->size = size - head;
	ASAN_POISON_MEMORY_REGION(block->data, block->size);
	a->used += size;

	/* One large item gets a block to itself, behind the current one, whose rest stays in use. */
	if (a->blocks && block->size == need && need > BLOCK_MOST / 2) {
		block->next = a->blocks->next;
		a->blocks->next = block;
		return block->data;
	}
	block->next = a->blocks;
	a->blocks = block;
	a->at = block->data + need;
	a->left = block->size - need;
	return block->data;
}

void *arena_more(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2)
		return NULL;
	const size_t need = taken_by(size);
	char *p = a->at;
	if (a->blocks && need <= a->left) {
		a->at += need;
		a->left -= need;
	} else {
		p = block_new(a, need);
	}
	if (p)
		ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

bool arena_extend(struct arena *a, const void *p, size_t had, size_t size)
{
	if (!a->blocks || size > SIZE_MAX / 2 || size < had)
		return false;
	const size_t before = taken_by(had), more = taken_by(size) - before;
	if (before > (size_t)(a->at - a->blocks->data) || p != a->at - before || more > a->left)
		return false;
	ASAN_UNPOISON_MEMORY_REGION(a->at - before, size);
	a->at += more;
	a->left -= more;
	return true;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->blocks, a->at, a->letters, a->letters_left };
}

void arena_release(struct arena *a, const struct arena_mark *mark)
{
	if (!a->blocks)
		return;
	/* What is in a block that came since, all came since. */
	char *from = a->blocks == mark->block ? mark->at : a->blocks->data;
	const size_t n = (size_t)(a->at - from);
	ASAN_UNPOISON_MEMORY_REGION(from, n);
	memset(from, 0, n);
	ASAN_POISON_MEMORY_REGION(from, n);
	a->at = from;
	a->left += n;
	a->letters = mark->letters;
	a->letters_left = mark->letters_left;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

/* Room for a short copy, behind the last one: they need no alignment, and there are hundreds. */
static char *letters(struct arena *a, size_t n)
{
	if (n > a->letters_left) {
		char *more = arena_alloc(a, LETTERS);
		if (!more)
			return NULL;
		a->letters = more;
		a->letters_left = LETTERS;
	}
	char *p = a->letters;
	a->letters += n;
	a->letters_left -= n;
	return p;
}

char *arena_copy(struct arena *a, struct bytes b)
{
	char *copy = ARENA_GAP > 0 || b.len >= SHORT ? arena_alloc(a, b.len + 1) : letters(a, b.len + 1);
	if (!copy)
		return NULL;
	if (b.len)
		memcpy(copy, b.data, b.len);
	copy[b.len] = '\0';
	return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list ap, again;
	va_start(ap, format);
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	char *s = len < 0 ? NULL : arena_alloc(a, (size_t)len + 1);
	if (s)
		(void)vsnprintf(s, (size_t)len + 1, format, again);
	va_end(again);
	return s;
}
