/* SPDX-License-Identifier: Apache-2.0 */
/* Directories and files of our own: nothing is written to one that others could have prepared. */
#pragma once

#include "validate/base/ours.h"

/*
 * openat(2) of a regular file with the same conditions; never waits (a fifo is -EPERM), follows no symlink. With
 * O_CREAT the file is 0600, whatever the umask. *ret may be NULL. A descriptor, or a negative errno: -EPERM not ours.
 */
int file_ours(int dir, const char *name, int flags, struct stat *ret);

/* The second half of it: whether what was opened so may be used, as it is now. 0, or a negative errno. */
int file_check(int fd, int flags, struct stat *ret);

#define FILE_OURS (O_NOFOLLOW | O_NONBLOCK | O_NOCTTY) /* ... and how it was opened: with these, and 0600 */
