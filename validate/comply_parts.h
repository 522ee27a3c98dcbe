/* SPDX-License-Identifier: Apache-2.0 */
/* Between comply.c, which draws the map, and comply_try.c, which tries one property. */
#pragma once

#include "validate/comply.h"
#include "validate/rule/vocabulary.h"

/* A word that is not taken like the first one. */
struct comply_word {
	const char *word;
	enum comply status;
	const char *why;
	const struct comply_word *next;
};

/* A property that is being tried. */
struct trying {
	struct arena *arena;
	const struct comply_map *map;
	const struct place_node *node;  /* of the rows of OF_BUNDLE */
	const struct place_node *hosts; /* all rows of OF_HOST */
	const char *place;
	const struct comply_sample *sample;
	const char *word;               /* the only one that this line is about; NULL: all */
	const struct comply_word *not;  /* words that are not taken */
};

/* Whether the place `above` is `place`, or one that it lies in. */
bool comply_above(const char *above, const char *place);

/*
 * What comes of a container that asks for it with that word: COMPLY_FULL when nothing is known against it. What there
 * is against it is kept in t->not, or, for a line of one value, said of the line. 0, or a negative errno.
 */
int comply_try(struct trying *t, const char *word, struct comply_line *line, enum comply *ret);

/* Says of a line of several words which are not taken, and why. 0, or -ENOMEM. */
int comply_told(struct trying *t, struct comply_line *line);

/* Of a line that nothing speaks against: says what speaks for it, or makes it unknown. 0, or -ENOMEM. */
int comply_vouch(struct trying *t, struct comply_line *line);
