/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256: blocks by the processor's instructions or by libmd, which only this file knows; what is around them here. */
#include "validate/base/digest.h"

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

#include <sha256.h>

#include "validate/base/sha256.h"

#define BLOCK sizeof(((struct digest *)0)->part)

/* The first 32 bits of the fractions of the square roots of the first 8 primes: FIPS 180-4, 5.3.3. */
static const struct digest begin = { .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
					     0x1f83d9ab, 0x5be0cd19 } };

static void take(struct digest *s, const uint8_t *blocks, size_t n)
{
	if (sha256_by_processor(s->state, blocks, n))
		return;
	for (; n > 0; n--, blocks += BLOCK)
		SHA256Transform(s->state, blocks);
}

static void add(struct digest *s, const void *data, size_t len)
{
	const uint8_t *p = data;
	const size_t had = s->len % BLOCK;

	s->len += len;
	if (had > 0) {
		const size_t n = len < BLOCK - had ? len : BLOCK - had;
		memcpy(s->part + had, p, n);
		p += n;
		len -= n;
		if (had + n < BLOCK)
			return;
		take(s, s->part, 1);
	}
	take(s, p, len / BLOCK);
	if (len % BLOCK > 0)
		memcpy(s->part, p + len / BLOCK * BLOCK, len % BLOCK);
}

/* A one bit, zeroes, and the length in bits: FIPS 180-4, 5.1.1. */
static void pad(struct digest *s)
{
	static const uint8_t one[BLOCK] = { 0x80 };
	const uint64_t bits = s->len * 8;
	const size_t had = s->len % BLOCK;
	uint8_t length[8];

	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	add(s, one, (had < BLOCK - sizeof(length) ? BLOCK : 2 * BLOCK) - sizeof(length) - had);
	add(s, length, sizeof(length));
}

static void finish(struct digest *s, char ret[static DIGEST_HEX])
{
	static const char hex[] = "0123456789abcdef";

	pad(s);
	for (size_t i = 0; i < DIGEST_HEX - 1; i++)
		ret[i] = hex[s->state[i / 8] >> (28 - i % 8 * 4) & 15];
	ret[DIGEST_HEX - 1] = '\0';
}

struct digest digest_begin(void)
{
	return begin;
}

void digest_add(struct digest *d, struct bytes b)
{
	if (b.len)
		add(d, b.data, b.len);
}

void digest_end(struct digest *d, char ret[static DIGEST_HEX])
{
	finish(d, ret);
}

void digest_hex(struct bytes a, struct bytes b, char ret[static DIGEST_HEX])
{
	struct digest s = begin;

	digest_add(&s, a);
	digest_add(&s, b);
	finish(&s, ret);
}

int digest_file(int fd, uint64_t limit, char ret[static DIGEST_HEX])
{
	uint8_t part[32768];
	struct digest s = begin;

	for (;;) {
		const ssize_t n = pread(fd, part, sizeof(part), (off_t)s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		if (s.len + (uint64_t)n > limit)
			return -EFBIG;
		add(&s, part, (size_t)n);
	}
	finish(&s, ret);
	return 0;
}
