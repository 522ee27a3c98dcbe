/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy wants of start: settled while a container is created, in a few words; and the modes and weights that
 * come of them at start. The rules without a place are found by others, and weighed here.
 */
#include <errno.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/policy/decide.h"
#include "validate/policy/evaluate.h"
#include "validate/policy/policy_parts.h"
#include "validate/policy/start.h"
#include "validate/policy/start_exempt.h"

static struct arena arena;

static const struct doc *parse(const char *text)
{
	const struct doc_options options = { .file = "test", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	struct fail why = { 0 };
	if (doc_parse(&arena, bytes_of(text), &options, &root, &why) < 0)
		ok(false, "%s: %s", why.says, text);
	return root;
}

/* What a policy file of these members settles for a create. */
static const struct doc *wanted(const char *members)
{
	const struct file f = { .path = "policy.json",
		.bytes = bytes_of(arena_printf(&arena, "{ \"version\": 1%s%s }", *members ? ", " : "", members)) };
	struct policy p;
	struct report report = { 0 };
	struct fail why = { 0 };
	const struct evaluation e = {
		.file = "config.json",
		.root = parse("{ \"ociVersion\": \"1.0.2\", \"root\": { \"path\": \"r\" } }"),
		.below = "",
		.policy = &p,
		.context = parse("{ \"engine\": \"docker\", \"labels\": { \"a\": \"b\" }, \"trust\": { \"engine\": "
				 "\"place\", \"labels\": \"claim\" } }"),
	};
	policy_default(&p);
	if (*members && policy_parse(&arena, &f, &p, &why) < 0) {
		ok(false, "%s: %s", members, why.says);
		return NULL;
	}
	ok(evaluate(&arena, &e, &report, NULL, &why) == 0, "%s is judged by: %s", members, why.says);
	return report.applied ? report.applied->start : NULL;
}

static const char *shown(const struct doc *d)
{
	struct text to = text_growing(&arena);
	doc_write(d, false, &to);
	return to.data;
}

#define PROFILE(name, rules) "\"profile\": \"p\", \"profiles\": { \"p\": { " name ", \"rules\": { " rules " } } }"
#define PLAIN PROFILE("\"extends\": []", "")
#define ENFORCED PROFILE("\"extends\": [\"start@1\"]", "")

static void settled(void)
{
	static const struct {
		const char *members, *id;
		enum mode mode;
	} cases[] = {
		{ "", "drift.config", MODE_AUDIT },
		{ "", "boundary.any", MODE_AUDIT },
		{ PLAIN, "drift.config", MODE_AUDIT },
		{ ENFORCED, "drift.config", MODE_ENFORCE },
		{ ENFORCED, "drift.missing", MODE_ENFORCE },
		{ ENFORCED, "drift.replaced", MODE_AUDIT },
		{ "\"mode\": \"audit\", " ENFORCED, "drift.config", MODE_AUDIT },
		{ "\"start\": { \"drift\": \"audit\" }, " ENFORCED, "drift.config", MODE_AUDIT },
		{ "\"start\": { \"drift\": \"off\" }, " ENFORCED, "drift.config", MODE_OFF },
		{ "\"start\": { \"drift\": \"off\" }, " ENFORCED, "boundary.mounts.open", MODE_AUDIT },
		{ "\"start\": { \"boundary\": \"warn\" }, " PLAIN, "boundary.any", MODE_WARN },
		{ PROFILE("\"extends\": [\"start@1\"]", "\"drift.config\": { \"mode\": \"off\" }"), "drift.config",
			MODE_OFF },
		{ PROFILE("\"mode\": \"warn\"", "\"drift.config\": {}"), "drift.config", MODE_WARN },
		{ PROFILE("\"mode\": \"warn\"", "\"drift.config\": {}"), "drift.missing", MODE_AUDIT },
		/* What a clause limits is what the profile says, not what holds without a word of it. */
		{ ENFORCED ", \"select\": [{ \"profile\": \"p\", \"mode\": \"off\" }]", "drift.config", MODE_OFF },
		{ ENFORCED ", \"select\": [{ \"profile\": \"p\", \"mode\": \"off\" }]", "drift.bundle", MODE_AUDIT },
		/* On the word of a claim one may only tighten. */
		{ PLAIN ", \"select\": [{ \"profile\": \"start@1\", \"trust\": \"any\", \"when\": { \"labels.a\": "
			"\"b\" } }]",
			"drift.config", MODE_ENFORCE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct doc *d = wanted(cases[i].members);
		is_text(mode_name(start_mode(d, cases[i].id)), mode_name(cases[i].mode), "%s of %s: %s", cases[i].id,
			cases[i].members, shown(d));
	}
	const struct doc *off = wanted("\"start\": { \"drift\": \"off\", \"boundary\": \"off\" }, " ENFORCED);
	ok(!start_wants(off, "drift") && !start_wants(off, "boundary"), "with both off nothing is wanted: %s",
		shown(off));
	const struct doc *plain = wanted(PLAIN);
	ok(start_wants(plain, "drift") && start_wants(plain, "boundary"), "without a word both are");
	is_text(shown(plain), "{\"drift\":\"audit\",\"boundary\":\"audit\",\"profile\":\"p\"}",
		"which takes few words");
	const struct doc *one = wanted("\"start\": { \"boundary\": \"off\" }, " PLAIN);
	ok(start_wants(one, "drift") && !start_wants(one, "boundary"), "or one of them");
}

/* start@1 enforces whatever is an error, so that nobody has to list it. */
static void whole_profile(void)
{
	const struct doc *d = wanted(ENFORCED);
	size_t at = 0;

	for (const struct rule *r = rule_next(OF_BOUNDARY, &at); r; r = rule_next(OF_BOUNDARY, &at))
		if (r->id)
			is_text(mode_name(start_mode(d, r->id)), r->severity == SEV_ERROR ? "enforce" : "audit",
				"start@1 of %s", r->id);
}

/* Notes may be anybody's of an older or newer runvet, or cut. */
static void odd_words(void)
{
	static const char *const odd[] = { "{}", "{ \"drift\": 1 }", "{ \"drift\": \"deny\" }",
		"{ \"rules\": { \"drift.config\": \"enforce!\" } }", "{ \"rules\": [\"drift.config\"] }",
		"{ \"rules\": { \"driftx.config\": \"enforce\" } }", "{ \"boundary\": \"enforce\" }" };

	is_text(mode_name(start_mode(NULL, "drift.config")), "off", "of nothing nothing is wanted");
	ok(!start_wants(NULL, "drift"), "at all");
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const struct doc *d = parse(odd[i]);
		is_text(mode_name(start_mode(d, "drift.config")), "off", "%s says nothing of drift", odd[i]);
		ok(!start_wants(d, "drift"), "so nothing is looked at");
	}
	const struct doc *d = parse("{ \"drift\": \"off\", \"rules\": { \"drift.config\": \"enforce\" } }");
	ok(start_wants(d, "drift"), "one rule is enough");
	is_text(mode_name(start_mode(d, "custom.drift")), "off", "and a rule of no group is none of start's");
}

static void weights(void)
{
	static const struct {
		const char *mode, *id;
		enum severity severity;
		enum decision_kind kind;
	} cases[] = {
		{ "enforce", "drift.config", SEV_ERROR, DECISION_DENY },
		{ "audit", "drift.config", SEV_ERROR, DECISION_WOULD_DENY },
		{ "warn", "drift.config", SEV_WARNING, DECISION_ALLOW },
		{ "enforce", "drift.replaced", SEV_ERROR, DECISION_DENY },
		{ "audit", "drift.replaced", SEV_INFO, DECISION_ALLOW },
		{ "warn", "drift.replaced", SEV_INFO, DECISION_ALLOW },
		{ "audit", "drift.bundle", SEV_WARNING, DECISION_ALLOW },
	};
	struct policy p;

	policy_default(&p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct doc *d = parse(arena_printf(&arena, "{ \"drift\": \"%s\" }", cases[i].mode));
		const struct start_breach b = { .id = cases[i].id, .pointer = "/process", .fact = "it differs" };
		struct report r = { 0 };
		bool added = false;
		ok(start_add(&arena, d, &b, &r, &added) == 0 && added && r.count == 1, "%s in mode %s is found",
			cases[i].id, cases[i].mode);
		is_text(severity_name(r.findings[0].severity), severity_name(cases[i].severity), "as a");
		is_text(decision_name(decide(&p, &r, NULL, false).kind), decision_name(cases[i].kind), "and comes to");
		is_int((long)(r.errors + r.warnings + r.infos), 1, "in one sum");
	}
	struct report none = { 0 };
	bool added = true;
	const struct start_breach b = { .id = "drift.config", .pointer = "" };
	ok(start_add(&arena, parse("{ \"drift\": \"off\" }"), &b, &none, &added) == 0 && !added && none.count == 0,
		"off finds nothing");
}

#define EXEMPTION(members)                                                                                             \
	"\"exempt\": [{ \"id\": \"X\", \"reason\": \"r\", \"owner\": \"o\", \"notAfter\": "                            \
	"\"2099-01-01T00:00:00Z\", " members " }]"
#define ID "\"id\":\"X\","
#define END "\"notAfter\":\"2099-01-01T00:00:00Z\"}]"
#define DRIFT "\"rules\": [\"drift.config\"]"

/* What of an exemption can be told at create is settled there, and the note has the rest. */
static void exempt_settled(void)
{
	static const struct {
		const char *members, *note;
	} cases[] = {
		{ EXEMPTION(DRIFT ", \"match\": { \"engine\": \"docker\" }"),
			"[{" ID "\"rules\":[\"drift.config\"]," END },
		{ EXEMPTION("\"rules\": [\"nnp\", \"boundary.root.readonly\"], \"mode\": \"warn\", \"values\": { "
			    "\"value\": "
			    "\"1\" }"),
			"[{" ID "\"rules\":[\"boundary.root.readonly\"],\"values\":{\"value\":\"1\"},\"mode\":\"warn\","
			"" END },
		{ EXEMPTION(DRIFT ", \"match\": { \"engine\": \"podman\" }"), NULL },
		{ EXEMPTION(DRIFT ", \"match\": { \"labels.a\": \"b\" }"), NULL },
		{ EXEMPTION("\"rules\": [\"nnp\"], \"match\": { \"engine\": \"docker\" }"), NULL },
		/* What it demands is broken in this document, or kept. */
		{ EXEMPTION(DRIFT ", \"match\": { \"engine\": \"docker\" }, \"provided\": [\"root.readonly\"]"), NULL },
		{ EXEMPTION(DRIFT ", \"match\": { \"engine\": \"docker\" }, \"provided\": [\"privileged\"]"),
			"[{" ID "\"rules\":[\"drift.config\"]," END },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct doc *list = doc_get(wanted(cases[i].members), "exempt");
		is_text(list ? shown(list) : NULL, cases[i].note, "%s", cases[i].members);
	}
	struct text many = text_growing(&arena);
	text_add(&many, "\"exempt\": [");
	for (unsigned i = 0; i < 200; i++)
		text_printf(&many,
			"%s{ \"id\": \"X-%u\", \"reason\": \"r\", \"owner\": \"o\", \"notAfter\": "
			"\"2099-01-01T00:00:00Z\", " DRIFT ", \"values\": { \"place\": \"/%u\" } }",
			i ? "," : "", i, i);
	text_add(&many, "]");
	const struct doc *all = doc_get(wanted(many.data), "exempt");
	ok(all && all->count > 20 && strlen(shown(all)) < LIMIT_START_EXEMPT + 2,
		"no more of them than a note has room for");
}

/* What is found is held against what the note has, at the time that it is. */
static void exempt_found(void)
{
	static const struct {
		const char *exemption, *places[3];
		time_t now;
		const char *decision;
	} cases[] = {
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\"", { "/a" }, 1795000000, "allow" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\"", { NULL }, 1795000000, "allow" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\"", { "/a" }, 1797000000, "deny" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\"", { "/a" }, 1763000000, "deny" },
		{ "\"notAfter\": \"soon\"", { "/a" }, 1795000000, "deny" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\", \"mode\": \"audit\"", { "/a" }, 1795000000, "would-deny" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\", \"values\": { \"place\": \"/a\" }", { "/a" }, 1795000000,
			"allow" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\", \"values\": { \"place\": \"/a\" }", { "/a", "/b" },
			1795000000, "deny" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\", \"values\": { \"place\": [\"/a\", \"/b\"] }", { "/a", "/b" },
			1795000000, "allow" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\", \"values\": { \"place\": \"**\" }", { NULL }, 1795000000,
			"deny" },
		{ "\"notAfter\": \"2026-12-01T00:00:00Z\", \"values\": { \"value\": \"/a\" }", { "/a" }, 1795000000,
			"deny" },
	};
	struct policy p;

	policy_default(&p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct doc *d = parse(arena_printf(&arena,
			"{ \"drift\": \"enforce\", \"issued\": \"2026-01-01T00:00:00Z\", \"exempt\": [{ \"id\": "
			"\"X\", " DRIFT ", %s }] }",
			cases[i].exemption));
		const struct start_breach b = { .id = "drift.config", .pointer = "", .places = cases[i].places };
		struct report r = { 0 };
		struct applied used = { 0 };
		const struct timespec now = { .tv_sec = cases[i].now };
		ok(start_add(&arena, d, &b, &r, NULL) == 0 && start_exempt(&arena, d, now, &r, &used) == 0, "%s",
			cases[i].exemption);
		is_text(decision_name(decide(&p, &r, NULL, false).kind), cases[i].decision, "comes to");
		is_int((long)used.exempt_count, strcmp(cases[i].decision, "deny") != 0, "and is told of");
	}
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	settled();
	whole_profile();
	odd_words();
	weights();
	exempt_settled();
	exempt_found();
	arena_done(&arena);
	return tap_done();
}
