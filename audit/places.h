/* SPDX-License-Identifier: Apache-2.0 */
/* Directories and files of our own: nothing is written to one that others could have prepared. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Opens the directory, made 0700 when `make` is set and it is missing (its parent has to be there). No symlink at the
 * end of the path, owned by the effective user, not writable by anyone else. A descriptor, or a negative errno: -EPERM
 * not ours.
 */
int dir_ours(int at, const char *path, bool make);

/*
 * openat(2) of a regular file with the same conditions; never waits (a fifo is -EPERM), follows no symlink. With
 * O_CREAT the file is 0600, whatever the umask. *ret may be NULL. A descriptor, or a negative errno: -EPERM not ours.
 */
int file_ours(int dir, const char *name, int flags, struct stat *ret);
