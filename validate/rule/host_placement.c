/* SPDX-License-Identifier: Apache-2.0 */
/* Caches, memory bandwidth and NUMA nodes, held against what the host's processors divide. */
#include "validate/rule/predicates_cgroup.h"
#include "validate/rule/tables.h"

#define RDT "config-linux.md#configLinuxIntelRdt"

static const struct rule rows[] = {
	{ .id = "host.linux.intel-rdt.resctrl", .at = "linux.intelRdt", .of = OF_HOST, .must = &have_resctrl,
	  .asks = ASK(ASK_RESCTRL), .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = RDT },
	{ .id = "host.linux.intel-rdt.clos-exists", .at = "linux.intelRdt.closID", .of = OF_HOST,
	  .must = &name_a_class, .asks = ASK(ASK_RESCTRL), .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_2, .spec = RDT },
	{ .id = "host.linux.intel-rdt.clos-match", .at = "linux.intelRdt.{l3CacheSchema,memBwSchema,schemata[]}",
	  .of = OF_HOST, .must = &match_the_class, .asks = ASK(ASK_RESCTRL), .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_2, .spec = RDT },
	{ .id = "host.linux.intel-rdt.features",
	  .at = "linux.intelRdt.{l3CacheSchema,memBwSchema,schemata[],enableMonitoring,enableCMT,enableMBM}",
	  .of = OF_HOST, .must = &be_of_this_cpu, .asks = ASK(ASK_RESCTRL), .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = RDT },
	{ .id = "host.linux.intel-rdt.clos-free", .at = "linux.intelRdt", .of = OF_HOST, .must = &leave_a_class,
	  .asks = ASK(ASK_RESCTRL), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = RDT },
	{ .id = "host.linux.memory-policy.nodes-online", .at = "linux.memoryPolicy.nodes", .of = OF_HOST,
	  .must = &meet_nodes, .asks = ASK(ASK_CPUS) | ASK(ASK_SELF), .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_3_0,
	  .spec = "config-linux.md#configLinuxMemoryPolicy" },
	{ .id = "host.linux.memory-policy.kernel", .at = "linux.memoryPolicy.{mode,flags[]}", .of = OF_HOST,
	  .must = &be_of_this_kernel, .asks = ASK(ASK_CPUS) | ASK(ASK_KERNEL), .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_3_0,
	  .spec = "config-linux.md#configLinuxMemoryPolicy" },
};

const struct rules host_placement_rules = RULES(rows);
