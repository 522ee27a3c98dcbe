/* SPDX-License-Identifier: Apache-2.0 */
/* What of a value may be shown, and how it is said in a few words. */
#include "ctl/diff/tell.h"
#include "validate/base/limits.h"
#include "validate/rule/around.h"
#include "validate/rule/predicates.h"

#define MEMBERS_SHOWN 6u

static bool shows_scalar(enum quote quote, const struct doc *v)
{
	if (v->type == DOC_STRING && diff_is_salted(v))
		return false;
	return quote == QUOTE_VALUE ||
		(quote == QUOTE_CLASS && (v->type != DOC_STRING || word_among(v->string, mount_options)));
}

bool tell_shows(const struct difference *d, const struct doc *v)
{
	if (!v || v->type == DOC_NULL)
		return false;
	if (v->type == DOC_ARRAY || v->type == DOC_OBJECT)
		return true; /* how many there are of what, and of members what they allow themselves */
	return shows_scalar(d->quote, v);
}

static void scalar(struct bytes b, struct text *to)
{
	if (b.len == 0)
		text_add(to, "\"\"");
	else
		text_shown(to, b, LIMIT_QUOTE);
}

static void value(const struct doc *v, bool named, struct text *to)
{
	struct bytes b = v->string;

	switch (v->type) {
	case DOC_BOOL:
		text_add(to, v->boolean ? "true" : "false");
		break;
	case DOC_INT:
		text_printf(to, "%s%llu", v->integer.negative ? "-" : "", (unsigned long long)v->integer.magnitude);
		break;
	case DOC_NUMBER:
		text_shown(to, b, LIMIT_QUOTE);
		break;
	case DOC_STRING:
		if (named && b.len && memchr(b.data, '=', b.len)) {
			const size_t skip = (size_t)((const char *)memchr(b.data, '=', b.len) - b.data) + 1;
			b = (struct bytes){ b.data + skip, b.len - skip };
		}
		scalar(b, to);
		break;
	case DOC_NULL:
	case DOC_ARRAY:
	case DOC_OBJECT:
		break;
	}
}

static const struct place_node *word_of(const struct difference *d, const struct doc *m)
{
	if (!d->words)
		return NULL;
	place_open(d->words);
	const struct place_node *n = place_child(d->words, m->key);
	if (n)
		place_open(n);
	return n;
}

/* "type bind, source /srv/data": the plain members that may be shown. */
static void members(const struct difference *d, const struct doc *v, struct text *to)
{
	unsigned shown = 0;

	for (const struct doc *m = v->first; m && shown < MEMBERS_SHOWN; m = m->next) {
		const struct place_node *n = word_of(d, m);
		const bool plain = m->type != DOC_ARRAY && m->type != DOC_OBJECT && m->type != DOC_NULL;
		if (!plain || !n || !n->typed || !shows_scalar(n->typed->rule->quote, m))
			continue;
		text_add(to, shown++ ? ", " : "");
		text_shown(to, m->key, LIMIT_SHOWN_NAME);
		text_char(to, ' ');
		value(m, false, to);
	}
	if (!shown)
		text_printf(to, "%u member%s", v->count, v->count == 1 ? "" : "s");
}

void tell_value(const struct difference *d, const struct doc *v, struct text *to)
{
	if (!v || !tell_shows(d, v))
		return;
	if (v->type == DOC_ARRAY)
		text_printf(to, "%u entr%s", v->count, v->count == 1 ? "y" : "ies");
	else if (v->type == DOC_OBJECT)
		members(d, v, to);
	else
		value(v, d->named, to);
}
