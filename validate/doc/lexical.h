/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of a JSON text say before anybody parses them, and better words for what a parser trips over. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "validate/base/bytes.h"

struct problem {
	const char *rule; /* "json.utf8"; NULL while there is none */
	const char *says; /* a constant sentence: quotes nothing */
	uint32_t offset;  /* where it is */
	uint32_t token;   /* where the string, word or comment begins that it is in */
};

struct lexical {
	struct problem problem;
	size_t end;     /* of what a parser has to see: a line comment that the text ends in is left out */
	size_t longest; /* raw bytes of the longest string that has an escape: what a decoder needs room for */
};

/*
 * Reads the text once, byte by byte, and finds the first thing that some parser would take and another one not, and
 * that lies below the grammar: bad UTF-8, a byte-order mark, NUL in any spelling, lone surrogates, control bytes,
 * foreign white space, comments (allowed with `comments`), endless words. Text of at most UINT32_MAX bytes.
 * False when there is a problem.
 */
bool lexical_scan(struct bytes text, bool comments, struct lexical *ret);

/* What may come next, as a parser knows it that has just understood everything before some offset. */
enum expect {
	EXPECT_DOCUMENT,
	EXPECT_NOTHING,       /* the document is complete */
	EXPECT_FIRST_MEMBER,  /* after { */
	EXPECT_COLON,         /* after a member's name */
	EXPECT_NEXT_MEMBER,   /* after a member's value */
	EXPECT_FIRST_ELEMENT, /* after [ */
	EXPECT_NEXT_ELEMENT,  /* after an element */
};

/* Why the text from offset `at` on is not what was expected there; lexical_scan found nothing wrong with it. */
struct problem lexical_explain(struct bytes text, size_t at, enum expect expect, bool comments);
