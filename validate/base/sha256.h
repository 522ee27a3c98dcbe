/* SPDX-License-Identifier: Apache-2.0 */
/* The one step of SHA-256 that takes time, where the processor has instructions for it: private to digest.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes n blocks of 64 bytes into the state. False, with nothing done, where the processor cannot. */
bool sha256_by_processor(uint32_t state[static 8], const uint8_t *blocks, size_t n);
