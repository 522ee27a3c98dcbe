/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: what holds the container beside its capabilities. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param engines[] = {
	{ "engines", DOC_ARRAY, DOC_STRING,
	  "engines that always write one, so that leaving it out is a choice; all when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "seccomp.present", .at = "", .of = OF_CONTROL, .must = &have_a_filter, .params = engines,
	  .asks = ASK(ASK_SECCOMP), .severity = SEV_ERROR, .basis = BASIS_POLICY,
	  .fix = "leave out --security-opt seccomp=unconfined (seccompProfile: RuntimeDefault)",
	  .spec = "Pod Security Standards, Seccomp; CIS Docker 5.21; CIS Kubernetes 5.7.2" },
};

const struct rules control_security_rules = RULES(rows);
