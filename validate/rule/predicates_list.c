/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for arrays and maps. A hostile list can be as long as the document allows, so whatever compares entries
 * with each other sorts them first.
 */
#include <stdlib.h>

#include "validate/rule/predicates.h"

/* What tells an entry of a list from others: a member of it, or the entry itself. Empty when it has none. */
static struct bytes entry_name(const struct doc *entry, const char *member)
{
	const struct doc *d = member ? doc_get(entry, member) : entry;
	return d && d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
}

struct named {
	struct bytes name;
	const struct doc *entry;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	const size_t shorter = x->name.len < y->name.len ? x->name.len : y->name.len;
	const int order = shorter ? memcmp(x->name.data, y->name.data, shorter) : 0;
	if (order)
		return order;
	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return x->entry->offset < y->entry->offset ? -1 : x->entry->offset > y->entry->offset;
}

/* The first entry that has the name of an earlier one; NULL when there is none. The list itself when memory is gone. */
static const struct doc *repeated(const struct doc *list, const char *member)
{
	const struct doc *found = NULL;
	size_t count = 0;
	if (list->count < 2)
		return NULL;
	struct named *all = calloc(list->count, sizeof(*all));
	if (!all)
		return list;
	for (const struct doc *e = list->first; e; e = e->next) {
		const struct bytes name = entry_name(e, member);
		if (name.len > 0)
			all[count++] = (struct named){ name, e };
	}
	qsort(all, count, sizeof(*all), by_name);
	for (size_t i = 1; i < count; i++)
		if (bytes_equal(all[i - 1].name, all[i].name) && (!found || all[i].entry->offset < found->offset))
			found = all[i].entry;
	free(all);
	return found;
}

static bool holds_not_repeat(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	const struct doc *again = repeated(d, r->text);
	if (again)
		*ret_at = again == d ? d : doc_get(again, r->text);
	return !again;
}

const struct predicate not_repeat = {
	.says = "not repeat the {} of an earlier entry",
	.takes = TAKES_TEXT,
	.judges = DOC_ARRAY,
	.holds = holds_not_repeat,
};

static bool holds_not_repeat_entries(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *again = repeated(d, NULL);
	if (again)
		*ret_at = again;
	return !again;
}

const struct predicate not_repeat_entries = {
	.says = "not repeat an earlier entry",
	.judges = DOC_ARRAY,
	.holds = holds_not_repeat_entries,
};

static bool holds_command(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f;
	if (d->count == 0 || d->first->type != DOC_STRING || d->first->string.len > 0)
		return true;
	*ret_at = d->first;
	return false;
}

const struct predicate name_a_command = {
	.says = "name a command, not be empty",
	.judges = DOC_ARRAY,
	.holds = holds_command,
};

static bool holds_named_keys(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	for (const struct doc *m = d->first; m; m = m->next)
		if (m->key.len == 0)
			return false;
	return true;
}

const struct predicate have_named_keys = {
	.says = "have no key that is empty",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_named_keys,
};

static bool holds_keys_among(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	for (const struct doc *m = d->first; m; m = m->next) {
		const char *const *w = r->words;
		while (*w && !bytes_is(m->key, *w))
			w++;
		if (!*w) {
			*ret_at = m;
			return false;
		}
	}
	return true;
}

const struct predicate have_keys_among = {
	.says = "be called one of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_keys_among,
};

static bool holds_file_names(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	for (const struct doc *m = d->first; m; m = m->next) {
		const struct bytes k = m->key;
		if (k.len > 0 && !memchr(k.data, '/', k.len) && !bytes_is(k, ".") && !bytes_is(k, ".."))
			continue;
		*ret_at = m;
		return false;
	}
	return true;
}

const struct predicate have_file_names = {
	.says = "be called as one file is, without a slash",
	.judges = DOC_OBJECT,
	.of_keys = true,
	.holds = holds_file_names,
};

static bool holds_one_of_members(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	for (const char *const *w = r->words; *w; w++)
		if (doc_get(d, *w))
			return true;
	return false;
}

const struct predicate have_one_of = {
	.says = "have one of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_one_of_members,
};

static bool holds_both(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	const struct doc *a = doc_get(d, r->words[0]), *b = doc_get(d, r->words[1]);
	return (a && a->count > 0) == (b && b->count > 0);
}

const struct predicate have_both_or_none = {
	.says = "have both or none of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_OBJECT,
	.holds = holds_both,
};

/* One side of a mapping as a half-open range. False when a number is absent or of another type: other rows say so. */
static bool range_of(const struct doc *mapping, const char *side, uint64_t *ret_from, uint64_t *ret_to)
{
	const struct doc *id = doc_get(mapping, side), *size = doc_get(mapping, "size");
	if (!id || id->type != DOC_INT || !size || size->type != DOC_INT || id->integer.negative ||
		size->integer.negative || id->integer.magnitude > UINT32_MAX || size->integer.magnitude > UINT32_MAX)
		return false;
	*ret_from = id->integer.magnitude;
	*ret_to = id->integer.magnitude + size->integer.magnitude;
	return true;
}

static const char *const sides[] = { "containerID", "hostID" };

static bool holds_within_32_bits(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	uint64_t from, to;
	for (int i = 0; i < 2; i++)
		if (range_of(d, sides[i], &from, &to) && to > (uint64_t)UINT32_MAX + 1)
			return false;
	return true;
}

const struct predicate be_within_32_bits = {
	.says = "end within 32 bits on both sides",
	.judges = DOC_OBJECT,
	.holds = holds_within_32_bits,
};

/* The kernel takes at most 340 entries; more are another row's to refuse, and not compared here. */
#define MAPPINGS_MOST 340

static bool holds_not_overlap(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	if (d->count > MAPPINGS_MOST)
		return true;
	for (const struct doc *m = d->first; m; m = m->next)
		for (const struct doc *n = d->first; n != m; n = n->next)
			for (int i = 0; i < 2; i++) {
				uint64_t a, b, x, y;
				if (range_of(m, sides[i], &a, &b) && range_of(n, sides[i], &x, &y) && a < y && x < b) {
					*ret_at = m;
					return false;
				}
			}
	return true;
}

const struct predicate not_overlap = {
	.says = "not overlap an earlier mapping",
	.judges = DOC_ARRAY,
	.holds = holds_not_overlap,
};

/* Longer lists than there can be capabilities hold repetitions, which say nothing new: the first ones are compared. */
#define LISTED_MOST 256

static bool lists(const struct doc *list, struct bytes name)
{
	const struct doc *e = list && list->type == DOC_ARRAY ? list->first : NULL;
	for (; e && e->index < LISTED_MOST; e = e->next)
		if (e->type == DOC_STRING && bytes_equal(e->string, name))
			return true;
	return false;
}

static bool holds_listed_too(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	for (const struct doc *e = d->first; e && e->index < LISTED_MOST; e = e->next)
		for (const char *const *w = r->words; *w; w++)
			if (e->type == DOC_STRING && !lists(doc_get(d->parent, *w), e->string)) {
				*ret_at = e;
				return false;
			}
	return true;
}

const struct predicate be_listed_too = {
	.says = "also be listed in {}",
	.takes = TAKES_WORDS,
	.judges = DOC_ARRAY,
	.holds = holds_listed_too,
};
