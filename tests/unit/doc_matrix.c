/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matrix of parser differences: what encoding/json (runc, runsc), yajl (crun up to 1.27), json-c (crun from 1.28)
 * and serde_json (youki) make of the same bytes. A row that they read differently has to be refused, by that rule and
 * at that place; a row on which they agree has to be accepted, as that tree. Rows marked "vocabulary" differ only once
 * it is known which names and types a member may have; the reader hands them on unchanged, spelling and all.
 */
#include "tests/doc_print.h"
#include "tests/tap.h"
#include "validate/base/limits.h"

#include <errno.h>

struct row {
	const char *name;
	struct bytes text;
	const char *rule;  /* NULL: accepted */
	const char *place; /* "line:column pointer" of a refusal, the tree of what is accepted; NULL: the text itself */
};

#define T(literal)                                                                                                     \
	{                                                                                                              \
		(literal), sizeof(literal) - 1                                                                         \
	}
#define WELL "json.well-formed"
#define TWICE "json.duplicate-name"
#define NUL "json.embedded-nul"
#define SINGLE "json.single-value"

static const struct row rows[] = {
	/* vocabulary: Go folds names, the others do not */
	{ "upper-case name", T("{\"HOOKS\":1}"), NULL, NULL },
	{ "long s in a name", T("{\"hook\\u017f\":1}"), NULL, NULL },
	{ "kelvin sign in a name", T("{\"hoo\\u212as\":1}"), NULL, NULL },
	{ "names that differ in case", T("{\"hooks\":1,\"HOOKS\":2}"), NULL, NULL },
	{ "Process for process", T("{\"Process\":{\"cwd\":\"/\"}}"), NULL, NULL },

	{ "duplicate, scalar", T("{\"a\":1,\"a\":2}"), TWICE, "1:8 /a" },
	{ "duplicate, same scalar", T("{\"a\":1,\"a\":1}"), TWICE, "1:8 /a" },
	{ "duplicate, object", T("{\"root\":{\"path\":\"a\"},\n \"root\":{\"path\":\"b\"}}"), TWICE, "2:2 /root" },
	{ "duplicate, array of objects", T("{\"mounts\":[{\"options\":[\"ro\"]}],\"mounts\":[{}]}"), TWICE,
		"1:32 /mounts" },
	{ "duplicate, second is null", T("{\"hooks\":{},\"hooks\":null}"), TWICE, "1:13 /hooks" },
	{ "duplicate, first is null", T("{\"hooks\":null,\"hooks\":{}}"), TWICE, "1:15 /hooks" },
	{ "duplicate in a map", T("{\"annotations\":{\"a/b\":\"1\",\"a/b\":\"2\"}}"), TWICE, "1:27 /annotations/a~1b" },
	{ "duplicate after unescaping", T("{\"hooks\":1,\"hoo\\u006bs\":2}"), TWICE, "1:12 /hooks" },
	{ "duplicate, escaped quote", T("{\"a\\\"\":1,\"a\\u0022\":2}"), TWICE, "1:10 /a\"" },
	{ "duplicate, escaped slash", T("{\"a/\":1,\"a\\/\":2}"), TWICE, "1:9 /a~1" },
	{ "duplicate, escaped pair", T("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}"), TWICE,
		"1:11 /\xf0\x9f\x98\x80" },
	{ "duplicate, empty name", T("{\"\":1,\"\":2}"), TWICE, "1:7 /" },
	{ "duplicate within an array", T("[0,{\"a\":1,\"a\":2}]"), TWICE, "1:11 /1/a" },
	{ "same name at two depths", T("{\"a\":{\"a\":{\"a\":1}}}"), NULL, NULL },
	{ "same name in siblings", T("[{\"a\":1},{\"a\":1}]"), NULL, NULL },

	/* vocabulary: types */
	{ "unknown name", T("{\"nobody.knows\":{\"x\":[]}}"), NULL, NULL },
	{ "a string for a boolean", T("{\"noNewPrivileges\":\"true\"}"), NULL, NULL },
	{ "a string for a number", T("{\"uid\":\"1000\"}"), NULL, NULL },
	{ "null for a value", T("{\"hooks\":null}"), NULL, NULL },
	{ "an empty string", T("{\"path\":\"\"}"), NULL, NULL },
	{ "a document that is null", T("null"), NULL, NULL },
	{ "a document that is a number", T("12"), NULL, NULL },
	{ "a document that is a string", T("\"a\""), NULL, NULL },

	{ "block comment", T("{/* x */\"a\":1}"), WELL, "1:2 " },
	{ "line comment", T("{\"a\":1} // x\n"), WELL, "1:9 " },
	{ "comment between name and value", T("{\"a\":/**/1}"), WELL, "1:6 /a" },
	{ "hash comment", T("{\"a\":1}\n# x\n"), SINGLE, "2:1 " },

	{ "trailing comma in an object", T("{\"a\":1,}"), WELL, "1:7 " },
	{ "trailing comma in an array", T("{\"a\":[1, 2 , ]}"), WELL, "1:12 /a/2" },
	{ "only a comma", T("[,]"), WELL, "1:2 /0" },
	{ "two commas", T("[1,,2]"), WELL, "1:4 /1" },
	{ "single quotes, value", T("{\"a\":'b'}"), WELL, "1:6 /a" },
	{ "single quotes, name", T("{'a':1}"), WELL, "1:2 " },
	{ "bare name", T("{a:1}"), WELL, "1:2 " },
	{ "TRUE", T("{\"a\":TRUE}"), WELL, "1:6 /a" },
	{ "True", T("[True]"), WELL, "1:2 /0" },
	{ "Null", T("{\"a\":Null}"), WELL, "1:6 /a" },
	{ "NaN", T("{\"a\":NaN}"), WELL, "1:6 /a" },
	{ "Infinity", T("[Infinity]"), WELL, "1:2 /0" },
	{ "-Infinity", T("[1,-Infinity]"), WELL, "1:5 /1" },
	{ "trailing garbage", T("{\"a\":1}x"), SINGLE, "1:8 " },
	{ "second document", T("{\"a\":1}\n{\"a\":2}\n"), SINGLE, "2:1 " },
	{ "second closing brace", T("{}}"), SINGLE, "1:3 " },
	{ "white space after the document", T("{} \r\n\t \n"), NULL, "{}" },
	{ "white space everywhere", T("\t{ \"a\" :\r\n[ 1 , 2 ] } "), NULL, "{\"a\":[1,2]}" },
	{ "NUL after the document", T("{\"a\":1}\0"), NUL, "1:8 " },
	{ "NUL, then a second document", T("{\"a\":1}\0{\"a\":2}"), NUL, "1:8 " },
	{ "NUL in a string", T("{\"a\":\"b\0c\"}"), NUL, "1:8 /a" },
	{ "\\u0000 in a name", T("{\"hooks\\u0000x\":1}"), NUL, "1:8 " },
	{ "\\u0000 in a value", T("{\"a\":[\"b\\u0000c\"]}"), NUL, "1:9 /a/0" },
	{ "escaped backslash before u0000", T("[\"\\\\u0000\"]"), NULL, NULL },

	{ "invalid UTF-8, lone byte", T("{\"a\":\"\x80\"}"), "json.utf8", "1:7 /a" },
	{ "invalid UTF-8, 0xff", T("{\"a\":\"b\xff\"}"), "json.utf8", "1:8 /a" },
	{ "invalid UTF-8, in a name", T("{\"b\":1,\"a\xc3\":1}"), "json.utf8", "1:10 " },
	{ "overlong NUL", T("[\"\xc0\x80\"]"), "json.utf8", "1:3 /0" },
	{ "overlong slash, three bytes", T("[\"\xe0\x80\xaf\"]"), "json.utf8", "1:3 /0" },
	{ "overlong, four bytes", T("[\"\xf0\x8f\xbf\xbf\"]"), "json.utf8", "1:3 /0" },
	{ "raw surrogate", T("[\"\xed\xa0\x80\"]"), "json.utf8", "1:3 /0" },
	{ "above U+10FFFF", T("[\"\xf4\x90\x80\x80\"]"), "json.utf8", "1:3 /0" },
	{ "five-byte form", T("[\"\xf8\x88\x80\x80\x80\"]"), "json.utf8", "1:3 /0" },
	{ "cut character", T("[\"\xe2\x82\"]"), "json.utf8", "1:3 /0" },
	{ "largest character", T("[\"\xf4\x8f\xbf\xbf\"]"), NULL, "[\"\\udbff\\udfff\"]" },
	{ "two to four bytes", T("[\"\xc2\x80\xe0\xa0\x80\xee\x80\x80\xf0\x90\x80\x80\"]"), NULL,
		"[\"\\u0080\\u0800\\ue000\\ud800\\udc00\"]" },
	{ "UTF-8 outside of strings", T("{\"a\":\xc3\xa4}"), WELL, "1:6 /a" },
	{ "no-break space", T("{\xc2\xa0}"), WELL, "1:2 " },

	{ "lone high surrogate", T("[\"\\ud800\"]"), "json.utf8", "1:3 /0" },
	{ "lone low surrogate", T("[\"\\udc00\"]"), "json.utf8", "1:3 /0" },
	{ "surrogates reversed", T("[\"\\udc00\\ud800\"]"), "json.utf8", "1:3 /0" },
	{ "high, then a letter", T("[\"x\\ud800\\u0041\"]"), "json.utf8", "1:4 /0" },
	{ "high, then high", T("[\"\\ud800\\ud800\\udc00\"]"), "json.utf8", "1:3 /0" },
	{ "high, then no hex", T("[\"\\ud800\\udxyz\"]"), "json.utf8", "1:3 /0" },
	{ "high at the end", T("[\"\\ud800"), "json.utf8", "1:3 /0" },
	{ "a pair", T("[\"\\uD83D\\uDE00\"]"), NULL, "[\"\\ud83d\\ude00\"]" },
	{ "every escape", T("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20AC\"]"), NULL,
		"[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20ac\"]" },
	{ "what Go escapes", T("[\"\\u003ca\\u003e\\u0026\\u2028\"]"), NULL, "[\"<a>&\\u2028\"]" },

	{ "raw control byte in a string", T("[\"a\nb\"]"), WELL, "1:4 /0" },
	{ "raw tab in a string", T("{\"a\":\"\t\"}"), WELL, "1:7 /a" },
	{ "DEL in a string", T("[\"\x7f\"]"), NULL, "[\"\\u007f\"]" },
	{ "unknown escape", T("[\"\\x41\"]"), WELL, "1:3 /0" },
	{ "escaped newline", T("[\"\\\n\"]"), WELL, "1:3 /0" },
	{ "short \\u", T("[\"\\u12\"]"), WELL, "1:3 /0" },
	{ "upper-case \\U", T("[\"\\U0041\"]"), WELL, "1:3 /0" },
	{ "backslash at the end", T("[\"\\"), WELL, "1:3 /0" },
	{ "open string", T("{\"a\":\"b"), WELL, "1:6 /a" },

	{ "leading zero", T("{\"a\":010}"), WELL, "1:6 /a" },
	{ "leading zero, negative", T("[-01]"), WELL, "1:2 /0" },
	{ "leading zero, document", T("01"), WELL, "1:1 " },
	{ "hexadecimal", T("[0x10]"), WELL, "1:2 /0" },
	{ "plus sign", T("[+1]"), WELL, "1:2 /0" },
	{ "no digit before the point", T("[.5]"), WELL, "1:2 /0" },
	{ "no digit after the point", T("[1.]"), WELL, "1:2 /0" },
	{ "no digit in the exponent", T("[1e]"), WELL, "1:2 /0" },
	{ "minus alone", T("[-]"), WELL, "1:2 /0" },
	/* vocabulary: a number is an integer or keeps its spelling */
	{ "over 64 bits", T("[18446744073709551616]"), NULL, NULL },
	{ "below 64 bits", T("[-9223372036854775809]"), NULL, NULL },
	{ "minus one", T("[-1]"), NULL, NULL },
	{ "minus zero", T("[-0]"), NULL, NULL },
	{ "fraction and exponent", T("[1.0,1e0,1E+2,-0.0,2.50]"), NULL, NULL },

	{ "form feed", T("{\f\"a\":1}"), WELL, "1:2 " },
	{ "vertical tab", T("{\"a\":\v1}"), WELL, "1:6 /a" },
	{ "form feed after the document", T("{}\f"), WELL, "1:3 " },
	{ "byte-order mark", T("\xef\xbb\xbf{}"), "json.no-bom", "1:1 " },
	{ "byte-order mark of UTF-16", T("\xff\xfe{\0}\0"), "json.no-bom", "1:1 " },
	{ "byte-order mark after the document", T("{}\xef\xbb\xbf"), WELL, "1:3 " },
	{ "U+FEFF in a string", T("[\"\xef\xbb\xbf\"]"), NULL, "[\"\\ufeff\"]" },

	{ "nothing", T(""), WELL, "1:1 " },
	{ "only white space", T(" \n "), WELL, "2:2 " },
	{ "open object", T("{"), WELL, "1:2 " },
	{ "open object, after a member", T("{\"a\":1"), WELL, "1:7 " },
	{ "open array", T("[1"), WELL, "1:3 /1" },
	{ "name without a value", T("{\"a\"}"), WELL, "1:5 /a" },
	{ "name without a value, colon", T("{\"a\":}"), WELL, "1:6 /a" },
	{ "no comma between members", T("{\"a\":1 \"b\":2}"), WELL, "1:8 " },
	{ "no comma between elements", T("[1 2]"), WELL, "1:4 /1" },
	{ "wrong bracket, array", T("[1}"), WELL, "1:3 /1" },
	{ "wrong bracket, object", T("{\"a\":1]"), WELL, "1:7 " },
	{ "number for a name", T("{1:2}"), WELL, "1:2 " },
	{ "misspelt literal", T("[nul]"), WELL, "1:2 /0" },
	{ "cut literal", T("tru"), WELL, "1:1 " },
	{ "the earlier of two faults, grammar first", T("{\"a\":tru,\n\"b\":\"\xff\"}"), WELL, "1:6 /a" },
	{ "the earlier of two faults, bytes first", T("{\"b\":\"\xff\",\n\"a\":tru}"), "json.utf8", "1:7 /b" },
	{ "garbage that turns strings over", T("{'a\"':\"b\"\f}"), WELL, "1:2 " },
};

/* The policy file, and it alone, may hold comments. Nothing else about it is different. */
static const struct row policy_rows[] = {
	{ "block comment", T("/* \xc3\xa4 */{/**/\"a\"/***/:/*/ */1}/* ** */"), NULL, "{\"a\":1}" },
	{ "line comments", T("// a\n{\"a\"://\n1 // \" {\n} // end"), NULL, "{\"a\":1}" },
	{ "number up to a comment", T("12// x"), NULL, "12" },
	{ "no comment in a string", T("{\"a\":\"/* // */\"}"), NULL, NULL },
	{ "open comment", T("{\"a\":1} /* x *"), WELL, "1:9 " },
	{ "slash alone", T("{\"a\":1 / 2}"), WELL, "1:8 " },
	{ "slash at the end", T("{} /"), WELL, "1:4 " },
	{ "bad UTF-8 in a comment", T("{/* \xff */}"), "json.utf8", "1:5 " },
	{ "NUL in a comment", T("{// \0\n}"), NUL, "1:5 " },
	{ "only a comment", T("// nothing"), WELL, "1:11 " },
	{ "comma after the last", T("{\"a\":[1,/**/]}"), WELL, "1:8 /a/1" },
};

static void check_row(const struct row *row, bool policy)
{
	struct arena a;
	struct fail f = { 0 };
	const struct doc *d = NULL;
	const struct doc_options options = { .comments = policy, .file = "config.json", .cause = CAUSE_BUNDLE };
	char got[512];
	struct text t = text_over(got, sizeof(got));

	arena_init(&a, LIMIT_ARENA);
	const int r = doc_parse(&a, row->text, &options, &d, &f);
	if (r == 0) {
		doc_print(d, &t);
	} else {
		text_printf(&t, "%s %u:%u %s", f.rule, f.place.line, f.place.column, f.pointer);
		if (r != -EBADMSG || strcmp(f.file, "config.json") != 0 || !f.says[0] || f.cause != CAUSE_BUNDLE)
			text_add(&t, " (but the failure is not filled in)");
	}
	char want[512];
	if (row->rule)
		(void)snprintf(want, sizeof(want), "%s %s", row->rule, row->place);
	else
		(void)snprintf(want, sizeof(want), "%s", row->place ? row->place : row->text.data);
	is_text(got, want, "%s%s: %s%s%s", policy ? "policy: " : "", row->name, r == 0 ? "accepted" : "refused",
		r == 0 ? "" : ", ", f.says);
	arena_done(&a);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i], false);
	for (size_t i = 0; i < sizeof(policy_rows) / sizeof(policy_rows[0]); i++)
		check_row(&policy_rows[i], true);
	return tap_done();
}
