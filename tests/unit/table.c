/* SPDX-License-Identifier: Apache-2.0 */
/* The tables verify themselves; and verify can fail: every fault it promises to find is shown to it once. */
#include "validate/rule/tables.h"

#include <errno.h>
#include <stdio.h>

#include "tests/tap.h"
#include "validate/rule/json.h"
#include "validate/rule/predicates.h"

static const char *const words[] = { "a", "b", NULL };

#define GOOD .severity = SEV_ERROR, .since = SPEC_1_0_0, .spec = "x.md#y"
#define FIELD .at = "a.b", .type = DOC_STRING, .since = SPEC_1_0_0, .spec = "x.md#y"

#define CONTROL .of = OF_CONTROL, .must = &not_be_empty, .severity = SEV_ERROR, .basis = BASIS_POLICY, .spec = "x"

static const struct param unfinished[] = { { "allow", DOC_INT, DOC_STRING, "one" }, { 0 } };

struct broken {
	const char *fault; /* what verify says of it; NULL: nothing */
	struct rule rows[2];
};

static const struct broken broken[] = {
	{ NULL, { { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, GOOD } } },
	{ NULL,
		{ { .at = "a.{b,c[],d.*}[].e", .type = DOC_INT, .width = INT_U8, .since = SPEC_1_0_0, .spec = "x" },
			{ .id = "x.y", .says = "it is so", GOOD } } },
	{ "has the id of another one",
		{ { .id = "a.b", .at = "a", .presence = REQUIRED, GOOD },
			{ .id = "a.b", .at = "b", .presence = REQUIRED, GOOD } } },
	{ "has neither id nor place", { { FIELD }, { GOOD } } },
	{ "judges without a place", { { FIELD }, { .id = "a.b", .presence = REQUIRED, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a..b", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a[", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a.{b,c", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a.{b,{c}}", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a.{b,c}d", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a.b*", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled place", { { FIELD }, { .at = "a.", .type = DOC_INT, GOOD } } },
	{ "is of no subject", { { FIELD }, { .at = "a", .of = OF_MAX, .type = DOC_INT, GOOD } } },
	{ "asks for nothing", { { FIELD }, { .id = "a.b", .at = "a.b", GOOD } } },
	{ "judges without an id", { { FIELD }, { .at = "a.b", .presence = REQUIRED, GOOD } } },
	{ "has an id and nothing to say under it", { { FIELD }, { .id = "a.c", .at = "c", .type = DOC_INT, GOOD } } },
	{ "has an ill-spelled id", { { FIELD }, { .id = "a.B", .at = "a.b", .presence = REQUIRED, GOOD } } },
	{ "has an ill-spelled id", { { FIELD }, { .id = "ab", .at = "a.b", .presence = REQUIRED, GOOD } } },
	{ NULL, { { FIELD }, { .id = "ab", .at = "a.b", CONTROL } } },
	{ "has an ill-spelled id", { { FIELD }, { .id = "a.", .at = "a.b", CONTROL } } },
	{ "is a control on another word than the policy's",
		{ { FIELD }, { .id = "ab", .at = "a.b", .of = OF_CONTROL, .must = &not_be_empty, GOOD } } },
	{ "has an unfinished parameter", { { FIELD }, { .id = "ab", .at = "a.b", .params = unfinished, CONTROL } } },
	{ "has parameters, and no policy sets them",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .params = unfinished, .must = &not_be_empty, GOOD } } },
	{ "has no severity", { { FIELD }, { .id = "a.b", .at = "a.b", .presence = REQUIRED, .spec = "x" } } },
	{ "gives a width to what is no integer",
		{ { FIELD }, { .at = "c", .type = DOC_STRING, .width = INT_U8, GOOD } } },
	{ "says what may be quoted",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .quote = QUOTE_VALUE, GOOD } } },
	{ "is of no release",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .in = RELEASE_MAX, GOOD } } },
	{ "does not say since when",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .severity = SEV_INFO, .spec = "x" } } },
	{ "does not say what must hold", { { FIELD }, { .id = "a.b", GOOD } } },
	{ "was not less before",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .before = SEV_INFO, GOOD } } },
	{ "was not less before",
		{ { FIELD },
			{ .id = "a.b",
				.at = "a.b",
				.must = &not_be_empty,
				.before = SEV_ERROR,
				.severity = SEV_ERROR,
				.since = SPEC_1_1_0,
				.spec = "x" } } },
	{ "is not loosened",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .relaxed = SPEC_1_0_0, GOOD } } },
	{ "is not loosened",
		{ { FIELD },
			{ .id = "a.b",
				.at = "a.b",
				.must = &not_be_empty,
				.relaxed = SPEC_1_1_0,
				.relaxed_to = SEV_ERROR,
				GOOD } } },
	{ "does not say from when on",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .relaxed_to = SEV_INFO, GOOD } } },
	{ "is no property that was there before",
		{ { FIELD }, { .at = "c", .type = DOC_INT, .until = SPEC_1_0_0, GOOD } } },
	{ "is older than the property that holds it",
		{ { .at = "c", .type = DOC_OBJECT, .since = SPEC_1_1_0, .spec = "x" },
			{ .at = "c.d", .type = DOC_INT, GOOD } } },
	{ "names no source", { { FIELD }, { .at = "c", .type = DOC_INT, .severity = SEV_ERROR } } },
	{ "has an argument and no predicate", { { FIELD }, { .at = "c", .type = DOC_INT, .words = words, GOOD } } },
	{ "has an argument that does not fit",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &not_be_empty, .words = words, GOOD } } },
	{ "has an argument that does not fit", { { FIELD }, { .id = "a.b", .at = "a.b", .must = &be_one_of, GOOD } } },
	{ "has an argument that does not fit", { { FIELD }, { .id = "a.b", .at = "a.b", .must = &start_with, GOOD } } },
	{ "has an argument that does not fit",
		{ { .at = "c", .type = DOC_INT, GOOD },
			{ .id = "a.b", .at = "c", .must = &be_within, .range = { 3, 3 }, GOOD } } },
	{ "gives a type to a place that has one", { { FIELD }, { FIELD } } },
	{ "gives a type to a place that has one", { { FIELD }, { .at = "a.{b,c}", .type = DOC_INT, GOOD } } },
	{ "judges the value of a place without a type",
		{ { FIELD }, { .id = "a.c", .at = "c", .must = &not_be_empty, GOOD } } },
	{ "does not take the type of its place",
		{ { FIELD }, { .id = "a.b", .at = "a.b", .must = &be_within, .range = { 0, 1 }, GOOD } } },
	{ "has places below it that its type cannot have", { { FIELD }, { .at = "a.b.c", .type = DOC_INT, GOOD } } },
	{ "has places below it that its type cannot have", { { FIELD }, { .at = "a.b[]", .type = DOC_INT, GOOD } } },
	{ "is map and array at once",
		{ { .at = "a.*", .type = DOC_INT, GOOD }, { .at = "a[]", .type = DOC_INT, GOOD } } },
};

static void verify_can_fail(void)
{
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const struct broken *b = &broken[i];
		const struct rules table = RULES(b->rows);
		const struct rules *const tables[] = { &table, NULL };
		struct fail why = { 0 };
		const int r = rule_verify_tables(tables, &why);
		if (!b->fault)
			ok(r == 0, "row pair %zu is well-formed %s", i, why.says);
		else if (!ok(r == -EINVAL && strstr(why.says, b->fault), "row pair %zu %s", i, b->fault))
			printf("# it says: %d %s\n", r, why.says);
	}
}

static void names(void)
{
	is_text(severity_name(SEV_WARNING), "warning", "a severity has a name");
	is_text(severity_name(SEV_OFF), "off", "and so has none");
	is_text(basis_name(BASIS_TEXT), "text", "a basis has a name");
	for (enum json_rule i = 0; i < JSON_RULE_MAX; i++)
		ok(json_rows[i].id && rule_find(json_rows[i].id) == rule_row(i), "json row %d is there", (int)i);
	ok(rule_tables[0] == &json_rules, "the rows without a place come first: their order is their index");
	ok(rule_find("spec.process.cwd-absolute")->must == &be_absolute, "a rule is found by its id");
	ok(!rule_find("spec.no.such"), "an id that nobody has is not found");
	ok(!rule_find("type.no.such"), "nor a type of no place");
	is_text(rule_find("type.policy.audit.ack-ms")->at, "audit.ackMs",
		"the types of our own files have a layer of their own");
	is_text(rule_find("type.runtimes.paths")->at, "paths", "each");
}

int main(void)
{
	struct fail why = { 0 };
	ok(rule_verify(&why) == 0, "the tables are well-formed %s", why.says);
	verify_can_fail();
	names();
	return tap_done();
}
