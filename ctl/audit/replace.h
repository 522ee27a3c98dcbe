/* SPDX-License-Identifier: Apache-2.0 */
/* What report and metrics share: a file that is replaced as a whole, and the words of their own options. */
#pragma once

#include <sys/types.h>

#include "ctl/ctl.h"
#include "validate/base/bytes.h"

/*
 * Writes b to a new file beside `path` and renames it there, so that a reader sees the old text or the new one, never
 * half of one; a symlink at the end of the path is replaced, not followed. mode counts whatever the umask. 0, or a
 * negative errno.
 */
int replace_file(const char *path, struct bytes b, mode_t mode, bool sync);

/*
 * Takes argv[*at] if it is the option `name`, its value behind = or in the next word (*at is moved on). 1 taken, 0
 * another word, or -CTL_USAGE once it has complained.
 */
int option_value(const struct verb *v, int argc, char **argv, int *at, const char *name, const char **ret);

/* A decimal number from 1 to most, or 0. */
unsigned long option_number(const char *word, unsigned long most);

/* "0644" to *ret; only permission bits. false: it is none. */
bool option_mode(const char *word, mode_t *ret);
