/* SPDX-License-Identifier: Apache-2.0 */
/* Where findings point to in the text, in bytes and in characters, and what is shown of it. */
#include "ctl/check/source.h"

#include "ctl/check/paint.h"
#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"

static struct arena arena;
static struct source source;
static struct report report;

/* Judges a text by the specification's rows. */
static bool judged(struct bytes text)
{
	const struct doc_options options = { .file = "t", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	struct fail why;

	report = (struct report){ 0 };
	if (!source_open(&arena, text, &source))
		return false;
	if (doc_parse(&arena, text, &options, &root, &why) < 0)
		return report_of_fail(&arena, &why, &report) == 0;
	const struct check_input in = { .file = "t", .text = text, .root = root, .of = OF_BUNDLE, .below = "" };
	return check(&arena, &in, &report, &why) == 0;
}

static const struct finding *found(const char *id)
{
	for (size_t i = 0; i < report.count; i++)
		if (strcmp(report.findings[i].id, id) == 0)
			return &report.findings[i];
	return NULL;
}

/* The bytes that the finding of the rule points to; empty when there is no such finding. */
static struct bytes pointed(const char *id, struct region *ret)
{
	const struct finding *f = found(id);
	*ret = f ? source_region(&source, f) : (struct region){ 0 };
	return (struct bytes){ source.text.data + ret->offset, ret->length };
}

static const char *shown(const struct region *r)
{
	static const struct paint plain = { "", "", "", "", "", "", "", "" };
	struct text to = text_growing(&arena);
	source_show(&source, r, &plain, &to);
	return to.data;
}

static void test_regions(void)
{
	struct region r;

	ok(judged(BYTES("{\"process\": {\"cwd\": \"tmp\",\r\n\t\"oomScoreAdj\" : 5000, \"Args\": []}}")), "a document");
	ok(bytes_is(pointed("spec.process.cwd-absolute", &r), "\"tmp\"") && r.line == 1, "a string, with its quotes");
	is_text(shown(&r), "    1 | {\"process\": {\"cwd\": \"tmp\",\n      |                     ^~~~~\n", "is shown");
	ok(bytes_is(pointed("spec.process.oom-score-range", &r), "5000") && r.line == 2 && r.column == 18, "a number");
	is_text(shown(&r), "    2 |     \"oomScoreAdj\" : 5000, \"Args\": []}}\n      |                     ^~~~\n",
		"a tab is four columns");
	ok(bytes_is(pointed("json.case-variant-name", &r), "\"Args\""), "a key, where it is what is meant");
	ok(judged(BYTES("{\n  \"a\": 1,\n}")) && bytes_is(pointed("json.well-formed", &r), ",") && r.line == 2,
		"a character, where the text ends to be JSON");
	ok(judged(BYTES("")) && pointed("json.well-formed", &r).len == 0, "nothing, in a text without any");
}

static void test_characters(void)
{
	struct region r;
	struct text big = text_growing(&arena);

	ok(judged(BYTES("{\"a\xe6\x97\xa5\": 1, \"process\": {\"cwd\": \"\xc3\xa9\"}}")),
		"a document that is not ASCII");
	(void)pointed("spec.process.cwd-absolute", &r);
	ok(r.column - r.char_column == 2 && r.at == r.offset - 2 && r.length == 4 && r.chars == 3,
		"characters are counted");
	is_text(shown(&r),
		"    1 | {\"a\xe6\x97\xa5\": 1, \"process\": {\"cwd\": \"\xc3\xa9\"}}\n      |                         "
		"      ^~~\n",
		"a wide one takes two columns");
	text_add(&big, "{\"a\":[");
	for (unsigned i = 0; i < 100000; i++)
		text_add(&big, "\"\xc3\xa9\",");
	text_add(&big, "1],\"process\":{\"cwd\":\"x\x1f\"}}");
	text_add(&big, "");
	ok(judged((struct bytes){ big.data, big.len }) && report.count == 1, "a control character does not parse");
	r = source_region(&source, &report.findings[0]);
	ok(r.offset - r.at == 100000 && r.line == 1, "far from the beginning characters are counted from a step");
	ok(strstr(shown(&r), "x\\x1f") && strlen(shown(&r)) < 300, "it is shown as \\x1f, in a window");
}

static void test_lines(void)
{
	struct text to = text_growing(&arena);

	paint_wrap(BYTES("one two three four"), 9, 2, &to);
	is_text(to.data, "one two\n  three\n  four", "a line is broken between words");
	to = text_growing(&arena);
	paint_wrap(BYTES("  = \033[1mhelp:\033[0m x"), 11, 4, &to);
	is_text(to.data, "  = \033[1mhelp:\033[0m x", "what sets colours takes no columns");
	ok(char_columns('a') == 1 && char_columns(0x65e5) == 2 && char_columns(0x301) == 0 &&
			char_columns(0x1f600) == 2,
		"columns of characters");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	test_regions();
	test_characters();
	test_lines();
	arena_done(&arena);
	return tap_done();
}
