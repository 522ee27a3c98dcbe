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

/* A row that waits at a place, with what tells that it has nothing to say. */
struct image_wait {
	uint16_t row;
	uint8_t judges;   /* DOC_* bits that its predicate is given; 0: it has none */
	uint8_t presence;
};

enum {
	NODE_REQUIRED = 1, /* one of the rows asks for presence ... */
	NODE_REQUIRES = 2, /* ... and this is a place that such a one is below */
};

/*
 * A place: all that is asked of it before a row has something to say, so that a document is walked through without any
 * row being spelt out. Its children by name stand side by side, in the order of the rows that brought them, and after
 * it; 0 is none, for 0 is a root.
 */
struct image_node {
	uint32_t tag;  /* name_tag of the name, which settles most comparisons */
	uint32_t name; /* in the text */
	uint16_t name_len, parent; /* of the root, itself */
	uint16_t first, count; /* children */
	uint16_t element, key;
	uint16_t waits, wait_count;
	uint16_t typed; /* the row that gives the place its type; IMAGE_NONE: none does */
	uint8_t step, marks; /* NODE_* */
	uint8_t type, width, since, until; /* that row's */
};

struct image_param {
	uint32_t name, says; /* 0 closes a list */
	uint16_t type, of;
};

struct image {
	const char *text;
	const struct image_row *rows;
	const struct image_node *nodes;
	const uint64_t *asks;     /* by node: what rows there or below ask */
	const struct image_wait *waits;
	const uint32_t *words;    /* lists of offsets, each closed by 0 */
	const uint32_t *lists;    /* where each begins */
	const struct image_param *params;
	const struct predicate *const *predicates;
	uint32_t row_count;
	uint32_t roots[OF_MAX + 1]; /* of a subject's nodes, which stand side by side */
	struct {
		uint32_t first, end;
	} rows_of[OF_MAX]; /* between which all of a subject's rows lie */
	/* Where in the room stands what has been spelt out of rows, of lists of words and of parameters; 0: nowhere. */
	uint32_t *rules, *words_spelt, *params_spelt;
	char *room; /* zeroed, aligned, and enough for all there is, so that spelling out cannot fail */
};

/* The one that the build made of rule_tables. */
extern const struct image rule_image;

/* What a name has in common with few others: length, first, middle and last byte. */
static inline uint32_t name_tag(struct bytes name)
{
	if (name.len == 0)
		return 0;
	const unsigned char *p = (const unsigned char *)name.data;
	return (uint32_t)(name.len & 0xff) | (uint32_t)p[0] << 8 | (uint32_t)p[name.len / 2] << 16 |
		(uint32_t)p[name.len - 1] << 24;
}

/* What a node takes from the row that gives it its type (NULL: none does). */
static inline void image_typed(struct image_node *n, const struct rule *r)
{
	n->type = r ? (uint8_t)r->type : 0;
	n->width = r ? r->width : 0;
	n->since = r ? r->since : 0;
	n->until = r ? r->until : 0;
}

/* The root of the places of a subject, open: the same one each time, and everybody's. */
struct place_node *image_places(enum subject of);

/* The row that is called so, not a derived id; NULL when there is none. */
const struct rule *rule_named(const char *id);
