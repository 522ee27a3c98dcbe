/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: who the process is, and whether it can become someone else. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param excuse[] = {
	{ "userns", DOC_BOOL, 0, "whether it may be in a user namespace that keeps the host's root out; false" },
	{ 0 },
};

static const struct param groups[] = {
	{ "forbid", DOC_ARRAY, DOC_INT, "group ids that it may not have; none when it is not set" },
	{ "allow", DOC_ARRAY, DOC_INT, "the only group ids that it may have; all others when it is not set" },
	{ "userns", DOC_BOOL, 0, "whether it may be in a user namespace that keeps the host's root out; false" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "nnp", .at = "process", .of = OF_CONTROL, .must = &set_to_true, .text = "noNewPrivileges",
	  .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "start it with --security-opt no-new-privileges (allowPrivilegeEscalation: false)",
	  .spec = "Pod Security Standards, Privilege Escalation; CIS Docker 5.26; CIS Kubernetes 5.2.6" },
	{ .id = "user.nonroot", .at = "process.user", .of = OF_CONTROL, .must = &not_be_root, .params = excuse,
	  .asks = ASK(ASK_SELF) | ASK(ASK_NAMESPACES), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "name another user (USER in the image, --user, runAsUser)",
	  .spec = "Pod Security Standards, Running as Non-root; CIS Docker 4.1; CIS Kubernetes 5.2.7; "
	    "CVE-2024-40635, CVE-2026-46680" },
	{ .id = "user.groups", .at = "process.user.{gid,additionalGids[]}", .of = OF_CONTROL,
	  .must = &be_an_allowed_group, .params = groups, .asks = ASK(ASK_SELF) | ASK(ASK_NAMESPACES),
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave the group out (--group-add, runAsGroup, supplementalGroups, or the image's /etc/group)",
	  .spec = "CVE-2023-25173, CVE-2022-2989, CVE-2022-2990" },
	{ .id = "root.readonly", .at = "root", .of = OF_CONTROL, .must = &set_to_true, .text = "readonly",
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .fix = "start it with --read-only (readOnlyRootFilesystem)",
	  .spec = "CIS Docker 5.13" },
};

const struct rules control_identity_rules = RULES(rows);
