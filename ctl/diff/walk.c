/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk: both documents, the tree of the rows, and the vocabulary that says what may be shown, side by side. What is
 * there in one of them only is followed as long as rows tell its parts apart, so that of "linux.resources" the CPUs
 * fall into one group and the processes into another.
 */
#include <errno.h>

#include "ctl/diff/diff_parts.h"
#include "validate/base/limits.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

#define NAME_SHOWN ((size_t)64) /* bytes of one name within a place */

static bool has_parts(const struct diff_at *at)
{
	return at->rows && (at->rows->first || at->rows->key || at->rows->element);
}

static enum diff_list list_of(const struct diff_at *at)
{
	const struct diff_row *r = diff_own_row(at);
	return r ? r->list : DIFF_ORDERED;
}

/* --- places ------------------------------------------------------------------------------------------------------ */

static bool plain(struct bytes name)
{
	if (name.len == 0 || name.len > NAME_SHOWN)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
			    c == '-'))
			return false;
	}
	return true;
}

static void enter_member(struct diff_walk *w, struct bytes key)
{
	if (plain(key)) {
		text_add(&w->place, w->place.len ? "." : "");
		text_bytes(&w->place, key);
		return;
	}
	text_char(&w->place, '[');
	text_shown(&w->place, key, NAME_SHOWN);
	text_char(&w->place, ']');
}

static void enter_index(struct diff_walk *w, uint32_t index)
{
	text_printf(&w->place, "[%u]", index);
}

/* What has no "=" may be all value: it is called by its number, unless it is a word that everybody knows. */
static void enter_entry(struct diff_walk *w, const struct diff_row *list, const struct diff_entry *e)
{
	const struct doc *d = e->doc;
	const bool says = list->list == DIFF_KEYED ||
		(d->type == DOC_STRING && d->string.len > e->key.len && plain(e->key)) ||
		word_among(e->key, mount_options);

	if (!says) {
		enter_index(w, e->order);
		return;
	}
	text_char(&w->place, '[');
	text_shown(&w->place, e->key, LIMIT_QUOTE);
	text_char(&w->place, ']');
}

static void leave(struct diff_walk *w, size_t len)
{
	if (w->place.data && w->place.len > len) {
		w->place.data[len] = '\0';
		w->place.len = len;
	}
}

/* --- what differs ------------------------------------------------------------------------------------------------ */

static struct difference *room_for(struct diff_walk *w)
{
	struct differences *to = w->to;

	if (to->count == to->room) {
		const size_t room = to->room ? 2 * to->room : 64;
		struct difference *more = arena_array(w->arena, room, sizeof(*more));
		if (!more) {
			to->lost = true;
			return NULL;
		}
		if (to->count)
			memcpy(more, to->list, to->count * sizeof(*more));
		to->list = more;
		to->room = room;
	}
	return &to->list[to->count++];
}

/* Counts it. Whether there is room for it: what matters has room whatever noise there is. */
static bool counted(struct differences *to, unsigned groups)
{
	to->all++;
	to->results += groups & DIFF_RESULTS ? 1 : 0;
	to->confinement += groups & DIFF_CONFINEMENT ? 1 : 0;
	to->noise += groups & DIFF_NOISE ? 1 : 0;
	return groups & DIFF_NOISE ? to->noise <= DIFF_KEPT : to->all - to->noise <= DIFF_KEPT;
}

void diff_keep(struct diff_walk *w, const struct difference *d)
{
	struct difference *kept = counted(w->to, d->groups) ? room_for(w) : NULL;

	if (kept)
		*kept = *d;
}

void diff_add(struct diff_walk *w, const struct diff_at *at, const struct difference *d)
{
	static const char unknown[] = "What it does is not known here: it may change anything.";
	const struct diff_row *row = at->row;
	const unsigned groups = d->groups ? d->groups : row ? row->groups : DIFF_RESULTS;
	struct difference *kept = counted(w->to, groups) ? room_for(w) : NULL;

	if (!kept)
		return;
	*kept = *d;
	kept->row = row;
	kept->groups = groups;
	kept->quote = diff_quote(w, at);
	kept->words = at->words;
	kept->place = arena_copy(w->arena, (struct bytes){ w->place.data, w->place.len });
	kept->says = groups & DIFF_NOISE ? NULL : row && row->says ? row->says : unknown;
	w->to->lost |= !kept->place;
}

void diff_unknown(struct diff_walk *w, enum diff_lacks of)
{
	struct differences *to = w->to;

	if (!to->unknown)
		to->unknown = arena_array(w->arena, DIFF_LISTED, sizeof(*to->unknown));
	if (to->unknown && to->unknown_count < DIFF_LISTED) {
		const char *place = arena_copy(w->arena, (struct bytes){ w->place.data, w->place.len });
		to->lost |= !place;
		to->unknown[to->unknown_count] = (struct diff_unknown){ place, of };
	}
	to->lost |= !to->unknown;
	to->unknown_count++;
}

/* What engines write for something that they leave out elsewhere. Zero is a number like others. */
static bool says_nothing(const struct doc *d)
{
	return (d->type == DOC_BOOL && !d->boolean) || (d->type == DOC_STRING && d->string.len == 0) ||
		((d->type == DOC_ARRAY || d->type == DOC_OBJECT) && !d->first);
}

static struct difference between(const struct doc *a, const struct doc *b)
{
	return (struct difference){
		.kind = !b   ? DIFF_ONLY_A
			: !a ? DIFF_ONLY_B
			     : DIFF_CHANGED,
		.a = a,
		.b = b,
	};
}

/* A value that is compared as one. */
static void leaf(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v, bool named)
{
	struct difference d = between(v->a, v->b);
	const struct diff_row *own = diff_own_row(at);
	const struct doc *one = v->a ? v->a : v->b;

	d.named = named;
	if (!diff_equal(w->arena, v->a, v->b)) {
		if (one && d.kind != DIFF_CHANGED && says_nothing(one) && !(own && own->whole))
			d.groups = DIFF_NOISE;
		diff_add(w, at, &d);
	}
}

/* --- what has entries -------------------------------------------------------------------------------------------- */

/* A side's entries, in their order and sorted. */
struct entries {
	struct diff_entry *list, *by_key;
	size_t count;
};

static bool entries_make(struct diff_walk *w, const struct doc *d, const struct diff_row *list, struct entries *ret)
{
	ret->list = diff_entries_of(w->arena, d, list, &ret->count);
	ret->by_key = arena_array(w->arena, ret->count + 1, sizeof(*ret->by_key));
	if (!ret->list || !ret->by_key) {
		w->to->lost = true;
		return false;
	}
	memcpy(ret->by_key, ret->list, ret->count * sizeof(*ret->list));
	diff_entries_sort(ret->by_key, ret->count);
	return true;
}

/* Both sides' entries with one key; either may be NULL. */
struct matched {
	const struct diff_entry *a, *b;
};

static void visit(struct diff_walk *w, const struct diff_at *at, const struct diff_row *list, struct matched m)
{
	const struct diff_entry *one = m.a ? m.a : m.b;
	const size_t len = w->place.len;
	const bool element = list != NULL;
	const struct diff_at below = diff_step(w, at, one->key, element);
	const struct diff_value v = {
		.a = m.a ? m.a->doc : NULL,
		.b = m.b ? m.b->doc : NULL,
	};

	if (list)
		enter_entry(w, list, one);
	else
		enter_member(w, one->key);
	if (element && (!m.a || !m.b || one->doc->type != DOC_OBJECT))
		leaf(w, &below, &v, list->list == DIFF_NAMED);
	else
		diff_value(w, &below, v);
	leave(w, len);
}

/* The members of objects, or the entries of lists that are matched by a key. */
static void matched(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v,
	const struct diff_row *list)
{
	struct entries sides[2];
	size_t last = 0, alike = 0;
	bool moved = false;

	if (!entries_make(w, v->a, list, &sides[0]) || !entries_make(w, v->b, list, &sides[1]))
		return;
	bool *used = arena_array(w->arena, sides[1].count + 1, sizeof(*used));
	if (!used) {
		w->to->lost = true;
		return;
	}
	for (size_t i = 0; i < sides[0].count; i++) {
		const struct matched m = {
			.a = &sides[0].list[i],
			.b = diff_entry_take(sides[1].by_key, sides[1].count, sides[0].list[i].key),
		};
		if (m.b) {
			used[m.b->order] = true;
			moved |= alike++ && m.b->order < last;
			last = m.b->order;
		}
		visit(w, at, list, m);
	}
	for (size_t i = 0; i < sides[1].count; i++)
		if (!used[i])
			visit(w, at, list, (struct matched){ .b = &sides[1].list[i] });
	if (moved && list) {
		const unsigned groups = list->ordered ? 0 : DIFF_NOISE;
		const struct difference d = { .kind = DIFF_ORDER, .groups = groups, .a = v->a, .b = v->b };
		diff_add(w, at, &d);
	}
}

static void visit_index(struct diff_walk *w, const struct diff_at *at, struct diff_value v, uint32_t index)
{
	const size_t len = w->place.len;
	const struct diff_at below = diff_step(w, at, (struct bytes){ "", 0 }, true);

	enter_index(w, index);
	if (v.a && v.b)
		diff_value(w, &below, v);
	else
		leaf(w, &below, &v, false);
	leave(w, len);
}

/*
 * Lists in which places count. What ends alike is matched from the end, so that an entry that was added shows as one;
 * what begins alike is matched from the beginning anyway.
 */
static void ordered(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v)
{
	struct entries s[2];
	size_t head = 0, tail = 0;

	if (!entries_make(w, v->a, NULL, &s[0]) || !entries_make(w, v->b, NULL, &s[1]))
		return;
	const size_t less = s[0].count < s[1].count ? s[0].count : s[1].count, most = s[0].count + s[1].count - less;
	while (head < less && diff_equal(w->arena, s[0].list[head].doc, s[1].list[head].doc))
		head++;
	while (tail < less - head &&
		diff_equal(w->arena, s[0].list[s[0].count - 1 - tail].doc, s[1].list[s[1].count - 1 - tail].doc))
		tail++;
	for (size_t i = 0; i < most; i++) {
		const bool longer = s[0].count > s[1].count, end = i >= less - tail;
		const bool gap = end && i < most - tail;
		const size_t j = end && !gap ? i - (most - less) : i;
		const struct diff_entry *x = longer ? &s[0].list[i] : gap ? NULL : &s[0].list[j];
		const struct diff_entry *y = !longer ? &s[1].list[i] : gap ? NULL : &s[1].list[j];
		const struct diff_value one = { x ? x->doc : NULL, y ? y->doc : NULL };
		visit_index(w, at, one, (uint32_t)i);
	}
}

/* --- one value --------------------------------------------------------------------------------------------------- */

static const struct doc *present(const struct doc *d)
{
	return d && d->type != DOC_NULL ? d : NULL;
}

/* Whether it is compared as one: nothing is in it, or nobody wants to know of its parts. */
static bool is_leaf(const struct diff_at *at, const struct diff_value *v)
{
	const struct doc *one = v->a ? v->a : v->b;
	const struct diff_row *own = diff_own_row(at);

	if (!one || (v->a && v->b && v->a->type != v->b->type) || (one->type != DOC_OBJECT && one->type != DOC_ARRAY))
		return true;
	if (own && own->whole)
		return true;
	if (v->a && v->b)
		return false;
	return says_nothing(one) || (one->type == DOC_ARRAY ? list_of(at) == DIFF_ORDERED : !has_parts(at));
}

void diff_value(struct diff_walk *w, const struct diff_at *at, struct diff_value v)
{
	v.a = present(v.a);
	v.b = present(v.b);
	const struct doc *one = v.a ? v.a : v.b;

	if (w->of != OF_BUNDLE && (!v.a || !v.b)) {
		if (one && !(at->row && at->row->groups & DIFF_NOISE))
			diff_unknown(w, v.b ? DIFF_A_LACKS : DIFF_B_LACKS);
		return;
	}
	if (is_leaf(at, &v)) {
		leaf(w, at, &v, false);
		return;
	}
	if (one->type == DOC_OBJECT) {
		matched(w, at, &v, NULL);
		return;
	}
	switch (list_of(at)) {
	case DIFF_ORDERED:
		ordered(w, at, &v);
		break;
	case DIFF_KEYED:
	case DIFF_NAMED:
		matched(w, at, &v, diff_own_row(at));
		break;
	case DIFF_SET:
		diff_sets(w, at, &v);
		break;
	case DIFF_SYSCALLS:
		diff_calls(w, at, &v);
		break;
	}
}

int diff_walk(struct arena *a, enum subject of, const char *below, const struct doc *const sides[static 2],
	struct differences *to)
{
	struct diff_walk w = { .arena = a, .of = of, .to = to };
	struct diff_at at;

	if (diff_begin(&w, &at) < 0)
		return -ENOMEM;
	text_add(&w.place, below);
	diff_value(&w, &at, (struct diff_value){ sides[0], sides[1] });
	return to->lost || w.place.cut ? -ENOMEM : 0;
}
