/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields and their marks. Whether two values are the same is for rows to say, and not for their spelling: a field
 * differs where a finding is about its place, and the nearest field has it.
 */
#include "ctl/boundary/boundary.h"
#include "validate/doc/make.h"

#define VALUE_MOST 4096u

static const struct {
	const char *sign, *name;
} marks[] = {
	[MARK_SAME] = { "=", "same" },
	[MARK_DIFFERS] = { "!", "differs" },
	[MARK_MINOR] = { "~", "minor" },
	[MARK_EXEMPT] = { "x", "exempt" },
	[MARK_UNKNOWN] = { "?", "unknown" },
	[MARK_UNASKED] = { " ", "unasked" },
};

const char *mark_sign(enum mark m)
{
	return marks[m].sign;
}

const char *mark_name(enum mark m)
{
	return marks[m].name;
}

enum mark mark_of(const struct finding *f)
{
	return f->severity == SEV_OFF ? MARK_EXEMPT : f->severity == SEV_ERROR ? MARK_DIFFERS : MARK_MINOR;
}

static void add_scalar(struct text *to, const struct doc *d)
{
	if (d->type == DOC_STRING)
		text_shown(to, d->string, VALUE_MOST);
	else if (d->type == DOC_BOOL)
		text_add(to, d->boolean ? "yes" : "no");
	else if (d->type == DOC_INT &&
		(d->integer.magnitude == UINT64_MAX || (d->integer.negative && d->integer.magnitude == 1)))
		text_add(to, "unlimited");
	else
		doc_write(d, false, to);
}

static void add_value(struct text *to, const struct doc *d)
{
	if (d->type != DOC_ARRAY && d->type != DOC_OBJECT) {
		add_scalar(to, d);
		return;
	}
	if (!d->first)
		text_add(to, "none");
	for (const struct doc *e = d->first; e; e = e->next) {
		if (d->type == DOC_OBJECT) {
			text_shown(to, e->key, 128);
			text_char(to, ' ');
		}
		if (e->type == DOC_ARRAY || e->type == DOC_OBJECT)
			doc_write(e, false, to);
		else
			add_scalar(to, e);
		if (e->next)
			text_add(to, d->type == DOC_OBJECT ? ", " : " ");
	}
}

const char *side_value(const struct sides *s, const struct doc *d)
{
	struct text to = text_growing(s->l->a);
	if (!d)
		return NULL;
	add_value(&to, d);
	return to.data;
}

void side_add(struct sides *s, const struct side *one)
{
	if (s->count == s->room) {
		const size_t room = s->room ? s->room * 2 : 128;
		struct side *more = arena_array(s->l->a, room, sizeof(*more));
		if (!more)
			return;
		if (s->count)
			memcpy(more, s->of, s->count * sizeof(*more));
		s->of = more;
		s->room = room;
	}
	s->of[s->count] = *one;
	s->of[s->count++].mark = !one->declared ? MARK_UNASKED : !one->real ? MARK_UNKNOWN : MARK_SAME;
}

/* Whether `place` is `pointer` or above it. */
static bool covers(const char *place, const char *pointer)
{
	const size_t n = strlen(place);
	return strncmp(place, pointer, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/');
}

/* The field that the finding is about; NULL when there is none. */
static struct side *side_of(const struct sides *s, const struct finding *f)
{
	struct side *best = NULL;
	for (size_t i = 0; i < s->count; i++) {
		struct side *one = &s->of[i];
		if (!one->pointer || !covers(one->pointer, f->pointer) ||
			(one->rule && strncmp(one->rule, f->id, strlen(one->rule)) != 0))
			continue;
		const bool nearer = !best || strlen(one->pointer) > strlen(best->pointer);
		const bool meant = best && one->rule && (!best->rule || strlen(one->rule) > strlen(best->rule)) &&
			strlen(one->pointer) == strlen(best->pointer);
		if (nearer || meant)
			best = one;
	}
	return best;
}

static void mark_all(struct sides *s)
{
	for (size_t i = 0; i < s->l->report.count; i++) {
		const struct finding *f = &s->l->report.findings[i];
		struct side *one = f->rule ? side_of(s, f) : NULL;
		const enum mark m = mark_of(f);
		/* The worst that is found of it. */
		if (one && one->mark != MARK_DIFFERS && (m != MARK_EXEMPT || one->mark != MARK_MINOR))
			one->mark = m;
	}
}

bool sides_make(const struct looked *l, struct sides *ret)
{
	*ret = (struct sides){ .l = l };
	sides_process(ret);
	sides_places(ret);
	sides_resources(ret);
	mark_all(ret);
	return arena_alloc(l->a, 1) != NULL;
}
