/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names in a directory, a few at a time and without the heap: opendir(3) asks for 32 KiB and three more system
 * calls, for directories that hold five names.
 */
#pragma once

#include <stddef.h>

struct listing {
	int fd; /* of the directory, open for reading and at its beginning; the caller's */
	size_t at, len;
	unsigned reads; /* that it took so far */
	int code;       /* a negative errno when no more could be read; 0 */
	_Alignas(8) char buffer[1024];
};

/*
 * The next name but for "." and "..", good until the next call; NULL at the end, or when l->code says why no more can
 * be read.
 */
const char *listing_next(struct listing *l);
