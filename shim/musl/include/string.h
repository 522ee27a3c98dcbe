/* SPDX-License-Identifier: Apache-2.0 */
/*
 * musl's <string.h>, with what _FORTIFY_SOURCE=3 gives with glibc: a write into a thing whose size the compiler knows,
 * or can compute, is held to it. Where it is known to fit nothing is left of this; where it is not,
 * shim/musl/checked.c is asked.
 */
#pragma once
#pragma GCC system_header
#include_next <string.h>

#define CHECKED extern inline __attribute__((always_inline, gnu_inline))

CHECKED void *memcpy(void *__restrict to, const void *__restrict from, size_t n)
{
	return __builtin___memcpy_chk(to, from, n, __builtin_dynamic_object_size(to, 0));
}

CHECKED void *memmove(void *to, const void *from, size_t n)
{
	return __builtin___memmove_chk(to, from, n, __builtin_dynamic_object_size(to, 0));
}

CHECKED void *memset(void *to, int byte, size_t n)
{
	return __builtin___memset_chk(to, byte, n, __builtin_dynamic_object_size(to, 0));
}

void __explicit_bzero_chk(void *to, size_t n, size_t room);
static inline __attribute__((always_inline)) void explicit_bzero_checked(void *to, size_t n)
{
	const size_t room = __builtin_dynamic_object_size(to, 0);
	if (room == (size_t)-1)
		explicit_bzero(to, n);
	else
		__explicit_bzero_chk(to, n, room);
}

#undef CHECKED
#define explicit_bzero(to, n) explicit_bzero_checked(to, n)
