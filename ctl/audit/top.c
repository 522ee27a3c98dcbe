/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/top.h"

#include <errno.h>

/* FNV-1a: names of records cannot be chosen so that much comes of a collision, two names would share a count. */
static uint64_t hash_of(struct bytes b)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < b.len; i++)
		h = (h ^ (unsigned char)b.data[i]) * UINT64_C(0x100000001b3);
	return h;
}

int top_init(struct top *t, struct arena *a, size_t room)
{
	*t = (struct top){ .room = room };
	t->entries = arena_array(a, room, sizeof(*t->entries));
	t->slots = arena_array(a, room * 2, sizeof(*t->slots));
	return room > 0 && t->entries && t->slots ? 0 : -ENOMEM;
}

static size_t *slot_of(struct top *t, uint64_t hash)
{
	return &t->slots[hash % (t->room * 2)];
}

static struct top_entry *find(struct top *t, uint64_t hash)
{
	for (size_t i = *slot_of(t, hash); i > 0; i = t->entries[i - 1].next)
		if (t->entries[i - 1].hash == hash)
			return &t->entries[i - 1];
	return NULL;
}

static void unlink_entry(struct top *t, const struct top_entry *e)
{
	const size_t self = (size_t)(e - t->entries) + 1;
	size_t *at = slot_of(t, e->hash);
	while (*at > 0 && *at != self)
		at = &t->entries[*at - 1].next;
	*at = e->next;
}

/* A place for a new name: a free one, else the rarest's. */
static struct top_entry *place(struct top *t)
{
	struct top_entry *least = &t->entries[0];

	if (t->used < t->room)
		return &t->entries[t->used++];
	t->full = true;
	for (size_t i = 1; i < t->used; i++)
		if (t->entries[i].count < least->count)
			least = &t->entries[i];
	unlink_entry(t, least);
	return least;
}

static void name_entry(struct top_entry *e, struct bytes name)
{
	struct text t = text_over(e->name, sizeof(e->name));
	text_shown(&t, name, sizeof(e->name) - 1);
}

struct top_entry *top_add(struct top *t, struct bytes name, enum seen_kind kind, struct timespec when)
{
	if (name.len == 0)
		return NULL;
	const uint64_t hash = hash_of(name);
	struct top_entry *e = find(t, hash);
	t->total++;
	if (!e) {
		e = place(t);
		const uint64_t inherited = e->count;
		*e = (struct top_entry){ .hash = hash, .count = inherited, .over = inherited, .first = when };
		name_entry(e, name);
		e->next = *slot_of(t, hash);
		*slot_of(t, hash) = (size_t)(e - t->entries) + 1;
	}
	e->count++;
	e->by[kind]++;
	e->last = when;
	return e;
}

static bool comes_first(const struct top_entry *a, const struct top_entry *b)
{
	const uint64_t x = top_least(a), y = top_least(b);
	return x != y ? x > y : strcmp(a->name, b->name) < 0;
}

size_t top_list(const struct top *t, const struct top_entry **to, size_t most)
{
	size_t n = 0;
	for (size_t i = 0; i < t->used && most > 0; i++) {
		const struct top_entry *e = &t->entries[i];
		if (n == most && !comes_first(e, to[n - 1]))
			continue;
		size_t at = n < most ? n++ : n - 1;
		for (; at > 0 && comes_first(e, to[at - 1]); at--)
			to[at] = to[at - 1];
		to[at] = e;
	}
	return n;
}

uint64_t top_least(const struct top_entry *e)
{
	return e->count - e->over;
}
