/* SPDX-License-Identifier: Apache-2.0 */
/* The document tree: places, look-ups, numbers at their borders, limits, and what happens when memory ends. */
#include "tests/doc_print.h"
#include "tests/tap.h"
#include "validate/base/limits.h"

#include <errno.h>
#include <time.h>

static struct arena arena;
static struct fail failure;

static const struct doc *parse_bytes(struct bytes text)
{
	static const struct doc_options options = { .file = "config.json", .cause = CAUSE_BUNDLE };
	const struct doc *d = NULL;
	failure = (struct fail){ 0 };
	return doc_parse(&arena, text, &options, &d, &failure) == 0 ? d : NULL;
}

static const struct doc *parse(const char *text)
{
	return parse_bytes(bytes_of(text));
}

static void test_places(void)
{
	static const char text[] = "{\n  \"a\": [ 10, \"x\\ny\",\n\ttrue, {} ],\n  \"b\\\"c\" : -1.5e3 ,\"\":null }";
	const struct doc *d = parse(text);
	if (!ok(d != NULL, "the text parses"))
		return;
	const struct doc *a = d->first, *b = a->next, *c = b->next;
	is_int(d->offset, 0, "the object begins at its brace");
	is_int(d->end, strlen(text), "and ends behind the closing one");
	is_int(d->count, 3, "it has three members");
	is_int(a->key_offset, 4, "a name's place is its opening quote");
	is_int(a->offset, 9, "an array begins at its bracket");
	is_int(a->first->offset, 11, "a number at its first digit");
	is_int(a->first->end, 13, "and ends behind its last");
	is_int(a->first->key_offset, 11, "outside of objects the key's offset is the value's");
	is_int(a->first->next->offset, 15, "a string with an escape begins at its quote");
	is_int(a->first->next->end, 21, "and ends behind its quote");
	is_int(a->first->next->next->offset, 24, "true begins at its t");
	is_int(a->first->next->next->next->index, 3, "elements know their index");
	ok(a->first->parent == a && a->parent == d && !d->parent, "and their parent");
	ok(bytes_is(b->key, "b\"c"), "a name is unescaped");
	is_int(text[b->key_offset], '"', "the place of an escaped name is its opening quote");
	is_int(b->key_offset, 38, "that very one");
	ok(bytes_is(b->string, "-1.5e3") && b->type == DOC_NUMBER, "a number that is no integer keeps its spelling");
	is_int(c->key.len, 0, "a name may be empty");
	is_int(c->end - c->offset, 4, "null is four bytes long");
	const struct place p = doc_place(bytes_of(text), b->key_offset);
	is_int(p.line, 4, "line");
	is_int(p.column, 3, "column");
	is_int(doc_place(bytes_of(text), 100000).line, 4, "an offset behind the end is the end");
	is_int(doc_place(bytes_of("a\n"), 2).line, 2, "behind the last newline a line begins");
}

static void test_look_ups(void)
{
	const struct doc *d = parse(
		"{\"linux\":{\"a\":{\"b\":\"x\",\"yes\":true,\"no\":false},\"nil\":null},\"n\":[1]}");
	ok(doc_get(d, "linux") == d->first, "a member is found");
	ok(!doc_get(d, "Linux") && !doc_get(d, "linu") && !doc_get(d, "linux.a"), "by its exact name only");
	ok(!doc_get(NULL, "a") && !doc_get(d->first->next, "0"), "nothing is found in nothing or in an array");
	ok(bytes_is(doc_string(d, "linux.a.b", BYTES("-")), "x"), "a path is followed");
	ok(bytes_is(doc_string(d, "linux.a.c", BYTES("-")), "-"), "a missing string is replaced");
	ok(bytes_is(doc_string(d, "linux.a.yes", BYTES("-")), "-"), "and one of another type");
	ok(!doc_find(d, "linux.nil") && !doc_find(d, "linux.nil.x"), "null counts as absent");
	ok(!doc_find(d, "linux.a.b.c"), "a path through a string leads nowhere");
	ok(doc_true(d, "linux.a.yes"), "true");
	ok(!doc_true(d, "linux.a.no") && !doc_true(d, "linux.a.b") && !doc_true(d, "x"), "not true");
}

static void test_pointers(void)
{
	char buffer[128];
	const struct doc *d = parse("{\"a/b\":{\"m~n\":[0,{\"x y\":1}]}}");
	struct text t = text_over(buffer, sizeof(buffer));
	doc_pointer(d, "", &t);
	is_text(buffer, "", "the document is the empty pointer");
	t = text_over(buffer, sizeof(buffer));
	doc_pointer(d->first->first->first->next->first, "", &t);
	is_text(buffer, "/a~1b/m~0n/1/x y", "slash and tilde are escaped");
	t = text_over(buffer, sizeof(buffer));
	doc_pointer(d->first, "/below", &t);
	is_text(buffer, "/below/a~1b", "it may stand below another");
	is_text(doc_type_words(DOC_STRING), "a string", "words for one type");
	is_text(doc_type_words(DOC_INT), "an integer", "for an integer");
	is_text(doc_type_words(DOC_INT | DOC_NUMBER), "a number", "for any number");
	is_text(doc_type_words(DOC_STRING | DOC_ARRAY), "a string or an array", "for two types");
	is_text(doc_type_words(DOC_OBJECT | DOC_BOOL | DOC_NULL), "null, a boolean or an object", "for three");
	ok(strlen(doc_type_words(127)) < 95, "for all: %s", doc_type_words(127));
}

static void test_integer(const char *text, enum doc_type type, bool negative, uint64_t magnitude)
{
	const struct doc *d = parse(text);
	const bool same = d && d->type == type &&
		(type != DOC_INT || (d->integer.negative == negative && d->integer.magnitude == magnitude));
	ok(same, "%s is %s", text, doc_type_words(type));
	ok(d && (type == DOC_INT || bytes_is(d->string, text)) && d->end - d->offset == strlen(text),
		"and has its place");
}

static void test_within(void)
{
	const struct doc *least = parse("-9223372036854775808"), *most = parse("18446744073709551615"),
			 *zero = parse("0");
	ok(doc_within(least, INT64_MIN, UINT64_MAX), "-2^63 is within int64");
	ok(!doc_within(least, INT64_MIN + 1, UINT64_MAX), "and not within one less");
	ok(!doc_within(least, 0, UINT64_MAX) && !doc_within(least, 5, UINT64_MAX), "nor within what is not negative");
	ok(doc_within(most, 0, UINT64_MAX) && !doc_within(most, 0, UINT64_MAX - 1), "2^64-1 is within uint64");
	ok(!doc_within(most, INT64_MIN, INT64_MAX), "and not within int64");
	ok(doc_within(zero, 0, 0) && doc_within(zero, -1, 0) && !doc_within(zero, 1, 9), "0");
	ok(doc_within(parse("-1000"), -1000, 1000) && !doc_within(parse("-1001"), -1000, 1000), "a lower bound");
	ok(doc_within(parse("1000"), -1000, 1000) && !doc_within(parse("1001"), -1000, 1000), "an upper bound");
	ok(!doc_within(parse("1.0"), 0, 9) && !doc_within(parse("\"1\""), 0, 9) && !doc_within(NULL, 0, 9),
		"no integer");
}

/* n arrays around `inner`. */
static const struct doc *nested(unsigned n, const char *open, const char *inner, const char *close)
{
	struct text t = text_growing(&arena);
	for (unsigned i = 0; i < n; i++)
		text_add(&t, open);
	text_add(&t, inner);
	for (unsigned i = 0; i < n; i++)
		text_add(&t, close);
	return parse_bytes((struct bytes){ t.data, t.len });
}

static void test_depth(void)
{
	ok(nested(32, "[", "", "]"), "32 arrays");
	ok(!nested(33, "[", "", "]"), "33 are too deep");
	is_text(failure.rule, "json.depth-and-size", "and say so");
	is_int(failure.place.column, 33, "at the 33rd bracket");
	ok(nested(31, "{\"a\":", "1", "}"), "a number in 31 objects is the 32nd level, where json-c stops");
	ok(!nested(32, "{\"a\":", "1", "}"), "in 32 it is too deep");
	is_int(strlen(failure.pointer), 64, "the pointer is as deep");
	ok(!nested(1000000, "[", "", "]"), "a million arrays are refused");
}

static double seconds(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_many_names(void)
{
	struct text t = text_growing(&arena);
	text_char(&t, '{');
	for (unsigned i = 0; i < 200000; i++)
		text_printf(&t, "\"k%u\":%u,", i * 7919 % 200003, i);
	const size_t len = t.len;
	text_add(&t, "\"end\":0}");
	const double start = seconds();
	const struct doc *d = parse_bytes((struct bytes){ t.data, t.len });
	const double took = seconds() - start;
	ok(d && d->count == 200001, "200001 names in one object");
	ok(took < 30, "in %.3f s (a sanitizer may make it slow, a square would take minutes)", took);
	t.len = len;
	text_add(&t, "\"k15838\":0,\"k0\":0}");
	ok(!parse_bytes((struct bytes){ t.data, t.len }), "a second k15838 and a second k0 are refused");
	is_text(failure.pointer, "/k15838", "the earlier of the two is named");
	is_text(failure.says, "duplicate key \"k15838\", first at 1:19", "and where it was first");
}

/* Objects of 0 to 70 members: each pair of names, made equal, has to be found, in the small way and in the large. */
static void test_every_pair(void)
{
	unsigned wrong = 0;
	for (unsigned n = 2; n < 70; n += n < 30 || n > 34 ? 5 : 1) {
		for (unsigned twin = 1; twin < n; twin++) {
			struct text t = text_growing(&arena);
			for (unsigned i = 0; i < n; i++)
				text_printf(&t, "%c\"%u\":0", i ? ',' : '{', i == twin ? twin / 2 : i);
			text_char(&t, '}');
			char want[32];
			(void)snprintf(want, sizeof(want), "/%u", twin / 2);
			wrong += parse_bytes((struct bytes){ t.data, t.len }) != NULL ||
				strcmp(failure.pointer, want) != 0;
		}
	}
	is_int(wrong, 0, "a duplicate is found wherever it is");
}

static void test_size(void)
{
	char *text = arena_alloc(&arena, LIMIT_DOC_BYTES + 2);
	if (!ok(text != NULL, "room for the longest text"))
		return;
	memset(text, 'x', LIMIT_DOC_BYTES + 1);
	text[0] = text[LIMIT_DOC_BYTES - 1] = '"';
	const struct doc *d = parse_bytes((struct bytes){ text, LIMIT_DOC_BYTES });
	ok(d && d->string.len == LIMIT_DOC_BYTES - 2, "a string as long as a text may be");
	ok(d && d->string.data == text + 1, "is not copied");
	text[1] = '\\';
	text[2] = 'n';
	d = parse_bytes((struct bytes){ text, LIMIT_DOC_BYTES });
	ok(d && d->string.len == LIMIT_DOC_BYTES - 3, "one with an escape is");
	ok(!parse_bytes((struct bytes){ text, LIMIT_DOC_BYTES + 1 }), "a byte more is refused");
	is_text(failure.rule, "json.depth-and-size", "as too large");
	memset(text, ',', LIMIT_DOC_BYTES);
	for (size_t i = 1; i < LIMIT_DOC_BYTES; i += 2)
		text[i] = '0';
	text[0] = '[';
	text[2 * LIMIT_DOC_NODES - 2] = ']';
	d = parse_bytes((struct bytes){ text, 2 * LIMIT_DOC_NODES - 1 });
	ok(d && d->count == LIMIT_DOC_NODES - 1, "as many values as allowed");
	text[2 * LIMIT_DOC_NODES - 2] = ',';
	text[2 * LIMIT_DOC_NODES] = ']';
	ok(!parse_bytes((struct bytes){ text, 2 * LIMIT_DOC_NODES + 1 }), "one more is refused");
	char last[16];
	(void)snprintf(last, sizeof(last), "/%u", LIMIT_DOC_NODES - 1);
	is_text(failure.pointer, last, "at the one too many");
	memset(text, '1', LIMIT_DOC_WORD + 1);
	ok(parse_bytes((struct bytes){ text, LIMIT_DOC_WORD }) != NULL, "a number of 1024 digits");
	ok(!parse_bytes((struct bytes){ text, LIMIT_DOC_WORD + 1 }), "a digit more is refused");
}

/* Whatever the ceiling, the answer is the tree or -ENOMEM; yajl, which trusts malloc, must not notice. */
static void test_memory(const char *what, struct bytes text, size_t step)
{
	static const struct doc_options options = { .file = "config.json", .comments = true };
	int r = -ENOMEM;
	unsigned tries = 0, wrong = 0;
	for (size_t limit = 0; r != 0 && tries < 100000; limit += step, tries++) {
		struct arena a;
		const struct doc *d = NULL;
		struct fail f = { 0 };
		arena_init(&a, limit);
		r = doc_parse(&a, text, &options, &d, &f);
		wrong += r == 0 ? !d : r != -ENOMEM || f.code != -ENOMEM || !f.says[0];
		arena_done(&a);
	}
	ok(r == 0 && wrong == 0 && tries > 10, "%s: %u ceilings, each gives -ENOMEM until one suffices", what, tries);
}

static void test_exhaustion(void)
{
	struct text t = text_growing(&arena);
	test_memory("a small document", BYTES("{\"a\\n\":[1,\"b\\u00e4\",{\"c\":null}],\"d\":{}}// end"), 16);
	for (unsigned i = 0; i < 60; i++)
		text_printf(&t, "%c\"\\u%04x\":%u", i ? ',' : '{', i + 32, i);
	text_char(&t, '}');
	test_memory("many names", (struct bytes){ t.data, t.len }, 64);
	t = text_growing(&arena);
	text_add(&t, "[\"\\t");
	for (unsigned i = 0; i < 100000; i++)
		text_add(&t, "12345678");
	text_add(&t, "\\t\"]");
	test_memory("a long string with escapes", (struct bytes){ t.data, t.len }, 65536);
}

int main(void)
{
	arena_init(&arena, (size_t)512 << 20);
	test_places();
	test_look_ups();
	test_pointers();
	test_integer("0", DOC_INT, false, 0);
	test_integer("9223372036854775807", DOC_INT, false, INT64_MAX);
	test_integer("9223372036854775808", DOC_INT, false, UINT64_C(1) << 63);
	test_integer("18446744073709551615", DOC_INT, false, UINT64_MAX);
	test_integer("18446744073709551616", DOC_NUMBER, false, 0);
	test_integer("99999999999999999999999999", DOC_NUMBER, false, 0);
	test_integer("-1", DOC_INT, true, 1);
	test_integer("-9223372036854775808", DOC_INT, true, UINT64_C(1) << 63);
	test_integer("-9223372036854775809", DOC_NUMBER, false, 0);
	test_integer("-18446744073709551615", DOC_NUMBER, false, 0);
	test_integer("-0", DOC_NUMBER, false, 0);
	test_integer("1.0", DOC_NUMBER, false, 0);
	test_integer("1e0", DOC_NUMBER, false, 0);
	test_integer("1E400", DOC_NUMBER, false, 0);
	test_within();
	test_depth();
	test_many_names();
	test_every_pair();
	test_size();
	test_exhaustion();
	arena_done(&arena);
	return tap_done();
}
