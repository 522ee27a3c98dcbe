/* SPDX-License-Identifier: Apache-2.0 */
/* A run of bytes with its length: JSON strings may hold any byte, so nothing here trusts a NUL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct bytes {
	const char *data; /* not owned, not necessarily NUL-terminated */
	size_t len;
};

#define BYTES(literal) ((struct bytes){ (literal), sizeof(literal) - 1 })

/* NULL gives the empty run. */
static inline struct bytes bytes_of(const char *s)
{
	return (struct bytes){ s, s ? strlen(s) : 0 };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	/* Names are compared by the thousand, and mostly differ in their first letter: that needs no call. */
	return a.len == b.len && (a.len == 0 || (a.data[0] == b.data[0] && memcmp(a.data, b.data, a.len) == 0));
}

static inline bool bytes_is(struct bytes a, const char *s)
{
	if (a.len == 0 || !s)
		return a.len == 0 && (!s || !*s);
	return a.data[0] == *s && bytes_equal(a, bytes_of(s));
}

static inline bool bytes_start(struct bytes a, const char *prefix)
{
	if (*prefix && (a.len == 0 || a.data[0] != *prefix))
		return false;
	size_t n = strlen(prefix);
	return a.len >= n && (n == 0 || memcmp(a.data, prefix, n) == 0);
}
