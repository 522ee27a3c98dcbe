/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is called where the compiler knows how much room there is (_FORTIFY_SOURCE): by what Debian's archives of yajl,
 * libcap, libseccomp and libmd were compiled to with glibc's headers, and by our own code through shim/musl/include.
 * glibc has these, musl has not. A write that would not fit ends the program, as glibc does it, before a byte of it
 * was written: a create is then refused by the engine that sees its runtime die, and nothing runs.
 *
 * Of what the shim calls in those archives (yajl's parser, names and numbers of capabilities and of system calls,
 * SHA-256) only cap_to_name asks for one, __asprintf_chk, for a capability that has no name; the other calls stand
 * beside in the same objects. Nor does anything that the two libraries lay out in different ways cross from their
 * headers to musl's functions: no struct stat, no FILE that is looked into; errno is found by the same
 * __errno_location, and musl has the tables behind isdigit and tolower as glibc has them, for programs that were
 * compiled against it. libcap has a beginning of its own, which asks the kernel for the last capability (prctl).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void *__memcpy_chk(void *to, const void *from, size_t n, size_t room);
void *__memmove_chk(void *to, const void *from, size_t n, size_t room);
void *__memset_chk(void *to, int byte, size_t n, size_t room);
void __explicit_bzero_chk(void *to, size_t n, size_t room);
int __snprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
int __vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, va_list list)
	__attribute__((format(printf, 5, 0)));
int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...) __attribute__((format(printf, 4, 5)));
int __asprintf_chk(char **ret, int flag, const char *format, ...) __attribute__((format(printf, 3, 4)));
int __fprintf_chk(FILE *to, int flag, const char *format, ...) __attribute__((format(printf, 3, 4)));
ssize_t __read_chk(int fd, void *to, size_t n, size_t room);
ssize_t __pread_chk(int fd, void *to, size_t n, off_t at, size_t room);
ssize_t __recv_chk(int fd, void *to, size_t n, size_t room, int flags);
ssize_t __readlink_chk(const char *path, char *to, size_t n, size_t room);
ssize_t __readlinkat_chk(int dir, const char *path, char *to, size_t n, size_t room);
char *__getcwd_chk(char *to, size_t n, size_t room);

static void fit(size_t n, size_t room)
{
	static const char says[] = "runvet: a write past the end of a buffer was stopped\n";
	if (n <= room)
		return;
	(void)!write(STDERR_FILENO, says, sizeof(says) - 1);
	__builtin_trap();
}

void *__memcpy_chk(void *to, const void *from, size_t n, size_t room)
{
	fit(n, room);
	return memcpy(to, from, n);
}

void *__memmove_chk(void *to, const void *from, size_t n, size_t room)
{
	fit(n, room);
	return memmove(to, from, n);
}

void *__memset_chk(void *to, int byte, size_t n, size_t room)
{
	fit(n, room);
	return memset(to, byte, n);
}

void __explicit_bzero_chk(void *to, size_t n, size_t room)
{
	fit(n, room);
	explicit_bzero(to, n);
}

int __vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, va_list list)
{
	(void)flag; /* whether %n is refused in a format that can be written to: there is none */
	fit(n, room);
	return vsnprintf(to, n, format, list);
}

int __snprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	const int r = __vsnprintf_chk(to, n, flag, room, format, list);
	va_end(list);
	return r;
}

int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
	va_list list;
	(void)flag;
	va_start(list, format);
	const int r = vsnprintf(to, room, format, list);
	va_end(list);
	if (r >= 0)
		fit((size_t)r + 1, room);
	return r;
}

int __asprintf_chk(char **ret, int flag, const char *format, ...)
{
	va_list list;
	(void)flag;
	va_start(list, format);
	const int r = vasprintf(ret, format, list);
	va_end(list);
	return r;
}

int __fprintf_chk(FILE *to, int flag, const char *format, ...)
{
	va_list list;
	(void)flag;
	va_start(list, format);
	const int r = vfprintf(to, format, list);
	va_end(list);
	return r;
}

ssize_t __read_chk(int fd, void *to, size_t n, size_t room)
{
	fit(n, room);
	return read(fd, to, n);
}

ssize_t __pread_chk(int fd, void *to, size_t n, off_t at, size_t room)
{
	fit(n, room);
	return pread(fd, to, n, at);
}

ssize_t __recv_chk(int fd, void *to, size_t n, size_t room, int flags)
{
	fit(n, room);
	return recv(fd, to, n, flags);
}

ssize_t __readlink_chk(const char *path, char *to, size_t n, size_t room)
{
	fit(n, room);
	return readlink(path, to, n);
}

ssize_t __readlinkat_chk(int dir, const char *path, char *to, size_t n, size_t room)
{
	fit(n, room);
	return readlinkat(dir, path, to, n);
}

char *__getcwd_chk(char *to, size_t n, size_t room)
{
	fit(n, room);
	return getcwd(to, n);
}
