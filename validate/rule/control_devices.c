/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: which devices the container has, and which it may open. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param nodes[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of device paths on the host, beside those that every container has; none when it is not set" },
	{ 0 },
};

static const struct param numbers[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "devices as \"c 10:229\" or \"c 195:*\", beside those that every container has; none when it is not set" },
	{ "others", DOC_BOOL, 0,
	  "whether character devices that are not known to open the host may be opened too; false" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "devices.nodes", .at = "linux.devices[]", .of = OF_CONTROL, .must = &be_an_allowed_node,
	  .params = nodes, .asks = ASK(ASK_NODE), .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave it out (--device), or allow it in the policy", .spec = "CIS Docker 5.18; CVE-2026-53492" },
	{ .id = "devices.cgroup", .at = "linux.resources.devices[]", .of = OF_CONTROL, .must = &open_allowed_devices,
	  .params = numbers, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave it out (--device-cgroup-rule, --device), or allow it in the policy",
	  .spec = "Pod Security Standards, Privileged Containers; CIS Docker 5.18" },
};

const struct rules control_devices_rules = RULES(rows);
