/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For programs:
 *
 *	{ "a": { "name", "kind", "normal", "posture" }, "b": { … },
 *	  "results": 3, "confinement": 1, "noise": 12,
 *	  "differences": [ { "place": "process.env[TZ]", "groups": ["results"], "change": "changed" | "only-a" |
 *	        "only-b" | "entries" | "order", "shown": bool, "a": …, "b": … (where they may be shown),
 *	        "onlyA": […], "onlyB": […] (of entries), "why" } ],
 *	  "unknown": [ { "place", "of": "a" | "b" | "both" } ] }
 */
#include <errno.h>

#include "ctl/diff/tell.h"
#include "validate/doc/make.h"

static void add_side(struct arena *a, struct doc *to, const char *key, const struct side *s)
{
	struct doc *d = make_object(a, to, key);

	(void)make_string(a, d, "name", bytes_of(s->word));
	(void)make_string(a, d, "kind", bytes_of(side_kind_name(s->kind)));
	if (s->about)
		(void)make_string(a, d, "about", bytes_of(s->about));
	if (s->lacks)
		(void)make_string(a, d, "lacks", bytes_of(s->lacks));
	side_digest(a, d, "normal", bytes_of(s->normal));
	side_digest(a, d, "posture", bytes_of(s->posture));
}

/* A value as it is where it is plain, else in words. */
static void add_value(struct arena *a, struct doc *to, const char *key, const struct difference *d, const struct doc *v)
{
	struct text t = text_growing(a);

	if (!v || !tell_shows(d, v))
		return;
	if (v->type == DOC_BOOL || v->type == DOC_INT) {
		(void)make_copy(a, to, key, v);
		return;
	}
	tell_value(d, v, &t);
	(void)make_string(a, to, key, (struct bytes){ t.data ? t.data : "", t.len });
}

static void add_entries(struct arena *a, struct doc *to, const char *key, const struct difference *d,
	const struct diff_entries *e)
{
	struct doc *list = e->count ? make_array(a, to, key) : NULL;

	for (size_t i = 0; list && i < e->count && i < DIFF_LISTED; i++)
		if (tell_shows(d, e->of[i]))
			add_value(a, list, NULL, d, e->of[i]);
}

static void add_one(struct arena *a, struct doc *list, const struct difference *d)
{
	static const char *const groups[] = { "results", "confinement", "noise" };
	static const char *const changes[] = {
		[DIFF_CHANGED] = "changed",
		[DIFF_ONLY_A] = "only-a",
		[DIFF_ONLY_B] = "only-b",
		[DIFF_ENTRIES] = "entries",
		[DIFF_ORDER] = "order",
	};
	struct doc *one = make_object(a, list, NULL), *in;

	(void)make_string(a, one, "place", bytes_of(d->place));
	in = make_array(a, one, "groups");
	for (unsigned i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (d->groups & 1u << i)
			(void)make_string(a, in, NULL, bytes_of(groups[i]));
	(void)make_string(a, one, "change", bytes_of(changes[d->kind]));
	if (d->kind == DIFF_ENTRIES) {
		add_entries(a, one, "onlyA", d, &d->only_a);
		add_entries(a, one, "onlyB", d, &d->only_b);
	} else if (d->kind != DIFF_ORDER) {
		const bool both = d->kind == DIFF_CHANGED;
		const bool shown = both ? tell_shows(d, d->a) && tell_shows(d, d->b)
					: tell_shows(d, d->a ? d->a : d->b);
		(void)make_bool(a, one, "shown", shown);
		if (shown) {
			add_value(a, one, "a", d, d->a);
			add_value(a, one, "b", d, d->b);
		}
	}
	if (d->says)
		(void)make_string(a, one, "why", bytes_of(d->says));
}

int tell_json(struct arena *a, const struct telling_diff *t, struct text *to)
{
	const struct differences *f = t->found;
	static const char *const lacks[] = {
		[DIFF_A_LACKS] = "a",
		[DIFF_B_LACKS] = "b",
		[DIFF_BOTH_LACK] = "both",
	};
	struct doc *root = make_document(a), *list;

	add_side(a, root, "a", t->a);
	add_side(a, root, "b", t->b);
	(void)make_uint(a, root, "results", f->results);
	(void)make_uint(a, root, "confinement", f->confinement);
	(void)make_uint(a, root, "noise", f->noise);
	list = make_array(a, root, "differences");
	for (size_t i = 0; i < f->count; i++)
		if (t->all || !(f->list[i].groups & DIFF_NOISE))
			add_one(a, list, &f->list[i]);
	list = make_array(a, root, "unknown");
	for (size_t i = 0; i < f->unknown_count && i < DIFF_LISTED; i++) {
		struct doc *one = make_object(a, list, NULL);
		(void)make_string(a, one, "place", bytes_of(f->unknown[i].place));
		(void)make_string(a, one, "of", bytes_of(lacks[f->unknown[i].of]));
	}
	if (!make_whole(root))
		return -ENOMEM;
	doc_write(root, true, to);
	text_char(to, '\n');
	return to->cut ? -ENOMEM : 0;
}
