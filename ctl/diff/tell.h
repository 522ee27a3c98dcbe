/* SPDX-License-Identifier: Apache-2.0 */
/* How differences are told. Nothing is shown but what its place allows, and nothing that disturbs a terminal. */
#pragma once

#include "ctl/check/paint.h"
#include "ctl/diff/side.h"

struct telling_diff {
	const struct side *a, *b;
	const struct differences *found;
	struct paint paint;
	unsigned columns;   /* of the terminal; 0: lines are as long as they are */
	bool all;           /* noise, too */
};

void tell_text(const struct telling_diff *t, struct text *to);
int tell_json(struct arena *a, const struct telling_diff *t, struct text *to);

/* Whether a value may be shown. */
bool tell_shows(const struct difference *d, const struct doc *v);

/* The value in a few words, fit to be shown; of what may not be, nothing is added. */
void tell_value(const struct difference *d, const struct doc *v, struct text *to);
