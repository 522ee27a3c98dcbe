/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy file says of profiles, calls, exemptions and rules of its own: the form of it. Whether the rules and
 * profiles that are named exist is known to the policy alone (validate/policy).
 */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

#define CLAUSE "{select[],shadow[]}"
#define MODES "{profiles.*,profiles.*.rules.*,select[],shadow[],custom[]}.mode"
#define CONDITIONS "{select[].when,shadow[].when,exempt[].match}"
#define SCALAR (DOC_STRING | DOC_INT | DOC_BOOL)
#define FIELD .of = OF_POLICY, .quote = QUOTE_VALUE, .spec = "runvet-policy(5)"
#define RULE .of = OF_POLICY, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-policy(5)"

static const char *const modes[] = { "enforce", "warn", "audit", "off", NULL };
static const char *const lesser[] = { "off", "warn", "audit", NULL };
static const char *const trusts[] = { "any", NULL };
static const char *const decisions[] = { "allow", "deny", "would-deny", NULL };
static const char *const operators[] = { "equals", "in", "not-in", "subset-of", "glob", "not-glob", "range", "exists",
	"absent", "count", NULL };
static const char *const verbs[] = { "create", "run", "restore", "exec", "update", NULL };

static const struct rule rows[] = {
	{ .at = "profile", .type = DOC_STRING, FIELD },
	{ .at = "profiles", .type = DOC_OBJECT, FIELD },
	{ .id = "policy.profile-name", .at = "profiles", .must = &have_profile_names,
	  .fix = "names with @ and a version are those of built-in profiles", RULE },
	{ .at = "profiles.*", .type = DOC_OBJECT, FIELD },
	{ .at = "profiles.*.extends", .type = DOC_ARRAY, FIELD },
	{ .at = "profiles.*.extends[]", .type = DOC_STRING, FIELD },
	{ .at = "profiles.*.rules", .type = DOC_OBJECT, FIELD },
	{ .at = "profiles.*.rules.*", .type = DOC_OBJECT, FIELD },
	{ .at = "profiles.*.rules.*.params", .type = DOC_OBJECT, FIELD },
	{ .at = "{profiles.*,profiles.*.rules.*}.mode", .type = DOC_STRING, FIELD },
	{ .id = "policy.part-mode", .at = MODES, .must = &be_one_of, .words = modes, RULE },

	{ .at = "{select,shadow}", .type = DOC_ARRAY, FIELD },
	{ .at = CLAUSE, .type = DOC_OBJECT, FIELD },
	{ .at = CLAUSE ".{profile,mode}", .type = DOC_STRING, FIELD },
	{ .id = "policy.clause-profile", .at = CLAUSE ".profile", .presence = REQUIRED, RULE },
	{ .at = "select[].trust", .type = DOC_STRING, FIELD },
	{ .id = "policy.select-trust", .at = "select[].trust", .must = &be_one_of, .words = trusts,
	  .fix = "without trust, what a user may have said about himself selects nothing", RULE },
	{ .at = CONDITIONS, .type = DOC_OBJECT, FIELD },
	{ .at = CONDITIONS ".*", .type = SCALAR | DOC_ARRAY, FIELD },
	{ .at = CONDITIONS ".*[]", .type = SCALAR, FIELD },

	{ .at = "maxExemptDays", .type = DOC_INT, FIELD },
	{ .id = "policy.max-exempt-days", .at = "maxExemptDays", .must = &be_within, .range = { 1, 3660 }, RULE },
	{ .at = "exempt", .type = DOC_ARRAY, FIELD },
	{ .at = "exempt[]", .type = DOC_OBJECT, FIELD },
	{ .id = "policy.exempt-scope", .at = "exempt[]", .must = &say_for_what,
	  .fix = "an exemption is for some calls or some values; to switch a rule off for all, do so in the profile",
	  RULE },
	{ .at = "exempt[].{id,reason,owner,ticket,notAfter,mode}", .type = DOC_STRING, FIELD },
	{ .id = "policy.exempt-words", .at = "exempt[].{id,reason,owner}", .presence = REQUIRED, .must = &not_be_empty,
	  RULE },
	{ .id = "policy.exempt-end", .at = "exempt[].notAfter", .presence = REQUIRED, .must = &be_a_time, RULE },
	{ .id = "policy.exempt-mode", .at = "exempt[].mode", .must = &be_one_of, .words = lesser,
	  .fix = "it is what is left of an error; off when nothing is said", RULE },
	{ .at = "exempt[].{rules,provided}", .type = DOC_ARRAY, FIELD },
	{ .at = "exempt[].{rules,provided}[]", .type = DOC_STRING, FIELD },
	{ .id = "policy.exempt-rules", .at = "exempt[].rules", .presence = REQUIRED, .must = &not_be_empty, RULE },
	{ .at = "exempt[].values", .type = DOC_OBJECT, FIELD },
	{ .at = "exempt[].values.*", .type = DOC_STRING | DOC_ARRAY, FIELD },
	{ .at = "exempt[].values.*[]", .type = DOC_STRING, FIELD },

	{ .at = "custom", .type = DOC_ARRAY, FIELD },
	{ .at = "custom[]", .type = DOC_OBJECT, FIELD },
	{ .at = "custom[].{id,at,op,key,message,mode}", .type = DOC_STRING, FIELD },
	{ .id = "policy.custom-id", .at = "custom[].id", .presence = REQUIRED, .must = &be_a_custom_id, RULE },
	{ .id = "policy.custom-at", .at = "custom[].at", .presence = REQUIRED, .must = &not_be_empty, RULE },
	{ .id = "policy.custom-op", .at = "custom[].op", .presence = REQUIRED, .must = &be_one_of, .words = operators,
	  RULE },
	{ .id = "policy.custom-message", .at = "custom[].message", .presence = REQUIRED, .must = &be_long,
	  .range = { 1, 200 }, .fix = "it tells who is refused what to do", RULE },
	{ .at = "custom[].value", .type = SCALAR, FIELD },
	{ .at = "custom[].values", .type = DOC_ARRAY, FIELD },
	{ .at = "custom[].values[]", .type = SCALAR, FIELD },
	{ .at = "custom[].{min,max}", .type = DOC_INT, FIELD },

	{ .at = "tests", .type = DOC_ARRAY, FIELD },
	{ .at = "tests[]", .type = DOC_OBJECT, FIELD },
	{ .at = "tests[].{name,verb,now}", .type = DOC_STRING, FIELD },
	{ .id = "policy.test-name", .at = "tests[].name", .presence = REQUIRED, .must = &not_be_empty, RULE },
	{ .id = "policy.test-verb", .at = "tests[].verb", .must = &be_one_of, .words = verbs, RULE },
	{ .id = "policy.test-now", .at = "tests[].now", .must = &be_a_time, RULE },
	{ .at = "tests[].{config,facts,host}", .type = DOC_STRING | DOC_OBJECT, FIELD },
	{ .at = "tests[].start", .type = DOC_OBJECT, FIELD },
	{ .at = "tests[].start.*", .type = DOC_ARRAY, FIELD },
	{ .at = "tests[].start.*[]", .type = DOC_STRING, FIELD },
	{ .id = "policy.test-config", .at = "tests[].config", .presence = REQUIRED, RULE },
	{ .at = "tests[].expect", .type = DOC_OBJECT, FIELD },
	{ .at = "tests[].expect.decision", .type = DOC_STRING, FIELD },
	{ .id = "policy.test-expect", .at = "tests[].expect", .presence = REQUIRED, RULE },
	{ .id = "policy.test-decision", .at = "tests[].expect.decision", .presence = REQUIRED, .must = &be_one_of,
	  .words = decisions, RULE },
	{ .at = "tests[].expect.rules", .type = DOC_ARRAY, FIELD },
	{ .at = "tests[].expect.rules[]", .type = DOC_STRING, FIELD },
};

const struct rules conf_policy_parts_rules = RULES(rows);
