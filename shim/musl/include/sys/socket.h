/* SPDX-License-Identifier: Apache-2.0 */
/* musl's <sys/socket.h>, checked as <unistd.h> is. */
#pragma once
#pragma GCC system_header
#include_next <sys/socket.h>

ssize_t __recv_chk(int fd, void *to, size_t n, size_t room, int flags);
static inline __attribute__((always_inline)) ssize_t recv_checked(int fd, void *to, size_t n, int flags)
{
	const size_t room = __builtin_dynamic_object_size(to, 0);
	return room == (size_t)-1 ? recv(fd, to, n, flags) : __recv_chk(fd, to, n, room, flags);
}
#define recv(fd, to, n, flags) recv_checked(fd, to, n, flags)
