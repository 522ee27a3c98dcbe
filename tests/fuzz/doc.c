/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as a bundle's document and as a policy file. What is refused says why and where; what is accepted has its
 * places within one another, has one canonical text however it is come by, and printed back it reads as the same tree.
 */
#include "tests/doc_print.h"
#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/fingerprint/canonical.h"

#include <errno.h>

static void check_places(const struct doc *d)
{
	uint32_t from = d->offset, index = 0;
	must(d->offset < d->end);
	for (const struct doc *m = d->first; m; from = m->end, m = m->next) {
		must(m->parent == d && m->index == index++);
		must(from <= m->key_offset && m->key_offset <= m->offset && m->end <= d->end);
		must(d->type == DOC_OBJECT ? m->key_offset < m->offset : m->key_offset == m->offset);
		check_places(m);
	}
	must(index == d->count);
}

/* What is taken from the text as it stands, and what is written anew, is one canonical text. */
static void check_canonical(struct arena *a, const struct doc *d)
{
	const struct doc *copy = make_copy(a, make_document(a), "d", d);
	struct text verbatim = text_growing(a), anew = text_growing(a);
	must(copy && canonical_write(d, &verbatim) == canonical_write(copy, &anew));
	must(verbatim.len == anew.len && memcmp(verbatim.data, anew.data, anew.len) == 0);
}

static void check(struct arena *a, struct bytes text, bool comments)
{
	const struct doc_options options = { .file = "fuzz", .comments = comments }, strict = { .file = "again" };
	const struct doc *d = NULL, *again = NULL;
	struct fail f = { 0 };
	const int r = doc_parse(a, text, &options, &d, &f);
	if (r < 0) {
		must(r == -EBADMSG && f.code == r && f.says[0] && strncmp(f.rule, "json.", 5) == 0 && f.place.line > 0);
		return;
	}
	struct text first = text_growing(a), second = text_growing(a);
	check_places(d);
	check_canonical(a, d);
	doc_print(d, &first);
	if (first.len > LIMIT_DOC_BYTES)
		return;
	must(doc_parse(a, (struct bytes){ first.data, first.len }, &strict, &again, &f) == 0);
	doc_print(again, &second);
	must(!first.cut && !second.cut && strcmp(first.data, second.data) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bytes text = { (const char *)data, size };
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	check(&a, text, false);
	check(&a, text, true);
	arena_done(&a);
	return 0;
}
