/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to what was seen of a container. */
#include "validate/rule/seen.h"

#include "validate/base/limits.h"
#include "validate/rule/standing.h"

const struct doc *seen(const struct facts *f, const char *path)
{
	return standing_elsewhere(f) ? NULL : doc_find(f->boundary, path);
}

const struct doc *seen_at(const struct facts *f, const char *kind, const struct doc *value)
{
	char pointer[LIMIT_POINTER];
	struct text to = text_over(pointer, sizeof(pointer));
	const struct doc *all = seen(f, kind);
	if (!all)
		return NULL;
	doc_pointer(value, "", &to);
	return to.cut ? NULL : doc_get(all, pointer);
}

bool seen_created(const struct facts *f)
{
	return known_true(seen(f, "created")) == YES;
}

bool seen_own_doing(const struct facts *f, const char *capability)
{
	return !seen_created(f) && known_entry(seen(f, "process.capabilities.bounding"), bytes_of(capability)) != NO;
}

struct bytes seen_string(const struct facts *f, const char *path)
{
	const struct doc *d = seen(f, path);
	return d && d->type == DOC_STRING ? d->string : (struct bytes){ 0 };
}

static bool unlimited(const struct doc *d)
{
	return d->integer.magnitude == UINT64_MAX || (d->integer.negative && d->integer.magnitude == 1);
}

static int order(const struct doc *a, const struct doc *b)
{
	const uint64_t x = a->integer.magnitude, y = b->integer.magnitude;
	const bool below = a->integer.negative && x > 0, other = b->integer.negative && y > 0;
	if (below != other)
		return below ? -1 : 1;
	return below ? (x < y) - (x > y) : (x > y) - (x < y);
}

int seen_order(const struct doc *a, const struct doc *b)
{
	const bool x = unlimited(a), y = unlimited(b);
	return x || y ? x - y : order(a, b);
}

void say_amount(const struct doc *d, struct text *to)
{
	if (unlimited(d))
		text_add(to, "no limit");
	else
		text_printf(to, "%s%llu", d->integer.negative ? "-" : "", (unsigned long long)d->integer.magnitude);
}
