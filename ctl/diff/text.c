/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For reading: who is compared, what it comes to in one line, and then by group each place with what stands there in
 * one and in the other. The sentence that says why it matters stands below the last of those that it is about.
 */
#include "ctl/diff/tell.h"
#include "validate/base/limits.h"

#define PLACE_MOST 44u /* columns of places; a longer one has a line of its own */
#define INDENT 2u
#define DEEPER 6u

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void side_line(const struct telling_diff *t, const char *letter, const struct side *s, struct text *to)
{
	text_printf(to, "%s%s%s  ", t->paint.place, letter, t->paint.end);
	text_shown(to, bytes_of(s->word), LIMIT_FIELD);
	text_printf(to, "  (%s", side_kind_name(s->kind));
	if (s->about)
		text_printf(to, ": %s", s->about);
	text_add(to, ")\n");
	if (s->lacks)
		text_printf(to, "   %s: by its own words alone\n", s->lacks);
}

static void summary(const struct telling_diff *t, struct text *to)
{
	const struct differences *f = t->found;
	const struct paint *p = &t->paint;

	if (f->results == 0 && f->confinement == 0) {
		text_printf(to, "%snothing differs%s that is known to matter; noise: %zu\n", p->help, p->end, f->noise);
		return;
	}
	if (f->results)
		text_printf(to, "%sresults may differ: %zu reason%s%s", p->error, f->results, plural(f->results),
			p->end);
	else
		text_add(to, "results: no reason to differ");
	text_printf(to, "; %sconfinement: %zu%s; noise: %zu\n", f->confinement ? p->warning : "", f->confinement,
		f->confinement ? p->end : "", f->noise);
}

static void entries(const char *name, const struct diff_entries *e, const struct difference *d, struct text *to)
{
	size_t shown = 0;

	if (!e->count)
		return;
	text_printf(to, "%sonly %s:", to->len && to->data[to->len - 1] != ' ' ? "; " : "", name);
	for (size_t i = 0; i < e->count && i < DIFF_LISTED; i++) {
		struct difference one = *d;
		if (d->words)
			place_open(d->words);
		const struct place_node *n = d->words ? d->words->element : NULL;
		if (n)
			place_open(n);
		one.quote = d->row && d->row->list == DIFF_SYSCALLS ? QUOTE_VALUE
			: n && n->typed                             ? n->typed->rule->quote
								    : d->quote;
		if (!tell_shows(&one, e->of[i]))
			continue;
		text_add(to, shown++ ? ", " : " ");
		tell_value(&one, e->of[i], to);
	}
	if (e->count > shown)
		text_printf(to, "%s%zu%s", shown ? " and " : " ", e->count - shown, shown ? " more" : "");
}

/* What stands in the one and in the other. */
static void values(const struct difference *d, struct text *to)
{
	const bool a = tell_shows(d, d->a), b = tell_shows(d, d->b);

	switch (d->kind) {
	case DIFF_CHANGED:
		if (!a || !b) {
			text_add(to, "differs");
			return;
		}
		tell_value(d, d->a, to);
		text_add(to, " -> ");
		tell_value(d, d->b, to);
		return;
	case DIFF_ONLY_A:
	case DIFF_ONLY_B:
		text_add(to, d->kind == DIFF_ONLY_A ? "only A" : "only B");
		text_add(to, a || b ? ": " : "");
		tell_value(d, d->a ? d->a : d->b, to);
		return;
	case DIFF_ENTRIES:
		entries("A", &d->only_a, d, to);
		entries("B", &d->only_b, d, to);
		return;
	case DIFF_ORDER:
		text_add(to, "in another order");
		return;
	}
}

static void line(const struct telling_diff *t, const struct difference *d, unsigned width, struct text *to)
{
	struct text one = text_growing(to->arena);
	const unsigned len = (unsigned)strlen(d->place);

	text_printf(&one, "%*s%s%s%s", (int)INDENT, "", t->paint.place, *d->place ? d->place : "the document",
		t->paint.end);
	if (len > width) {
		text_bytes(to, (struct bytes){ one.data, one.len });
		text_char(to, '\n');
		one.len = 0;
		text_printf(&one, "%*s", (int)(INDENT + width + 2), "");
	} else {
		text_printf(&one, "%*s", (int)(width - len + 2), "");
	}
	values(d, &one);
	paint_wrap((struct bytes){ one.data, one.len }, t->columns, INDENT + width + 2, to);
	text_char(to, '\n');
	to->cut |= one.cut;
}

static void sentence(const struct telling_diff *t, const char *says, struct text *to)
{
	struct text one = text_growing(to->arena);

	text_printf(&one, "%*s%s%s%s", (int)DEEPER, "", t->paint.help, says, t->paint.end);
	paint_wrap((struct bytes){ one.data, one.len }, t->columns, DEEPER, to);
	text_char(to, '\n');
	to->cut |= one.cut;
}

/* The next of that group after d; NULL: there is none. */
static const struct difference *after(const struct differences *f, size_t i, unsigned group)
{
	for (i++; i < f->count; i++)
		if (f->list[i].groups & group)
			return &f->list[i];
	return NULL;
}

static void group(const struct telling_diff *t, unsigned bit, const char *heading, const char *colour, struct text *to)
{
	const struct differences *f = t->found;
	unsigned width = 0;
	size_t told = 0, all = bit == DIFF_RESULTS ? f->results : bit == DIFF_CONFINEMENT ? f->confinement : f->noise;

	if (!all)
		return;
	for (size_t i = 0; i < f->count; i++) {
		const unsigned len = (unsigned)strlen(f->list[i].place);
		if (f->list[i].groups & bit && len > width && len <= PLACE_MOST)
			width = len;
	}
	text_printf(to, "\n%s%s%s\n", colour, heading, *colour ? t->paint.end : "");
	for (size_t i = 0; i < f->count; i++) {
		const struct difference *d = &f->list[i];
		if (!(d->groups & bit))
			continue;
		told++;
		line(t, d, width, to);
		const struct difference *next = after(f, i, bit);
		/* What is in both groups has had its sentence. */
		const bool said = bit == DIFF_CONFINEMENT && d->groups & DIFF_RESULTS;
		if (d->says && !said && (!next || !next->says || strcmp(next->says, d->says) != 0))
			sentence(t, d->says, to);
	}
	if (all > told)
		text_printf(to, "%*s%zu more\n", (int)INDENT, "", all - told);
}

static void unknown(const struct telling_diff *t, struct text *to)
{
	static const char *const whose[] = {
		[DIFF_A_LACKS] = "A",
		[DIFF_B_LACKS] = "B",
		[DIFF_BOTH_LACK] = "either",
	};
	const struct differences *f = t->found;

	for (unsigned who = DIFF_A_LACKS; who <= DIFF_BOTH_LACK; who++) {
		struct text one = text_growing(to->arena);
		size_t of = 0;
		for (size_t i = 0; i < f->unknown_count && i < DIFF_LISTED; i++) {
			if (f->unknown[i].of != who)
				continue;
			text_add(&one, of++ ? ", " : "");
			text_add(&one, f->unknown[i].place);
		}
		if (!of)
			continue;
		struct text all = text_growing(to->arena);
		text_printf(&all, "Not known of %s: %s", whose[who], one.data);
		text_char(to, '\n');
		paint_wrap((struct bytes){ all.data, all.len }, t->columns, INDENT, to);
		text_char(to, '\n');
		to->cut |= all.cut || one.cut;
	}
}

void tell_text(const struct telling_diff *t, struct text *to)
{
	const struct differences *f = t->found;

	side_line(t, "A", t->a, to);
	side_line(t, "B", t->b, to);
	text_char(to, '\n');
	summary(t, to);
	group(t, DIFF_RESULTS, "Changes results", t->paint.error, to);
	group(t, DIFF_CONFINEMENT, "Changes confinement", t->paint.warning, to);
	if (t->all)
		group(t, DIFF_NOISE, "Noise", t->paint.info, to);
	else if (f->noise)
		text_printf(to, "\n%sNoise%s: %zu place%s; --all shows %s\n", t->paint.info, t->paint.end, f->noise,
			plural(f->noise), f->noise == 1 ? "it" : "them");
	unknown(t, to);
}
