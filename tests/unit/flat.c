/* SPDX-License-Identifier: Apache-2.0 */
/* Trees as bytes: they come back as they were, and bytes that are anything else give no tree and lead nowhere. */
#include "validate/host/flat.h"

#include <errno.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

static const struct doc *parsed(struct arena *a, const char *json)
{
	const struct doc_options options = { .file = "given" };
	const struct doc *d = NULL;
	if (doc_parse(a, bytes_of(json), &options, &d, NULL) < 0)
		exit(1);
	return d;
}

static struct bytes flat(struct arena *a, const struct doc *d)
{
	struct text t = text_growing(a);
	if (!flat_write(d, &t) || t.cut)
		exit(1);
	return (struct bytes){ t.data, t.len };
}

static const char *written(struct arena *a, const struct doc *d)
{
	struct text t = text_growing(a);
	doc_write(d, false, &t);
	return t.data;
}

/* Every node hangs where it should: the parent, the place among its siblings, the count. */
static bool well_hung(const struct doc *d, const struct doc *parent, uint32_t index)
{
	uint32_t n = 0;
	if (d->parent != parent || d->index != index)
		return false;
	if (d->type != DOC_ARRAY && d->type != DOC_OBJECT)
		return true;
	for (const struct doc *e = d->first; e; e = e->next)
		if (!well_hung(e, d, n++))
			return false;
	return n == d->count;
}

static void comes_back(const char *json)
{
	struct arena a;
	const struct doc *d = NULL;
	arena_init(&a, LIMIT_ARENA);
	is_int(flat_read(&a, flat(&a, parsed(&a, json)), &d), 0, "%s is read", json);
	is_text(d ? written(&a, d) : "", json, "as it was");
	ok(d && well_hung(d, NULL, 0), "and hangs together");
	arena_done(&a);
}

/* A copy of its own, so that an address sanitizer sees what is read behind it. */
static int read_copy(const char *data, size_t len, const struct doc **ret)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	char *copy = arena_alloc(&a, len);
	if (!copy)
		exit(1);
	memcpy(copy, data, len);
	const struct doc *d = NULL;
	const int r = flat_read(&a, (struct bytes){ copy, len }, &d);
	if (r == 0 && (!well_hung(d, NULL, 0) || !written(&a, d)))
		exit(1);
	arena_done(&a);
	*ret = d;
	return r;
}

static void broken(void)
{
	static const char json[] = "{\"a\":[1,-2,true,\"b\"],\"c\":{\"d\":null,\"e\":1.5,\"f\":[]},\"g\":\"hij\"}";
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const struct bytes whole = flat(&a, parsed(&a, json));
	char bytes[4096];
	const struct doc *d;
	size_t read = 0;
	for (size_t n = 0; n < whole.len; n++)
		read += read_copy(whole.data, n, &d) != -EBADMSG;
	is_int((int)read, 0, "no beginning of it is taken for all of it");
	memcpy(bytes, whole.data, whole.len);
	bytes[whole.len] = 'x';
	is_int(read_copy(bytes, whole.len + 1, &d), -EBADMSG, "nor is more than all of it");
	/* Whatever one byte becomes: a tree that hangs together, or none. */
	static const unsigned char other[] = { 0, 1, 2, 0x20, 0x40, 0x7f, 0x80, 0xc3, 0xff };
	size_t refused = 0;
	for (size_t i = 0; i < whole.len; i++)
		for (size_t k = 0; k < sizeof(other); k++) {
			memcpy(bytes, whole.data, whole.len);
			bytes[i] = (char)other[k];
			refused += read_copy(bytes, whole.len, &d) < 0;
		}
	ok(refused > whole.len, "what is broken is refused (%zu of %zu)", refused, whole.len * sizeof(other));
	/* The form and the release of it. */
	memcpy(bytes, whole.data, whole.len);
	bytes[12] = '2';
	is_int(read_copy(bytes, whole.len, &d), -EBADMSG, "another form is not read");
	arena_done(&a);
}

/* What doc_parse would not take: a NUL in a string, no UTF-8, too deep. */
static void not_ours(void)
{
	struct arena a;
	const struct doc *d;
	arena_init(&a, LIMIT_ARENA);
	static const char *const odd[] = { "q\0q", "q\xffq", "q\xc3q", "q\xed\xa0" };
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const struct bytes b = flat(&a, parsed(&a, "[\"qzq\",\"\xc3\xa9\"]"));
		char *at = memmem(b.data, b.len, "qzq", 3);
		memcpy(at, odd[i], 3);
		is_int(read_copy(b.data, b.len, &d), -EBADMSG, "string %zu is none", i);
	}
	struct doc *root = make_document(&a), *deep = root;
	for (unsigned i = 1; i < LIMIT_DOC_DEPTH; i++)
		deep = make_object(&a, deep, "x");
	struct bytes b = flat(&a, root);
	is_int(read_copy(b.data, b.len, &d), 0, "as deep as a document may be");
	make_uint(&a, deep, "x", 1);
	b = flat(&a, root);
	is_int(read_copy(b.data, b.len, &d), -EBADMSG, "and no deeper");
	arena_done(&a);
}

int main(void)
{
	comes_back("{}");
	comes_back("[]");
	comes_back("\"alone\"");
	comes_back("{\"a\":{\"b\":[[],{},[1,2,3]]},\"\":\"\"}");
	comes_back("[18446744073709551615,-9223372036854775808,0,true,false,null,1.50,1e9]");
	comes_back("{\"\\u00e9\":\"\\u20ac \\\"\\\\\\n\",\"plain\":\"text\"}");
	broken();
	not_ours();
	return tap_done();
}
