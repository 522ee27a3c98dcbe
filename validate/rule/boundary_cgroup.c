/* SPDX-License-Identifier: Apache-2.0 */
/* Held against what the container got: its cgroup, and the limits in it. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/tables.h"

#define R "linux.resources."
#define MEMORY "config-linux.md#configLinuxMemory"
#define CPU "config-linux.md#configLinuxCPU"
#define BLOCK_IO "config-linux.md#configLinuxBlockIO"

static const struct rule rows[] = {
	/* Without privileges some delegates do without one. */
	{ .id = "boundary.linux.cgroups-path", .at = "linux.cgroupsPath", .of = OF_BOUNDARY, .must = &be_its_cgroup,
	  .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxCgroupsPath" },
	{ .id = "boundary.linux.resources.memory", .at = R "memory.{limit,swap,kernelTCP}", .of = OF_BOUNDARY,
	  .must = &be_kept_to, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = MEMORY },
	{ .id = "boundary.linux.resources.memory-lower", .at = R "memory.{limit,swap,kernelTCP}", .of = OF_BOUNDARY,
	  .must = &be_granted, .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = MEMORY },
	{ .id = "boundary.linux.resources.memory-other",
	  .at = R "memory.{reservation,swappiness,disableOOMKiller,useHierarchy}", .of = OF_BOUNDARY,
	  .must = &be_the_share, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = MEMORY },
	{ .id = "boundary.linux.resources.pids", .at = R "pids.limit", .of = OF_BOUNDARY, .must = &be_kept_to,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxPIDS" },
	{ .id = "boundary.linux.resources.pids-lower", .at = R "pids.limit", .of = OF_BOUNDARY, .must = &be_granted,
	  .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxPIDS" },
	{ .id = "boundary.linux.resources.cpu", .at = R "cpu.{quota,realtimeRuntime}", .of = OF_BOUNDARY,
	  .must = &be_kept_to, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = CPU },
	{ .id = "boundary.linux.resources.cpu-lower", .at = R "cpu.{quota,realtimeRuntime}", .of = OF_BOUNDARY,
	  .must = &be_granted, .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = CPU },
	{ .id = "boundary.linux.resources.cpu-other", .at = R "cpu.{shares,period,burst,idle,realtimePeriod}",
	  .of = OF_BOUNDARY, .must = &be_the_share, .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = CPU },
	{ .id = "boundary.linux.resources.cpuset", .at = R "cpu.{cpus,mems}", .of = OF_BOUNDARY,
	  .must = &be_its_places, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = CPU },
	{ .id = "boundary.linux.resources.cpuset-fewer", .at = R "cpu.{cpus,mems}", .of = OF_BOUNDARY,
	  .must = &have_its_places, .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = CPU },
	{ .id = "boundary.linux.resources.block-io", .at = R "blockIO.{weight,leafWeight}", .of = OF_BOUNDARY,
	  .must = &be_the_share, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = BLOCK_IO },
	{ .id = "boundary.linux.resources.block-io-device",
	  .at = R "blockIO.{weightDevice,throttleReadBpsDevice,throttleWriteBpsDevice,throttleReadIOPSDevice,"
		  "throttleWriteIOPSDevice}[]",
	  .of = OF_BOUNDARY, .must = &be_throttled_so, .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = BLOCK_IO },
	{ .id = "boundary.linux.resources.hugepages", .at = R "hugepageLimits[]", .of = OF_BOUNDARY,
	  .must = &be_kept_to, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxHugePageLimits" },
	{ .id = "boundary.linux.resources.hugepages-lower", .at = R "hugepageLimits[]", .of = OF_BOUNDARY,
	  .must = &be_granted, .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxHugePageLimits" },
	{ .id = "boundary.linux.resources.network", .at = R "network.classID", .of = OF_BOUNDARY,
	  .must = &be_the_share, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxNetwork" },
	{ .id = "boundary.linux.resources.unified", .at = R "unified.*", .of = OF_BOUNDARY, .must = &be_in_the_file,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_CLASS, .since = SPEC_1_1_0,
	  .spec = "config-linux.md#configLinuxUnified" },
};

const struct rules boundary_cgroup_rules = RULES(rows);
