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
 * The same, but opened once for all who ask: the descriptor is lent, and nobody closes it. `below` (may be NULL) names
 * a directory in it, opened from there. Before it is lent again it has to be there still, and ours.
 */
int dir_kept(const char *path, const char *below, bool make);
