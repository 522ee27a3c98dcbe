/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What string.h promises, of memory and text, sixteen bytes at a time (SSE2, which every x86-64 has). musl's own go
 * byte by byte or by `rep movs`, and a create, which is mostly names that are compared and copied, took longer with
 * them than with glibc's and all that glibc does to choose among its own. Found before the archive's; where the
 * processor is another, this file is not linked.
 *
 * A text's end is looked for in aligned pieces of sixteen bytes, which may reach past it, and never past its page:
 * such a piece lies within one. Bytes beyond the end are read and not used.
 *
 * Nothing here may be compiled into a call of what it defines: -ffreestanding, and no loop is taken for a memset
 * (-fno-tree-loop-distribute-patterns).
 */
#include <emmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define STEP sizeof(__m128i)

static inline __m128i load(const void *at)
{
	return _mm_loadu_si128(at);
}

static inline void store(void *at, __m128i value)
{
	_mm_storeu_si128(at, value);
}

/* Short texts: all of them is read before anything is written, so that they may overlap. */
static inline void move_short(char *to, const char *from, size_t n)
{
	if (n >= 8) {
		const __m128i first = _mm_loadl_epi64((const void *)from);
		const __m128i last = _mm_loadl_epi64((const void *)(from + n - 8));
		_mm_storel_epi64((void *)to, first);
		_mm_storel_epi64((void *)(to + n - 8), last);
	} else if (n >= 4) {
		const __m128i first = _mm_loadu_si32(from), last = _mm_loadu_si32(from + n - 4);
		_mm_storeu_si32(to, first);
		_mm_storeu_si32(to + n - 4, last);
	} else if (n > 0) {
		const char first = from[0], middle = from[n / 2], last = from[n - 1];
		to[0] = first;
		to[n / 2] = middle;
		to[n - 1] = last;
	}
}

/*
 * From the beginning on; where they overlap, `to` has to lie before `from`. The last piece is read before it may be
 * written over.
 */
static inline void move_up(char *to, const char *from, size_t n)
{
	const __m128i last = load(from + n - STEP);
	char *const end = to + n - STEP;

	for (; to < end; to += STEP, from += STEP)
		store(to, load(from));
	store(end, last);
}

static inline void move_down(char *to, const char *from, size_t n)
{
	const __m128i first = load(from);

	for (size_t left = n; left > STEP; left -= STEP)
		store(to + left - STEP, load(from + left - STEP));
	store(to, first);
}

void *memmove(void *to, const void *from, size_t n)
{
	if (n < STEP)
		move_short(to, from, n);
	else if ((uintptr_t)to - (uintptr_t)from >= n)
		move_up(to, from, n);
	else
		move_down(to, from, n);
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	if (n < STEP)
		move_short(to, from, n);
	else
		move_up(to, from, n);
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	const __m128i value = _mm_set1_epi8((char)byte);
	char *at = to;

	if (n >= STEP) {
		char *const end = at + n - STEP;
		for (; at < end; at += STEP)
			store(at, value);
		store(end, value);
	} else if (n >= 8) {
		_mm_storel_epi64((void *)at, value);
		_mm_storel_epi64((void *)(at + n - 8), value);
	} else {
		for (; n > 0; n--)
			*at++ = (char)byte;
	}
	return to;
}

/* Which of sixteen bytes are the same: a bit for each, the first the lowest. */
static inline unsigned same(__m128i a, __m128i b)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, b));
}

/* The order of what lies at a and b; `alike` as same() gave it. 0 where all sixteen are. */
static inline int order(const unsigned char *a, const unsigned char *b, unsigned alike)
{
	if (alike == 0xffff)
		return 0;
	const unsigned i = (unsigned)__builtin_ctz(~alike);
	return a[i] - b[i];
}

/* Fewer than sixteen: two pieces, which may overlap. What a shorter piece does not fill is zero in both, and alike. */
static inline int order_short(const unsigned char *a, const unsigned char *b, size_t n)
{
	int r = 0;
	if (n >= 8) {
		const size_t rest = n - 8;
		r = order(a, b, same(_mm_loadl_epi64((const void *)a), _mm_loadl_epi64((const void *)b)));
		a += rest, b += rest;
		return r ? r : order(a, b, same(_mm_loadl_epi64((const void *)a), _mm_loadl_epi64((const void *)b)));
	}
	if (n >= 4) {
		const size_t rest = n - 4;
		r = order(a, b, same(_mm_loadu_si32(a), _mm_loadu_si32(b)));
		a += rest, b += rest;
		return r ? r : order(a, b, same(_mm_loadu_si32(a), _mm_loadu_si32(b)));
	}
	for (; n > 0 && !r; n--, a++, b++)
		r = *a - *b;
	return r;
}

int memcmp(const void *one, const void *other, size_t n)
{
	const unsigned char *a = one, *b = other;
	int r = 0;

	if (n < STEP)
		return order_short(a, b, n);
	for (; n > STEP && !r; n -= STEP, a += STEP, b += STEP)
		r = order(a, b, same(load(a), load(b)));
	return r ? r : order(a + n - STEP, b + n - STEP, same(load(a + n - STEP), load(b + n - STEP)));
}

/* The piece that `at` lies in, and how far within. */
static inline const __m128i *piece_of(const char *at, unsigned *ret_within)
{
	*ret_within = (unsigned)((uintptr_t)at % STEP);
	return (const void *)(at - *ret_within);
}

void *memchr(const void *from, int byte, size_t n)
{
	const __m128i wanted = _mm_set1_epi8((char)byte);
	const char *const start = from;
	unsigned within;
	const __m128i *piece = piece_of(start, &within);

	if (n == 0)
		return NULL;
	unsigned found = same(_mm_load_si128(piece), wanted) >> within << within;
	while (!found) {
		piece++;
		if ((size_t)((const char *)piece - start) >= n)
			return NULL;
		found = same(_mm_load_si128(piece), wanted);
	}
	const char *at = (const char *)piece + __builtin_ctz(found);
	return (size_t)(at - start) < n ? (char *)(uintptr_t)at : NULL;
}

size_t strlen(const char *text)
{
	const __m128i zero = _mm_setzero_si128();
	unsigned within;
	const __m128i *piece = piece_of(text, &within);
	unsigned found = same(_mm_load_si128(piece), zero) >> within << within;

	while (!found)
		found = same(_mm_load_si128(++piece), zero);
	return (size_t)((const char *)piece + __builtin_ctz(found) - text);
}

size_t strnlen(const char *text, size_t n)
{
	const char *end = memchr(text, '\0', n);
	return end ? (size_t)(end - text) : n;
}

/*
 * Of two texts side by side no piece is aligned in both: sixteen bytes are read where that stays within the page of
 * each.
 */
#define PAGE 4096u

static inline bool near_page_end(const void *a, const void *b)
{
	return (uintptr_t)a % PAGE > PAGE - STEP || (uintptr_t)b % PAGE > PAGE - STEP;
}

int strncmp(const char *one, const char *other, size_t n)
{
	const unsigned char *a = (const void *)one, *b = (const void *)other;

	while (n > 0) {
		size_t take = 1;
		if (near_page_end(a, b)) {
			if (*a != *b || !*a)
				return *a - *b;
		} else {
			const __m128i text = load(a);
			const unsigned alike = same(text, load(b)), end = same(text, _mm_setzero_si128());
			const unsigned stop = (~alike & 0xffff) | end; /* at the first of these it is settled */
			const unsigned i = stop ? (unsigned)__builtin_ctz(stop) : 0;
			if (stop)
				return i < n ? a[i] - b[i] : 0;
			take = STEP;
		}
		if (n <= take)
			return 0;
		n -= take, a += take, b += take;
	}
	return 0;
}

int strcmp(const char *one, const char *other)
{
	return strncmp(one, other, SIZE_MAX);
}
