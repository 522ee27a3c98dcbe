/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two documents as locks keep them: flat, each field under the name of its place ("process.env[TZ]"), and what may not
 * be shown as a digest that is keyed with the lock's salt. The name is followed through the rows as the walk would have
 * come there.
 */
#include <errno.h>

#include "ctl/diff/diff_parts.h"
#include "validate/base/limits.h"

#define NAME_MOST 512u

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands in brackets, without its escapes. */
static struct bytes unescaped(struct bytes b, char to[static NAME_MOST])
{
	size_t n = 0;

	for (size_t i = 0; i < b.len && n < NAME_MOST; i++) {
		const int high = i + 2 < b.len && b.data[i] == '%' ? digit(b.data[i + 1]) : -1;
		const int low = high >= 0 ? digit(b.data[i + 2]) : -1;
		const bool escape = low >= 0;
		to[n] = b.data[i];
		if (escape)
			to[n] = (char)(unsigned char)((unsigned)high * 16 + (unsigned)low);
		n++;
		i += escape ? 2 : 0;
	}
	return (struct bytes){ to, n };
}

/* Where a name leads to, from the document's root. */
static struct diff_at follow(const struct diff_walk *w, const struct diff_at *root, struct bytes name)
{
	char key[NAME_MOST];
	struct diff_at at = *root;

	for (size_t i = 0; i < name.len;) {
		const bool bracket = name.data[i] == '[';
		const size_t from = i + (bracket || name.data[i] == '.' ? 1 : 0);
		size_t to = from;
		while (to < name.len && (bracket ? name.data[to] != ']' : name.data[to] != '.' && name.data[to] != '['))
			to++;
		const struct bytes part = unescaped((struct bytes){ name.data + from, to - from }, key);
		const bool element = bracket && at.words && at.words->element;
		at = diff_step(w, &at, part, element);
		i = to + (bracket && to < name.len ? 1 : 0);
		/* The second entry of a name: "#2". */
		while (bracket && i < name.len && name.data[i] != '.' && name.data[i] != '[')
			i++;
	}
	return at;
}

static bool is_salted(const struct doc *d)
{
	if (d && d->type == DOC_ARRAY) {
		for (const struct doc *e = d->first; e; e = e->next)
			if (is_salted(e))
				return true;
		return false;
	}
	return d && diff_is_salted(d);
}

static void field(struct diff_walk *w, const struct diff_at *root, const struct diff_entry *a,
	const struct diff_entry *b, bool one_salt)
{
	const struct bytes name = a ? a->key : b->key;
	const struct diff_value v = { a ? a->doc : NULL, b ? b->doc : NULL };
	const struct diff_at at = follow(w, root, name);

	w->place.len = 0;
	text_shown(&w->place, name, LIMIT_FIELD);
	if (!one_salt && is_salted(v.a) && is_salted(v.b))
		diff_unknown(w, DIFF_B_LACKS);
	else
		diff_value(w, &at, v);
}

int diff_fields(struct arena *a, const struct doc *const sides[static 2], bool one_salt, struct differences *to)
{
	struct diff_walk w = { .arena = a, .of = OF_BUNDLE, .to = to };
	struct diff_at root;
	size_t n = 0, m = 0;

	if (diff_begin(&w, &root) < 0)
		return -ENOMEM;
	struct diff_entry *x = diff_entries_of(a, sides[0], NULL, &n), *y = diff_entries_of(a, sides[1], NULL, &m);
	struct diff_entry *sorted = arena_array(a, m + 1, sizeof(*sorted));
	bool *used = arena_array(a, m + 1, sizeof(*used));
	if (!x || !y || !sorted || !used)
		return -ENOMEM;
	memcpy(sorted, y, m * sizeof(*y));
	diff_entries_sort(sorted, m);
	for (size_t i = 0; i < n; i++) {
		const struct diff_entry *other = diff_entry_take(sorted, m, x[i].key);
		if (other)
			used[other->order] = true;
		field(&w, &root, &x[i], other, one_salt);
	}
	for (size_t i = 0; i < m; i++)
		if (!used[i])
			field(&w, &root, NULL, &y[i], one_salt);
	return to->lost || w.place.cut ? -ENOMEM : 0;
}

void diff_uphold(struct differences *to, bool posture_same)
{
	for (size_t i = 0; i < to->count && posture_same; i++) {
		struct difference *d = &to->list[i];
		if (!(d->groups & DIFF_CONFINEMENT))
			continue;
		to->confinement--;
		d->groups &= ~(unsigned)DIFF_CONFINEMENT;
		if (!d->groups) {
			d->groups = DIFF_NOISE;
			d->says = NULL;
			to->noise++;
		}
	}
}

int diff_seek(struct arena *a, const struct doc *const sides[static 2], struct differences *to)
{
	struct diff_walk w = { .arena = a, .of = OF_LOCK, .to = to, .place = text_growing(a) };

	for (size_t i = 0; i < diff_rows_beside_count; i++) {
		const struct diff_row *row = &diff_rows_beside[i];
		if (!row->sought || doc_find(sides[0], row->at) || doc_find(sides[1], row->at))
			continue;
		w.place.len = 0;
		text_add(&w.place, row->at);
		diff_unknown(&w, DIFF_BOTH_LACK);
	}
	return to->lost || w.place.cut ? -ENOMEM : 0;
}
