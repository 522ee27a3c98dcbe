/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the container may consume, held against the control groups of the host. A field that is dropped without a word
 * is as bad as one that fails: the container runs without its limit.
 */
#include "validate/rule/predicates_cgroup.h"
#include "validate/rule/tables.h"

#define LATE_FILES "linux.resources.cpu.{burst,idle}"
#define NO_COUNTERPART "linux.resources.memory.{kernel,kernelTCP,useHierarchy,swappiness,disableOOMKiller}"
#define FILES (ASK(ASK_CGROUP) | ASK(ASK_CGROUP_FILES) | ASK(ASK_KERNEL))

/* Whose source says what they do, each of them tried. */
static const char *const crun[] = { "crun", NULL };
static const char *const runc[] = { "runc", NULL };

static const char *const cpu_lists[] = { "cgroup.cpus", "cpus.online", "cpus.possible", NULL };
static const char *const mem_lists[] = { "cgroup.mems", "nodes.memory", "nodes.memory", NULL };

static const struct rule rows[] = {
	{ .id = "host.linux.cgroup-mode", .at = "linux", .of = OF_HOST, .must = &not_mix_cgroups, .words = crun,
	  .asks = ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .fix = "use another delegate, or boot the host with cgroup v2 alone",
	  .spec = "config-linux.md#configLinuxControlGroups" },
	{ .id = "host.linux.cgroups-path.fit", .at = "linux.cgroupsPath", .of = OF_HOST, .must = &name_a_fit_cgroup,
	  .asks = ASK(ASK_CGROUPS_PATH), .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config-linux.md#configLinuxControlGroups" },
	{ .id = "host.linux.cgroups-path.writable", .at = "linux.cgroupsPath", .of = OF_HOST,
	  .must = &lie_where_it_may, .words = runc, .asks = ASK(ASK_CGROUPS_PATH) | ASK(ASK_CGROUP) | ASK(ASK_SELF),
	  .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxCgroupsPath" },
	{ .id = "host.linux.resources.controller-available",
	  .at = "linux.resources.{memory,cpu,pids,blockIO,hugepageLimits,network,rdma}", .of = OF_HOST,
	  .must = &have_their_controllers, .asks = ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = "runtime.md#runtimeCreate" },
	{ .id = "host.linux.resources.devices.bpf", .at = "linux.resources.devices", .of = OF_HOST,
	  .must = &have_device_control, .asks = ASK(ASK_CGROUP) | ASK(ASK_SELF) | ASK(ASK_KERNEL),
	  .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxDeviceAllowedlist" },
	{ .id = "host.linux.resources.memory.v2-unsupported", .at = NO_COUNTERPART, .of = OF_HOST,
	  .must = &have_a_file_on_v2, .words = crun, .asks = FILES, .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = "config-linux.md#configLinuxUnified" },
	/* A warning: engines write them for v1 and know no better when they meet v2 [tried: runc 1.1.5 goes on]. */
	{ .id = "host.linux.resources.memory.v2-dropped", .at = NO_COUNTERPART, .of = OF_HOST, .must = &count_on_v2,
	  .words = crun, .asks = FILES, .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config-linux.md#configLinuxUnified" },
	{ .id = "host.linux.resources.memory.swap-accounting", .at = "linux.resources.memory.swap", .of = OF_HOST,
	  .must = &have_a_file, .asks = FILES, .severity = SEV_WARNING, .basis = BASIS_KERNEL,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .fix = "boot the host with swapaccount=1",
	  .spec = "config-linux.md#configLinuxMemory" },
	{ .id = "host.linux.resources.cpu.cpus-exist", .at = "linux.resources.cpu.cpus", .of = OF_HOST,
	  .must = &be_in_the_parent, .words = cpu_lists, .asks = ASK(ASK_CGROUP) | ASK(ASK_CPUS),
	  .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxCPU" },
	{ .id = "host.linux.resources.cpu.mems-exist", .at = "linux.resources.cpu.mems", .of = OF_HOST,
	  .must = &be_in_the_parent, .words = mem_lists, .asks = ASK(ASK_CGROUP) | ASK(ASK_CPUS),
	  .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxCPU" },
	{ .id = "host.linux.resources.cpu.rt-available", .at = "linux.resources.cpu.{realtimeRuntime,realtimePeriod}",
	  .of = OF_HOST, .must = &have_a_file, .asks = FILES | ASK(ASK_SCHEDULER), .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxCPU" },
	{ .id = "host.linux.resources.cpu.burst-idle-kernel", .at = LATE_FILES, .of = OF_HOST, .must = &have_a_file,
	  .asks = FILES, .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config-linux.md#configLinuxCPU" },
	{ .id = "host.linux.resources.blockio.device-exists",
	  .at = "linux.resources.blockIO.{weightDevice,throttleReadBpsDevice,throttleWriteBpsDevice,"
		"throttleReadIOPSDevice,throttleWriteIOPSDevice}[]",
	  .of = OF_HOST, .must = &be_a_whole_disk, .asks = ASK(ASK_BLOCK_DEVICE), .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxBlockIO" },
	{ .id = "host.linux.resources.blockio.leaf-weight",
	  .at = "linux.resources.blockIO.{leafWeight,weightDevice[].leafWeight}", .of = OF_HOST, .must = &have_a_file,
	  .asks = FILES, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxBlockIO" },
	{ .id = "host.linux.resources.hugepage.size-supported", .at = "linux.resources.hugepageLimits[].pageSize",
	  .of = OF_HOST, .must = &be_a_huge_page, .asks = ASK(ASK_HUGE_PAGES), .severity = SEV_ERROR,
	  .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxHugePageLimits" },
	{ .id = "host.linux.resources.network.v1-only", .at = "linux.resources.network.{classID,priorities}",
	  .of = OF_HOST, .must = &have_a_file, .asks = FILES, .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxUnified" },
	{ .id = "host.linux.resources.network.interface-exists", .at = "linux.resources.network.priorities[].name",
	  .of = OF_HOST, .must = &name_an_interface, .asks = ASK(ASK_INTERFACES) | ASK(ASK_CGROUP),
	  .severity = SEV_ERROR, .basis = BASIS_TEXT, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxNetwork" },
	{ .id = "host.linux.resources.rdma.device-exists", .at = "linux.resources.rdma.*", .of = OF_HOST,
	  .must = &name_an_rdma_device, .asks = ASK(ASK_RDMA), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_2, .spec = "config-linux.md#configLinuxRDMA" },
	{ .id = "host.linux.resources.unified.v2-only", .at = "linux.resources.unified", .of = OF_HOST,
	  .must = &need_v2, .asks = ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = "config-linux.md#configLinuxUnified" },
	{ .id = "host.linux.resources.unified.controller", .at = "linux.resources.unified.*", .of = OF_HOST,
	  .must = &have_a_controller, .asks = ASK(ASK_CGROUP), .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_CLASS, .since = SPEC_1_1_0, .spec = "config-linux.md#configLinuxUnified" },
};

const struct rules host_resources_rules = RULES(rows);
