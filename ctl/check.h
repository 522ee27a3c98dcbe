/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of runvetctl check: what it reads and what it prints. */
#pragma once

#include "validate/report.h"

/* One document that was named on the command line, and what became of it. */
struct checked {
	const char *given;   /* the word on the command line */
	const char *file;    /* the file that was read: given, or config.json in it; "-" */
	struct report report;
	struct arena arena;  /* holds all of it */
};

/*
 * Reads what `given` names: a directory's config.json, a file, or standard input for "-". 0 with *ret_file and
 * *ret_text in the arena; a negative errno once it has complained. At most one byte more than LIMIT_DOC_BYTES is
 * read: parsing says the rest.
 */
int input_get(struct arena *a, const char *given, const char **ret_file, struct bytes *ret_text);

/* Prints all results. The text is for people, with a line of sums; the JSON is one object on one line. An exit code. */
int output_text(const struct checked *list, size_t count);
int output_json(const struct checked *list, size_t count);
