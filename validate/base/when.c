/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days are counted by hand (the proleptic Gregorian calendar, in years that begin in March, so that the leap day is
 * the last one): gmtime(3) would open /etc/localtime, which is a file, a wait and somebody else's data.
 */
#include "validate/base/when.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DAY ((int64_t)86400)
#define ERA ((int64_t)146097)   /* days in 400 years */
#define EPOCH ((int64_t)719468) /* days from 0000-03-01 to 1970-01-01 */

struct timespec clock_now(clockid_t id)
{
	struct timespec t = { 0 };
	/* Where a long is the kernel's time as well: elsewhere the call has another number for a time of 64 bits. */
	if (sizeof(t.tv_sec) > sizeof(long))
		(void)clock_gettime(id, &t);
	else
		(void)syscall(SYS_clock_gettime, id, &t);
	return t;
}

struct timespec when_now(void)
{
	return clock_now(CLOCK_REALTIME);
}

static int64_t days_of(unsigned year, unsigned month, unsigned day)
{
	const int64_t y = (int64_t)year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, in_era = y - era * 400;
	const int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * ERA + in_era * 365 + in_era / 4 - in_era / 100 + in_year - EPOCH;
}

void when_write(struct timespec t, bool nanos, char ret[static WHEN_SIZE])
{
	/* Four digits of year are all the format has. */
	const int64_t least = days_of(0, 1, 1) * DAY, most = days_of(9999, 12, 31) * DAY + DAY - 1;
	const int64_t at = t.tv_sec < least ? least : t.tv_sec > most ? most : t.tv_sec;
	const int64_t days = (at >= 0 ? at : at - (DAY - 1)) / DAY, second = at - days * DAY;
	const int64_t z = days + EPOCH, era = (z >= 0 ? z : z - (ERA - 1)) / ERA, d = z - era * ERA;
	const int64_t in_era = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	const int64_t in_year = d - (365 * in_era + in_era / 4 - in_era / 100), m = (5 * in_year + 2) / 153;
	const unsigned day = (unsigned)(in_year - (153 * m + 2) / 5 + 1), month = (unsigned)(m < 10 ? m + 3 : m - 9);
	const unsigned year = (unsigned)(in_era + era * 400 + (month <= 2));
	const unsigned s = (unsigned)second;
	int n = snprintf(ret, WHEN_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u", year % 10000, month % 100, day % 100,
		s / 3600, s / 60 % 60, s % 60);
	if (nanos)
		n += snprintf(ret + n, (size_t)(WHEN_SIZE - n), ".%09u", (unsigned)(t.tv_nsec % 1000000000));
	ret[n] = 'Z';
	ret[n + 1] = '\0';
}

/* Takes exactly n digits off the front of b. */
static bool digits(struct bytes *b, size_t n, unsigned *ret)
{
	*ret = 0;
	if (b->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (b->data[i] < '0' || b->data[i] > '9')
			return false;
		*ret = *ret * 10 + (unsigned)(b->data[i] - '0');
	}
	*b = (struct bytes){ b->data + n, b->len - n };
	return true;
}

static bool sign(struct bytes *b, char c)
{
	if (b->len == 0 || b->data[0] != c)
		return false;
	*b = (struct bytes){ b->data + 1, b->len - 1 };
	return true;
}

/* The fraction of a second, at least one digit; digits beyond nanoseconds are dropped. */
static bool fraction(struct bytes *b, long *ret)
{
	long unit = 100000000;
	unsigned digit;
	bool any = false;
	for (*ret = 0; digits(b, 1, &digit); unit /= 10, any = true)
		*ret += unit * (long)digit;
	return any;
}

static unsigned days_in(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29u : days[month - 1];
}

int when_read(struct bytes b, struct timespec *ret)
{
	unsigned year, month, day, hour, minute, second;
	long nanos = 0;
	if (!digits(&b, 4, &year) || !sign(&b, '-') || !digits(&b, 2, &month) || !sign(&b, '-') ||
		!digits(&b, 2, &day) || !sign(&b, 'T') || !digits(&b, 2, &hour) || !sign(&b, ':') ||
		!digits(&b, 2, &minute) || !sign(&b, ':') || !digits(&b, 2, &second))
		return -EINVAL;
	if (sign(&b, '.') && !fraction(&b, &nanos))
		return -EINVAL;
	if (!sign(&b, 'Z') || b.len != 0)
		return -EINVAL;
	if (month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 59)
		return -EINVAL;
	*ret = (struct timespec){
		.tv_sec = days_of(year, month, day) * DAY + (int64_t)hour * 3600 + (int64_t)minute * 60 + second,
		.tv_nsec = nanos,
	};
	return 0;
}
