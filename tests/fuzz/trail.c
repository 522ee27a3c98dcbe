/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as the file of a chain that somebody reads. Whatever is there comes as records and as what is none, each
 * once; what is called sound is one line of printable ASCII with a hash that fits it; and no format prints more lines
 * than it was given records, or a byte that a terminal acts on.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "ctl/audit/format.h"
#include "ctl/audit/source_chain.h"
#include "tests/fuzz/fuzz.h"
#include "validate/base/limits.h"

static void print(const struct seen *s)
{
	for (size_t i = 0; audit_formats[i]; i++) {
		struct arena a;
		arena_init(&a, LIMIT_ARENA);
		struct text to = text_growing(&a);
		audit_formats[i]->one(s, &to);
		must(!to.cut);
		for (size_t k = 0; k < to.len; k++)
			must((unsigned char)to.data[k] >= 0x20 ? to.data[k] != 0x7f
							       : to.data[k] == '\n' && k == to.len - 1);
		arena_done(&a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena names;
	struct query q = { 0 };
	struct links links;
	unsigned long last = 0;
	int r;

	if (size > LIMIT_CONF_BYTES)
		return 0;
	const int fd = memfd_create("fuzz", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	arena_init(&names, (size_t)1 << 20);
	struct parts p = { .names = &names, .list = calloc(1, sizeof(*p.list)), .count = 1, .room = 1 };
	must(p.list);
	p.list[0] = (struct part){ .path = arena_copy(&names, BYTES("chain")), .fd = fd };
	struct source *s = chain_source(&q, &p, &names, 0);
	must(s);
	while ((r = s->next(s)) > 0) {
		const struct seen *seen = &s->seen;
		must(seen->number == last + 1 && s->offset <= size);
		last = seen->number;
		must(seen->in == IN_CHAIN && (!seen->root || seen->root->type == DOC_OBJECT));
		if (seen->sound)
			must(seen->root && line_links(seen->text, &links) && links.seq == seen->seq);
		for (size_t i = 0; seen->sound && i < seen->text.len; i++)
			must(seen->text.data[i] >= 0x20 && seen->text.data[i] < 0x7f);
		print(seen);
	}
	must(r == 0);
	s->done(s);
	return 0;
}
