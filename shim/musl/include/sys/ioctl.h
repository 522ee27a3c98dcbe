/* SPDX-License-Identifier: Apache-2.0 */
/*
 * musl's <sys/ioctl.h>. POSIX has a request be an int, glibc and the kernel an unsigned long; of what the highest bit
 * of an unsigned is set in, as it is in all requests that read, the kernel takes the low 32 bits, and a compiler would
 * warn of each.
 */
#pragma once
#pragma GCC system_header
#include_next <sys/ioctl.h>

#define ioctl(fd, ...) ioctl(fd, (int)__VA_ARGS__) /* the first of them is the request */
