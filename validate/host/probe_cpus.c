/* SPDX-License-Identifier: Apache-2.0 */
/* Processors, memory nodes and huge pages. */
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "validate/host/probe.h"
#include "validate/host/read.h"

static void add_sysfs(struct probe *p, struct doc *to, const char *key, const char *path)
{
	const struct bytes b = read_trimmed(probe_sysfs(p, path));
	if (b.len)
		make_string(p->arena, to, key, b);
}

void probe_cpus(struct probe *p)
{
	struct doc *cpus = make_member(p->arena, p->to, "cpus"), *nodes = make_member(p->arena, p->to, "nodes");
	add_sysfs(p, cpus, "online", "devices/system/cpu/online");
	add_sysfs(p, cpus, "possible", "devices/system/cpu/possible");
	add_sysfs(p, nodes, "online", "devices/system/node/online");
	add_sysfs(p, nodes, "memory", "devices/system/node/has_memory");
	if (p->host->live)
		make_bool(p->arena, nodes, "numa",
			!(syscall(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0) < 0 && errno == ENOSYS));
	else if (probe_exists(p, "sys/devices/system"))
		make_bool(p->arena, nodes, "numa", probe_exists(p, "sys/devices/system/node"));
}

/* "hugepages-2048kB" is "2MB" in the names of cgroup files: the largest unit that it is a whole number of or above. */
static void add_size(struct probe *p, struct doc *to, struct bytes name)
{
	static const char *const units[] = { "KB", "MB", "GB" };
	char size[32];
	uint64_t number;
	size_t unit = 0;
	if (!bytes_start(name, "hugepages-") || name.len < 13 || memcmp(name.data + name.len - 2, "kB", 2) != 0 ||
		!read_number((struct bytes){ name.data + 10, name.len - 12 }, &number))
		return;
	for (; number >= 1024 && unit < 2; unit++)
		number /= 1024;
	(void)snprintf(size, sizeof(size), "%llu%s", (unsigned long long)number, units[unit]);
	make_string(p->arena, to, NULL, bytes_of(size));
}

void probe_huge_pages(struct probe *p)
{
	if (!probe_exists(p, "sys/kernel/mm"))
		return;
	struct doc *list = make_array(p->arena, p->to, "hugePages");
	(void)probe_list(p, "sys/kernel/mm/hugepages", add_size, list);
}
