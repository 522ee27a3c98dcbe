/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of this host, as the chain keeps them: the file under way, what was rotated, what was merged, below
 * /var/log/runvet and /run/runvet. A line that was changed after it was written is told from one that is whole.
 */
#pragma once

#include "validate/doc/doc.h"

struct trail_line {
	const char *file;
	unsigned long number;   /* of the line, from 1 */
	struct bytes text;
	const struct doc *root;
};

/*
 * Calls `visit` for every record of which the line has `part` in it ("" is in all), file by file, each in its order,
 * until it returns something else than 0; the line is gone afterwards. `a` is for names. 0, what visit returned, or
 * -EBADMSG, -EACCES ... once it has complained.
 */
int trail_each(struct arena *a, const char *part, int (*visit)(const struct trail_line *line, void *data), void *data);

/*
 * The record whose id begins so, kept in the arena. 0; -ENOENT when there is none, -ENOTUNIQ when there are several, or
 * what trail_each says; then it has complained.
 */
int trail_find(struct arena *a, const char *id, struct trail_line *ret);

/* Whether a word can be (the beginning of) a record's id: eight hexadecimal digits and more. */
bool trail_is_id(const char *word);
