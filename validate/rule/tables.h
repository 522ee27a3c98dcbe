/* SPDX-License-Identifier: Apache-2.0 */
/* One table per file of rows; tables.c lists them. */
#pragma once

#include "validate/rule/rule.h"

extern const struct rules spec_root_rules;
extern const struct rules spec_annotations_rules;
extern const struct rules spec_process_rules;
extern const struct rules spec_scheduling_rules;
extern const struct rules spec_mounts_rules;
extern const struct rules spec_hooks_rules;
extern const struct rules spec_linux_rules;
extern const struct rules spec_linux_late_rules;
extern const struct rules spec_resources_rules;
extern const struct rules spec_seccomp_rules;
extern const struct rules host_start_rules;
extern const struct rules host_process_rules;
extern const struct rules host_linux_rules;
extern const struct rules host_resources_rules;
extern const struct rules host_seccomp_rules;
extern const struct rules host_placement_rules;
extern const struct rules feat_document_rules;
extern const struct rules feat_config_rules;
extern const struct rules conf_policy_rules;
extern const struct rules conf_policy_parts_rules;
extern const struct rules conf_runtime_rules;
extern const struct rules conf_machine_rules;
extern const struct rules conf_lock_rules;
extern const struct rules control_caps_rules;
extern const struct rules control_identity_rules;
extern const struct rules control_namespaces_rules;
extern const struct rules control_security_rules;
extern const struct rules control_devices_rules;
extern const struct rules control_kernel_rules;
extern const struct rules control_mounts_rules;
extern const struct rules control_limits_rules;
extern const struct rules control_verbs_rules;
extern const struct rules control_start_rules;
extern const struct rules control_escape_rules;
extern const struct rules control_det_rules;
extern const struct rules control_lock_rules;
extern const struct rules boundary_drift_rules;
extern const struct rules boundary_process_rules;
extern const struct rules boundary_namespaces_rules;
extern const struct rules boundary_mounts_rules;
extern const struct rules boundary_cgroup_rules;
