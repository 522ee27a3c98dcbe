/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of growing blocks and a bump pointer. The limit counts what was taken from the machine, not what was handed
 * out, so it really is a ceiling on memory. Blocks come from mmap, so the kernel zeroes each page when it is touched
 * first, and pages that nobody needs cost nothing (calloc would clear a whole small block, and thereby touch it).
 * Nothing is ever handed out twice, so handing out costs an addition.
 *
 * Under AddressSanitizer every allocation is followed by a poisoned gap, so that an overrun inside the arena is seen
 * like one on the heap.
 */
#include "validate/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define ARENA_GAP ((size_t)16)
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ARENA_GAP ((size_t)0)
#endif

#define BLOCK_FIRST ((size_t)64 << 10)
#define BLOCK_MOST ((size_t)4 << 20)

struct arena_block {
	struct arena_block *next;
	size_t used, size; /* of data */
	alignas(max_align_t) char data[];
};

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
	a->used = 0;
}

/* A block with room for `need` bytes: twice the size of the last one, within bounds; NULL when the limit forbids it. */
static struct arena_block *block_new(struct arena *a, size_t need)
{
	const size_t head = sizeof(struct arena_block), left = a->limit - a->used;
	if (left <= head || need > left - head)
		return NULL;
	size_t size = a->blocks ? a->blocks->size * 2 : BLOCK_FIRST;
	if (size > BLOCK_MOST)
		size = BLOCK_MOST;
	if (size > left - head)
		size = left - head;
	if (size < need)
		size = need;

	struct arena_block *block = mmap(NULL, head + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == MAP_FAILED)
		return NULL;
	block->size = size;
	ASAN_POISON_MEMORY_REGION(block->data, block->size);
	a->used += head + size;

	/* One large item gets a block to itself, behind the current one, whose rest stays in use. */
	if (a->blocks && size == need && size > BLOCK_MOST / 2) {
		block->next = a->blocks->next;
		a->blocks->next = block;
	} else {
		block->next = a->blocks;
		a->blocks = block;
	}
	return block;
}

/* What a piece of that size takes of its block. */
static size_t taken_by(size_t size)
{
	const size_t align = alignof(max_align_t);
	return (size + ARENA_GAP + align - 1) / align * align;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2)
		return NULL;
	const size_t need = taken_by(size);
	struct arena_block *block = a->blocks;
	if (!block || need > block->size - block->used)
		block = block_new(a, need);
	if (!block)
		return NULL;
	char *p = block->data + block->used;
	block->used += need;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

bool arena_extend(struct arena *a, const void *p, size_t had, size_t size)
{
	struct arena_block *block = a->blocks;
	if (!block || size > SIZE_MAX / 2 || size < had)
		return false;
	const size_t before = taken_by(had), more = taken_by(size) - before;
	if (before > block->used || p != block->data + (block->used - before) || more > block->size - block->used)
		return false;
	ASAN_UNPOISON_MEMORY_REGION(block->data + (block->used - before), size);
	block->used += more;
	return true;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

char *arena_copy(struct arena *a, struct bytes b)
{
	char *copy = arena_alloc(a, b.len + 1);
	if (copy && b.len)
		memcpy(copy, b.data, b.len);
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
