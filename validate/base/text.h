/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded string under construction. It never overflows and says when it had to cut; what was cut ends on a whole
 * character, and nothing is added behind the cut.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "validate/base/arena.h"
#include "validate/base/bytes.h"

struct text {
	char *data;          /* always NUL-terminated */
	size_t len, size;    /* size counts the NUL */
	struct arena *arena; /* set: the text grows; NULL: it is cut */
	bool cut;
};

/* A text over the caller's buffer of `size` >= 1 bytes; what does not fit is cut. */
struct text text_over(char *buffer, size_t size);

/* A text that grows in the arena; it is cut (and says so) only when the arena is exhausted. */
struct text text_growing(struct arena *a);

/* The same that begins in the caller's buffer, and moves to the arena when that is full. */
struct text text_begun(struct arena *a, char *buffer, size_t size);

void text_add(struct text *t, const char *s);
void text_bytes(struct text *t, struct bytes b);
void text_char(struct text *t, char c);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* b as a JSON string with its quotes, pure ASCII; bytes that are not UTF-8 become \ufffd. */
void text_json(struct text *t, struct bytes b);

/*
 * b made fit for a terminal and a log: control bytes, DEL, C1, bidirectional marks, invisible characters, line
 * separators and what is not UTF-8 are written \xNN (as bytes); longer than cap bytes of output is cut on a
 * character's edge and ends in "...".
 */
void text_shown(struct text *t, struct bytes b, size_t cap);

/*
 * How many bytes b begins with that stand for themselves wherever text is written: printable ASCII, but no quote and no
 * backslash.
 */
size_t text_plain(struct bytes b);

/* Length of the well-formed UTF-8 sequence that b starts with (RFC 3629: no overlongs, no surrogates), 0 when none. */
size_t utf8_length(struct bytes b);
