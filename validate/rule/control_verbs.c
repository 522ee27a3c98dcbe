/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what exec and update may add to a container that runs. Others judge what they bring by itself. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

#define EACH_SET "process.capabilities.{bounding,effective,permitted,inheritable,ambient}"

#define NEW_CONTAINER "create another container with more, or give this rule a max in the policy"

static const struct param most[] = {
	{ "max", DOC_INT, 0, "the most that may be asked for; what the container was created with when it is not set" },
	{ 0 },
};

static const struct param patched[] = {
	{ "patched", DOC_ARRAY, DOC_STRING,
	  "CVEs that the distribution has mended in this release; none when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "exec.caps", .at = EACH_SET "[]", .of = OF_CONTROL, .must = &be_had_before, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "run it without --privileged (--cap)",
	  .spec = "CIS Docker 5.23" },
	{ .id = "exec.user", .at = "process.user", .of = OF_CONTROL, .must = &not_become_root, .params = patched,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "leave out --user",
	  .spec = "CIS Docker 5.24; CVE-2026-30892" },
	{ .id = "exec.nnp", .at = "process", .of = OF_CONTROL, .must = &keep_set, .text = "noNewPrivileges",
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .spec = "CIS Docker 5.26" },
	{ .id = "exec.apparmor", .at = "process.apparmorProfile", .of = OF_CONTROL, .must = &keep_the_label,
	  .text = "apparmorProfile", .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave out --privileged", .spec = "CIS Docker 5.2" },
	{ .id = "exec.selinux", .at = "process.selinuxLabel", .of = OF_CONTROL, .must = &keep_the_label,
	  .text = "selinuxLabel", .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .spec = "CIS Docker 5.3" },
	{ .id = "update.memory", .at = "linux.resources.memory.limit", .of = OF_CONTROL, .must = &not_be_raised,
	  .text = "memory", .params = most, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = NEW_CONTAINER, .spec = "CIS Docker 5.11" },
	{ .id = "update.swap", .at = "linux.resources.memory.swap", .of = OF_CONTROL, .must = &not_be_raised,
	  .text = "swap", .params = most, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = NEW_CONTAINER, .spec = "CIS Docker 5.11" },
	{ .id = "update.pids", .at = "linux.resources.pids.limit", .of = OF_CONTROL, .must = &not_be_raised,
	  .text = "pids", .params = most, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = NEW_CONTAINER, .spec = "CIS Docker 5.29" },
	{ .id = "update.cpu", .at = "linux.resources.cpu.quota", .of = OF_CONTROL, .must = &not_be_raised,
	  .text = "cpuQuota", .params = most, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = NEW_CONTAINER, .spec = "CIS Docker 5.12" },
	{ .id = "update.devices", .at = "linux.resources.devices[]", .of = OF_CONTROL, .must = &not_come_later,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .spec = "CIS Docker 5.18" },
};

const struct rules control_verbs_rules = RULES(rows);
