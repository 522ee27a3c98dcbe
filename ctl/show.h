/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as text, for the verbs that show one. */
#pragma once

#include "validate/doc/doc.h"

/* A paragraph under way: words are set one after the other, and wrapped before the last column. */
struct show_line {
	struct text *to;
	size_t column, indent;
};

void show_word(struct show_line *l, const char *w);

/* A name, and its value (a scalar, or a list or an object of scalars) in the column of values. */
void show_member(const char *name, const struct doc *d, struct text *to);

/* All of d: a line for each member that show_member can show, called by its path below `name`. */
void show_tree(const char *name, const struct doc *d, struct text *to);
