/* SPDX-License-Identifier: Apache-2.0 */
/* musl's <stdio.h>, checked as <string.h> beside this is, and with renameat2(2), which musl does not offer. */
#pragma once
#pragma GCC system_header
#include_next <stdio.h>

#include <sys/syscall.h>
#include <unistd.h>

#define snprintf(to, n, ...) __builtin___snprintf_chk(to, n, 0, __builtin_dynamic_object_size(to, 1), __VA_ARGS__)
#define vsnprintf(to, n, format, list) \
	__builtin___vsnprintf_chk(to, n, 0, __builtin_dynamic_object_size(to, 1), format, list)

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)

static inline int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}
#endif
