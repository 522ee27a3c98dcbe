/* SPDX-License-Identifier: Apache-2.0 */
/* What argv.c and argv_option.c share: the state of one reading. */
#pragma once

#include <stdint.h>

#include "shim/argv.h"
#include "validate/base/bytes.h"

struct reader {
	const struct dialect *d;
	const struct option_added *added;
	size_t added_count;
	struct request *q;
	struct fail *err;
	int at;                      /* the word to be read next */
	const struct verb_row *verb; /* NULL while the globals are read */
	uint64_t seen[2];            /* rows of the table at hand that stood on the line */
	int stdin_word;              /* place of "-" as the value of --resources, 0 when there is none */
	bool missing;                /* the last option lacks its value: every delegate says so and leaves */
	struct option_row extra;     /* an added option in the form of a row */
	struct fail objection;       /* to a global that does not hide the verb: counts for judged verbs only */
};

/* "word 3", or with what it says: "word 3 (\"--foo\")", escaped and capped. */
struct label {
	char text[112];
};
struct label label_number(int at);
struct label label_word(int at, struct bytes shown);

/* Fills the failure; returns -EINVAL. */
int reader_refuse(struct reader *r, const char *rule, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The verb of that name, white space around it aside; NULL when the dialect has none. */
const struct verb_row *reader_verb(const struct reader *r, const char *word);

/* Strictly reads the option at r->at and its value, if that is the next word. 0 or -EINVAL. */
int option_read(struct reader *r);

/* Passes over the option at r->at and what is likely its value, keeping what a slot wants to know. */
void option_skip(struct reader *r);
