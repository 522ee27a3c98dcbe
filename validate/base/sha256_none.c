/* SPDX-License-Identifier: Apache-2.0 */
/* Of a processor whose instructions for SHA-256 nobody has written down here yet. */
#include "validate/base/sha256.h"

bool sha256_by_processor(uint32_t state[static 8], const uint8_t *blocks, size_t n)
{
	(void)state;
	(void)blocks;
	(void)n;
	return false;
}
