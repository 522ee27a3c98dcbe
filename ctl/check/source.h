/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document as the text that it is: where a finding's value lies in it, in bytes for those who cut and in characters
 * for those who look, and the line it is on, with a mark under it.
 */
#pragma once

#include "validate/report.h"

struct paint;

/* Characters before every 64th KiB, so that no finding has to count from the beginning. */
#define SOURCE_STEP ((size_t)64 << 10)

struct source {
	struct bytes text;
	uint32_t *before; /* [i]: characters before byte i * SOURCE_STEP; NULL: it is ASCII, or nobody could count */
	bool ascii;
};

/* A part of one line. */
struct region {
	uint32_t line, column;    /* from 1, the column in bytes, as findings have it; line 0: there is none */
	uint32_t offset, length;  /* in bytes */
	uint32_t at, chars;       /* the same in characters (code points) */
	uint32_t char_column;     /* from 1, in characters */
};

/* Reads nothing: text has to outlive it. False when there is no memory. */
bool source_open(struct arena *a, struct bytes text, struct source *ret);

/*
 * Where the finding points to: its value when that ends on the line it begins on, else the first character of it; a
 * key where the finding is about the key. Of a document that does not parse, the character at fault.
 */
struct region source_region(const struct source *s, const struct finding *f);

/*
 * The line, cut to a window around the region where it is long, and below it the mark:
 *
 *	   14 |     "cwd": "tmp",
 *	      |            ^~~~~
 *
 * Tabs are four columns; what could disturb a terminal is written \xNN, and the mark stands below what is seen.
 */
void source_show(const struct source *s, const struct region *r, const struct paint *p, struct text *to);

/* Columns that a character takes on a terminal: 0 of a combining one, 2 of a wide one. */
unsigned char_columns(uint32_t c);
