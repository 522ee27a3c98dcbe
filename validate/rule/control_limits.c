/* SPDX-License-Identifier: Apache-2.0 */
/* Controls: how much of the host the container may use, and beside whom. */
#include "validate/rule/predicates_control.h"
#include "validate/rule/tables.h"

static const struct param bytes_most[] = {
	{ "max", DOC_INT, 0, "bytes at most; any limit will do when it is not set" },
	{ 0 },
};

static const struct param processes_most[] = {
	{ "max", DOC_INT, 0, "processes at most; any limit will do when it is not set" },
	{ 0 },
};

static const struct param files[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of files of cgroup v2 that may be written; none when it is not set" },
	{ 0 },
};

static const struct param least[] = {
	{ "min", DOC_INT, 0, "the least score; -900 when it is not set" },
	{ 0 },
};

static const struct param most[] = {
	{ "max", DOC_OBJECT, DOC_INT, "for each limit by its name (RLIMIT_CORE) the most; any when it is not set" },
	{ 0 },
};

static const struct param groups[] = {
	{ "allow", DOC_ARRAY, DOC_STRING,
	  "patterns of cgroupsPath; every path below the top and without .. when it is not set" },
	{ 0 },
};

static const struct rule rows[] = {
	{ .id = "res.memory", .at = "", .of = OF_CONTROL, .must = &be_limited, .text = "memory", .params = bytes_most,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "start it with --memory (resources.limits.memory)", .spec = "CIS Docker 5.11" },
	{ .id = "res.pids", .at = "", .of = OF_CONTROL, .must = &be_limited, .text = "pids", .params = processes_most,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "start it with --pids-limit",
	  .spec = "CIS Docker 5.29" },
	{ .id = "res.cpu", .at = "", .of = OF_CONTROL, .must = &be_limited, .text = "cpu", .severity = SEV_ERROR,
	  .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "start it with --cpus or --cpu-shares (resources.cpu)",
	  .spec = "CIS Docker 5.12" },
	{ .id = "res.unified", .at = "linux.resources.unified.*", .of = OF_CONTROL, .must = &be_an_allowed_key,
	  .params = files, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave it out, or allow the file in the policy", .spec = "CVE-2023-6476" },
	{ .id = "oom.adj", .at = "process.oomScoreAdj", .of = OF_CONTROL, .must = &be_killable, .params = least,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "leave it out (--oom-score-adj)",
	  .spec = "proc_pid_oom_score_adj(5)" },
	{ .id = "rlimits", .at = "process.rlimits[]", .of = OF_CONTROL, .must = &be_a_low_rlimit, .params = most,
	  .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE, .fix = "lower it (--ulimit)",
	  .spec = "CIS Docker 5.19" },
	{ .id = "cgroup.parent", .at = "linux.cgroupsPath", .of = OF_CONTROL, .must = &lie_in_an_allowed_cgroup,
	  .params = groups, .severity = SEV_ERROR, .basis = BASIS_POLICY, .quote = QUOTE_VALUE,
	  .fix = "leave it to the engine (--cgroup-parent)", .spec = "CIS Docker 5.25" },
};

const struct rules control_limits_rules = RULES(rows);
