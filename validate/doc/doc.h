/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON document as a tree with places: one strict reading, on which every delegate's parser agrees
 * (engine contract §5.3). What they read differently is not read at all: the parse fails and names the rule.
 *
 *   json.utf8, json.no-bom, json.well-formed, json.single-value, json.embedded-nul, json.duplicate-name,
 *   json.depth-and-size
 *
 * Not decided here, because it needs the vocabulary: whether a key folds onto a known one, whether a null or a number
 * is in its place, whether the document is an object (validate/check.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "validate/base/arena.h"
#include "validate/base/bytes.h"
#include "validate/base/fail.h"
#include "validate/base/text.h"

/* Bits, so that a row can allow several. */
enum doc_type {
	DOC_NULL = 1 << 0,
	DOC_BOOL = 1 << 1,
	DOC_INT = 1 << 2,    /* no fraction, no exponent, not -0, within int64 or uint64 */
	DOC_NUMBER = 1 << 3, /* any other number; its spelling is kept in .string */
	DOC_STRING = 1 << 4,
	DOC_ARRAY = 1 << 5,
	DOC_OBJECT = 1 << 6,
};

struct doc {
	enum doc_type type;
	uint32_t key_offset;       /* byte offset of the key's opening quote; that of the value outside objects */
	uint32_t offset, end;      /* first byte of the value, one past its last */
	uint32_t count;            /* members or elements */
	uint32_t index;            /* place among its siblings, from 0 */
	struct bytes key;          /* name within the parent object, unescaped; empty otherwise */
	const struct doc *parent, *first, *next;
	union {
		bool boolean;
		struct {
			bool negative;
			uint64_t magnitude; /* of the absolute value */
		} integer;
		struct bytes string; /* unescaped, UTF-8, without U+0000; for DOC_NUMBER as written */
	};
};

struct doc_options {
	bool comments;           /* policy files, and they alone: C and C++ comments */
	const char *file;        /* the name that failures give; not owned */
	enum cause cause;
};

/*
 * Parses text (kept by reference: it has to outlive the tree) into a tree in the arena.
 * 0; -EBADMSG with *reterr naming rule, file, line:column and pointer; -ENOMEM when the arena is exhausted. *ret is
 * written on success only. Values nest at most LIMIT_DOC_DEPTH deep, a scalar counted like a container: as json-c does.
 * The root may be of any type: that it has to be an object is a row's to say.
 */
int doc_parse(struct arena *a, struct bytes text, const struct doc_options *options,
	      const struct doc **ret, struct fail *reterr);

/* The member of that name; NULL when d is NULL, no object, or has none, or has null there (null counts as absent). */
const struct doc *doc_member(const struct doc *d, struct bytes name);

static inline const struct doc *doc_get(const struct doc *d, const char *name)
{
	return doc_member(d, bytes_of(name));
}

/* As doc_get down a path of names "linux.resources.memory"; no arrays. */
const struct doc *doc_find(const struct doc *d, const char *path);

/* The string there, or `otherwise` when absent or of another type. */
struct bytes doc_string(const struct doc *d, const char *path, struct bytes otherwise);

/* true when the boolean there is true. */
bool doc_true(const struct doc *d, const char *path);

/*
 * Whether a string stands in the text that it was read from just as it is, between its quotes: an escape is longer than
 * what it stands for. What was made and not read never does. Of doc_parse's trees: what reads other texts into such
 * nodes has other escapes.
 */
static inline bool doc_verbatim(const struct doc *d)
{
	return d->type == DOC_STRING && d->end - d->offset == d->string.len + 2;
}

/* The same of a member's name: and it is followed by a colon and by the value, without a blank. */
static inline bool doc_name_verbatim(const struct doc *d)
{
	return d->offset - d->key_offset == d->key.len + 3;
}

/* For DOC_INT: whether it lies within [min, max] (max unsigned, so that the whole of uint64 can be said). */
bool doc_within(const struct doc *d, int64_t min, uint64_t max);

/* Line and column of an offset, both from 1, the column in bytes. */
struct place doc_place(struct bytes text, uint32_t offset);

/* JSON Pointer of d (RFC 6901, with ~0 and ~1); the root is "". `below` (may be "") stands before it. */
void doc_pointer(const struct doc *d, const char *below, struct text *to);

/* "a string", "a number", "an object", "null" ... with its article, for messages. */
const char *doc_type_words(unsigned types);
