/* SPDX-License-Identifier: Apache-2.0 */
/* Directories of configuration, copied and removed as a whole. Nothing follows a symbolic link. */
#pragma once

#include <stdbool.h>

#include "validate/base/fail.h"

/*
 * Copies what is in the directory `from` to the directory `to`: regular files as 0644, directories as 0755, all the
 * caller's own, each on disk when this returns. Whatever `to` has already stays as it is. `skip` (may be NULL) says
 * which names of the top are left out. 0, or a negative errno with *reterr naming the file: -ENOTSUP it is neither
 * file nor directory, -EFBIG too large or too many.
 */
int tree_copy(int from, int to, bool (*skip)(const char *name), struct fail *reterr);

/* Removes the directory `name` with all that is in it. 0 (also when there is none), or a negative errno. */
int tree_remove(int at, const char *name);
