/* SPDX-License-Identifier: Apache-2.0 */
/* musl's <sys/resource.h>. It takes the number of a limit as an int, glibc as an enumeration of this name. */
#pragma once
#pragma GCC system_header
#include_next <sys/resource.h>

#define __rlimit_resource_t int
