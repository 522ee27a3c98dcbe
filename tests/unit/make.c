/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that are made: what is written of them is read as the same again. */
#include "validate/doc/make.h"

#include "tests/tap.h"

#define ARENA ((size_t)4 << 20)

static bool same(const struct doc *a, const struct doc *b)
{
	if (a->type != b->type || a->count != b->count || a->index != b->index || !bytes_equal(a->key, b->key))
		return false;
	if (a->type == DOC_BOOL)
		return a->boolean == b->boolean;
	if (a->type == DOC_INT)
		return a->integer.negative == b->integer.negative && a->integer.magnitude == b->integer.magnitude;
	if (a->type == DOC_STRING || a->type == DOC_NUMBER)
		return bytes_equal(a->string, b->string);
	const struct doc *x = a->first, *y = b->first;
	for (; x && y; x = x->next, y = y->next)
		if (!same(x, y) || x->parent != a || y->parent != b)
			return false;
	return !x && !y;
}

static const struct doc *read_again(struct arena *a, const struct doc *d, bool indent)
{
	const struct doc_options options = { .file = "made" };
	const struct doc *again = NULL;
	struct fail broken = { 0 };
	struct text t = text_growing(a);
	doc_write(d, indent, &t);
	if (doc_parse(a, (struct bytes){ t.data, t.len }, &options, &again, &broken) < 0)
		printf("# %s in %s\n", broken.says, t.data);
	return again;
}

static void check_values(struct arena *a)
{
	struct doc *root = make_document(a);
	make_uint(a, root, "zero", 0);
	make_uint(a, root, "most", UINT64_MAX);
	make_int(a, root, "least", INT64_MIN);
	make_int(a, root, "minus", -1);
	make_bool(a, root, "yes", true);
	make_bool(a, root, "no", false);
	make_string(a, root, "empty", BYTES(""));
	make_string(a, root, "odd", BYTES("a \"quote\", a \\, a\ttab, a\nline, \xc3\xa4, \xf0\x9f\x90\x8b"));
	make_string(a, root, "a \"key\"", BYTES("x"));
	struct doc *list = make_array(a, root, "list");
	make_object(a, list, NULL);
	make_array(a, list, NULL);
	make_string(a, make_object(a, make_array(a, list, NULL), NULL), "deep", BYTES("down"));
	const struct doc *plain = read_again(a, root, false), *indented = read_again(a, root, true);
	ok(plain && same(root, plain), "what is written is read as the same");
	ok(indented && same(root, indented), "in lines too");
	ok(make_whole(list), "nothing was lost");
	struct text t = text_growing(a);
	doc_write(doc_get(root, "least"), false, &t);
	is_text(t.data, "-9223372036854775808", "integers are exact");
	struct doc *copies = make_document(a);
	make_copy(a, copies, "copy", plain);
	ok(same(doc_get(copies, "copy")->first, plain->first), "a copy is the same");
	make_string(a, make_member(a, copies, "copy"), "more", BYTES("x"));
	is_int(doc_get(copies, "copy")->count, plain->count + 1, "and can be added to");
	ok(make_found(copies, BYTES("copy")) == make_member(a, copies, "copy"), "what is there is found");
	ok(!make_found(copies, BYTES("none")), "what is not there is not");
}

static void check_numbers(struct arena *a)
{
	const struct doc_options options = { .file = "numbers" };
	const struct doc *read = NULL;
	struct fail broken;
	(void)doc_parse(a, BYTES("{\"n\": [1.5, 1e3, null]}"), &options, &read, &broken);
	struct doc *root = make_document(a);
	make_copy(a, root, "n", doc_get(read, "n"));
	struct text t = text_growing(a);
	doc_write(root, false, &t);
	is_text(t.data, "{\"n\":[1.5,1e3,null]}", "other numbers are copied as they are spelt");
}

static void check_strings(struct arena *a)
{
	struct doc *root = make_document(a);
	const struct doc *s = make_string(a, root, "bad", BYTES("a\xff\xc3(b"));
	ok(bytes_is(s->string, "a\xef\xbf\xbd\xef\xbf\xbd(b"), "what is no UTF-8 is replaced");
	s = make_string(a, root, "cut", BYTES("before\0behind"));
	ok(bytes_is(s->string, "before"), "a NUL ends it");
	s = make_string(a, root, "both", BYTES("\xff\0\xff"));
	ok(bytes_is(s->string, "\xef\xbf\xbd"), "also behind such a byte");
	s = make_string(a, root, "\xfe", BYTES("x"));
	ok(bytes_is(s->key, "\xef\xbf\xbd"), "in a key as well");
	ok(read_again(a, root, false) != NULL, "and it can be read");
}

static void check_memory(void)
{
	struct arena a;
	arena_init(&a, 64 << 10);
	struct doc *root = make_document(&a), *list = make_array(&a, root, "list");
	for (int i = 0; i < 10000; i++)
		make_uint(&a, list, NULL, 1);
	ok(!make_whole(root) && !make_whole(list), "without memory it says so");
	ok(!make_string(&a, NULL, "x", BYTES("y")), "nothing is added to nothing");
	ok(!make_whole(NULL), "and nothing is not whole");
	arena_done(&a);
}

int main(void)
{
	struct arena a;
	arena_init(&a, ARENA);
	check_values(&a);
	check_numbers(&a);
	check_strings(&a);
	arena_done(&a);
	check_memory();
	return tap_done();
}
