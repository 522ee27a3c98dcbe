/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that knows which library computes SHA-256. */
#include "validate/base/digest.h"

#include <stdint.h>
#include <sys/types.h>

#include <sha256.h>

void digest_hex(struct bytes a, struct bytes b, char ret[static DIGEST_HEX])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;
	SHA256Init(&ctx);
	if (a.len)
		SHA256Update(&ctx, (const uint8_t *)a.data, a.len);
	if (b.len)
		SHA256Update(&ctx, (const uint8_t *)b.data, b.len);
	SHA256Final(sum, &ctx);
	for (size_t i = 0; i < sizeof(sum); i++) {
		ret[2 * i] = hex[sum[i] >> 4];
		ret[2 * i + 1] = hex[sum[i] & 15];
	}
	ret[DIGEST_HEX - 1] = '\0';
}
