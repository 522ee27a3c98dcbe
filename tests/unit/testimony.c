/* SPDX-License-Identifier: Apache-2.0 */
/* The journal held against itself: what each number was heard to be, and what follows what. */
#include "ctl/audit/testimony.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/tap.h"
#include "validate/base/text.h"

#define CHAIN "0123456789abcdef0123456789abcdef"

/* A hash that is told from others by its first digits. */
static struct bytes hash(struct arena *a, unsigned n)
{
	return bytes_of(arena_printf(a, "%08x%056x", n, 0u));
}

static struct witness record(struct arena *a, uint64_t seq, unsigned is, unsigned follows)
{
	return (struct witness){ .chain = BYTES(CHAIN),
		.id = BYTES("x"),
		.seq = seq,
		.proved = true,
		.hash = hash(a, is),
		.prev = hash(a, follows) };
}

static struct testimony heard(const struct witness *list, size_t count)
{
	struct testimony t = { .faults = calloc(TESTIMONY_FAULTS, sizeof(struct chain_fault)) };

	for (size_t i = 0; i < count; i++)
		ok(testimony_hear(&list[i], &t) == 0, "entry %zu is heard", i);
	testimony_end(&t);
	return t;
}

static void says(struct arena *a, struct testimony *t, const char *what)
{
	struct text to = text_growing(a);

	for (size_t i = 0; i < t->fault_count; i++) {
		testimony_write(&t->faults[i], &to);
		text_char(&to, '\n');
	}
	is_text(to.len ? to.data : "", what, "what is wrong");
	testimony_done(t);
}

int main(void)
{
	struct arena a;
	struct testimony t;

	arena_init(&a, 1 << 20);
	const struct witness r1 = record(&a, 1, 11, 0), r2 = record(&a, 2, 12, 11), r3 = record(&a, 3, 13, 12);
	const struct witness other2 = record(&a, 2, 99, 11), after_other = record(&a, 3, 13, 99);
	struct witness altered = r2,
		       point = { .chain = BYTES(CHAIN), .seq = 2, .checkpoint = true, .hash = hash(&a, 12) };

	t = heard((const struct witness[]){ r1, r2, r3, point }, 4);
	is_int(t.heard[0].count, 3, "records");
	says(&a, &t, "");
	t = heard((const struct witness[]){ r1, r2, r2, r3, r1 }, 5);
	is_int(t.heard[0].count, 3, "a copy counts once");
	says(&a, &t, "");
	t = heard((const struct witness[]){ r1, r3 }, 2);
	says(&a, &t, "record 2 of chain " CHAIN " is missing in the journal, and no audit gap tells of it\n");
	t = heard((const struct witness[]){ r1, r2, other2, r3 }, 4);
	says(&a, &t,
		"record 2 of chain " CHAIN " is in the journal twice, and not the same: one of the two was made up\n");
	t = heard((const struct witness[]){ r1, other2, r3 }, 3);
	says(&a, &t,
		"record 3 of chain " CHAIN " follows another record than the one before it in the journal: "
		"one of the two was replaced\n");
	/* All that came after it was replaced as well: only where the chain once stood tells. */
	t = heard((const struct witness[]){ r1, other2, after_other }, 3);
	says(&a, &t, "");
	t = heard((const struct witness[]){ r1, other2, after_other, point }, 4);
	says(&a, &t,
		"record 2 of chain " CHAIN " is in the journal twice, and not the same: one of the two was made up\n");
	altered.proved = false;
	t = heard((const struct witness[]){ r1, altered, r3 }, 3);
	says(&a, &t, "record 2 of chain " CHAIN " was altered in the journal: what it says does not give its hash\n");
	arena_done(&a);
	return tap_done();
}
