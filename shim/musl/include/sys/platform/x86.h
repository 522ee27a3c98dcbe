/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What glibc's <sys/platform/x86.h> is used for: whether the processor has instructions for SHA-256. glibc knows that
 * from its own start; here CPUID is asked, when the first thing is digested and once: each CPUID costs some 5 µs where
 * a hypervisor traps it. SSSE3 and SSE4.1 are not asked for on their own: no processor has SHA without them.
 */
#pragma once
#pragma GCC system_header
#include <cpuid.h>
#include <stdbool.h>

#define x86_cpu_SHA 0
#define CPU_FEATURE_ACTIVE(name) x86_has_sha()

static inline bool x86_has_sha(void)
{
	static enum { UNASKED, WITHOUT, WITH } known;
	unsigned a, b, c, d;
	if (known == UNASKED)
		known = __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA ? WITH : WITHOUT;
	return known == WITH;
}
