/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as TOML: what is refused has a place and a cause, what is accepted can be written out and has sound
 * places.
 */
#include "ctl/node/toml.h"

#include <errno.h>

#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"

static void check(const struct doc *d, size_t size)
{
	for (const struct doc *c = d->type == DOC_OBJECT || d->type == DOC_ARRAY ? d->first : NULL; c; c = c->next) {
		must(c->parent == d && c->offset <= size && c->end <= size);
		check(c, size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct doc *d = NULL;
	struct fail why = { 0 };
	struct arena a;

	if (size > LIMIT_CONF_BYTES)
		return 0;
	arena_init(&a, LIMIT_ARENA);
	const int r = toml_parse(&a, (struct bytes){ (const char *)data, size }, "fuzz", &d, &why);
	must(r == 0 || r == -EBADMSG || r == -ENOMEM);
	if (r < 0) {
		must(why.code == r && why.says[0] && (r == -ENOMEM || why.place.line > 0));
	} else {
		struct text to = text_growing(&a);
		check(d, size);
		doc_write(d, false, &to);
		must(to.len >= 2);
	}
	arena_done(&a);
	return 0;
}
