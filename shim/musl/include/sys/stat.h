/* SPDX-License-Identifier: Apache-2.0 */
/* musl's <sys/stat.h>, and statx(2), which it has since 1.2.5. */
#pragma once
#pragma GCC system_header
#include_next <sys/stat.h>

#ifndef STATX_BASIC_STATS
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int statx(int dir, const char *path, int flags, unsigned mask, struct statx *ret)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, ret);
}
#endif
