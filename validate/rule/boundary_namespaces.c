/* SPDX-License-Identifier: Apache-2.0 */
/* Held against what the container got: its namespaces, and what is set in them. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/tables.h"

#define NAMESPACES "config-linux.md#configLinuxNamespaces"
#define MAPPINGS "config-linux.md#configLinuxUserNamespaceMappings"

static const struct rule rows[] = {
	{ .id = "boundary.linux.namespaces.new", .at = "linux.namespaces[]", .of = OF_BOUNDARY, .must = &be_new,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_0_0, .spec = NAMESPACES },
	{ .id = "boundary.linux.namespaces.joined", .at = "linux.namespaces[]", .of = OF_BOUNDARY,
	  .must = &be_the_one_joined, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = NAMESPACES },
	/* It is closer than was asked for, and mostly so on purpose: by who called the runtime. */
	{ .id = "boundary.linux.namespaces.unlisted", .at = "linux.namespaces", .of = OF_BOUNDARY,
	  .must = &list_all_apart, .severity = SEV_INFO, .basis = BASIS_MUST, .since = SPEC_1_0_0,
	  .spec = NAMESPACES },
	{ .id = "boundary.linux.uid-mappings", .at = "linux.uidMappings", .of = OF_BOUNDARY,
	  .must = &be_the_mappings, .text = "uidMap", .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .since = SPEC_1_0_0, .spec = MAPPINGS },
	{ .id = "boundary.linux.gid-mappings", .at = "linux.gidMappings", .of = OF_BOUNDARY,
	  .must = &be_the_mappings, .text = "gidMap", .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .since = SPEC_1_0_0, .spec = MAPPINGS },
	{ .id = "boundary.hostname", .at = "hostname", .of = OF_BOUNDARY, .must = &be_its_name, .text = "hostname",
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configHostname" },
	{ .id = "boundary.domainname", .at = "domainname", .of = OF_BOUNDARY, .must = &be_its_name,
	  .text = "domainname", .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configDomainname" },
	{ .id = "boundary.linux.sysctl", .at = "linux.sysctl.*", .of = OF_BOUNDARY, .must = &be_set_inside,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_CLASS, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxSysctl" },
	{ .id = "boundary.linux.time-offsets", .at = "linux.timeOffsets.*", .of = OF_BOUNDARY, .must = &be_its_clock,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_1_0,
	  .spec = "config-linux.md#configLinuxTimeOffset" },
	{ .id = "boundary.linux.net-devices", .at = "linux.netDevices.*", .of = OF_BOUNDARY, .must = &be_moved_in,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_3_0,
	  .spec = "config-linux.md#configLinuxNetworkDevices" },
};

const struct rules boundary_namespaces_rules = RULES(rows);
