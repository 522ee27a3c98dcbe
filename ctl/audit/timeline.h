/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts over time and over durations, in memory that does not grow. A timeline has so many columns; when time outgrows
 * them, each becomes wider and takes in its neighbours. Durations fall into bins that are at most a sixteenth of their
 * value wide, so that a percentile is right to within 7 %.
 */
#pragma once

#include "ctl/audit/map.h"

#define TIMELINE_COLUMNS 120u
#define ELAPSED_BINS     1024u

struct timeline {
	size_t width;   /* index of a column's width, see timeline_width */
	int64_t first;  /* the first column's time, in widths since 1970 */
	size_t count;   /* columns from the first to the last that has something */
	uint64_t by[TIMELINE_COLUMNS][KIND_MAX];
};

void timeline_add(struct timeline *t, struct timespec when, enum seen_kind kind);

/* Seconds of a column. */
int64_t timeline_width(const struct timeline *t);

/* When a column begins. */
struct timespec timeline_at(const struct timeline *t, size_t column);

struct elapsed {
	uint64_t bins[ELAPSED_BINS], count, sum, most; /* microseconds */
};

void elapsed_add(struct elapsed *e, uint64_t us);

/* What so many of a thousand did not exceed, in microseconds; 0: there are none. */
uint64_t elapsed_at(const struct elapsed *e, unsigned thousandths);
