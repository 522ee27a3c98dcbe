/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors. Ours are O_CLOEXEC and above 2, even when the caller closed 0 to 2. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "validate/base/bytes.h"

#define AT_CWD (-100) /* AT_FDCWD, without dragging <fcntl.h> into every header */

static inline void cleanup_close_fd(int *fd);
#define cleanup_close __attribute__((cleanup(cleanup_close_fd)))

/*
 * openat(2) with O_CLOEXEC added, moved above 2 when it landed there. Returns the descriptor or a negative errno.
 * mode counts for O_CREAT only.
 */
int fd_open(int dir, const char *path, int flags, mode_t mode);

/* Any new descriptor (socket, memfd) moved above 2; takes and returns negative errno unchanged. */
int fd_high(int fd);

/*
 * What name in dir is: 0 when there is something, be it a symlink, that leads nowhere; else a negative errno. Not by
 * faccessat(2) with flags: before Linux 5.8 that is its C library's doing, and musl does not do it.
 */
int fd_there(int dir, const char *name);

/*
 * Whether the effective user may do `how` (R_OK, W_OK, X_OK) with what fd, which may be O_PATH, is of: 0, or a negative
 * errno, of which -EACCES, -EPERM and -EROFS say no, and any other one that the kernel does not tell. Where it does not
 * know the call (before 5.8, or by a filter) the way leads through /proc.
 */
int fd_may(int fd, int how);

/* Whether it may be written to; where the kernel does not tell, it counts as if it could be. */
bool fd_writable(int fd);

/* Closes when fd >= 0; always returns -1, so that `fd = fd_close(fd)` reads well. Keeps errno. */
int fd_close(int fd);

/*
 * Writes all, retrying on EINTR. 0, or a negative errno (-ENOSPC when nothing more went); *ret_done (may be NULL)
 * tells how much went.
 */
int fd_write_all(int fd, struct bytes b, size_t *ret_done);

static inline void cleanup_close_fd(int *fd)
{
	(void)fd_close(*fd);
}

/* A point in CLOCK_MONOTONIC time by which a wait has to end. */
struct deadline {
	struct timespec at;
};

struct deadline deadline_in(long ms);

/* Milliseconds left, at least 0: what poll(2) takes. */
int deadline_left(struct deadline d);
