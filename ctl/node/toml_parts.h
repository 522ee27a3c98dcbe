/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the reader of TOML share: toml.c reads lines and tables, toml_value.c what stands behind "=". */
#pragma once

#include "ctl/node/toml.h"

#define TOML_ENTRIES 32768u /* in one file, keys and elements together; real ones have some hundreds */
#define TOML_WIDE    2048u  /* names in one table */

/* How a table came to be, kept in the number that an object has no use for. */
enum toml_made {
	TOML_ABOVE = 1, /* by a header below it */
	TOML_HEADER,    /* by its own header */
	TOML_DOTTED,    /* by a dotted key */
	TOML_INLINE,    /* between braces; nothing can be added to it */
	TOML_LIST,      /* an array, by [[headers]] */
};

struct toml {
	struct arena *a;
	struct bytes text;
	size_t at;
	const char *file;
	unsigned entries, depth;
	int code;            /* 0, or what was first wrong */
	struct fail *reterr;
};

/* Remembers what is wrong, at the offset. Always -EBADMSG. */
int toml_wrong(struct toml *t, size_t at, const char *says);

/* The byte at the reader, 0 at the end (a NUL in the text is refused before). */
char toml_peek(const struct toml *t);

void toml_blanks(struct toml *t);           /* blanks and tabs */
int toml_lines(struct toml *t);             /* and newlines and comments */

/* Reads `key = value` into the table, where the key may be dotted. */
int toml_entry(struct toml *t, struct doc *table);

/* Reads a value into an object (under that name) or an array (name NULL). */
int toml_value(struct toml *t, struct doc *to, const char *name);

/* Reads a string of one line, or with `many` of several, from its opening quote. */
int toml_quoted(struct toml *t, bool many, struct bytes *ret);
