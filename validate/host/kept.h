/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept until the next boot, in small files of lines below host.cache: private to validate/host. The first line
 * names the format and the boot. A file is believed only when nobody but us could have written it, and is replaced by
 * rename, so that nobody meets half of one.
 */
#pragma once

#include <limits.h>

#include "validate/host/host.h"

#define KEPT_UNASKED INT_MIN

/* The directory, where it is ours: a descriptor that is lent (validate/base/ours.h), or a negative errno. */
int kept_directory(const struct host *h);

/* The same, asked once: *directory starts as KEPT_UNASKED. */
int kept_once(const struct host *h, int *directory);

/* A file in it that is ours (openat(2), never waiting): a descriptor, or a negative errno. */
int kept_open(int directory, const char *name, int flags);

/* The lines behind the first; empty when there are none of this format and this boot that can be believed. */
struct bytes kept_read(struct arena *a, const struct host *h, int directory, const char *name, const char *format);

/*
 * Puts these lines, each with its newline, in the place of what is kept; or does not: then they are found out again.
 * Of several at a time one does it.
 */
void kept_write(struct arena *a, const struct host *h, int directory, const char *name, const char *format,
		struct bytes lines);
