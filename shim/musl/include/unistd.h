/* SPDX-License-Identifier: Apache-2.0 */
/*
 * musl's <unistd.h>, checked as <string.h> beside this is. By other names: of an inline function that has a system
 * call's own name and calls it, clang makes nothing.
 */
#pragma once
#pragma GCC system_header
#include_next <unistd.h>

#define CHECKED static inline __attribute__((always_inline))
#define ROOM(to) __builtin_dynamic_object_size(to, 0)

ssize_t __read_chk(int fd, void *to, size_t n, size_t room);
CHECKED ssize_t read_checked(int fd, void *to, size_t n)
{
	return ROOM(to) == (size_t)-1 ? read(fd, to, n) : __read_chk(fd, to, n, ROOM(to));
}

ssize_t __pread_chk(int fd, void *to, size_t n, off_t at, size_t room);
CHECKED ssize_t pread_checked(int fd, void *to, size_t n, off_t at)
{
	return ROOM(to) == (size_t)-1 ? pread(fd, to, n, at) : __pread_chk(fd, to, n, at, ROOM(to));
}

ssize_t __readlink_chk(const char *path, char *to, size_t n, size_t room);
CHECKED ssize_t readlink_checked(const char *path, char *to, size_t n)
{
	return ROOM(to) == (size_t)-1 ? readlink(path, to, n) : __readlink_chk(path, to, n, ROOM(to));
}

ssize_t __readlinkat_chk(int dir, const char *path, char *to, size_t n, size_t room);
CHECKED ssize_t readlinkat_checked(int dir, const char *path, char *to, size_t n)
{
	return ROOM(to) == (size_t)-1 ? readlinkat(dir, path, to, n) : __readlinkat_chk(dir, path, to, n, ROOM(to));
}

char *__getcwd_chk(char *to, size_t n, size_t room);
CHECKED char *getcwd_checked(char *to, size_t n)
{
	return ROOM(to) == (size_t)-1 ? getcwd(to, n) : __getcwd_chk(to, n, ROOM(to));
}

#undef CHECKED
#undef ROOM
#define read(fd, to, n) read_checked(fd, to, n)
#define pread(fd, to, n, at) pread_checked(fd, to, n, at)
#define readlink(path, to, n) readlink_checked(path, to, n)
#define readlinkat(dir, path, to, n) readlinkat_checked(dir, path, to, n)
#define getcwd(to, n) getcwd_checked(to, n)
