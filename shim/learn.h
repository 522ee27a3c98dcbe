/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of a container that was allowed, written where there is none yet: the rule det.lock, told to learn. */
#pragma once

#include "validate/base/arena.h"
#include "validate/base/fail.h"

struct learning;
struct report;

/*
 * Writes the file, whole or not at all, 0644, and never over one that is there. Its directory has to be root's alone.
 * 0, also when another container was first; or a negative errno with *reterr: -EPERM the directory is not root's,
 * -ENOENT it is missing, or what the file system says.
 */
int learn_write(struct arena *a, const struct learning *l, struct fail *reterr);

/*
 * Writes what an evaluation wants learned, if it wants that; the report says that it was, or as a warning why it could
 * not be. That stops nothing: no container depends on it.
 */
void learn_lock(struct arena *a, struct report *report);
