/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was judged, judged again: by another policy, or to tell why. A document that is given, or the one of a record,
 * as long as that is still where it was and still says the same.
 */
#pragma once

#include "validate/policy/evaluate.h"

/* Whether what a record is about can be had. */
enum kept {
	KEPT_SAME,    /* it is there, and of the record's digest */
	KEPT_GONE,    /* it is not there any more, or cannot be read */
	KEPT_CHANGED, /* what is there now has another digest */
	KEPT_NEVER,   /* of exec and update nothing was kept that could be read again */
};

struct again {
	struct arena arena;
	const char *name;           /* of the document, in reports */
	const char *verb;
	const char *bundle;         /* absolute; NULL: not known */
	struct bytes text;
	const struct doc *root;     /* NULL: there is none */
	const struct doc *context;
	struct timespec now;        /* that exemptions are held against; zero: the clock's */
	const char *cache;          /* of facts about this machine; NULL: none */
	int top;                    /* O_PATH of "/"; -1: it is held against no host */
	bool unsound;               /* it is no JSON */
};

/* The digits of a digest that a record has with "sha256:" before them. */
struct bytes digest_digits(const struct doc *record, const char *path);

/* `live`: it will be held against this machine. */
void again_init(struct again *g, bool live);
void again_done(struct again *g);

/*
 * The document that a word names (a bundle, a file, "-"), and who would call for it: `context` is a file with that;
 * NULL leaves it to the place of the bundle. 0, or a negative errno once it has complained.
 */
int again_given(struct again *g, const char *word, const char *context);

/*
 * The document of a record. `file` (may be NULL) is where it is believed to be instead of the bundle. The context is
 * there in any case: what the record says of it where the document cannot be had. 0 or a negative errno, as above.
 */
int again_recorded(struct again *g, const struct doc *record, const char *file, enum kept *ret);

/*
 * The config.json of a container that is there, as its runtime was called for it: `record` has "container.id",
 * "root" and "user.euid" as a record has them. 0 or a negative errno, as above.
 */
int again_container(struct again *g, const char *bundle, const struct doc *record);

/* "the bundle is not there any more" ... of all but KEPT_SAME. */
const char *kept_words(enum kept k);

/* Judges by the one evaluator, in the arena `a`. 0, or a negative errno once it has complained. */
int again_judge(const struct again *g, struct arena *a, const struct policy *p, struct report *ret,
		const struct doc **ret_host);
