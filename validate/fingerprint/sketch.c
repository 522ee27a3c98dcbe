/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts and their digests. A part's digest is of the key, of its pointer (of an element of a list: the list's, so that
 * it is known again at another place), and of its canonical text: spacing and order make no change.
 */
#include "validate/fingerprint/sketch.h"

#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/fingerprint/canonical.h"

#define PARTS_MOST 64u /* that one value of the first level may have; real ones have up to 40 (mounts, annotations) */
#define NAME_MOST 64u  /* bytes of a part's name */
#define DIGITS 12u     /* of each digest: by accident, one change in 2^48 is not seen */

#define ROOM ((size_t)8 << 10) /* of the stack: a usual profile of seccomp, the longest part */

struct sketching {
	struct arena *arena;
	const char *key;
	struct text text;    /* of the part at hand */
	struct text pointer; /* the part's */
	bool broken;
};

/* Whether its own parts are told apart. */
static bool has_parts(const struct doc *d)
{
	if ((d->type != DOC_OBJECT && d->type != DOC_ARRAY) || d->count > PARTS_MOST)
		return false;
	for (const struct doc *m = d->first; m; m = m->next)
		if (m->key.len > NAME_MOST)
			return false;
	return d->count > 0;
}

/* The digest of d, which goes by the pointer at hand; its bytes are good until the next one. */
static struct bytes digest_of(struct sketching *s, const struct doc *d, char hex[static DIGEST_HEX])
{
	struct digest digest = digest_begin();
	const struct canonical c = { .to = &s->text, .digest = &digest };

	digest_add(&digest, bytes_of(s->key));
	digest_add(&digest, BYTES("\n"));
	digest_add(&digest, (struct bytes){ s->pointer.data, s->pointer.len });
	digest_add(&digest, BYTES("\n"));
	s->text.len = 0;
	if (canonical_write_with(&c, d) < 0 || s->text.cut || s->pointer.cut)
		s->broken = true;
	canonical_finish(&s->text, &digest, hex);
	return (struct bytes){ hex, DIGITS };
}

static void point_at(struct sketching *s, const struct doc *d)
{
	s->pointer.len = 0;
	doc_pointer(d, "", &s->pointer);
}

static void add_part(struct sketching *s, struct doc *parts, const struct doc *d)
{
	char hex[DIGEST_HEX];

	if (d->type == DOC_NULL)
		return;
	point_at(s, d);
	(void)make_string(s->arena, parts, s->pointer.data, digest_of(s, d, hex));
}

static void add_elements(struct sketching *s, struct doc *parts, const struct doc *list)
{
	char hex[DIGEST_HEX];

	point_at(s, list);
	struct doc *to = make_array(s->arena, parts, s->pointer.data);
	for (const struct doc *e = list->first; e; e = e->next)
		(void)make_string(s->arena, to, NULL, digest_of(s, e, hex));
}

const struct doc *sketch_make(struct arena *a, const struct doc *config, const char *key)
{
	__attribute__((uninitialized)) char room[ROOM], below[LIMIT_POINTER];
	struct sketching s = { .arena = a,
		.key = key,
		.text = text_begun(a, room, sizeof(room)),
		.pointer = text_begun(a, below, sizeof(below)) };
	struct doc *d = make_document(a), *parts;

	(void)make_string(a, d, "key", bytes_of(key));
	parts = make_object(a, d, "parts");
	for (const struct doc *top = config ? config->first : NULL; top; top = top->next) {
		if (!has_parts(top))
			add_part(&s, parts, top);
		else if (top->type == DOC_ARRAY)
			add_elements(&s, parts, top);
		else
			for (const struct doc *m = top->first; m; m = m->next)
				add_part(&s, parts, m);
	}
	return d && make_whole(d) && !s.broken ? d : NULL;
}

/* What differs, as it is gathered. */
struct differing {
	struct arena *arena;
	const char **items;
	size_t count, room;
	bool lost;
};

static void differ(struct differing *to, struct bytes pointer, const struct doc *element)
{
	if (to->count + 1 >= to->room) {
		const size_t room = to->room ? 2 * to->room : 16;
		const char **items = arena_array(to->arena, room, sizeof(*items));
		if (!items) {
			to->lost = true;
			return;
		}
		for (size_t i = 0; i < to->count; i++)
			items[i] = to->items[i];
		to->items = items;
		to->room = room;
	}
	const char *said = element ? arena_printf(to->arena, "%.*s/%u", (int)pointer.len, pointer.data, element->index)
				   : arena_copy(to->arena, pointer);
	to->lost |= !said;
	to->items[to->count++] = said;
}

static bool same(const struct doc *a, const struct doc *b)
{
	return a->type == DOC_STRING && b->type == DOC_STRING && bytes_equal(a->string, b->string);
}

/* The last elements that are alike in both, of those from `first` on. */
static uint32_t tail_of(const struct doc *was, const struct doc *is, uint32_t first)
{
	uint32_t shorter = was->count < is->count ? was->count : is->count, alike = 0;
	const struct doc *w = was->first, *i = is->first;

	for (uint32_t n = was->count - shorter; w && n > 0; n--)
		w = w->next;
	for (uint32_t n = is->count - shorter; i && n > 0; n--)
		i = i->next;
	for (uint32_t n = 0; w && i; w = w->next, i = i->next, n++)
		alike = n >= first && same(w, i) ? alike + 1 : 0;
	return alike;
}

/* What begins and ends alike is left out; between, each element of the longer list is one that differs. */
static void compare_lists(struct differing *to, const struct doc *was, const struct doc *is)
{
	const struct doc *w = was->first, *i = is->first;

	while (w && i && same(w, i)) {
		w = w->next;
		i = i->next;
	}
	const uint32_t first = i ? i->index : is->count, tail = tail_of(was, is, first);
	const struct doc *longer = was->count > is->count ? w : i;
	const uint32_t end = (was->count > is->count ? was->count : is->count) - tail;
	for (; longer && longer->index < end; longer = longer->next)
		differ(to, is->key, longer);
}

static const struct doc *part_of(const struct doc *parts, struct bytes pointer)
{
	for (const struct doc *p = parts->first; p; p = p->next)
		if (bytes_equal(p->key, pointer))
			return p;
	return NULL;
}

/* Whether parts of it, or what it is a part of, stand there: then the one is told and not the other as well. */
static bool covered(const struct doc *parts, struct bytes pointer)
{
	for (const struct doc *p = parts->first; p; p = p->next) {
		const struct bytes less = p->key.len < pointer.len ? p->key : pointer,
				   more = p->key.len < pointer.len ? pointer : p->key;
		if (less.len < more.len && more.data[less.len] == '/' && memcmp(less.data, more.data, less.len) == 0)
			return true;
	}
	return false;
}

const char *const *sketch_differs(struct arena *a, const struct doc *sketch, const struct doc *config)
{
	struct differing to = { .arena = a, .items = arena_array(a, 1, sizeof(char *)), .room = 1 };
	const struct doc *was = doc_get(sketch, "parts"), *key = doc_get(sketch, "key");
	const char *word = key && key->type == DOC_STRING ? arena_copy(a, key->string) : NULL;
	const struct doc *now = word && was && was->type == DOC_OBJECT ? sketch_make(a, config, word) : NULL;
	const struct doc *is = doc_get(now, "parts");

	if (!was || !is || !to.items)
		return NULL;
	for (const struct doc *i = is->first; i && !to.lost; i = i->next) {
		const struct doc *w = part_of(was, i->key);
		if (w && w->type == DOC_ARRAY && i->type == DOC_ARRAY)
			compare_lists(&to, w, i);
		else if (!w || !same(w, i))
			differ(&to, i->key, NULL);
	}
	for (const struct doc *w = was->first; w && !to.lost; w = w->next)
		if (!part_of(is, w->key) && !covered(is, w->key))
			differ(&to, w->key, NULL);
	return to.lost ? NULL : to.items;
}
