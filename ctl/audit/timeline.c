/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/timeline.h"

/* Each divides the next; the last is 52 weeks. */
static const int64_t widths[] = { 1, 5, 15, 60, 300, 900, 3600, 10800, 21600, 43200, 86400, 604800, 2419200, 31449600 };

#define WIDTHS (sizeof(widths) / sizeof(widths[0]))

int64_t timeline_width(const struct timeline *t)
{
	return widths[t->width];
}

struct timespec timeline_at(const struct timeline *t, size_t column)
{
	return (struct timespec){ .tv_sec = (t->first + (int64_t)column) * widths[t->width] };
}

static int64_t column_of(int64_t seconds, int64_t width)
{
	return seconds >= 0 ? seconds / width : -1 - (-1 - seconds) / width;
}

static void add_column(uint64_t *to, const uint64_t *from)
{
	for (size_t k = 0; k < KIND_MAX; k++)
		to[k] += from[k];
}

/* The next width: several columns become one. */
static void widen(struct timeline *t)
{
	const int64_t factor = widths[t->width + 1] / widths[t->width];
	const int64_t first = column_of(t->first, factor);
	struct timeline wide = { .width = t->width + 1, .first = first };

	for (size_t i = 0; i < t->count; i++) {
		const size_t at = (size_t)(column_of(t->first + (int64_t)i, factor) - first);
		add_column(wide.by[at], t->by[i]);
		wide.count = at + 1;
	}
	*t = wide;
}

/* Makes room before the first column. */
static void shift(struct timeline *t, size_t by)
{
	memmove(t->by[by], t->by[0], t->count * sizeof(t->by[0]));
	memset(t->by[0], 0, by * sizeof(t->by[0]));
	t->first -= (int64_t)by;
	t->count += by;
}

void timeline_add(struct timeline *t, struct timespec when, enum seen_kind kind)
{
	if (t->count == 0) {
		t->first = column_of(when.tv_sec, widths[t->width]);
		t->count = 1;
	}
	for (;;) {
		const int64_t at = column_of(when.tv_sec, widths[t->width]);
		const int64_t low = at < t->first ? at : t->first, last = t->first + (int64_t)t->count - 1;
		const int64_t high = at > last ? at : last;

		if (high - low >= TIMELINE_COLUMNS && t->width + 1 < WIDTHS) {
			widen(t);
			continue;
		}
		if (high - low >= TIMELINE_COLUMNS)
			return; /* a clock that was decades off */
		if (at < t->first)
			shift(t, (size_t)(t->first - at));
		const size_t column = (size_t)(at - t->first);
		t->count = column >= t->count ? column + 1 : t->count;
		t->by[column][kind]++;
		return;
	}
}

/* Below 16 each value has its bin; above, each power of two has 16. */
static size_t bin_of(uint64_t us)
{
	if (us < 16)
		return (size_t)us;
	const size_t power = 63u - (size_t)__builtin_clzll(us);
	return (power - 3) * 16 + ((us >> (power - 4)) & 15);
}

/* The greatest value of a bin. */
static uint64_t bin_most(size_t bin)
{
	if (bin < 16)
		return bin;
	const unsigned shift_by = (unsigned)(bin / 16 - 1);
	return ((16 + (uint64_t)(bin % 16) + 1) << shift_by) - 1;
}

void elapsed_add(struct elapsed *e, uint64_t us)
{
	e->bins[bin_of(us)]++;
	e->count++;
	e->sum += us;
	e->most = us > e->most ? us : e->most;
}

uint64_t elapsed_at(const struct elapsed *e, unsigned thousandths)
{
	const uint64_t want = e->count / 1000 * thousandths + (e->count % 1000 * thousandths + 999) / 1000;
	uint64_t seen = 0;

	for (size_t i = 0; i < ELAPSED_BINS; i++) {
		seen += e->bins[i];
		if (seen >= want && seen > 0)
			return bin_most(i) < e->most ? bin_most(i) : e->most;
	}
	return 0;
}
