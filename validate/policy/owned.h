/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a directory is, all the way down from the root: a path proves something where nobody else could lay it out. */
#pragma once

#include <sys/types.h>

#include "validate/base/arena.h"

struct owned {
	const char *path; /* as resolved: absolute, no symlink, no "." or ".." */
	bool place;       /* only root can have put it there: all directories above are root's alone to write */
	bool own;         /* and what lies in it is root's as well */
};

/*
 * Looks at the directory `path` (absolute, without "..") below `root`, which stands for "/"; symlinks on the way count
 * as their owner's word. Returns a descriptor (O_PATH), the caller's to close, or a negative errno: -EINVAL for a path
 * that engines do not write.
 */
int owned_open(struct arena *a, int root, const char *path, struct owned *ret);
