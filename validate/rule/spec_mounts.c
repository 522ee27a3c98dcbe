/* SPDX-License-Identifier: Apache-2.0 */
/* What is mounted in the container. */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

#define EACH_MAPPING "mounts[].{uidMappings,gidMappings}"

static const char *const mappings[] = { "uidMappings", "gidMappings", NULL };

static const char *const defaults[] = { "/proc", "/sys", "/dev/pts", "/dev/shm", NULL };
static const char *const dummies[] = { "bind", "none", "rbind", NULL };
static const char *const mandatory[] = { "mand", "nomand", NULL };

/* What runc lets be mounted there: what lxcfs and the like stand in for. */
static const char *const within_proc[] = {
	"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
	"/proc/loadavg", "/proc/slabinfo", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled", NULL,
};

/*
 * The specification's table; rnodev, which it forgot beside rdev; and on the last line what runc (acl, noacl) and crun
 * have of their own.
 */
const char *const mount_options[] = {
	"async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "iversion", "lazytime", "loud",
	"noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "norelatime", "nostrictatime", "nosuid",
	"private", "rbind", "relatime", "remount", "ro", "rprivate", "rshared", "rslave", "runbindable", "rw", "shared",
	"silent", "slave", "strictatime", "suid", "sync", "unbindable", "nosymfollow", "symfollow", "idmap", "ridmap",
	"ratime", "rdev", "rdiratime", "rexec", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime",
	"rnostrictatime", "rnosuid", "rnosymfollow", "rrelatime", "rro", "rrw", "rstrictatime", "rsuid", "rsymfollow",
	"mand", "nomand", "tmpcopyup",
	"acl", "noacl", "copy-symlink", "src-nofollow", "dest-nofollow", NULL,
};

static const struct rule rows[] = {
	{ .at = "mounts", .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.present", .at = "mounts", .presence = REQUIRED, .severity = SEV_WARNING,
	  .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	/* Without one, what is mounted for the container is mounted for its caller, and stays [tried: runc 1.1.5]. */
	{ .id = "spec.mounts.propagation-needs-mount-ns", .at = "mounts", .must = &need_namespace, .text = "mount",
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configLinuxMountOptions" },
	{ .id = "spec.mounts.default-filesystems", .at = "mounts", .must = &provide_all, .words = defaults,
	  .severity = SEV_WARNING, .basis = BASIS_SHOULD, .since = SPEC_1_0_0,
	  .spec = "config-linux.md#configLinuxDefaultFilesystems" },
	{ .id = "spec.mounts.covered", .at = "mounts", .must = &not_be_hidden, .severity = SEV_WARNING,
	  .basis = BASIS_TEXT, .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	{ .at = "mounts[]", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.type-required", .at = "mounts[]", .must = &have_a_type, .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .since = SPEC_1_0_0, .spec = "config.md#configPOSIXMounts" },
	{ .id = "spec.mounts.bind-needs-option", .at = "mounts[]", .must = &say_bind, .severity = SEV_ERROR,
	  .basis = BASIS_TEXT, .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.bind-source-required", .at = "mounts[]", .must = &have_a_source, .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.tmpcopyup-tmpfs", .at = "mounts[]", .must = &be_tmpfs_to_copy_up, .severity = SEV_ERROR,
	  .basis = BASIS_TEXT, .since = SPEC_1_1_0, .spec = "config.md#configLinuxMountOptions" },
	{ .id = "spec.mounts.mappings-pair", .at = "mounts[]", .must = &have_both_or_none, .words = mappings,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_2_0, .spec = "config.md#configPOSIXMounts" },
	{ .id = "spec.mounts.mappings-idmap-option", .at = "mounts[]", .must = &say_idmap, .severity = SEV_WARNING,
	  .basis = BASIS_SHOULD, .since = SPEC_1_2_0, .spec = "config.md#configPOSIXMounts" },
	{ .id = "spec.mounts.idmap-needs-mapping", .at = "mounts[]", .must = &map_or_join, .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .since = SPEC_1_2_0, .spec = "config.md#configLinuxMountOptions" },
	{ .id = "spec.mounts.idmap-bind-only", .at = "mounts[]", .must = &be_bind_to_map,
	  .severity = SEV_WARNING, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_2_0,
	  .spec = "config.md#configLinuxMountOptions" },
	/*
	 * An error, because crun drops what runc refuses: "readonly" for ro would be a mount that can be written
	 * to.
	 */
	{ .id = "spec.mounts.bind-fs-option", .at = "mounts[]", .must = &have_no_fs_option, .words = mount_options,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configLinuxMountOptions" },
	{ .id = "spec.mounts.proc-destination", .at = "mounts[]", .must = &leave_proc_alone,
	  .words = within_proc, .severity = SEV_WARNING, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .at = "mounts[].destination", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.destination-required", .at = "mounts[].destination", .presence = REQUIRED,
	  .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_0_0, .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.destination-nonempty", .at = "mounts[].destination", .must = &not_be_empty,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	/* A MUST until 1.1.0, a SHOULD since. */
	{ .id = "spec.mounts.destination-absolute", .at = "mounts[].destination", .must = &be_absolute_unless_empty,
	  .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_0_0, .relaxed = SPEC_1_2_0,
	  .relaxed_to = SEV_WARNING, .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.destination-dotdot", .at = "mounts[].destination", .must = &not_climb,
	  .severity = SEV_WARNING, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .at = "mounts[].type", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configPOSIXMounts" },
	{ .id = "spec.mounts.bind-type-dummy", .at = "mounts[].type", .must = &be_a_dummy, .words = dummies,
	  .severity = SEV_INFO, .basis = BASIS_TEXT, .since = SPEC_1_0_0,
	  .spec = "config.md#configPOSIXMounts" },
	{ .at = "mounts[].source", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .at = "mounts[].options", .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.option-conflict", .at = "mounts[].options", .must = &not_contradict,
	  .severity = SEV_WARNING, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxMountOptions" },
	{ .at = "mounts[].options[]", .type = DOC_STRING, .quote = QUOTE_CLASS, .since = SPEC_1_0_0,
	  .spec = "config.md#configMounts" },
	{ .id = "spec.mounts.option-nonempty", .at = "mounts[].options[]", .must = &be_one_option,
	  .severity = SEV_WARNING, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configLinuxMountOptions" },
	/* Whatever is not in the table is text for the file system, and legal. */
	{ .id = "spec.mounts.option-known", .at = "mounts[].options[]", .must = &be_well_spelt,
	  .words = mount_options, .severity = SEV_INFO, .basis = BASIS_SHOULD, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxMountOptions" },
	{ .id = "spec.mounts.mand-deprecated", .at = "mounts[].options[]", .must = &not_be_one_of,
	  .words = mandatory, .severity = SEV_WARNING, .basis = BASIS_TEXT, .since = SPEC_1_1_0,
	  .fix = "Linux has ignored them since 5.15", .spec = "config.md#configLinuxMountOptions" },
	{ .at = EACH_MAPPING, .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configPOSIXMounts" },
	{ .at = EACH_MAPPING "[]", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configPOSIXMounts" },
	{ .at = EACH_MAPPING "[].containerID", .type = DOC_INT, .width = INT_U32, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configPOSIXMounts" },
	{ .id = "spec.mounts.mapping-entry", .at = EACH_MAPPING "[].{containerID,hostID,size}", .presence = REQUIRED,
	  .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_1_0,
	  .spec = "config.md#configPOSIXMounts" },
	{ .at = EACH_MAPPING "[].hostID", .type = DOC_INT, .width = INT_U32, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configPOSIXMounts" },
	{ .at = EACH_MAPPING "[].size", .type = DOC_INT, .width = INT_U32, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configPOSIXMounts" },
};

const struct rules spec_mounts_rules = RULES(rows);
