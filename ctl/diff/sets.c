/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists in which nothing but being there counts: capabilities, masked paths, the system calls of a filter. Told is what
 * is in one of them only; another order, or the same entry twice, is noise.
 */
#include <stdlib.h>

#include "ctl/diff/diff_parts.h"
#include "validate/base/digest.h"
#include "validate/base/limits.h"

static void listed(struct diff_walk *w, struct diff_entries *to, const struct doc *d)
{
	if (!to->of)
		to->of = arena_array(w->arena, DIFF_LISTED, sizeof(struct doc *));
	if (!to->of || !d)
		w->to->lost = true;
	else if (to->count < DIFF_LISTED)
		to->of[to->count] = d;
	to->count++;
}

/* Behind those that have the key of e[i]. */
static size_t past(const struct diff_entry *e, size_t count, size_t i)
{
	size_t n = i + 1;
	while (n < count && bytes_equal(e[n].key, e[i].key))
		n++;
	return n;
}

static int order_of(struct bytes a, struct bytes b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int order = n ? memcmp(a.data, b.data, n) : 0;

	return order ? order : a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static void tell(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v, struct difference *d)
{
	d->a = v->a;
	d->b = v->b;
	if (d->only_a.count || d->only_b.count) {
		d->kind = DIFF_ENTRIES;
		diff_add(w, at, d);
	} else if (v->a && v->b && !diff_equal(w->arena, v->a, v->b)) {
		d->kind = DIFF_ORDER;
		d->groups = DIFF_NOISE;
		diff_add(w, at, d);
	}
}

void diff_sets(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v)
{
	static const struct diff_row whole = { .list = DIFF_SET };
	struct difference d = { 0 };
	size_t n = 0, m = 0, i = 0, j = 0;
	struct diff_entry *a = diff_entries_of(w->arena, v->a, &whole, &n);
	struct diff_entry *b = diff_entries_of(w->arena, v->b, &whole, &m);

	if (!a || !b) {
		w->to->lost = true;
		return;
	}
	diff_entries_sort(a, n);
	diff_entries_sort(b, m);
	while (i < n || j < m) {
		const int order = i == n ? 1 : j == m ? -1 : order_of(a[i].key, b[j].key);
		if (order < 0)
			listed(w, &d.only_a, a[i].doc);
		if (order > 0)
			listed(w, &d.only_b, b[j].doc);
		i = order <= 0 ? past(a, n, i) : i;
		j = order >= 0 ? past(b, m, j) : j;
	}
	tell(w, at, v, &d);
}

/* --- filters ----------------------------------------------------------------------------------------------------- */

/* A system call, and what is done about it: the entry that names it, and a digest of all but the names in that. */
struct call {
	struct bytes name, what;
	const struct doc *entry;
};

/* Entries that say the same are the same, wherever the names stand. */
static struct bytes what_of(struct arena *a, const struct doc *entry)
{
	static const char *const members[] = { "action", "errnoRet", "args" };
	struct text t = text_growing(a);

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct doc *m = doc_get(entry, members[i]);
		const bool nothing = !m || (m->type == DOC_ARRAY && !m->first);
		const struct bytes b = nothing ? (struct bytes){ "", 0 } : diff_text(a, m);
		if (!b.data)
			return b;
		text_bytes(&t, b);
		text_char(&t, '\n');
	}
	char *hex = arena_alloc(a, DIGEST_HEX);
	if (t.cut || !hex)
		return (struct bytes){ NULL, 0 };
	digest_hex((struct bytes){ t.data, t.len }, (struct bytes){ 0 }, hex);
	return bytes_of(hex);
}

static struct call *calls_of(struct arena *a, const struct doc *list, size_t *ret_count)
{
	size_t most = 1, n = 0;

	for (const struct doc *e = list ? list->first : NULL; e; e = e->next) {
		const struct doc *names = doc_get(e, "names");
		most += names ? names->count : 0;
	}
	struct call *ret = arena_array(a, most, sizeof(*ret));
	for (const struct doc *e = ret && list ? list->first : NULL; e; e = e->next) {
		const struct doc *names = doc_get(e, "names");
		const struct bytes what = what_of(a, e);
		if (!what.data)
			return NULL;
		for (const struct doc *s = names && names->type == DOC_ARRAY ? names->first : NULL; s; s = s->next)
			if (s->type == DOC_STRING)
				ret[n++] = (struct call){ .name = s->string, .what = what, .entry = e };
	}
	*ret_count = n;
	return ret;
}

static int by_call(const void *x, const void *y)
{
	const struct call *a = x, *b = y;
	const int order = order_of(a->name, b->name);

	return order ? order : order_of(a->what, b->what);
}

/* "ptrace: SCMP_ACT_ALLOW, for some arguments", as an entry of a set. */
static const struct doc *call_word(struct diff_walk *w, const struct diff_entries *in, const struct call *c)
{
	static const struct doc beyond = { .type = DOC_NULL };
	const struct bytes action = doc_string(c->entry, "action", (struct bytes){ 0 });
	const struct doc *args = doc_get(c->entry, "args"), *number = doc_get(c->entry, "errnoRet");
	struct text t = text_growing(w->arena);
	struct doc *d = arena_new(w->arena, struct doc);

	if (in->count >= DIFF_LISTED)
		return &beyond;
	text_shown(&t, c->name, LIMIT_QUOTE);
	text_add(&t, ": ");
	text_shown(&t, action, LIMIT_QUOTE);
	if (number && number->type == DOC_INT)
		text_printf(&t, " (errno %llu)", (unsigned long long)number->integer.magnitude);
	text_add(&t, args && args->first ? " for some arguments" : "");
	if (!d || t.cut)
		return NULL;
	d->type = DOC_STRING;
	d->string = (struct bytes){ t.data, t.len };
	return d;
}

static size_t past_call(const struct call *c, size_t count, size_t i)
{
	size_t n = i + 1;
	while (n < count && by_call(&c[n], &c[i]) == 0)
		n++;
	return n;
}

void diff_calls(struct diff_walk *w, const struct diff_at *at, const struct diff_value *v)
{
	struct difference d = { 0 };
	size_t n = 0, m = 0, i = 0, j = 0;
	struct call *a = calls_of(w->arena, v->a, &n), *b = calls_of(w->arena, v->b, &m);

	if (!a || !b) {
		w->to->lost = true;
		return;
	}
	qsort(a, n, sizeof(*a), by_call);
	qsort(b, m, sizeof(*b), by_call);
	while (i < n || j < m) {
		const int order = i == n ? 1 : j == m ? -1 : by_call(&a[i], &b[j]);
		if (order < 0)
			listed(w, &d.only_a, call_word(w, &d.only_a, &a[i]));
		if (order > 0)
			listed(w, &d.only_b, call_word(w, &d.only_b, &b[j]));
		i = order <= 0 ? past_call(a, n, i) : i;
		j = order >= 0 ? past_call(b, m, j) : j;
	}
	tell(w, at, v, &d);
}
