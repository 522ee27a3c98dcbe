/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that knows which library computes SHA-256. */
#include "validate/base/digest.h"

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

#include <sha256.h>

static void finish(SHA2_CTX *ctx, char ret[static DIGEST_HEX])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_LENGTH];
	SHA256Final(sum, ctx);
	for (size_t i = 0; i < sizeof(sum); i++) {
		ret[2 * i] = hex[sum[i] >> 4];
		ret[2 * i + 1] = hex[sum[i] & 15];
	}
	ret[DIGEST_HEX - 1] = '\0';
}

void digest_hex(struct bytes a, struct bytes b, char ret[static DIGEST_HEX])
{
	SHA2_CTX ctx;
	SHA256Init(&ctx);
	if (a.len)
		SHA256Update(&ctx, (const uint8_t *)a.data, a.len);
	if (b.len)
		SHA256Update(&ctx, (const uint8_t *)b.data, b.len);
	finish(&ctx, ret);
}

int digest_file(int fd, uint64_t limit, char ret[static DIGEST_HEX])
{
	uint8_t part[32768];
	SHA2_CTX ctx;
	uint64_t done = 0;
	SHA256Init(&ctx);
	for (;;) {
		const ssize_t n = pread(fd, part, sizeof(part), (off_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (uint64_t)n;
		if (done > limit)
			return -EFBIG;
		SHA256Update(&ctx, part, (size_t)n);
	}
	finish(&ctx, ret);
	return 0;
}
