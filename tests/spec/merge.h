/* SPDX-License-Identifier: Apache-2.0 */
/* Fixtures as documents: files of a directory, and merge patches (RFC 7396), where null removes a member. */
#pragma once

#include "validate/doc/doc.h"

/* The bytes of DIR/NAME, or NAME alone when dir is ""; without data when there is no such file. */
struct bytes fixture_read(struct arena *a, const char *top, const char *dir, const char *name);

/* The tree of a text; NULL when it does not parse, and then *reterr says why. */
const struct doc *fixture_parse(struct arena *a, struct bytes text, bool comments, struct fail *reterr);

/* The text of `base` with `patch` merged into it; `patch` itself where it is no JSON. No base: one that is empty. */
struct bytes fixture_merge(struct arena *a, struct bytes base, struct bytes patch, bool comments);
