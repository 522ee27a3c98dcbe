/* SPDX-License-Identifier: Apache-2.0 */
/* Held against the host: what has to be there before the container starts: its root, its mounts, its hooks. */
#include "validate/rule/predicates_host.h"
#include "validate/rule/tables.h"

static const struct rule rows[] = {
	{ .id = "host.root.path-directory", .at = "root", .of = OF_HOST, .must = &be_a_directory_here,
	  .asks = ASK(ASK_ROOTFS), .severity = SEV_ERROR, .basis = BASIS_MUST, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config.md#configRoot" },
	{ .id = "host.root.path-not-symlink", .at = "root", .of = OF_HOST, .must = &be_reached_directly,
	  .asks = ASK(ASK_ROOTFS), .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .fix = "write the path that it leads to", .spec = "config.md#configRoot" },
	{ .id = "host.root.path-usable", .at = "root", .of = OF_HOST, .must = &be_open_to_its_root,
	  .asks = ASK(ASK_ROOTFS), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .fix = "let others search it (chmod o+x), or give it to the mapped user",
	  .spec = "runtime.md#runtimeCreate" },
	/* This one asks for all rows about the source and the destination of a mount. */
	{ .id = "host.mounts.bind-source-exists", .at = "mounts[]", .of = OF_HOST, .must = &come_from_something,
	  .asks = ASK(ASK_SOURCE), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	{ .id = "host.mounts.bind-kind-match", .at = "mounts[]", .of = OF_HOST, .must = &lie_on_its_kind,
	  .asks = ASK(ASK_SOURCE) | ASK(ASK_DESTINATION), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	{ .id = "host.mounts.bind-locked-flags", .at = "mounts[]", .of = OF_HOST, .must = &keep_locked_flags,
	  .asks = ASK(ASK_SOURCE), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .since = SPEC_1_0_0,
	  .fix = "add them to its options", .spec = "config.md#configLinuxMountOptions" },
	{ .id = "host.mounts.sysfs-needs-netns", .at = "mounts[]", .of = OF_HOST,
	  .must = &be_allowed_in_user_namespace, .asks = ASK(ASK_SELF), .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .fix = "bind the host's instead, or leave it out", .spec = "config.md#configPOSIXMounts" },
	{ .id = "host.mounts.type-known", .at = "mounts[].type", .of = OF_HOST, .must = &be_of_a_type_here,
	  .asks = ASK(ASK_FILESYSTEMS), .severity = SEV_ERROR, .basis = BASIS_KERNEL, .quote = QUOTE_VALUE,
	  .since = SPEC_1_0_0, .spec = "config.md#configPOSIXMounts" },
	{ .id = "host.mounts.idmap-kernel", .at = "mounts[].uidMappings", .of = OF_HOST,
	  .must = &be_mappable_here, .asks = ASK(ASK_KERNEL), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .since = SPEC_1_1_0, .spec = "config.md#configPOSIXMounts" },
	{ .id = "host.mounts.idmap-rootless", .at = "mounts[].uidMappings", .of = OF_HOST,
	  .must = &be_mappable_by_us, .asks = ASK(ASK_SELF), .severity = SEV_ERROR, .basis = BASIS_KERNEL,
	  .since = SPEC_1_1_0, .spec = "config.md#configPOSIXMounts" },
	/* What breaks it is one of a few words, and so may be shown. */
	{ .id = "host.mounts.recursive-attr-kernel", .at = "mounts[].options[]", .of = OF_HOST,
	  .must = &be_understood_here, .asks = ASK(ASK_KERNEL), .severity = SEV_ERROR, .basis = BASIS_SHOULD,
	  .quote = QUOTE_VALUE, .since = SPEC_1_1_0, .spec = "config.md#configLinuxMountOptions" },
	{ .id = "host.hooks.path-resolves",
	  .at = "hooks.{prestart,createRuntime,createContainer,poststart,poststop}[]", .of = OF_HOST,
	  .must = &run_here, .asks = ASK(ASK_HOOK), .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_0, .spec = "config.md#configHooks" },
	{ .id = "host.hooks.start-container-path", .at = "hooks.startContainer[]", .of = OF_HOST,
	  .must = &run_inside, .asks = ASK(ASK_CONTAINER_HOOK), .severity = SEV_ERROR, .basis = BASIS_MUST,
	  .quote = QUOTE_VALUE, .since = SPEC_1_0_2, .spec = "config.md#configHooksStartContainer" },
};

const struct rules host_start_rules = RULES(rows);
