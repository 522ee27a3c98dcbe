/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs read that judge documents of the caller's own. */
#pragma once

#include "validate/base/arena.h"
#include "validate/base/bytes.h"

/*
 * Reads what `given` names: a directory's config.json, a file, or standard input for "-". 0 with *ret_file and
 * *ret_text in the arena; a negative errno once it has complained. At most one byte more than LIMIT_DOC_BYTES is
 * read: parsing says the rest.
 */
int input_get(struct arena *a, const char *given, const char **ret_file, struct bytes *ret_text);

/*
 * The directory of a config.json, absolute: relative paths of a bundle count from it. NULL when it is no bundle's, or
 * memory is used up.
 */
const char *input_bundle(struct arena *a, const char *file);
