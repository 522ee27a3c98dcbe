/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document in a few hundred bytes, from which nothing can be read and in which a change can be found: a short keyed
 * digest for each of its parts (the second level, and every element of the lists there: "/process/env",
 * "/linux/resources", "/mounts/3"). So the place of a change is known when the document that was approved is gone.
 *
 *	{ "key": "…", "parts": { "/process/args": "9f2c61a0b3d4", … } }
 */
#pragma once

#include "validate/doc/doc.h"

/* key: what makes equal parts of two sketches look different (a record's id). NULL once memory is used up. */
const struct doc *sketch_make(struct arena *a, const struct doc *config, const char *key);

/*
 * The JSON Pointers of parts that are not as they were: changed, gone or new; NULL-terminated, in the document's order.
 * NULL: the sketch cannot be read, or memory is used up.
 */
const char *const *sketch_differs(struct arena *a, const struct doc *sketch, const struct doc *config);
