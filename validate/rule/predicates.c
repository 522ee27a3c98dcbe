/* SPDX-License-Identifier: Apache-2.0 */
/* The words for single values: numbers, enumerations, sizes. */
#include "validate/rule/predicates.h"

static bool is_within(const struct doc *d, int64_t min, int64_t max)
{
	const uint64_t magnitude = d->integer.magnitude;
	if (d->integer.negative)
		return min < 0 && magnitude <= (uint64_t) - (min + 1) + 1 &&
			(max >= 0 || magnitude >= (uint64_t) - (max + 1) + 1);
	return max >= 0 && magnitude <= (uint64_t)max && (min <= 0 || magnitude >= (uint64_t)min);
}

static bool holds_within(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	/* be_at_least: what an unsigned property holds beyond INT64_MAX is enough, too. */
	if (r->range.max == INT64_MAX && !d->integer.negative && d->integer.magnitude > INT64_MAX)
		return true;
	return is_within(d, r->range.min, r->range.max);
}

const struct predicate be_within = {
	.says = "lie within {}",
	.takes = TAKES_RANGE,
	.judges = DOC_INT,
	.holds = holds_within,
};

const struct predicate be_at_least = {
	.says = "be {}",
	.takes = TAKES_RANGE,
	.judges = DOC_INT,
	.holds = holds_within,
};

static bool holds_one_of(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	for (const char *const *w = r->words; *w; w++)
		if (bytes_is(d->string, *w))
			return true;
	return false;
}

const struct predicate be_one_of = {
	.says = "be one of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_one_of,
};

static bool holds_not_one_of(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	return !holds_one_of(r, d, f, ret_at);
}

const struct predicate not_be_one_of = {
	.says = "not be {}",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_not_one_of,
};

static bool holds_one_of_or_empty(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	return d->string.len == 0 || holds_one_of(r, d, f, ret_at);
}

const struct predicate be_one_of_or_empty = {
	.says = "be one of {}",
	.takes = TAKES_WORDS,
	.judges = DOC_STRING,
	.holds = holds_one_of_or_empty,
};

static bool holds_not_empty(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->type == DOC_STRING ? d->string.len > 0 : d->count > 0;
}

const struct predicate not_be_empty = {
	.says = "not be empty",
	.judges = DOC_STRING | DOC_ARRAY | DOC_OBJECT,
	.holds = holds_not_empty,
};

static bool holds_long(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return (int64_t)d->string.len >= r->range.min && (int64_t)d->string.len <= r->range.max;
}

const struct predicate be_long = {
	.says = "be {} bytes long",
	.takes = TAKES_RANGE,
	.judges = DOC_STRING,
	.holds = holds_long,
};

static bool holds_entries(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return (int64_t)d->count >= r->range.min && (int64_t)d->count <= r->range.max;
}

const struct predicate have_entries = {
	.says = "have {} entries",
	.takes = TAKES_RANGE,
	.judges = DOC_ARRAY,
	.holds = holds_entries,
};

static bool holds_not_used(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->count == 0;
}

const struct predicate not_be_used = {
	.says = "be replaced by {}",
	.takes = TAKES_TEXT,
	.judges = DOC_ARRAY,
	.holds = holds_not_used,
};

static bool holds_empty(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->count == 0;
}

const struct predicate be_empty = {
	.says = "be empty",
	.judges = DOC_ARRAY | DOC_OBJECT,
	.holds = holds_empty,
};

static bool holds_zero(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->integer.magnitude == 0;
}

const struct predicate be_unset = {
	.says = "be left out, or 0",
	.judges = DOC_INT,
	.holds = holds_zero,
};

static bool holds_not_zero(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	return !holds_zero(r, d, f, ret_at);
}

const struct predicate not_be_zero = {
	.says = "not be 0",
	.judges = DOC_INT,
	.holds = holds_not_zero,
};

static bool holds_unset_or_within(const struct rule *r, const struct doc *d, const struct facts *f,
	const struct doc **ret_at)
{
	(void)f, (void)ret_at;
	return d->integer.magnitude == 0 || is_within(d, r->range.min, r->range.max);
}

const struct predicate be_unset_or_within = {
	.says = "be 0 or lie within {}",
	.takes = TAKES_RANGE,
	.judges = DOC_INT,
	.holds = holds_unset_or_within,
};

static bool holds_period(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return d->integer.magnitude == 0 || is_within(d, 1000, 1000000);
}

const struct predicate be_of_period = {
	.says = "be 0 or lie within 1000 to 1000000 microseconds",
	.judges = DOC_INT,
	.holds = holds_period,
};

/* Every negative quota means none to the kernel, 0 means unset; only what lies between it and one slice is refused. */
static bool holds_quota(const struct rule *r, const struct doc *d, const struct facts *f, const struct doc **ret_at)
{
	(void)r, (void)f, (void)ret_at;
	return !is_within(d, 1, 999);
}

const struct predicate be_of_quota = {
	.says = "be -1, 0 or at least 1000 microseconds",
	.judges = DOC_INT,
	.holds = holds_quota,
};
