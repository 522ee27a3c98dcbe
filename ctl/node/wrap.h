/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences on a terminal of 80 columns. */
#pragma once

#include "validate/base/text.h"

#define WRAP_WIDTH 80u

/* The words on lines of at most WRAP_WIDTH columns, each behind `margin` blanks; a longer word has its own line. */
void wrap_words(struct text *to, size_t margin, const char *words);
