/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows as a program carries them. Written out in C they are full of pointers, and every start of a program that
 * may lie anywhere in memory has to adjust each of them, page after page, also for a verb that asks no rule. So the
 * build compiles the rows into this form: one text, numbers into it, and the tree of all places, ready. It needs no
 * adjusting and stays shared; what a document makes the engine look at is spelt out as rule.h and vocabulary.h have
 * it, once, when it is looked at first. image_make.c writes it; the rows stay the one source.
 */
#pragma once

#include "validate/rule/vocabulary.h"

#define IMAGE_NONE UINT16_MAX

/* A row. Names and sentences are offsets into the text; 0 is NULL. */
struct image_row {
	uint32_t id, at, says, fix, spec;
	uint16_t must;   /* into .predicates; IMAGE_NONE */
	uint16_t params; /* into .params; IMAGE_NONE */
	int64_t min, max; /* the range; or in .min the text, or the number of the list of words */
	uint64_t asks;
	uint8_t type, width, of, presence, severity, basis, quote, since, relaxed, until, before, relaxed_to, in;
};

/* A place. Its children by name stand side by side, in the order of the rows that brought them. */
struct image_node {
	uint32_t name, parent; /* of the root, itself */
	uint16_t name_len, step;
	uint32_t first, count; /* children */
	uint32_t element, key; /* 0: none, for 0 is a root */
	uint32_t rows, row_count; /* into .waiting */
	uint32_t typed;        /* the place in .waiting; UINT32_MAX: none */
	bool required;
};

struct image_param {
	uint32_t name, says; /* 0 closes a list */
	uint16_t type, of;
};

struct image {
	const char *text;
	const struct image_row *rows;
	const struct image_node *nodes;
	const uint32_t *waiting;  /* rows, by their number */
	const uint32_t *words;    /* lists of offsets, each closed by 0 */
	const uint32_t *lists;    /* where each begins */
	const struct image_param *params;
	const struct predicate *const *predicates;
	uint32_t row_count;
	uint32_t roots[OF_MAX];
	/* Where in the room stands what has been spelt out of rows, of lists of words and of parameters; 0: nowhere. */
	uint32_t *rules, *words_spelt, *params_spelt;
	char *room; /* zeroed, aligned, and enough for all there is, so that spelling out cannot fail */
};

/* The one that the build made of rule_tables. */
extern const struct image rule_image;

/* The root of the places of a subject, open: the same one each time, and everybody's. */
struct place_node *image_places(enum subject of);

/* The row that is called so, not a derived id; NULL when there is none. */
const struct rule *rule_named(const char *id);
