/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors that disturb nobody: closed on execve, and never 0 to 2, because what lands there when the caller had
 * them closed would become the stdin or stderr of the container.
 */
#include "validate/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/when.h"

_Static_assert(AT_CWD == AT_FDCWD, "fd.h repeats the value of AT_FDCWD");

int fd_open(int dir, const char *path, int flags, mode_t mode)
{
	int fd;
	do
		fd = openat(dir, path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd_high(fd);
}

int fd_high(int fd)
{
	if (fd < 0 || fd > 2)
		return fd;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	int r = high < 0 ? -errno : high;
	(void)close(fd);
	return r;
}

int fd_there(int dir, const char *name)
{
	struct stat st;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0 ? -errno : 0;
}

int fd_may(int fd, int how)
{
	char path[32];
	if (faccessat(fd, "", how, AT_EACCESS | AT_EMPTY_PATH) == 0)
		return 0;
	/* EINVAL is a C library's, for its kernel; EPERM may be a filter's. */
	if (errno != ENOSYS && errno != EINVAL && errno != EPERM)
		return -errno;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return faccessat(AT_CWD, path, how, AT_EACCESS) < 0 ? -errno : 0;
}

bool fd_writable(int fd)
{
	const int may = fd_may(fd, W_OK);
	return may != -EACCES && may != -EPERM && may != -EROFS;
}

int fd_close(int fd)
{
	if (fd >= 0) {
		int saved = errno;
		(void)close(fd); /* Linux has closed it whatever it answers; EINTR must not be retried */
		errno = saved;
	}
	return -1;
}

int fd_write_all(int fd, struct bytes b, size_t *ret_done)
{
	size_t done = 0;
	int r = 0;
	while (done < b.len && r == 0) {
		ssize_t n = write(fd, b.data + done, b.len - done);
		if (n > 0)
			done += (size_t)n;
		else if (n == 0)
			r = -ENOSPC;
		else if (errno != EINTR)
			r = -errno;
	}
	if (ret_done)
		*ret_done = done;
	return r;
}

struct deadline deadline_in(long ms)
{
	struct deadline d = { .at = clock_now(CLOCK_MONOTONIC) };
	if (ms < 0)
		ms = 0;
	d.at.tv_sec += ms / 1000;
	d.at.tv_nsec += ms % 1000 * 1000000;
	if (d.at.tv_nsec >= 1000000000) {
		d.at.tv_sec++;
		d.at.tv_nsec -= 1000000000;
	}
	return d;
}

int deadline_left(struct deadline d)
{
	const struct timespec now = clock_now(CLOCK_MONOTONIC);
	if (now.tv_sec > d.at.tv_sec + 1)
		return 0;
	if (d.at.tv_sec - now.tv_sec > INT32_MAX / 1000 - 1)
		return INT32_MAX;
	int64_t ns = (int64_t)(d.at.tv_sec - now.tv_sec) * 1000000000 + (d.at.tv_nsec - now.tv_nsec);
	return ns <= 0 ? 0 : (int)((ns + 999999) / 1000000); /* rounded up: poll must not return before it */
}
