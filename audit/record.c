/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record under construction. A value that goes in is already harmless when it lies there: no control byte, no broken
 * UTF-8, no longer than its row allows. So no sink can be made to print an escape sequence or to forge a field,
 * whatever a container is called.
 */
#include "audit/record.h"

#include <errno.h>
#include <sys/random.h>

#include "config.h"
#include "validate/base/text.h"

#define RECORD_FIRST 96 /* entries of an ordinary create's record, without growing */

/* Linux 5.6; the headers of the C library may be older than the kernel. */
static const unsigned random_insecure = 4;

/*
 * UUIDv7 (RFC 9562): milliseconds, then random bits. The bits only have to differ: early at boot the kernel's answer
 * before its pool is ready is good enough, and a container must not wait for entropy.
 */
static int make_id(struct timespec now, char ret[static 37])
{
	unsigned char b[16];
	ssize_t n = getrandom(b, sizeof(b), random_insecure);
	if (n < 0 && errno == EINVAL)
		n = getrandom(b, sizeof(b), GRND_NONBLOCK);
	if (n != (ssize_t)sizeof(b))
		return n < 0 ? -errno : -EIO;
	static const char hex[] = "0123456789abcdef";
	const uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	for (unsigned i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i) & 0xff);
	b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	for (unsigned i = 0; i < sizeof(b); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*ret++ = '-';
		*ret++ = hex[b[i] >> 4];
		*ret++ = hex[b[i] & 15];
	}
	*ret = '\0';
	return 0;
}

int record_init(struct record *r, struct arena *a, struct fail *reterr)
{
	char id[37], when[WHEN_SIZE];
	const struct timespec now = when_now();
	*r = (struct record){ .arena = a, .room = RECORD_FIRST };
	int e = make_id(now, id);
	if (e < 0)
		return fail(reterr, e, CAUSE_AUDIT, "", "no random bits for a record's id: %s", errno_words(e));
	when_write(now, true, when);
	r->entries = arena_array(a, r->room, sizeof(*r->entries));
	r->id = arena_copy(a, bytes_of(id));
	if (!r->entries || !r->id || record_add(r, FIELD_RECORD, bytes_of(id)) < 0 ||
		record_add(r, FIELD_TIME, bytes_of(when)) < 0 || record_number(r, FIELD_SCHEMA, 1) < 0 ||
		record_add(r, FIELD_IDENTIFIER, BYTES("runvet")) < 0 || record_number(r, FIELD_FACILITY, 10) < 0 ||
		record_add(r, FIELD_VERSION, BYTES(RUNVET_VERSION)) < 0)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	return 0;
}

static int make_room(struct record *r)
{
	if (r->count < r->room)
		return 0;
	struct entry *more = arena_array(r->arena, r->room * 2, sizeof(*more));
	if (!more)
		return -ENOMEM;
	memcpy(more, r->entries, r->count * sizeof(*more));
	r->entries = more;
	r->room *= 2;
	return 0;
}

static bool plain(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < 0x20 || b.data[i] >= 0x7f)
			return false;
	return true;
}

/* Escaping never makes a value shorter, so what lies beyond the cap in the input lies beyond it in the output. */
static int make_harmless(struct record *r, struct bytes value, size_t cap, struct bytes *ret)
{
	if (value.len <= cap && plain(value)) {
		const char *copy = arena_copy(r->arena, value);
		*ret = (struct bytes){ copy, value.len };
		return copy ? 0 : -ENOMEM;
	}
	const struct bytes head = { value.data, value.len <= cap ? value.len : cap + 1 };
	struct text shown = text_growing(r->arena);
	text_shown(&shown, head, SIZE_MAX);
	if (shown.cut)
		return -ENOMEM;
	if (shown.len > cap) {
		r->truncated = true;
		shown = text_growing(r->arena);
		text_shown(&shown, head, cap);
	}
	*ret = (struct bytes){ shown.data, shown.len };
	return shown.cut ? -ENOMEM : 0;
}

int record_add(struct record *r, enum field f, struct bytes value)
{
	if (!value.data)
		return 0;
	struct entry e = { .field = f };
	int r2 = make_room(r);
	if (r2 == 0)
		r2 = make_harmless(r, value, field_row(f)->cap, &e.value);
	if (r2 == 0)
		r->entries[r->count++] = e;
	return r2;
}

int record_number(struct record *r, enum field f, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	return record_add(r, f, (struct bytes){ digits + at, sizeof(digits) - at });
}

const struct entry *record_find(const struct record *r, enum field f)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->entries[i].field == f)
			return &r->entries[i];
	return NULL;
}
