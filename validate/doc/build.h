/* SPDX-License-Identifier: Apache-2.0 */
/* The tree under construction: what was understood so far, where the parser stands, and what went wrong there. */
#pragma once

#include "validate/base/limits.h"
#include "validate/doc/doc.h"
#include "validate/doc/lexical.h"

/* An open object or array. */
struct frame {
	struct doc *node;
	const struct doc **tail; /* where the next entry is linked in */
};

struct builder {
	struct arena *arena;
	struct bytes text;
	const struct doc_options *options;
	struct fail *reterr;
	struct frame frames[LIMIT_DOC_DEPTH];
	unsigned depth;
	const struct doc *root;
	bool named; /* a member's name was read, its value not yet */
	struct bytes name;
	uint32_t name_offset;
	uint32_t last; /* one past the last token understood */
	uint32_t nodes;
	int code;      /* 0, or the negative errno that ended it, with *reterr filled */
};

/*
 * Each takes one token that ends before `end` and is of the given bytes, and returns whether all is well; when not,
 * ->code says what it was. Strings are given unescaped: within the text or, when escaped, anywhere, to be copied.
 */
bool build_simple(struct builder *b, enum doc_type type, bool boolean, uint32_t end);
bool build_number(struct builder *b, struct bytes written, uint32_t end);
bool build_string(struct builder *b, struct bytes value, uint32_t end);
bool build_name(struct builder *b, struct bytes name, uint32_t end);
bool build_open(struct builder *b, enum doc_type type, uint32_t end);
bool build_close(struct builder *b, uint32_t end);

/* What the grammar allows next. */
enum expect build_expects(const struct builder *b);

/* Ends it with that problem (-EBADMSG), or because memory is used up (-ENOMEM). Always false. */
bool build_broken(struct builder *b, const struct problem *problem);
bool build_exhausted(struct builder *b);
