/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: which files of the host the container gets, and how they are mounted. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

#define PSS_PATHS "Pod Security Standards, HostPath Volumes"

static const struct param host_files[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of host paths that may be mounted, beside what the engine mounts; none when it is not set" },
	{ "readOnly", DOC_ARRAY, DOC_STRING, "patterns of those that may be read-only; none when it is not set" },
	{ 0 },
};

static const struct param exposed[] = {
	{ "paths", DOC_ARRAY, DOC_STRING,
	  "paths that may not be mounted, nor what is below or above them; "
	  "/etc, /run, /proc and the like when it is not set" },
	{ "also", DOC_ARRAY, DOC_STRING, "more of them; none when it is not set" },
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of paths that may; none when it is not set" },
	{ 0 },
};

static const struct param written[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of host paths that may be written to; none when it is not set" },
	{ 0 },
};

static const struct param flags[] = {
	{ "flags", DOC_ARRAY, DOC_STRING, "options that they have to have; nodev and nosuid when it is not set" },
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of host paths that may lack them; none when it is not set" },
	{ 0 },
};

static const struct param spreading[] = {
	{ "slave", DOC_BOOL, 0, "whether mounts of the host may come in (slave, rslave); true" },
	{ 0 },
};

static const struct param over_proc[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "patterns of destinations that may be mounted so; none when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	/* What the host says of a source is asked for by the rows of mounts[] itself. */
	{ .id = "mount.host", .at = "mounts[].{source,type,options[]}", .of = OF_CONTROL,
	  .must = &not_bring_host_files, .params = host_files, .asks = ASK(ASK_SELF), .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "use a volume of the engine's, or allow the path in the policy",
	  .spec = PSS_PATHS "; CIS Docker 5.6; CIS Kubernetes 5.2.12; CVE-2021-41190, CVE-2022-23648, "
	    "CVE-2024-8676" },
	{ .id = "mount.sensitive", .at = "mounts[].{source,type,options[]}", .of = OF_CONTROL,
	  .must = &not_expose_the_host, .params = exposed, .asks = ASK(ASK_SELF), .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "leave the mount out",
	  .spec = PSS_PATHS "; CIS Docker 5.6 and 5.32" },
	{ .id = "mount.ro.recursive", .at = "mounts[]", .of = OF_CONTROL, .must = &be_read_only_throughout,
	  .params = written, .asks = ASK(ASK_SOURCE), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "mount it rro (ro,recursive; recursiveReadOnly: Enabled)",
	  .spec = "CIS Docker 5.6; mount_setattr(2)" },
	{ .id = "mount.propagation", .at = "{mounts[],linux.rootfsPropagation}", .of = OF_CONTROL,
	  .must = &not_share_mounts, .params = spreading, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "mount it private (rprivate; mountPropagation: None)",
	  .spec = "CIS Docker 5.20; CVE-2024-9407" },
	{ .id = "mount.nested", .at = "mounts", .of = OF_CONTROL, .must = &not_lie_in_another, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "mount the outer one read-only, or each in a place of its own",
	  .spec = "CVE-2021-30465, CVE-2024-45310, CVE-2025-52881" },
	{ .id = "mount.flags", .at = "mounts[]", .of = OF_CONTROL, .must = &have_mount_flags, .params = flags,
	  .asks = ASK(ASK_SOURCE), .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .spec = "mount(8)" },
	{ .id = "mount.proc", .at = "mounts[]", .of = OF_CONTROL, .must = &keep_proc_as_it_is, .params = over_proc,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "mount it elsewhere",
	  .spec = "Pod Security Standards, /proc Mount Type; CVE-2019-16884, CVE-2025-52881" },
	{ .id = "mount.sys", .at = "mounts[]", .of = OF_CONTROL, .must = &have_sys_read_only, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "add ro to its options",
	  .spec = "Pod Security Standards, Privileged Containers" },
	{ .id = "mount.cgroup", .at = "mounts[]", .of = OF_CONTROL, .must = &have_cgroups_read_only,
	  .asks = ASK(ASK_CGROUP) | ASK(ASK_SELF) | ASK(ASK_NAMESPACES), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "add ro to its options", .spec = "CVE-2022-0492, CVE-2023-25809" },
};

const struct rules control_mounts_rules = RULES(rows);
