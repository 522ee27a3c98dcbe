/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names in a directory, as many at a time as the caller has room for and without the heap: opendir(3) asks for
 * 32 KiB and three more system calls, for directories that hold five names.
 *
 *	uint64_t room[LISTING_FEW];
 *	struct listing l = { .fd = fd, .room = room, .size = sizeof(room) };
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LISTING_FEW 128u   /* for a directory of ours, which holds a dozen names: 1 KiB */
#define LISTING_MANY 1024u /* for one that may hold hundreds */

struct listing {
	int fd;         /* of the directory, open for reading and at its beginning; the caller's */
	uint64_t *room; /* of numbers, since the kernel begins each entry with two */
	size_t size;    /* of the room, in bytes; at least LISTING_FEW numbers, or a long name does not fit */
	size_t at, len;
	unsigned reads; /* that it took so far */
	int code;       /* a negative errno when no more could be read; 0 */
};

/*
 * The next name but for "." and "..", good until the next call; NULL at the end, or when l->code says why no more can
 * be read.
 */
const char *listing_next(struct listing *l);
