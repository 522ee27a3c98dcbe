/* SPDX-License-Identifier: Apache-2.0 */
/* Held against what the container got: its root, its mounts, what is hidden in them, its devices. */
#include "validate/rule/predicates_boundary.h"
#include "validate/rule/tables.h"

#define MOUNTS "config.md#configMounts"
#define OPTIONS "config.md#configLinuxMountOptions"
#define DEVICES "config-linux.md#configLinuxDevices"

static const struct rule rows[] = {
	{ .id = "boundary.root.readonly", .at = "root.readonly", .of = OF_BOUNDARY, .must = &be_read_only,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configRoot" },
	{ .id = "boundary.linux.rootfs-propagation", .at = "linux.rootfsPropagation", .of = OF_BOUNDARY,
	  .must = &be_propagated_so, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxRootfsMountPropagation" },
	{ .id = "boundary.mounts.there", .at = "mounts[]", .of = OF_BOUNDARY, .must = &be_mounted,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_0_0, .spec = MOUNTS },
	{ .id = "boundary.mounts.type", .at = "mounts[]", .of = OF_BOUNDARY, .must = &be_of_its_type,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = MOUNTS },
	/* What breaks these is one of a few words, or a size, and so may be shown. */
	{ .id = "boundary.mounts.confined", .at = "mounts[]", .of = OF_BOUNDARY, .must = &be_confined_so,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = OPTIONS },
	{ .id = "boundary.mounts.open", .at = "mounts[]", .of = OF_BOUNDARY, .must = &be_open_so,
	  .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = OPTIONS },
	{ .id = "boundary.mounts.flags", .at = "mounts[]", .of = OF_BOUNDARY, .must = &behave_so,
	  .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = OPTIONS },
	{ .id = "boundary.mounts.propagation", .at = "mounts[]", .of = OF_BOUNDARY, .must = &propagate_so,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = OPTIONS },
	{ .id = "boundary.mounts.data", .at = "mounts[]", .of = OF_BOUNDARY, .must = &be_sized_so,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = OPTIONS },
	{ .id = "boundary.linux.masked-paths", .at = "linux.maskedPaths[]", .of = OF_BOUNDARY, .must = &be_masked,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxMaskedPaths" },
	{ .id = "boundary.linux.readonly-paths", .at = "linux.readonlyPaths[]", .of = OF_BOUNDARY,
	  .must = &be_unwritable, .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config-linux.md#configLinuxReadonlyPaths" },
	{ .id = "boundary.linux.devices.node", .at = "linux.devices[]", .of = OF_BOUNDARY, .must = &be_made_so,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_0_0, .spec = DEVICES },
	{ .id = "boundary.linux.devices.mode", .at = "linux.devices[]", .of = OF_BOUNDARY, .must = &be_open_to_those,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = DEVICES },
	{ .id = "boundary.linux.devices.owner", .at = "linux.devices[]", .of = OF_BOUNDARY, .must = &be_owned_so,
	  .severity = SEV_WARNING, .basis = BASIS_MUST, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = DEVICES },
};

const struct rules boundary_mounts_rules = RULES(rows);
