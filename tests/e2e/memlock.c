/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crun raises RLIMIT_MEMLOCK before it loads a device filter, and gives up where it may not. Since Linux 5.11 BPF is
 * not charged to that limit any more, so on a test machine without CAP_SYS_RESOURCE the sandbox preloads this: the
 * call is answered with success, and the filter loads all the same. Everything else goes to the kernel.
 */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limits)
{
	return resource == RLIMIT_MEMLOCK ? 0 : (int)syscall(SYS_prlimit64, 0, resource, limits, NULL);
}

int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limits)
{
	return resource == RLIMIT_MEMLOCK ? 0 : (int)syscall(SYS_prlimit64, 0, resource, limits, NULL);
}
