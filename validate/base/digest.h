/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256. */
#pragma once

#include <stdint.h>

#include "validate/base/bytes.h"

#define DIGEST_HEX 65 /* 64 hex digits and the NUL */

/* One that is made piece by piece. */
struct digest {
	uint32_t state[8];
	uint64_t len;     /* bytes so far */
	uint8_t part[64]; /* the last len % 64 of them */
};

struct digest digest_begin(void);
void digest_add(struct digest *d, struct bytes b);
void digest_end(struct digest *d, char ret[static DIGEST_HEX]);

/* Lower-case hex of SHA-256 over a, then b (either may be empty). */
void digest_hex(struct bytes a, struct bytes b, char ret[static DIGEST_HEX]);

/*
 * The same over all of a file, read from its beginning, at most `limit` bytes. 0, or a negative errno: -EFBIG when
 * there are more.
 */
int digest_file(int fd, uint64_t limit, char ret[static DIGEST_HEX]);
