/* SPDX-License-Identifier: Apache-2.0 */
/* One word of a command line, by itself. */
#pragma once

#include <stdbool.h>

#include "validate/base/bytes.h"

/* What is wrong with it as a word; in this order when several hold. */
enum shape {
	SHAPE_FINE,
	SHAPE_EMPTY,
	SHAPE_EDGE,    /* begins or ends with white space: urfave/cli 3 trims words, others do not */
	SHAPE_CONTROL, /* holds a byte below 0x20 or DEL */
};

enum shape word_shape(const char *word);

/* "is empty", "begins or ends with white space", "holds a control byte". */
const char *shape_words(enum shape s);

/* The word without the white space around it, as Go's unicode.IsSpace has it (the widest notion any delegate uses). */
struct bytes word_stripped(const char *word);

/* Whether it is an id that every delegate takes: [A-Za-z0-9_+][A-Za-z0-9_+.-]*, at most LIMIT_ID bytes. */
bool word_is_id(const char *word);
