/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is mended without being asked: findings of which one remedy is right, or harmless, whatever the author meant.
 * fix_rows.c says of which rules, fix.c tries each remedy on a copy of the text and judges that again: only what made
 * its finding go away, and brought no error, becomes part of the patch.
 */
#pragma once

#include "ctl/check/check.h"

enum change_kind { CHANGE_NONE, CHANGE_ADD, CHANGE_REMOVE, CHANGE_REPLACE, CHANGE_RENAME };

/* One operation of a JSON Patch. */
struct change {
	enum change_kind kind;
	const struct doc *at;  /* what is removed, replaced or renamed; the object or array that is added to */
	const char *name;      /* of what is added to an object, or the new name; NULL: at the end of an array */
	const char *value;     /* JSON that is added, or stands there then */
};

#define FIX_CHANGES 64

struct fix_row;

/* What a remedy may look at, and its changes: at most FIX_CHANGES, all of the same reading of the document. */
struct fixing {
	struct arena *arena;
	const struct finding *f;
	const struct doc *root;
	const struct fix_row *row;
	unsigned attempt; /* a remedy that knows several spellings is asked again, until it makes no change */
	struct change changes[FIX_CHANGES];
	size_t count;
};

struct fix_row {
	const char *id;    /* of the rule; one that ends in "." is for all that begin so */
	void (*make)(struct fixing *x);
	const char *word, *value; /* what `make` is told */
};

/* NULL when what breaks the rule cannot be mended without being asked. */
const struct fix_row *fix_find(const char *id);

/* What is at a JSON Pointer; NULL when nothing is. */
const struct doc *doc_at_pointer(const struct doc *root, const char *pointer);

/* The text with the change made, in the arena, with what is around it left as it was. False when there is no memory. */
bool change_splice(struct arena *a, struct bytes text, const struct change *c, struct bytes *ret);

/*
 * The operations (RFC 6902) of the change, each with what stands behind the one before it: what is replaced, removed or
 * renamed is tested first, unless `secret`.
 */
void change_write(const struct change *c, struct bytes text, bool secret, struct text *to);
