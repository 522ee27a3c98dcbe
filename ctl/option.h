/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a verb's words are read, one way for all verbs: "--name VALUE" and "--name=VALUE", in any order and between other
 * words, until "--". A table says which options there are and where what they say goes.
 */
#pragma once

#include <stddef.h>

#include "ctl/ctl.h"

/* One option. It has a .flag, a .value or a .take. */
struct option {
	const char *name;           /* "--format"; NULL closes a table */
	bool *flag;                 /* takes no value; set when it is there */
	const char **value;         /* where its value goes, the last one's of several */
	const char *const *choices; /* what .value may be, NULL-terminated; NULL: anything but nothing */
	int (*take)(void *to, const char *value); /* called with each value, in their order; an exit code */
	void *to;
	const char *needs;          /* what a value may be, for complaints: "live, none or a file"; NULL: .choices */
};

/*
 * Reads argv[1] and what follows. What is no option is moved to argv[1] and on, in its order; a single "-" is such a
 * word. Returns how many of those there are, or -1 once it has complained.
 */
int options_read(const struct verb *v, const struct option *options, int argc, char **argv);

/* The same of a verb that takes no other words. CTL_GOOD or CTL_USAGE. */
int options_only(const struct verb *v, const struct option *options, int argc, char **argv);

/* "text" and "json": what --format of many verbs may be. */
extern const char *const option_text_json[];

/* Whether the value was given and is that word. */
bool option_is(const char *value, const char *word);

/* The index of the word in a NULL-terminated list that has it. */
size_t option_choice(const char *const *choices, const char *word);
