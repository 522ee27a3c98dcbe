/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical text: the examples of RFC 8785 (3.2.2, 3.2.3) that need no fractions, what is other here, and that
 * order and spacing make no difference; and sketches, which are made of it.
 */
#include "validate/fingerprint/canonical.h"

#include <errno.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/fingerprint/sketch.h"

static const struct doc *parsed(struct arena *a, const char *json)
{
	const struct doc_options options = { .file = "given" };
	const struct doc *d = NULL;
	struct fail why = { 0 };

	if (doc_parse(a, bytes_of(json), &options, &d, &why) < 0) {
		printf("Bail out! %s\n", why.says);
		exit(1);
	}
	return d;
}

static const struct vector {
	const char *given, *want; /* want NULL: it has none */
	const char *says;
} vectors[] = {
	/* RFC 8785, 3.2.3 */
	{ "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\","
	  "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
	  "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
		"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
		"\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
		"\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}",
		"RFC 8785's names in the order of UTF-16" },
	/* RFC 8785, 3.2.2 */
	{ "{ \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\", \"literals\": [null, true, "
	  "false] }",
		"{\"literals\":[null,true,false],\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
		"RFC 8785's strings and literals" },
	/* RFC 8785's test data "structures" and "values", as far as they have no fractions. */
	{ "{ \"1\": {\"f\": {\"f\": \"hi\",\"F\": 5} ,\"\\n\": 56}, \"10\": { }, \"\": \"empty\", \"a\": { }, "
	  "\"111\": [ {\"e\": \"yes\",\"E\": \"no\" } ], \"A\": { } }",
		"{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},"
		"\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}",
		"nested objects, each sorted" },
	{ "[56, {\"d\": true, \"10\": null, \"1\": [ ]}]", "[56,{\"1\":[],\"d\":true}]",
		"a null member is absent (RFC 8785 would write it)" },
	{ "[null, 1]", "[null,1]", "a null element has a place" },
	{ "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\\/\"", "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f/\"",
		"escapes, as few as there can be" },
	{ "[18446744073709551615, 18446744073709551614]", "[18446744073709551615,18446744073709551614]",
		"2^64-1, which is RLIM_INFINITY, and its neighbour are two numbers" },
	{ "[9007199254740993, 9007199254740992, -9007199254740993]",
		"[9007199254740993,9007199254740992,-9007199254740993]", "so are those around 2^53" },
	{ "[-9223372036854775808, 9223372036854775807]", "[-9223372036854775808,9223372036854775807]",
		"the ends of int64" },
	{ "[18446744073709551616, -170141183460469231731687303715884105728]",
		"[18446744073709551616,-170141183460469231731687303715884105728]",
		"an integer beyond 64 bits keeps its digits" },
	{ "[-0, 0]", "[0,0]", "-0 is 0" },
	{ "{\"\\uffff\":1,\"\\ud800\\udc00\":2,\"\\ue000\":3,\"\\ud7ff\":4,\"\\udbff\\udfff\":5}",
		"{\"\xed\x9f\xbf\":4,\"\xf0\x90\x80\x80\":2,\"\xf4\x8f\xbf\xbf\":5,\"\xee\x80\x80\":3,\"\xef\xbf\xbf\":"
		"1}",
		"surrogate pairs sort below U+E000" },
	{ "{\"ab\":1,\"a\":2,\"a\\u0001\":3,\"B\":4}", "{\"B\":4,\"a\":2,\"a\\u0001\":3,\"ab\":1}",
		"a shorter name comes first" },
	{ "1.5", NULL, "1.5 has no canonical form" },
	{ "{\"a\":[1e3]}", NULL, "nor has 1e3, wherever it stands" },
	{ "1.0", NULL, "nor 1.0" },
};

static void check_vectors(struct arena *a)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct text t = text_growing(a);
		const int r = canonical_write(parsed(a, vectors[i].given), &t);
		if (vectors[i].want)
			is_text(r == 0 ? t.data : NULL, vectors[i].want, "%s", vectors[i].says);
		else
			is_int(r, -EINVAL, "%s", vectors[i].says);
	}
}

/* Strings that are taken from the text as they stand come out as those that are written anew, and runs of them too. */
static void check_verbatim(struct arena *a)
{
	static const struct {
		const char *given, *want;
	} lists[] = {
		{ "[\"a\",\"b\",\"c\"]", "[\"a\",\"b\",\"c\"]" },
		{ "[\"a\", \"b\",\"c\" ,\"d\",\"e\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\"]" },
		{ "[\"a\",\"\\u0062\",\"c\",\"\\/\",\"e\"]", "[\"a\",\"b\",\"c\",\"/\",\"e\"]" },
		{ "[\"a\",1,\"c\",null,\"\",\"\",[\"x\"]]", "[\"a\",1,\"c\",null,\"\",\"\",[\"x\"]]" },
		{ "[\"\\\"\",\"\\\\\",\"\x7f\xc3\xa4\"]", "[\"\\\"\",\"\\\\\",\"\x7f\xc3\xa4\"]" },
		{ "{\"b\":\"x\",\"\\u0061\":\"y\",\"c\" :1,\"d\": [\"z\"],\"\":\"e\"}",
			"{\"\":\"e\",\"a\":\"y\",\"b\":\"x\",\"c\":1,\"d\":[\"z\"]}" },
	};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct doc *d = parsed(a, lists[i].given), *copy = make_copy(a, make_document(a), "d", d);
		struct text t = text_growing(a), anew = text_growing(a);
		ok(canonical_write(d, &t) == 0 && canonical_write(copy, &anew) == 0, "%s", lists[i].given);
		is_text(t.data, lists[i].want, "is written without its blanks and needless escapes");
		is_text(anew.data, lists[i].want, "and so is what was made like it");
	}
}

/* The digest of what is never there as a whole is that of the whole, wherever it is taken. */
static void check_taken(struct arena *a)
{
	char name[24], room[64], hex[DIGEST_HEX], want[DIGEST_HEX];
	struct doc *d = make_document(a), *list = make_array(a, d, "list");
	size_t wrong = 0;

	for (unsigned n = 0; n < 500; n++) {
		(void)snprintf(name, sizeof(name), "%u%.*s", n, (int)(n % 12), "\"\\\n\xc3\xa4 abcdef");
		(void)make_string(a, n % 3 ? list : d, n % 3 ? NULL : name, bytes_of(name));
		struct text whole = text_growing(a), part = text_begun(a, room, sizeof(room));
		struct digest digest = digest_begin();
		const struct canonical c = { .to = &part, .digest = &digest };
		wrong += canonical_write(d, &whole) < 0 || canonical_write_with(&c, d) < 0;
		canonical_finish(&part, &digest, hex);
		digest_hex((struct bytes){ whole.data, whole.len }, (struct bytes){ 0 }, want);
		wrong += strcmp(hex, want) != 0 || (n == 499 && part.len >= whole.len);
	}
	is_int(wrong, 0, "a digest that is made piece by piece is that of the whole text");
}

static void check_many(struct arena *a)
{
	struct doc *up = make_document(a), *down = make_document(a);
	struct text one = text_growing(a), other = text_growing(a);
	char name[16];

	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "k%u", i * 7919 % 1000);
		make_uint(a, up, name, i * 7919 % 1000);
		(void)snprintf(name, sizeof(name), "k%u", 999 - i);
		make_uint(a, down, name, 999 - i);
	}
	is_int(canonical_write(up, &one), 0, "a thousand members are sorted");
	is_int(canonical_write(down, &other), 0, "in whatever order they came");
	is_text(one.data, other.data, "to the same");
	const struct doc *again = parsed(a, one.data);
	struct text twice = text_growing(a);
	is_int(canonical_write(again, &twice), 0, "what is canonical can be read");
	is_text(twice.data, one.data, "and is its own canonical form");
}

static void check_exhausted(void)
{
	struct arena a, little;
	arena_init(&a, LIMIT_ARENA);
	arena_init(&little, 256);
	struct text t = text_growing(&little);
	struct doc *d = make_document(&a);
	for (unsigned i = 0; i < 64; i++)
		make_string(&a, d, (char[]){ (char)('A' + i % 26), (char)('a' + i / 26), 0 },
			BYTES("something of length"));
	is_int(canonical_write(d, &t), -ENOMEM, "without memory there is none");
	ok(!sketch_make(&little, d, "k"), "and no sketch");
	arena_done(&little);
	arena_done(&a);
}

/* The pointers, one blank between. */
static const char *joined(struct arena *a, const char *const *list)
{
	struct text t = text_growing(a);
	for (; list && *list; list++)
		text_printf(&t, "%s%s", t.len ? " " : "", *list);
	return list ? t.data : NULL;
}

#define BASE                                                                                                           \
	"\"process\":{\"args\":[\"sh\"],\"env\":[\"A=1\",\"B=2\"],\"user\":{\"uid\":0,\"gid\":0}},"                    \
	"\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/b\"},{\"destination\":\"/c\"}],"                     \
	"\"annotations\":{\"a/b\":\"x\",\"c~d\":\"y\"}"

static const struct {
	const char *now, *differs, *says;
} changes[] = {
	{ "{\"hostname\":\"h\"," BASE "}", "", "nothing differs" },
	{ "{" BASE ",\"hostname\":\"h\"}", "", "order makes no difference" },
	{ "{\"hostname\":\"i\"," BASE "}", "/hostname", "a value of the first level" },
	{ "{" BASE "}", "/hostname", "one that is gone" },
	{ "{\"hostname\":\"h\",\"domainname\":\"d\"," BASE "}", "/domainname", "one that is new" },
	{ "{\"hostname\":\"h\",\"process\":{\"args\":[\"sh\"],\"env\":[\"A=1\",\"B=3\"],\"user\":{\"gid\":0,\"uid\":0}}"
	  ","
	  "\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/b\"},{\"destination\":\"/c\"}],"
	  "\"annotations\":{\"a/b\":\"x\",\"c~d\":\"z\"}}",
		"/process/env /annotations/c~0d", "values of the second, as pointers" },
	{ "{\"hostname\":\"h\",\"process\":{\"args\":[\"sh\"],\"env\":[\"A=1\",\"B=2\"],\"user\":{\"uid\":0,\"gid\":0}}"
	  ","
	  "\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/new\"},{\"destination\":\"/"
	  "b\"},{\"destination\":\"/c\"}],"
	  "\"annotations\":{\"a/b\":\"x\",\"c~d\":\"y\"}}",
		"/mounts/1", "a mount that came in between" },
	{ "{\"hostname\":\"h\",\"process\":{\"args\":[\"sh\"],\"env\":[\"A=1\",\"B=2\"],\"user\":{\"uid\":0,\"gid\":0}}"
	  ","
	  "\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/c\"}],\"annotations\":{\"a/"
	  "b\":\"x\",\"c~d\":\"y\"}}",
		"/mounts/1", "one that is gone from there" },
	{ "{\"hostname\":\"h\",\"process\":{\"args\":[\"sh\"],\"env\":[\"A=1\",\"B=2\"],\"user\":{\"uid\":0,\"gid\":0}}"
	  ","
	  "\"mounts\":[{\"destination\":\"/a\"},{\"destination\":\"/b\",\"type\":\"bind\"},{\"destination\":\"/c\"}],"
	  "\"annotations\":{\"a/b\":\"x\",\"c~d\":\"y\"}}",
		"/mounts/1", "one that is another" },
	{ "{\"hostname\":\"h\",\"process\":7,\"mounts\":[]}", "/process /mounts /annotations/a~1b /annotations/c~0d",
		"what has no parts any more is named once" },
};

static void check_sketch(struct arena *a)
{
	const struct doc *was = parsed(a, "{\"hostname\":\"h\"," BASE "}"), *sketch = sketch_make(a, was, "key one");
	const struct doc *other = sketch_make(a, was, "key two");
	struct text t = text_growing(a), u = text_growing(a);

	ok(sketch && other, "a sketch");
	doc_write(sketch, false, &t);
	doc_write(doc_get(other, "parts"), false, &u);
	ok(t.len < 400, "it is small: %zu bytes", t.len);
	ok(!strstr(t.data, "A=1") && !strstr(t.data, "sh"), "and nothing of the document stands in it");
	ok(!strstr(t.data, u.data), "with another key all digests are others");
	const struct doc *kept = parsed(a, t.data);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		is_text(joined(a, sketch_differs(a, kept, parsed(a, changes[i].now))), changes[i].differs, "%s",
			changes[i].says);
	static const char *const broken[] = { "{}", "[]", "{\"key\":1,\"parts\":{}}", "{\"key\":\"k\",\"parts\":[1]}" };
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		ok(!sketch_differs(a, parsed(a, broken[i]), was), "%s is no sketch", broken[i]);
	ok(!sketch_differs(a, NULL, was), "nor is nothing");
	ok(!sketch_make(a, parsed(a, "{\"a\":1.5}"), "k"), "a document without canonical form has none");
}

static void check_wide(struct arena *a)
{
	struct doc *d = make_document(a), *list = make_object(a, d, "annotations");
	char name[16];
	for (unsigned i = 0; i < 65; i++) {
		(void)snprintf(name, sizeof(name), "n%u", i);
		make_uint(a, list, name, i);
	}
	const struct doc *sketch = sketch_make(a, d, "k");
	is_int(doc_get(sketch, "parts")->count, 1, "what has very many parts is one");
	make_uint(a, list, "more", 1);
	is_text(joined(a, sketch_differs(a, sketch, d)), "/annotations", "in which a change is found");
}

int main(void)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	check_vectors(&a);
	check_verbatim(&a);
	check_taken(&a);
	check_many(&a);
	check_exhausted();
	check_sketch(&a);
	check_wide(&a);
	arena_done(&a);
	return tap_done();
}
