/* SPDX-License-Identifier: Apache-2.0 */
/* Colours, on terminals that have them. They are those of compilers, which can be read on light and on dark. */
#pragma once

#include "validate/rule/rule.h"

enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* What is put before each kind of word, and `end` behind it; empty strings where there is no colour. */
struct paint {
	const char *place, *error, *warning, *info, *exempt, *help, *gutter, *end;
};

/* AUTO: when the descriptor is a terminal that is not "dumb", and NO_COLOR (no-color.org) is not set. */
struct paint paint_for(int fd, enum colour_when when);

const char *paint_severity(const struct paint *p, enum severity s);

/* How wide the terminal is; 0 when the descriptor is none, or nobody knows. */
unsigned paint_columns(int fd);

/* Adds the line, broken between words where it would be wider than that (0: nowhere), and indented from there on. */
void paint_wrap(struct bytes line, unsigned columns, unsigned indent, struct text *to);
