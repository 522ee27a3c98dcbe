/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of a container that was allowed, written where there is none yet: the rule det.lock, told to learn. */
#pragma once

#include "validate/base/arena.h"
#include "validate/base/fail.h"

struct learning;
struct report;

/*
 * Writes what an evaluation wants learned, if it wants that; the report says that it was, or as a warning why it could
 * not be. That stops nothing: no container depends on it.
 */
void learn_lock(struct arena *a, struct report *report);
