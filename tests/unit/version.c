/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases: the specification's, which a document names, and our own, which a policy names. Shown on tables made for
 * it, so that it holds for rows that are not written yet.
 */
#include "validate/rule/version.h"

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/rule/json.h"
#include "validate/rule/predicates.h"

#define NEXT RELEASE_MAX /* a release that is not out yet */

static const struct rule rows[] = {
	{ .at = "", .type = DOC_OBJECT, .since = SPEC_1_0_0, .spec = "x" },
	{ .at = "ociVersion", .type = DOC_STRING, .since = SPEC_1_0_0, .spec = "x" },
	{ .at = "old", .type = DOC_OBJECT, .since = SPEC_1_0_0, .spec = "x" },
	{ .at = "old.new", .type = DOC_OBJECT, .since = SPEC_1_2_0, .spec = "x" },
	{ .at = "old.new.newer", .type = DOC_INT, .since = SPEC_1_2_1, .spec = "x" },
	{ .at = "list", .type = DOC_ARRAY, .since = SPEC_1_0_0, .spec = "x" },
	{ .at = "list[]", .type = DOC_OBJECT, .since = SPEC_1_0_0, .spec = "x" },
	{ .at = "list[].later", .type = DOC_INT, .since = SPEC_1_0_2, .spec = "x" },
	{ .at = "gone", .type = DOC_BOOL, .since = SPEC_1_1_0, .until = SPEC_1_2_0, .fix = "use old", .spec = "x" },
	{ .at = "must", .type = DOC_STRING, .since = SPEC_1_0_0, .spec = "x" },
	{ .id = "t.relaxed",
		.at = "must",
		.must = &not_be_empty,
		.severity = SEV_ERROR,
		.since = SPEC_1_0_0,
		.relaxed = SPEC_1_1_0,
		.relaxed_to = SEV_INFO,
		.spec = "x" },
	{ .id = "t.raised",
		.at = "must",
		.must = &be_absolute,
		.severity = SEV_ERROR,
		.since = SPEC_1_2_0,
		.before = SEV_WARNING,
		.spec = "x" },
	{ .id = "t.optional",
		.at = "was",
		.presence = REQUIRED,
		.severity = SEV_ERROR,
		.since = SPEC_1_0_0,
		.relaxed = SPEC_1_3_0,
		.relaxed_to = SEV_OFF,
		.spec = "x" },
	{ .at = "fresh", .type = DOC_INT, .since = SPEC_1_0_0, .in = NEXT, .spec = "x" },
	{ .id = "t.fresh",
		.at = "fresh",
		.must = &be_within,
		.range = { 0, 1 },
		.severity = SEV_ERROR,
		.since = SPEC_1_0_0,
		.in = NEXT,
		.spec = "x" },
	{ .id = "t.fresh-remark",
		.at = "fresh",
		.must = &be_within,
		.range = { 0, 2 },
		.severity = SEV_INFO,
		.since = SPEC_1_0_0,
		.in = NEXT,
		.spec = "x" },
};
static const struct rules own = RULES(rows);
static const struct rules *const tables[] = { &json_rules, &own, NULL };

static struct arena arena;

static bool judge(const char *text, enum release rules, struct report *ret)
{
	const struct doc_options options = { .file = "f", .cause = CAUSE_BUNDLE };
	struct fail why = { 0 };
	const struct doc *root;
	*ret = (struct report){ 0 };
	if (doc_parse(&arena, bytes_of(text), &options, &root, &why) < 0)
		return false;
	const struct check_input in = { .file = "f",
		.text = bytes_of(text),
		.root = root,
		.below = "",
		.rules = rules,
		.tables = tables };
	return check(&arena, &in, ret, &why) == 0;
}

/* How severe the finding of that id is; SEV_OFF when there is none. */
static enum severity severity_of(const struct report *r, const char *id)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->findings[i].id, id) == 0)
			return r->findings[i].severity;
	return SEV_OFF;
}

static void stands_for(void)
{
	static const struct {
		const char *said;
		enum spec_version v;
	} versions[] = {
		{ "1.0.0", SPEC_1_0_0 },
		{ "1.0.0-rc5", SPEC_1_0_0 },
		{ "1.0.0-rc5-dev", SPEC_1_0_1 },
		{ "1.0.1", SPEC_1_0_1 },
		{ "1.0.1-dev", SPEC_1_0_2 },
		{ "1.0.2", SPEC_1_0_2 },
		{ "1.0.2-dev", SPEC_1_1_0 },
		{ "1.0.9", SPEC_1_0_2 },
		{ "1.1.0-rc.1", SPEC_1_1_0 },
		{ "1.1.0", SPEC_1_1_0 },
		{ "1.1.0+dev", SPEC_1_2_0 },
		{ "1.1.0-rc.2+dev", SPEC_1_2_0 },
		{ "1.1.0+develop", SPEC_1_1_0 },
		{ "1.1.0+xdev", SPEC_1_1_0 },
		{ "1.2.0", SPEC_1_2_0 },
		{ "1.2.1", SPEC_1_2_1 },
		{ "1.2.77", SPEC_1_2_1 },
		{ "1.3.0", SPEC_1_3_0 },
		{ "1.3.0+dev", SPEC_1_3_0 },
		{ "1.99.0", SPEC_1_3_0 },
		{ "1.999999999999999999.0", SPEC_1_3_0 },
		{ "2.0.0", SPEC_ANY },
		{ "0.9.0", SPEC_ANY },
		{ "v1.0.0", SPEC_ANY },
		{ "1.0", SPEC_ANY },
		{ "01.0.0", SPEC_ANY },
		{ "1.0.0-", SPEC_ANY },
		{ "1.9999999999999999999.0", SPEC_ANY },
		{ "", SPEC_ANY },
	};
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		is_text(spec_version_name(spec_version_of(bytes_of(versions[i].said))),
			spec_version_name(versions[i].v), "\"%s\" stands for it", versions[i].said);
	for (enum release r = RELEASE_0_1; r < RELEASE_MAX; r++)
		is_int(release_find(bytes_of(release_name(r))), r, "release %s is found by its name", release_name(r));
	is_int(release_find(BYTES("0.0")), RELEASE_MAX, "another one is not");
}

static void properties(void)
{
	struct report r;
	arena_init(&arena, LIMIT_ARENA);
	ok(judge("{\"ociVersion\":\"1.1.0\",\"was\":1,\"old\":{\"new\":{\"newer\":1}},\"list\":[{\"later\":1}]}",
		   RELEASE_0_1, &r) &&
			r.count == 1,
		"what stands below a newer property is not told again");
	is_text(r.count ? r.findings[0].says : "",
		"old.new came with release 1.2.0 of the specification, later than ociVersion says", "the sentence");
	is_int(r.warnings, 1, "it warns");
	ok(judge("{\"ociVersion\":\"1.0.1\",\"was\":1,\"list\":[{\"later\":1},{},{\"later\":2}]}", RELEASE_0_1, &r),
		"a property of an element");
	is_int(r.warnings, 2, "is told of every element that has it");
	ok(judge("{\"ociVersion\":\"1.2.0\",\"was\":1,\"gone\":true}", RELEASE_0_1, &r), "a property that has gone");
	is_int(severity_of(&r, "spec.version.property-removed"), SEV_WARNING, "is told");
	is_text(r.count ? r.findings[0].fix : "", "use old", "with what has taken its place");
	ok(judge("{\"ociVersion\":\"1.1.0\",\"was\":1,\"gone\":true}", RELEASE_0_1, &r) && r.count == 0,
		"while it was there it is fine");
	ok(judge("{\"old\":{\"new\":{}},\"gone\":true}", RELEASE_0_1, &r) && r.count == 0,
		"without a version nothing is too new or too old");
	ok(judge("{\"ociVersion\":\"1.0.0\",\"was\":1,\"old\":{\"new\":null}}", RELEASE_0_1, &r), "null");
	is_int(severity_of(&r, "spec.version.property-newer"), SEV_OFF, "is absent, and so not too new");
	arena_done(&arena);
}

static void rules(void)
{
	static const struct {
		const char *version;
		enum severity relaxed, raised, optional;
	} documents[] = {
		{ "1.0.0", SEV_ERROR, SEV_WARNING, SEV_ERROR },
		{ "1.0.2", SEV_ERROR, SEV_WARNING, SEV_ERROR },
		{ "1.0.2-dev", SEV_INFO, SEV_WARNING, SEV_ERROR },
		{ "1.1.0", SEV_INFO, SEV_WARNING, SEV_ERROR },
		{ "1.2.0", SEV_INFO, SEV_ERROR, SEV_ERROR },
		{ "1.2.1+dev", SEV_INFO, SEV_ERROR, SEV_OFF },
		{ "1.3.0", SEV_INFO, SEV_ERROR, SEV_OFF },
		{ "7", SEV_INFO, SEV_ERROR, SEV_OFF },
	};
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		const char *version = documents[i].version;
		struct report r;
		arena_init(&arena, LIMIT_ARENA);
		const char *text = arena_printf(&arena, "{\"ociVersion\":\"%s\",\"must\":\"\"}", version);
		ok(judge(text, RELEASE_0_1, &r), "a document of %s", version);
		is_int(severity_of(&r, "t.relaxed"), documents[i].relaxed, "what was loosened in 1.1.0");
		is_int(severity_of(&r, "t.raised"), documents[i].raised, "what came in 1.2.0");
		is_int(severity_of(&r, "t.optional"), documents[i].optional, "what is optional from 1.3.0 on");
		arena_done(&arena);
	}
}

static void our_releases(void)
{
	static const char broken[] = "{\"was\":1,\"fresh\":3}", ill_typed[] = "{\"was\":1,\"fresh\":\"x\"}";
	struct report r;
	arena_init(&arena, LIMIT_ARENA);
	ok(judge(broken, RELEASE_0_1, &r), "a rule of the next release, policy of this one");
	is_int(severity_of(&r, "t.fresh"), SEV_WARNING, "it warns");
	is_int(severity_of(&r, "t.fresh-remark"), SEV_INFO, "what was a remark is one");
	is_int(r.errors, 0, "nothing refuses");
	ok(judge(broken, NEXT, &r), "policy of the next release");
	is_int(severity_of(&r, "t.fresh"), SEV_ERROR, "it refuses");
	is_int(severity_of(&r, "t.fresh-remark"), SEV_INFO, "what was a remark is one");
	ok(judge(ill_typed, RELEASE_0_1, &r) && r.errors == 0, "so it is with a type of the next release: it warns");
	is_int(severity_of(&r, "type.fresh"), SEV_WARNING, "under its own id");
	ok(judge(ill_typed, NEXT, &r) && r.errors == 1, "and then refuses");
	arena_done(&arena);
}

int main(void)
{
	stands_for();
	properties();
	rules();
	our_releases();
	return tap_done();
}
