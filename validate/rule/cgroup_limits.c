/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A field of linux.resources is text in a file of a controller, and another file on cgroup v2 than on v1. Where a v2
 * file is NULL nothing of v2 does the same: crun refuses such a value, runc leaves it out without a word [tried:
 * crun 1.8.1, runc 1.1.5].
 */
#include "validate/rule/cgroup_limits.h"

#include "validate/rule/known.h"

#define R "linux.resources."

static const struct limit limits[] = {
	{ .place = R "memory.limit", .v1 = { "memory", "memory.limit_in_bytes" }, .v2 = { "memory", "memory.max" } },
	{ .place = R "memory.reservation", .v1 = { "memory", "memory.soft_limit_in_bytes" },
	  .v2 = { "memory", "memory.low" } },
	{ .place = R "memory.swap", .v1 = { "memory", "memory.memsw.limit_in_bytes" },
	  .v2 = { "memory", "memory.swap.max" } },
	{ .place = R "memory.kernel", .v1 = { "memory", "memory.kmem.limit_in_bytes" } },
	{ .place = R "memory.kernelTCP", .v1 = { "memory", "memory.kmem.tcp.limit_in_bytes" } },
	{ .place = R "memory.swappiness", .v1 = { "memory", "memory.swappiness" } },
	{ .place = R "memory.disableOOMKiller", .v1 = { "memory", "memory.oom_control" } },
	{ .place = R "memory.useHierarchy", .v1 = { "memory", "memory.use_hierarchy" } },
	{ .place = R "cpu.shares", .v1 = { "cpu", "cpu.shares" }, .v2 = { "cpu", "cpu.weight" } },
	{ .place = R "cpu.quota", .v1 = { "cpu", "cpu.cfs_quota_us" }, .v2 = { "cpu", "cpu.max" } },
	{ .place = R "cpu.period", .v1 = { "cpu", "cpu.cfs_period_us" }, .v2 = { "cpu", "cpu.max" } },
	{ .place = R "cpu.burst", .v1 = { "cpu", "cpu.cfs_burst_us" },
	  .v2 = { "cpu", "cpu.max.burst" }, .major = 5, .minor = 14 },
	{ .place = R "cpu.idle", .v1 = { "cpu", "cpu.idle" }, .v2 = { "cpu", "cpu.idle" }, .major = 5, .minor = 15 },
	{ .place = R "cpu.realtimeRuntime", .v1 = { "cpu", "cpu.rt_runtime_us" }, .flag = "scheduler.rtGroup" },
	{ .place = R "cpu.realtimePeriod", .v1 = { "cpu", "cpu.rt_period_us" }, .flag = "scheduler.rtGroup" },
	{ .place = R "cpu.cpus", .v1 = { "cpuset", "cpuset.cpus" }, .v2 = { "cpuset", "cpuset.cpus" } },
	{ .place = R "cpu.mems", .v1 = { "cpuset", "cpuset.mems" }, .v2 = { "cpuset", "cpuset.mems" } },
	{ .place = R "pids.limit", .v1 = { "pids", "pids.max" }, .v2 = { "pids", "pids.max" } },
	{ .place = R "blockIO.weight", .v1 = { "blkio", "blkio.bfq.weight" }, .v2 = { "io", "io.weight" } },
	{ .place = R "blockIO.leafWeight", .v1 = { "blkio", "blkio.leaf_weight" } },
	{ .place = R "blockIO.weightDevice", .v1 = { "blkio", "blkio.bfq.weight_device" },
	  .v2 = { "io", "io.bfq.weight" } },
	{ .place = R "blockIO.weightDevice[].leafWeight", .v1 = { "blkio", "blkio.leaf_weight_device" } },
	{ .place = R "blockIO.throttleReadBpsDevice", .v1 = { "blkio", "blkio.throttle.read_bps_device" },
	  .v2 = { "io", "io.max" } },
	{ .place = R "blockIO.throttleWriteBpsDevice", .v1 = { "blkio", "blkio.throttle.write_bps_device" },
	  .v2 = { "io", "io.max" } },
	{ .place = R "blockIO.throttleReadIOPSDevice", .v1 = { "blkio", "blkio.throttle.read_iops_device" },
	  .v2 = { "io", "io.max" } },
	{ .place = R "blockIO.throttleWriteIOPSDevice", .v1 = { "blkio", "blkio.throttle.write_iops_device" },
	  .v2 = { "io", "io.max" } },
	{ .place = R "hugepageLimits", .v1 = { "hugetlb", NULL }, .v2 = { "hugetlb", NULL } },
	{ .place = R "network.classID", .v1 = { "net_cls", "net_cls.classid" } },
	{ .place = R "network.priorities", .v1 = { "net_prio", "net_prio.ifpriomap" } },
	{ .place = R "rdma", .v1 = { "rdma", "rdma.max" }, .v2 = { "rdma", "rdma.max" } },
};
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

enum cgroup_mode limit_mode(const struct facts *f)
{
	const struct bytes mode = around_string(around_host(f, "cgroup"), "mode");
	if (bytes_is(mode, "v1"))
		return CGROUP_V1;
	if (bytes_is(mode, "hybrid"))
		return CGROUP_HYBRID;
	return bytes_is(mode, "v2") ? CGROUP_V2 : CGROUP_UNKNOWN;
}

const struct limit *limit_at(const char *place)
{
	for (size_t i = 0; i < LIMITS; i++)
		if (strcmp(place, limits[i].place) == 0)
			return &limits[i];
	return NULL;
}

const struct limit *limit_of(const struct facts *f, const struct doc *value)
{
	char place[128];
	struct text to = text_over(place, sizeof(place));
	known_place(f, value, &to);
	return limit_at(place);
}

const struct limit *limit_next(const struct facts *f, const struct doc *group, size_t *next)
{
	char place[128];
	struct text to = text_over(place, sizeof(place));
	known_place(f, group, &to);
	while (*next < LIMITS) {
		const struct limit *l = &limits[(*next)++];
		if (strncmp(l->place, place, to.len) == 0 && (!l->place[to.len] || l->place[to.len] == '.') &&
			!strchr(l->place, '['))
			return l;
	}
	return NULL;
}

const struct doc *limit_value(const struct limit *l, const struct doc *group)
{
	const char *name = strrchr(l->place, '.') + 1;
	const struct doc *value = bytes_is(group->key, name) ? group : doc_get(group, name);
	if (around_unset(value) || (value->type == DOC_INT && value->integer.negative))
		return NULL;
	return value;
}
