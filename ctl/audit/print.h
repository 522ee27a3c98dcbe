/* SPDX-License-Identifier: Apache-2.0 */
/* Records on their way out: formatted one by one, written, forgotten. And what is said at the end. */
#pragma once

#include <stdio.h>

#include "ctl/audit/format.h"
#include "ctl/audit/query.h"

struct printer {
	const struct audit_format *format;
	FILE *to;
	struct arena arena;      /* of one record's output */
	bool begun;
	uint64_t count;          /* records of which something was printed */
	uint64_t changed;        /* lines of chains that are not sound; printed, too */
	uint64_t foreign;        /* entries of the journal that root did not send; not printed */
};

/* Takes argv[*at] if it is --format. As query_option. */
int print_option(struct printer *p, const struct verb *v, int argc, char **argv, int *at);

/* Where it goes; the format is text where none was asked for. */
void print_begin(struct printer *p, FILE *to);

/* A visit of query_each, with the printer as its data. 0, or a negative errno (-EPIPE: nobody reads any more). */
int print_one(const struct seen *s, void *printer);

/* Writes what is left, and says on standard error what was not sound. `r` is what query_each returned. An exit code. */
int print_end(struct printer *p, int r);

/* "      --format NAME    ...", the lines of help. */
const char *print_help(void);
