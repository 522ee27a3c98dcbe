/* SPDX-License-Identifier: Apache-2.0 */
/* One record, by its id: from a chain, and where none has it, from the journal. */
#include <errno.h>

#include "ctl/audit/query.h"

#define ID_SIZE ((size_t)36)
#define ID_LEAST ((size_t)8)

bool query_is_id(const char *word)
{
	const size_t len = strlen(word);
	if (len < ID_LEAST || len > ID_SIZE)
		return false;
	for (size_t i = 0; i < len; i++) {
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? word[i] != '-' : !memchr("0123456789abcdef", word[i], 16))
			return false;
	}
	return true;
}

int seen_keep(struct arena *a, const struct seen *s, struct seen *ret)
{
	const struct doc_options options = { .file = "record", .cause = CAUSE_AUDIT };
	struct seen k = *s;
	struct fail why = { 0 };

	k.text.data = arena_copy(a, s->text);
	k.place = arena_copy(a, bytes_of(s->place));
	k.cursor = s->cursor ? arena_copy(a, bytes_of(s->cursor)) : NULL;
	k.root = NULL;
	if (!k.text.data || !k.place || (s->cursor && !k.cursor))
		return -ENOMEM;
	if (s->root && doc_parse(a, k.text, &options, &k.root, &why) < 0)
		return -ENOMEM;
	k.chain = seen_string(&k, "chain");
	k.hash = seen_string(&k, "hash");
	*ret = k;
	return 0;
}

struct search {
	struct arena *arena;
	const char *id;
	struct seen found;
	unsigned long changed; /* lines that name it and are not sound */
	bool several;
};

static int match(const struct seen *s, void *data)
{
	struct search *f = data;
	const struct bytes id = seen_string(s, "id");

	if (!s->sound) {
		if (s->in == IN_CHAIN && f->changed++ == 0)
			(void)trouble("%s:%lu: it is no record, or it was changed after it was written", s->place,
				s->number);
		return 0;
	}
	if (!bytes_start(id, f->id))
		return 0;
	if (f->found.root && !bytes_equal(id, seen_string(&f->found, "id")))
		f->several = true;
	return seen_keep(f->arena, s, &f->found);
}

int query_find(const struct query *q, struct arena *a, const char *id, struct seen *ret)
{
	struct search f = { .arena = a, .id = id };
	struct query one = *q;
	int r = 0;

	one.id = id;
	one.part = arena_printf(a, "\"id\":\"%s", id);
	one.lifecycle = true;
	one.last = 0;
	one.in = q->in ? q->in : IN_CHAIN;
	if (!one.part)
		return trouble("no memory"), -ENOMEM;
	if (one.in & IN_CHAIN) {
		one.in = IN_CHAIN;
		r = query_each(&one, match, &f);
	}
	if (r == 0 && !f.found.root && f.changed == 0 && !q->directory && q->in != IN_CHAIN) {
		one.in = IN_JOURNAL;
		r = query_each(&one, match, &f);
	}
	if (r < 0)
		return r;
	if (!f.found.root && f.changed > 0)
		return -EBADMSG;
	if (!f.found.root) {
		(void)trouble("no record has an id that begins with %s", id);
		return -ENOENT;
	}
	if (f.several) {
		(void)trouble("several records have an id that begins with %s: give more of it", id);
		return -ENOTUNIQ;
	}
	*ret = f.found;
	return 0;
}
