/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime runs on the host, beside the container. */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

#define EACH_HOOK "hooks.{prestart,createRuntime,createContainer,startContainer,poststart,poststop}"
#define FIRST_HOOKS "hooks.{prestart,poststart,poststop}"
#define LATER_HOOKS "hooks.{createRuntime,createContainer,startContainer}"

/* The fields of one hook: they came with the list that it stands in. */
/* NOLINTBEGIN(bugprone-macro-parentheses): literals are joined to it, which parentheses would forbid */
#define HOOK_FIELDS(list, release) \
	{ .at = list, .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = (release), .spec = "config.md#configHooks" }, \
	{ .at = list "[]", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = (release), \
	  .spec = "config.md#configHooks" }, \
	{ .at = list "[].path", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = (release), \
	  .spec = "config.md#configHooks" }, \
	{ .at = list "[].args", .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = (release), \
	  .spec = "config.md#configHooks" }, \
	{ .at = list "[].args[]", .type = DOC_STRING, .since = (release), .spec = "config.md#configHooks" }, \
	{ .at = list "[].env", .type = DOC_ARRAY, .quote = QUOTE_VALUE, .since = (release), \
	  .spec = "config.md#configHooks" }, \
	{ .at = list "[].env[]", .type = DOC_STRING, .since = (release), .spec = "config.md#configHooks" }, \
	{ .at = list "[].timeout", .type = DOC_INT, .width = INT_I64, .quote = QUOTE_VALUE, .since = (release), \
	  .spec = "config.md#configHooks" }
/* NOLINTEND(bugprone-macro-parentheses) */

static const char *const names[] = {
	"prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop", NULL,
};

static const struct rule rows[] = {
	{ .at = "hooks", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configHooks" },
	{ .id = "spec.hooks.name-known", .at = "hooks", .must = &have_keys_among, .words = names,
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .since = SPEC_1_0_0,
	  .fix = "a hook of another name never runs", .spec = "config.md#configHooks" },
	HOOK_FIELDS(FIRST_HOOKS, SPEC_1_0_0),
	HOOK_FIELDS(LATER_HOOKS, SPEC_1_0_2),
	/* Docker itself writes one for every container with a network: said, but not as a warning. */
	{ .id = "spec.hooks.prestart-deprecated", .at = "hooks.prestart", .must = &not_be_used,
	  .text = "createRuntime, createContainer or startContainer", .severity = SEV_INFO, .basis = BASIS_SHOULD,
	  .since = SPEC_1_0_2, .spec = "config.md#configHooksPrestart" },
	{ .id = "spec.hooks.path-required", .at = EACH_HOOK "[].path", .presence = REQUIRED, .severity = SEV_ERROR,
	  .basis = BASIS_REQUIRED, .since = SPEC_1_0_0, .spec = "config.md#configHooks" },
	{ .id = "spec.hooks.path-absolute", .at = EACH_HOOK "[].path", .must = &be_absolute, .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .since = SPEC_1_0_0, .spec = "config.md#configHooks" },
	/* No delegate looks at the form: what is wrong with it is between hook and author. */
	{ .id = "spec.hooks.env-format", .at = EACH_HOOK "[].env[]", .must = &be_an_assignment,
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .since = SPEC_1_0_0, .spec = "config.md#configHooks" },
	{ .id = "spec.hooks.args0", .at = EACH_HOOK "[].args", .must = &not_be_empty, .severity = SEV_INFO,
	  .basis = BASIS_TEXT, .since = SPEC_1_0_0,
	  .fix = "the first entry is the name that the hook is called by", .spec = "config.md#configHooks" },
	{ .id = "spec.hooks.timeout-positive", .at = EACH_HOOK "[].timeout", .must = &be_at_least,
	  .range = { 1, INT64_MAX }, .severity = SEV_ERROR, .basis = BASIS_MUST, .since = SPEC_1_0_0,
	  .spec = "config.md#configHooks" },
};

const struct rules spec_hooks_rules = RULES(rows);
