/* SPDX-License-Identifier: Apache-2.0 */
/* TOML: each kind of value and table, what is refused and where, and that what we write is read back. */
#include "ctl/node/toml.h"

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

static const struct {
	const char *text, *json;
} good[] = {
	{ "", "{}" },
	{ "# only a comment", "{}" },
	{ "a = 1\r\nb = \"x\"\r\n", "{\"a\":1,\"b\":\"x\"}" },
	{ "a=true\nb =  false # not so\n", "{\"a\":true,\"b\":false}" },
	{ "i = [-17, +3, 0x1F, 0o17, 0b101, 1_000, 0]", "{\"i\":[-17,3,31,15,5,1000,0]}" },
	{ "m = -9223372036854775808", "{\"m\":-9223372036854775808}" },
	{ "s = \"t\\tq\\\"u\\u00e4\\U0001F600\"", "{\"s\":\"t\\tq\\\"u\\u00e4\\ud83d\\ude00\"}" },
	{ "s = 'C:\\n'", "{\"s\":\"C:\\\\n\"}" },
	{ "s = \"\"\"\none\ntwo \\\n   three\"\"\"\"", "{\"s\":\"one\\ntwo three\\\"\"}" },
	{ "s = '''\n'quoted' \\'''", "{\"s\":\"'quoted' \\\\\"}" },
	{ "a = [ 1, # one\n\n 2,\n]\n", "{\"a\":[1,2]}" },
	{ "a = []", "{\"a\":[]}" },
	{ "a = [[1], ['x', { b = 2 }]]", "{\"a\":[[1],[\"x\",{\"b\":2}]]}" },
	{ "t = { a = 1, b.c = 'x', }", NULL },
	{ "t = { a = 1, b.c = 'x' }", "{\"t\":{\"a\":1,\"b\":{\"c\":\"x\"}}}" },
	{ "t = {}", "{\"t\":{}}" },
	{ "a.b.c = 1\na.b.d = 2", "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}" },
	{ "\"a b\".'c.d' = 1", "{\"a b\":{\"c.d\":1}}" },
	{ "[plugins.\"io.containerd.grpc.v1.cri\".containerd]\nx = 1\n[plugins]\ny = 2",
		"{\"plugins\":{\"io.containerd.grpc.v1.cri\":{\"containerd\":{\"x\":1}},\"y\":2}}" },
	{ " [ a . b ] # here\n x = 1", "{\"a\":{\"b\":{\"x\":1}}}" },
	{ "[[a]]\nx=1\n[a.b]\ny=1\n[[a]]\nx=2", "{\"a\":[{\"x\":1,\"b\":{\"y\":1}},{\"x\":2}]}" },
	{ "[a]\nb.c = 1\n[a.b.d]\nx=1", "{\"a\":{\"b\":{\"c\":1,\"d\":{\"x\":1}}}}" },
	{ "1234 = 'x'", "{\"1234\":\"x\"}" },
};

static const struct {
	const char *text;
	unsigned line, column;
} bad[] = {
	{ "a", 1, 2 },
	{ "a = ", 1, 5 },
	{ "a = 1 b = 2", 1, 7 },
	{ "a = x", 1, 5 },
	{ "a = 01", 1, 5 },
	{ "a = 1__0", 1, 5 },
	{ "a = 9223372036854775808", 1, 5 },
	{ "a = \"x", 1, 5 },
	{ "a = \"x\ny\"", 1, 7 },
	{ "a = \"\\q\"", 1, 7 },
	{ "a = \"\\ud800\"", 1, 12 },
	{ "a = \"\"\"x", 1, 7 },
	{ "a = 1\na = 2", 2, 1 },
	{ "[a]\n[a]", 2, 2 },
	{ "a = 1\n[a]", 2, 2 },
	{ "a = {}\n[a.b]", 2, 2 },
	{ "a.b = 1\n[a]\n", 2, 2 },
	{ "[a.b]\n[a]\nb.c = 1", 3, 1 },
	{ "[[a]]\n[a]", 2, 2 },
	{ "a = []\n[[a]]", 2, 3 },
	{ "[a", 1, 3 },
	{ "[[a]", 1, 4 },
	{ "[]", 1, 2 },
	{ "a = [1 2]", 1, 8 },
	{ "a = [1", 1, 7 },
	{ "a = {b = 1", 1, 11 },
	{ "\"\"\"a\"\"\" = 1", 1, 1 },
	{ "a = 1 \x01", 1, 7 },
	{ "# \x01", 1, 3 },
	{ "a = \"\xff\"", 1, 6 },
	{ "= 1", 1, 1 },
};

static const char *read_as(struct arena *a, const char *text, struct fail *why)
{
	const struct doc *d;
	struct text to = text_growing(a);

	*why = (struct fail){ 0 };
	if (toml_parse(a, bytes_of(text), "test.toml", &d, why) < 0)
		return NULL;
	doc_write(d, false, &to);
	return to.data;
}

static void offsets(struct arena *a)
{
	static const char text[] = "v = 2\n[a.b]\nx = \"one\" # why\n\n# behind\n[c]\n";
	const struct doc *d = NULL;
	struct fail why;

	is_int(toml_parse(a, bytes_of(text), "t", &d, &why), 0, "a file with places");
	const struct doc *b = doc_find(d, "a.b"), *x = doc_find(d, "a.b.x");
	ok(x && strncmp(text + x->offset, "\"one\" #", 7) == 0 && x->end == x->offset + 5, "a value knows its place");
	ok(b && strncmp(text + b->offset, "[a.b]", 5) == 0, "a table knows its header");
	ok(b && strncmp(text + b->end, "\n# behind", 9) == 0, "and where another line of it could stand");
	ok(d && d->end == 6, "so does the whole");
	ok(doc_find(d, "a") && doc_find(d, "a")->end == 0, "a table without a header has no such place");
}

static void written(struct arena *a)
{
	struct text to = text_growing(a);
	struct fail why;

	toml_key(&to, BYTES("a b"));
	text_char(&to, '.');
	toml_key(&to, BYTES("plain-1_"));
	text_add(&to, " = ");
	toml_string(&to, BYTES("\"\\\n\x7f\xc3\xa4"));
	is_text(read_as(a, to.data, &why), "{\"a b\":{\"plain-1_\":\"\\\"\\\\\\n\\u007f\\u00e4\"}}",
		"what we write is read back");
}

static void deep(struct arena *a)
{
	char text[20000];
	struct fail why;

	memset(text, '[', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[0] = 'a';
	text[1] = '=';
	ok(!read_as(a, text, &why), "an array as deep as the file is long is refused: %s", why.says);
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 2 ? '.' : 'a';
	ok(!read_as(a, text, &why), "so is a key of as many names: %s", why.says);
}

int main(void)
{
	struct arena a;
	struct fail why;

	arena_init(&a, LIMIT_ARENA);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		is_text(read_as(&a, good[i].text, &why), good[i].json, "%zu: good%s%s", i, why.says[0] ? ": " : "",
			why.says);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *json = read_as(&a, bad[i].text, &why);
		ok(!json && why.place.line == bad[i].line && why.place.column == bad[i].column && why.says[0],
			"%zu: bad at %u:%u: %u:%u %s", i, bad[i].line, bad[i].column, why.place.line, why.place.column,
			json ? json : why.says);
	}
	offsets(&a);
	written(&a);
	deep(&a);
	arena_done(&a);
	return tap_done();
}
