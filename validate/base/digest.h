/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256. */
#pragma once

#include <stdint.h>

#include "validate/base/bytes.h"

#define DIGEST_HEX 65 /* 64 hex digits and the NUL */

/* Lower-case hex of SHA-256 over a, then b (either may be empty). */
void digest_hex(struct bytes a, struct bytes b, char ret[static DIGEST_HEX]);

/*
 * The same over all of a file, read from its beginning, at most `limit` bytes. 0, or a negative errno: -EFBIG when
 * there are more.
 */
int digest_file(int fd, uint64_t limit, char ret[static DIGEST_HEX]);
