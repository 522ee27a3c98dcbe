/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading what a kernel says about itself, and small lists of an administrator: private to validate/host. Whatever
 * stands at the path, reading it ends: what is no regular file, is longer than it may be or cannot be read is nothing.
 * Paths are relative, and are looked up within `root`: a symlink or a ".." in a tree does not lead out of it (from
 * Linux 5.6 on; before, only a test would notice, because of a live host the root is "/").
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "validate/base/arena.h"
#include "validate/base/bytes.h"

/* open(2) below root; the descriptor or a negative errno. O_NONBLOCK and O_NOCTTY are added. */
int read_open(int root, const char *path, int flags);

/* All of it, in the arena, with a NUL behind it; data is NULL when there is nothing to be had. */
struct bytes read_below(struct arena *a, int root, const char *path, size_t most);

/* The same of a descriptor, which is closed; `fd` may be a negative errno. */
struct bytes read_closing(struct arena *a, int fd, size_t most);

/* Takes the next line off the text; false at its end. */
bool read_line(struct bytes *text, struct bytes *ret);

/* Takes the next word off a line: blanks, tabs and newlines part them. False at its end. */
bool read_word(struct bytes *text, struct bytes *ret);

/* Whether b is a decimal number of uint64 and nothing else; *ret is set only then. */
bool read_number(struct bytes b, uint64_t *ret);

/* The number that the file holds, with blanks around it at most. */
bool read_number_below(int root, const char *path, uint64_t *ret);

/* Without blanks and newlines at both ends. */
struct bytes read_trimmed(struct bytes b);

/* What a symbolic link says, into `to`; empty when there is none, or it does not fit. */
struct bytes read_link(int root, const char *path, char *to, size_t size);
