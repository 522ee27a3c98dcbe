/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of names and paths, as policies write them. "*" stands for any run of bytes without "/", "**" for any run
 * at all; a pattern that ends in "/" and "**" takes the directory itself as well. Nothing else is special: no classes,
 * no escapes. A path is compared as it is written: whoever matches one resolves it first.
 */
#pragma once

#include <stdbool.h>

#include "validate/base/bytes.h"

/* Longer names than that match nothing, so that a hostile one costs little. PATH_MAX. */
#define GLOB_NAME_MOST ((size_t)4096)

bool glob_match(struct bytes pattern, struct bytes name);
