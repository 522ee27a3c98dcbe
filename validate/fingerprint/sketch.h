/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document in a few hundred bytes, from which nothing can be read and in which a change can be found: a short keyed
 * digest for each of its parts, which are the values of the second level ("/process/env", "/linux/resources",
 * "/mounts/3", "/annotations/run.oci.x") and those of the first that hold none ("/hostname"). So the place of a change
 * is known when the document that was approved is gone.
 *
 *	{ "key": "…", "parts": { "/hostname": "9f2c61a0b3d4", "/process/args": "…", "/mounts": ["…", …] } }
 *
 * The elements of a list of the first level stand in a list, so that one that came in between is found as just that.
 * A value of the first level that has very many parts, or long names for them, is one part itself.
 */
#pragma once

#include "validate/doc/doc.h"

/*
 * key: what makes equal parts of two sketches look different (a record's id). NULL for a document without a canonical
 * form, or once memory is used up.
 */
const struct doc *sketch_make(struct arena *a, const struct doc *config, const char *key);

/*
 * The JSON Pointers of parts that are not as they were: changed and new in the document's order, then those that are
 * gone; NULL-terminated. NULL: the sketch cannot be read, or the document has no canonical form, or memory is used up.
 */
const char *const *sketch_differs(struct arena *a, const struct doc *sketch, const struct doc *config);
