/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what root in the container may do. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

#define EACH_SET "process.capabilities.{bounding,effective,permitted,inheritable,ambient}"

static const struct param allow_caps[] = {
	{ "allow", DOC_ARRAY, DOC_STRING, "capabilities that may be held, ALL for every one; none when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	/* One finding for each capability: in the first of the sets that has it. */
	{ .id = "caps.allowed", .at = EACH_SET "[]", .of = OF_CONTROL, .must = &be_a_capability_allowed,
	  .params = allow_caps, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "do not add it (--cap-add), or drop it (--cap-drop, securityContext.capabilities)",
	  .spec = "Pod Security Standards, Capabilities; CIS Docker 5.4; CIS Kubernetes 5.2.8 to 5.2.10" },
	{ .id = "caps.ambient", .at = "process.capabilities.ambient[]", .of = OF_CONTROL,
	  .must = &be_a_capability_allowed, .params = allow_caps, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE,
	  .fix = "ambient capabilities stay with every program that is started: leave the set empty",
	  .spec = "capabilities(7); CVE-2022-24769" },
	{ .id = "caps.inheritable", .at = "process.capabilities.inheritable[]", .of = OF_CONTROL,
	  .must = &be_a_capability_allowed, .params = allow_caps, .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .quote = QUOTE_VALUE, .fix = "programs with file capabilities would raise them: leave the set empty",
	  .spec = "capabilities(7); CVE-2022-24769, CVE-2022-29162, CVE-2022-27650" },
	{ .id = "privileged", .at = "", .of = OF_CONTROL, .must = &not_be_privileged, .severity = SEV_ERROR,
	  .basis = BASIS_POLICY,
	  .fix = "start it without --privileged, with the capabilities and devices that it needs",
	  .spec = "Pod Security Standards, Privileged Containers; CIS Docker 5.5; CIS Kubernetes 5.2.2" },
};

const struct rules control_caps_rules = RULES(rows);
