/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what of the kernel the container may turn and see. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param sysctls[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of the parameters that may be set; those safe by the Pod Security Standards when it is not set" },
	{ 0 },
};

static const struct param files[] = {
	{ "masked", DOC_ARRAY, DOC_STRING,
	  "paths that have to be masked; those that every engine masks when it is not set" },
	{ "readonly", DOC_ARRAY, DOC_STRING,
	  "paths that have to be masked or read-only; those of every engine when it is not set" },
	{ "userns", DOC_BOOL, 0, "whether they may be open in a user namespace that keeps the host's root out; false" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "sysctl.safe", .at = "linux.sysctl.*", .of = OF_CONTROL, .must = &be_a_safe_sysctl, .params = sysctls,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_CLASS,
	  .fix = "leave it out (--sysctl, securityContext.sysctls), or allow it in the policy",
	  .spec = "Pod Security Standards, Sysctls; CVE-2022-0811" },
	{ .id = "proc.masked", .at = "", .of = OF_CONTROL, .must = &hide_kernel_files, .params = files,
	  .asks = ASK(ASK_SELF) | ASK(ASK_NAMESPACES), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "leave the paths to the engine (no --security-opt systempaths=unconfined, procMount: Default)",
	  .spec = "Pod Security Standards, /proc Mount Type; config-linux.md#masked-paths" },
};

const struct rules control_kernel_rules = RULES(rows);
