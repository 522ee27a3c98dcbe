/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that names all tables. Their order is that of the findings; json_rules is first, see rule/json.h. */
#include "validate/rule/tables.h"

#include "validate/rule/json.h"

const struct rules *const rule_tables[] = {
	&json_rules,
	&spec_root_rules,
	&spec_annotations_rules,
	&spec_process_rules,
	&spec_scheduling_rules,
	&spec_mounts_rules,
	&spec_hooks_rules,
	&spec_linux_rules,
	&spec_linux_late_rules,
	&spec_resources_rules,
	&spec_seccomp_rules,
	&host_start_rules,
	&host_process_rules,
	&host_linux_rules,
	&host_resources_rules,
	&host_seccomp_rules,
	&host_placement_rules,
	&feat_document_rules,
	&feat_config_rules,
	&conf_policy_rules,
	&conf_policy_parts_rules,
	&conf_runtime_rules,
	&conf_machine_rules,
	&control_caps_rules,
	&control_identity_rules,
	&control_namespaces_rules,
	&control_security_rules,
	&control_devices_rules,
	&control_kernel_rules,
	&control_mounts_rules,
	&control_limits_rules,
	&control_verbs_rules,
	&control_start_rules,
	&control_escape_rules,
	&boundary_drift_rules,
	NULL,
};
