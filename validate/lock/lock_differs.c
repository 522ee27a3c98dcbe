/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two locks beside each other. Both are documents, and could have been compared as such; but what only one of them
 * has is a difference in a container's document, and nothing known of a host.
 */
#include <errno.h>

#include "validate/doc/make.h"
#include "validate/lock/lock_parts.h"

#define VALUE_MOST 120u /* bytes shown of one value */

struct comparing {
	struct arena *arena;
	struct lock_difference *first, *last;
	bool failed; /* no memory */
};

static bool same(const struct doc *a, const struct doc *b)
{
	if (a->type != b->type || a->count != b->count)
		return false;
	switch (a->type) {
	case DOC_BOOL:
		return a->boolean == b->boolean;
	case DOC_INT:
		return a->integer.magnitude == b->integer.magnitude && a->integer.negative == b->integer.negative;
	case DOC_STRING:
	case DOC_NUMBER:
		return bytes_equal(a->string, b->string);
	case DOC_ARRAY:
	case DOC_OBJECT:
	case DOC_NULL:
		break;
	}
	for (a = a->first, b = b->first; a && b; a = a->next, b = b->next)
		if (!bytes_equal(a->key, b->key) || !same(a, b))
			return false;
	return !a && !b;
}

static bool among(const struct doc *list, const struct doc *d)
{
	for (const struct doc *e = list->first; e; e = e->next)
		if (same(e, d))
			return true;
	return false;
}

static bool is_salted(const struct doc *d)
{
	return d->type == DOC_STRING && bytes_start(d->string, SALTED);
}

/* Of a list what the other has not, unless they have the same in another order. */
static void show(struct text *to, const struct doc *d, const struct doc *other)
{
	struct text json = text_growing(to->arena);
	const bool lists = d->type == DOC_ARRAY && other && other->type == DOC_ARRAY;

	if (is_salted(d))
		return;
	if (d->type != DOC_ARRAY) {
		doc_write(d, false, &json);
		text_shown(to, (struct bytes){ json.data, json.len }, VALUE_MOST);
		return;
	}
	for (const struct doc *e = d->first; e; e = e->next)
		if (!is_salted(e) && !(lists && among(other, e))) {
			text_add(&json, json.len ? ", " : "");
			doc_write(e, false, &json);
		}
	text_shown(to, (struct bytes){ json.data, json.len }, VALUE_MOST);
}

static struct bytes shown(struct comparing *c, const struct doc *d, const struct doc *other)
{
	struct text to = text_growing(c->arena);
	if (!d)
		return (struct bytes){ 0 };
	show(&to, d, other);
	c->failed |= to.cut;
	for (const char *const *word = engine_triggers; *word && to.data; word++)
		if (strcasestr(to.data, *word))
			return (struct bytes){ 0 };
	return (struct bytes){ to.data, to.len };
}

static void add(struct comparing *c, enum lock_part part, const char *path, const struct doc *was, const struct doc *is)
{
	struct lock_difference *d = arena_new(c->arena, struct lock_difference);

	if (!d || !path) {
		c->failed = true;
		return;
	}
	*d = (struct lock_difference){
		.part = part,
		.change = !is  ? LOCK_GONE
			: !was ? LOCK_NEW
			       : LOCK_OTHER,
		.path = path,
		.list = was && is && was->type == DOC_ARRAY && is->type == DOC_ARRAY,
		.was = shown(c, was, is),
		.is = shown(c, is, was),
	};
	if (c->last)
		c->last->next = d;
	else
		c->first = d;
	c->last = d;
}

/* Sets that are equal in another order are equal: the flags of a processor. */
static bool same_set(const struct doc *a, const struct doc *b)
{
	for (const struct doc *e = a->first; e; e = e->next)
		if (!among(b, e))
			return false;
	for (const struct doc *e = b->first; e; e = e->next)
		if (!among(a, e))
			return false;
	return true;
}

/* What is said of machine and image. A name that only one of the two has is not known to be otherwise. */
static void compare_known(struct comparing *c, enum lock_part part, const char *path, const struct doc *was,
	const struct doc *is)
{
	if (!was || !is)
		return;
	if (was->type == DOC_OBJECT && is->type == DOC_OBJECT) {
		for (const struct doc *m = was->first; m; m = m->next) {
			const char *key = arena_copy(c->arena, m->key);
			const char *below = key ? arena_printf(c->arena, "%s.%s", path, key) : NULL;
			c->failed |= !below;
			if (below && m->type != DOC_NULL)
				compare_known(c, part, below, m, doc_get(is, key));
		}
		return;
	}
	const bool lists = was->type == DOC_ARRAY && is->type == DOC_ARRAY;
	const bool objects = lists &&
		((was->first && was->first->type == DOC_OBJECT) || (is->first && is->first->type == DOC_OBJECT));
	if (!objects) {
		if (lists ? !same_set(was, is) : !same(was, is))
			add(c, part, path, was, is);
		return;
	}
	const struct doc *w = was->first, *i = is->first;
	for (unsigned n = 0; w || i; n++, w = w ? w->next : NULL, i = i ? i->next : NULL) {
		const char *below = arena_printf(c->arena, "%s[%u]", path, n);
		if (w && i)
			compare_known(c, part, below ? below : path, w, i);
		else
			add(c, part, below, w, i);
	}
}

static void compare_image(struct comparing *c, const struct doc *was, const struct doc *is)
{
	/* The same image by another name is the same: of these the first that both have counts. */
	static const char *const words[] = { "digest", "layers", "ref" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const struct doc *before = doc_get(was, words[i]), *now = doc_get(is, words[i]);
		const char *path = arena_printf(c->arena, "image.%s", words[i]);
		c->failed |= !path;
		if (!before || !now || !path)
			continue;
		compare_known(c, LOCK_IMAGE, path, before, now);
		return;
	}
}

/* The member of that name; *next is where one in the same order would stand, and is moved on. */
static const struct doc *member(const struct doc *object, const struct doc **next, struct bytes name)
{
	const struct doc *m = *next;

	while (m && !bytes_equal(m->key, name))
		m = m->next;
	if (!m)
		for (m = object->first; m && m != *next && !bytes_equal(m->key, name);)
			m = m->next;
	if (!m || (m == *next && !bytes_equal(m->key, name)))
		return NULL;
	*next = m->next;
	return m->type == DOC_NULL ? NULL : m;
}

/* Both have the fields of a document: what differs, what is gone, what is new. */
static void compare_fields(struct comparing *c, enum lock_part part, const struct doc *was, const struct doc *is)
{
	const struct doc *next = is->first, *ahead = was->first;

	for (const struct doc *m = was->first; m; m = m->next) {
		const struct doc *now = member(is, &next, m->key);
		if (m->type != DOC_NULL && !(now && same(m, now)))
			add(c, part, arena_copy(c->arena, m->key), m, now);
	}
	for (const struct doc *m = is->first; m; m = m->next)
		if (m->type != DOC_NULL && !member(was, &ahead, m->key))
			add(c, part, arena_copy(c->arena, m->key), NULL, m);
}

/* More fields than lock_make writes are somebody's own: to find each among the others would take a create seconds. */
static bool has_fields(const struct doc *d)
{
	return d && d->count <= LIMIT_LOCK_FIELDS;
}

/* A fingerprint, and the document by its fields; the fingerprint is told of only where they tell nothing. */
static void compare_document(struct comparing *c, enum lock_part part, const struct lock *lock, const struct lock *now)
{
	const bool normal = part == LOCK_NORMAL;
	const char *print = normal ? "fingerprint.normal" : "fingerprint.posture";
	const char *fields = normal ? "document" : "posture";
	const struct doc *was = doc_find(lock->root, print), *is = doc_find(now->root, print);
	const struct doc *was_fields = doc_get(lock->root, fields), *is_fields = doc_get(now->root, fields);
	const struct lock_difference *before = c->last;

	if (!was || (is && same(was, is)))
		return;
	if (has_fields(was_fields) && has_fields(is_fields))
		compare_fields(c, part, was_fields, is_fields);
	if (c->last == before)
		add(c, part, print, was, is);
}

static void compare_form(struct comparing *c, unsigned parts, const struct lock *lock, const struct lock *now)
{
	const struct doc *was = doc_find(lock->root, "fingerprint.form"), *is = doc_find(now->root, "fingerprint.form");

	if (!was || !is || same(was, is)) {
		if (parts & LOCK_NORMAL)
			compare_document(c, LOCK_NORMAL, lock, now);
		if (parts & LOCK_POSTURE)
			compare_document(c, LOCK_POSTURE, lock, now);
		return;
	}
	add(c, parts & LOCK_NORMAL ? LOCK_NORMAL : LOCK_POSTURE, "fingerprint.form", was, is);
	if (c->last)
		c->last->change = LOCK_FORM;
}

int lock_differs(struct arena *a, const struct lock *lock, const struct lock *now, unsigned parts,
	const struct lock_difference **ret)
{
	struct comparing c = { .arena = a };

	if (parts & LOCK_IMAGE)
		compare_image(&c, doc_get(lock->root, "image"), doc_get(now->root, "image"));
	if (parts & LOCK_DELEGATE)
		compare_known(&c, LOCK_DELEGATE, "delegate", doc_get(lock->root, "delegate"),
			doc_get(now->root, "delegate"));
	if (parts & LOCK_HOST) {
		compare_known(&c, LOCK_HOST, "kernel", doc_get(lock->root, "kernel"), doc_get(now->root, "kernel"));
		compare_known(&c, LOCK_HOST, "host", doc_get(lock->root, "host"), doc_get(now->root, "host"));
	}
	if (parts & (LOCK_NORMAL | LOCK_POSTURE))
		compare_form(&c, parts, lock, now);
	*ret = c.first;
	return c.failed ? -ENOMEM : 0;
}
