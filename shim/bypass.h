/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The break-glass file: a root user's word that everything runs for a while. It holds one RFC 3339 UTC time; it is in
 * force before that time, and never more than an hour after it was written.
 */
#pragma once

#include <stdbool.h>

#include "validate/base/arena.h"
#include "validate/base/when.h"

#define BYPASS_FILE "/run/runvet/bypass-until"
#define BYPASS_SECONDS 3600

/*
 * Whether the file at `path` is in force at `now`: root's regular file that only root can write, its content (white
 * space around it is fine) and its mtime + BYPASS_SECONDS both after now, its mtime not. Whatever is wrong with it
 * means no.
 */
bool bypass_in_force(struct arena *a, const char *path, struct timespec now);
