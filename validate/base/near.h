/* SPDX-License-Identifier: Apache-2.0 */
/* How near two words are: for "did you mean". */
#pragma once

#include "validate/base/bytes.h"

#define NEAR_WORD 64u /* longer words are near to none, in bytes */

/* Letters to add, leave out, change or swap with their neighbour until a is b; most + 1 when it takes more. */
unsigned near_edits(struct bytes a, struct bytes b, unsigned most);

/* How many edits still look like a slip of the pen in a word of that length. */
unsigned near_enough(size_t len);

/* The word of a NULL-terminated list that `word` was probably meant for; NULL when none is near enough. */
const char *near_word(struct bytes word, const char *const *words);
