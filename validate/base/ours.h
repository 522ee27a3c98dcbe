/* SPDX-License-Identifier: Apache-2.0 */
/* Directories of our own: nothing is believed or written in one that others could have prepared. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

/* Whether the effective user owns it and nobody else may write to it. */
bool stat_ours(const struct stat *st);

/*
 * Opens the directory, made 0700 when `make` is set and it is missing (its parent has to be there). No symlink at the
 * end of the path, owned by the effective user, not writable by anyone else. A descriptor, or a negative errno: -EPERM
 * not ours.
 */
int dir_ours(int at, const char *path, bool make);

/*
 * The same, but opened once for all who ask: the descriptor is lent, and nobody closes it but this, when six others
 * have been asked for since. `below` (may be NULL) names a directory in it. Before it is lent again it has to be there
 * still, and ours, unless dir_kept_briefly was called.
 */
int dir_kept(const char *path, const char *below, bool make);

/*
 * For a process that lives for one call: from here on what dir_kept has opened is lent as it was found. What was ours a
 * moment ago only we or root could have changed, and either could a moment after a second look as well; what was
 * removed takes no new file, which is told to who tries.
 */
void dir_kept_briefly(void);
