/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for arrays and maps. A hostile list can be as long as the document allows, so whatever compares entries
 * with each other sorts them first.
 */
#include <stdlib.h>

#include "validate/base/scratch.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

/*
 * What tells an entry of a list from others: a member of it, or (NULL) the entry itself, or ("=") what stands before
 * that sign in it. Empty when it has none.
 */
static struct bytes entry_name(const struct doc *entry, const char *member)
{
	const bool assigned = member && *member == '=';
	const struct doc *d = member && !assigned ? doc_get(entry, member) : entry;
	if (!d || d->type != DOC_STRING || d->string.len == 0)
		return (struct bytes){ 0 };
	const char *end = assigned ? memchr(d->string.data, '=', d->string.len) : NULL;
	return (struct bytes){ d->string.data, end ? (size_t)(end - d->string.data) : d->string.len };
}

struct named {
	struct bytes name;
	const struct doc *entry;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	const int order = bytes_order(x->name, y->name);
	if (order)
		return order;
	return x->entry->offset < y->entry->offset ? -1 : x->entry->offset > y->entry->offset;
}

/* The first entry that has the name of an earlier one; NULL when there is none. The list itself when memory is gone. */
static const struct doc *repeated(const struct doc *list, const char *member)
{
	const struct doc *found = NULL;
	size_t count = 0;
	if (list->count < 2)
		return NULL;
	struct scratch s;
	struct named *all = scratch(&s, list->count, sizeof(*all));
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
	scratch_end(&s);
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

static bool holds_not_repeat_names(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)r, (void)f;
	const struct doc *again = repeated(d, "=");
	if (again)
		*ret_at = again;
	return !again;
}

const struct predicate not_repeat_names = {
	.says = "not set a name that an earlier entry sets: which one wins is the delegate's choice",
	.judges = DOC_ARRAY,
	.holds = holds_not_repeat_names,
};

/* An entry by up to three of its members, which together tell it from others. */
struct composite {
	const struct doc *entry, *parts[3];
};

static int part_order(const struct doc *a, const struct doc *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->type == DOC_INT && a->integer.negative != b->integer.negative)
		return a->integer.negative ? -1 : 1;
	if (a->type == DOC_INT)
		return (a->integer.magnitude > b->integer.magnitude) - (a->integer.magnitude < b->integer.magnitude);
	if (a->type != DOC_STRING)
		return 0;
	/* Of devices: u is c by another name. */
	return bytes_order(bytes_is(a->string, "u") ? BYTES("c") : a->string,
		bytes_is(b->string, "u") ? BYTES("c") : b->string);
}

static int by_parts(const void *a, const void *b)
{
	const struct composite *x = a, *y = b;
	for (int i = 0; i < 3 && x->parts[i] && y->parts[i]; i++) {
		const int order = part_order(x->parts[i], y->parts[i]);
		if (order)
			return order;
	}
	return 0;
}

/* False when one of the members is absent, and for a fifo (type p), whose numbers mean nothing. */
static bool composite_of(const struct doc *entry, const char *const *members, struct composite *ret)
{
	*ret = (struct composite){ .entry = entry };
	for (int i = 0; i < 3 && members[i]; i++)
		if (!(ret->parts[i] = doc_get(entry, members[i])))
			return false;
	const struct doc *first = ret->parts[0]; /* NULL for a row that names no member */
	return first && (first->type != DOC_STRING || !bytes_is(first->string, "p"));
}

static bool holds_not_repeat_members(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	const struct doc *found = NULL;
	size_t count = 0;
	if (d->count < 2)
		return true;
	struct scratch s;
	struct composite *all = scratch(&s, d->count, sizeof(*all));
	if (!all)
		return false;
	for (const struct doc *e = d->first; e; e = e->next)
		count += composite_of(e, r->words, &all[count]);
	qsort(all, count, sizeof(*all), by_parts);
	for (size_t i = 1; i < count; i++) {
		const struct doc *a = all[i - 1].entry, *b = all[i].entry, *later = a->index > b->index ? a : b;
		if (by_parts(&all[i - 1], &all[i]) == 0 && (!found || later->index < found->index))
			found = later;
	}
	scratch_end(&s);
	if (found)
		*ret_at = found;
	return !found;
}

const struct predicate not_repeat_members = {
	.says = "not repeat the {} of an earlier entry",
	.takes = TAKES_WORDS,
	.judges = DOC_ARRAY,
	.holds = holds_not_repeat_members,
};

static bool holds_one_at_most(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f;
	const struct doc *first = NULL;
	for (const struct doc *e = d->first; e; e = e->next) {
		if (e->type != DOC_STRING || !word_among(e->string, r->words))
			continue;
		if (first && !bytes_equal(first->string, e->string)) {
			*ret_at = e;
			return false;
		}
		first = e;
	}
	return true;
}

const struct predicate hold_one_at_most = {
	.says = "stand without the others of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_ARRAY,
	.holds = holds_one_at_most,
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
