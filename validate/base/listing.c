/* SPDX-License-Identifier: Apache-2.0 */
/* getdents64(2) by hand: not every C library declares it, and none that does promises the same struct. */
#include "validate/base/listing.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH_AT 16u /* behind d_ino and d_off, of eight bytes each ... */
#define NAME_AT 19u   /* ... comes d_reclen, of two, and d_type, of one */

static const char *one(struct listing *l)
{
	const char *room = (const char *)l->room;
	uint16_t length;

	if (l->at >= l->len) {
		const long n = syscall(SYS_getdents64, l->fd, l->room, l->size);
		l->reads++;
		l->code = n < 0 ? -errno : 0;
		l->at = 0;
		l->len = n > 0 ? (size_t)n : 0;
	}
	if (l->len - l->at <= NAME_AT)
		return NULL;
	const char *name = room + l->at + NAME_AT;
	memcpy(&length, room + l->at + LENGTH_AT, sizeof(length));
	l->at += length;
	return name;
}

const char *listing_next(struct listing *l)
{
	const char *name = one(l);

	while (name && name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0')))
		name = one(l);
	return name;
}
