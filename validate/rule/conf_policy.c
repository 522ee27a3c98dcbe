/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy file. What is misspelt or of the wrong kind here is always an error: a switch that silently keeps its
 * default is worse than none. validate/policy/policy.h shows the whole file.
 */
#include "validate/base/limits.h"
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"
#include "validate/rule/version.h"

#define CAUSES "onError.{commandLine,bundle,runtimes,audit,clock,internal}"

static const char *const modes[] = { "enforce", "audit", NULL };
static const char *const start_modes[] = { "enforce", "warn", "audit", "off", NULL };
static const char *const answers[] = { "deny", "allow", NULL };
static const char *const verb_answers[] = { "deny", "pass", NULL };
static const char *const commits[] = { "sent", "synced", NULL };

static const struct rule rows[] = {
	{ .at = "", .of = OF_POLICY, .type = DOC_OBJECT, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .at = "version", .of = OF_POLICY, .type = DOC_INT, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.version", .at = "version", .of = OF_POLICY, .presence = REQUIRED, .must = &be_number_one,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "mode", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.mode", .at = "mode", .of = OF_POLICY, .must = &be_one_of, .words = modes, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "issued", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.issued", .at = "issued", .of = OF_POLICY, .must = &be_a_time, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "mayRelax", .of = OF_POLICY, .type = DOC_ARRAY, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .at = "mayRelax[]", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .at = "rules", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.rules", .at = "rules", .of = OF_POLICY, .must = &be_one_of, .words = release_names,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .fix = "it is a release of runvet up to this one",
	  .spec = "runvet-policy(5)" },
	{ .at = "onError", .of = OF_POLICY, .type = DOC_OBJECT, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .at = CAUSES, .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.on-error", .at = CAUSES, .of = OF_POLICY, .must = &be_one_of, .words = answers,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "unknownVerb", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.unknown-verb", .at = "unknownVerb", .of = OF_POLICY, .must = &be_one_of, .words = verb_answers,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "start", .of = OF_POLICY, .type = DOC_OBJECT, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .at = "start.{drift,boundary}", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE,
	  .spec = "runvet-policy(5)" },
	{ .id = "policy.start-mode", .at = "start.{drift,boundary}", .of = OF_POLICY, .must = &be_one_of,
	  .words = start_modes, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "kubelet", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.kubelet", .at = "kubelet", .of = OF_POLICY, .must = &be_absolute, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .fix = "it is the directory that the kubelet has as its --root-dir",
	  .spec = "runvet-policy(5)" },
	{ .at = "audit", .of = OF_POLICY, .type = DOC_OBJECT, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.audit-sink", .at = "audit", .of = OF_POLICY, .must = &keep_a_sink, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .fix = "no decision may go without a trace", .spec = "runvet-policy(5)" },
	{ .at = "audit.{chain,journal,lifecycle,fdatasync}", .of = OF_POLICY, .type = DOC_BOOL, .quote = QUOTE_VALUE,
	  .spec = "runvet-policy(5)" },
	{ .at = "audit.commit", .of = OF_POLICY, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.audit-commit", .at = "audit.commit", .of = OF_POLICY, .must = &be_one_of, .words = commits,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)" },
	{ .at = "audit.ackMs", .of = OF_POLICY, .type = DOC_INT, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)" },
	{ .id = "policy.audit-ack", .at = "audit.ackMs", .of = OF_POLICY, .must = &be_within,
	  .range = { 0, WAIT_JOURNAL_ACK_MOST_MS }, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION,
	  .spec = "runvet-policy(5)" },
};

const struct rules conf_policy_rules = RULES(rows);
