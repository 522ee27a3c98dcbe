/* SPDX-License-Identifier: Apache-2.0 */
/* Between the engine, which finds breaches, and the sentences that tell of them: private to validate/. */
#pragma once

#include "validate/check.h"
#include "validate/rule/tree.h"

enum breach_kind {
	BREACH_TYPE,
	BREACH_MISSING,   /* at: the object that lacks it; node: what it lacks */
	BREACH_FORBIDDEN,
	BREACH_MUST,
	BREACH_UNKNOWN,   /* node: of the object that holds the key */
	BREACH_VARIANT,   /* node: of the property it folds onto; NULL when it is a second unknown key */
	BREACH_NULL,
	BREACH_NEWER,     /* of a field: .since */
	BREACH_REMOVED,   /* of a field: .until */
};

struct breach {
	enum breach_kind kind;
	enum severity severity;
	const struct rule *rule;
	const struct doc *at;
	const struct doc *value; /* of BREACH_MUST: what the row judged, where that is above `at`; NULL otherwise */
	const struct image_node *found; /* the node, as the engine has it ... */
	const struct place_node *node;  /* ... and as the vocabulary has it, once it is told */
	uint32_t order, offset;  /* of the row among all rows; of the breach in the text */
	uint32_t sequence;       /* in which it was found: settles what order and offset leave open */
	struct place place;
	struct breach *next;
};

struct telling {
	struct arena *arena;
	const struct check_input *in;
	const struct facts *facts;
	const struct tree *tree;
	const struct image_node *at;           /* where the document stands in the tree; NULL: nowhere */
	const struct place_node *root, *start; /* the same of the vocabulary, once something is told */
};

/* Fills the finding of a breach: id, pointer, sentence, what was found. 0 or -ENOMEM. */
int breach_tell(const struct telling *t, const struct breach *b, struct finding *ret);
