/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The object of what confines: row by row, and what a row has nothing to say of is not there.
 */
#include "validate/fingerprint/posture.h"

#include <errno.h>

void posture_member(struct text *to, const char *name)
{
	if (to->len > 0 && to->data[to->len - 1] != '{')
		text_char(to, ',');
	canonical_string(to, bytes_of(name));
	text_char(to, ':');
}

static bool says_nothing(const struct doc *d)
{
	return !d || d->type == DOC_NULL || (d->type == DOC_BOOL && !d->boolean) ||
		(d->type == DOC_INT && d->integer.magnitude == 0) || (d->type == DOC_STRING && d->string.len == 0) ||
		((d->type == DOC_ARRAY || d->type == DOC_OBJECT) && !d->first);
}

static int write_it(const struct doc *d, struct text *to)
{
	const int r = says_nothing(d) ? 0 : canonical_write(d, to);

	return r < 0 ? r : !says_nothing(d);
}

static int write_label(const struct posture *p, const struct doc *d, struct text *to)
{
	if (!d || d->type != DOC_STRING || d->string.len == 0)
		return 0;
	(void)normal_string(p->normal, ZONE_LABEL, d->string, to);
	return 1;
}

static int write_row(struct posture *p, const struct posture_row *row, struct text *to)
{
	const struct doc *d = doc_find(p->normal->of->config, row->path);
	const bool limit = d && d->type == DOC_INT && !d->integer.negative;

	switch (row->as) {
	case AS_IT_IS:
		return write_it(d, to);
	case AS_LIMIT:
		return limit ? write_it(d, to) : 0;
	case AS_SET:
		return posture_set(p, d, to);
	case AS_LABEL:
		return write_label(p, d, to);
	case AS_OWN:
		return row->write(p, d, to);
	}
	return 0;
}

/* What a row has nothing to say of is taken back, with its name. */
int posture_write(struct posture *p, struct text *to)
{
	text_char(to, '{');
	for (const struct posture_row *row = posture_rows; row->key; row++) {
		if (p->digest)
			canonical_take(to, p->digest);
		const size_t before = to->len;
		posture_member(to, row->key);
		const int r = write_row(p, row, to);
		if (r < 0)
			return r;
		if (r == 0)
			to->len = before;
	}
	text_char(to, '}');
	return to->cut ? -ENOMEM : 0;
}
