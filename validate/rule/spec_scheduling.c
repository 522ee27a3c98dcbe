/* SPDX-License-Identifier: Apache-2.0 */
/* When and where the process runs: scheduler, I/O priority, CPU affinity. */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

static const char *const policies[] = {
	"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE", NULL,
};
static const char *const scheduler_flags[] = {
	"SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
	"SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX", NULL,
};
static const char *const io_classes[] = { "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE", NULL };

static const char *const real_time[] = { "policy", "SCHED_FIFO", "SCHED_RR", NULL };
static const char *const deadlines[] = { "policy", "SCHED_DEADLINE", NULL };
static const char *const reserved[] = { "SCHED_ISO", NULL };
static const char *const clamps[] = { "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX", NULL };

static const struct rule rows[] = {
	{ .at = "process.scheduler", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	/* What the kernel answers with EINVAL fails by itself, in plain sight: here and below it warns. */
	{ .id = "spec.process.scheduler.priority-range", .at = "process.scheduler", .must = &have_a_priority,
	  .words = real_time, .severity = SEV_WARNING, .basis = BASIS_KERNEL, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.deadline-order", .at = "process.scheduler", .must = &order_deadlines,
	  .severity = SEV_WARNING, .basis = BASIS_KERNEL, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.policy", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.policy-required", .at = "process.scheduler.policy", .presence = REQUIRED,
	  .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.policy-enum", .at = "process.scheduler.policy", .must = &be_one_of,
	  .words = policies, .severity = SEV_ERROR, .basis = BASIS_SCHEMA, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.policy-iso", .at = "process.scheduler.policy", .must = &not_be_one_of,
	  .words = reserved, .severity = SEV_WARNING, .basis = BASIS_KERNEL, .since = SPEC_1_1_0,
	  .fix = "Linux has reserved it and never had it", .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.nice", .type = DOC_INT, .width = INT_I32, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.nice-range", .at = "process.scheduler.nice", .must = &be_within,
	  .range = { -20, 19 }, .severity = SEV_WARNING, .basis = BASIS_KERNEL, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.priority", .type = DOC_INT, .width = INT_I32, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.priority-policy", .at = "process.scheduler.priority",
	  .must = &go_with_choice, .words = real_time, .severity = SEV_WARNING, .basis = BASIS_KERNEL,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.flags", .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.flags[]", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.flags-enum", .at = "process.scheduler.flags[]", .must = &be_one_of,
	  .words = scheduler_flags, .severity = SEV_ERROR, .basis = BASIS_SCHEMA, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.util-clamp", .at = "process.scheduler.flags[]", .must = &not_be_one_of,
	  .words = clamps, .severity = SEV_WARNING, .basis = BASIS_KERNEL, .since = SPEC_1_1_0,
	  .fix = "they go with values that the specification has no property for",
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.runtime", .type = DOC_INT, .width = INT_U64, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.deadline", .type = DOC_INT, .width = INT_U64, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .at = "process.scheduler.period", .type = DOC_INT, .width = INT_U64, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.scheduler.deadline-policy", .at = "process.scheduler.{runtime,deadline,period}",
	  .must = &go_with_choice, .words = deadlines, .severity = SEV_WARNING, .basis = BASIS_KERNEL,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .at = "process.ioPriority", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.ioPriority.class", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.io-priority.class-required", .at = "process.ioPriority.class", .presence = REQUIRED,
	  .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.io-priority.class-enum", .at = "process.ioPriority.class", .must = &be_one_of,
	  .words = io_classes, .severity = SEV_ERROR, .basis = BASIS_SCHEMA, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.ioPriority.priority", .type = DOC_INT, .width = INT_I32, .quote = QUOTE_VALUE,
	  .since = SPEC_1_1_0, .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.io-priority.priority-required", .at = "process.ioPriority.priority",
	  .presence = REQUIRED, .severity = SEV_ERROR, .basis = BASIS_REQUIRED, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.io-priority.priority-range", .at = "process.ioPriority.priority", .must = &be_within,
	  .range = { 0, 7 }, .severity = SEV_ERROR, .basis = BASIS_TEXT, .since = SPEC_1_1_0,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.execCPUAffinity", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_2_1,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.execCPUAffinity.initial", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_2_1,
	  .spec = "config.md#configLinuxProcess" },
	{ .id = "spec.process.exec-cpu-affinity.format", .at = "process.execCPUAffinity.{initial,final}",
	  .must = &be_a_cpu_list, .severity = SEV_ERROR, .basis = BASIS_SCHEMA, .since = SPEC_1_2_1,
	  .spec = "config.md#configLinuxProcess" },
	{ .at = "process.execCPUAffinity.final", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_2_1,
	  .spec = "config.md#configLinuxProcess" },
};

const struct rules spec_scheduling_rules = RULES(rows);
