/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times as one says them, the usual ones of systemd.time(7). What names no zone is in the reader's own, as journalctl
 * takes it; what ends in Z, or in UTC, is not.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "ctl/audit/query.h"
#include "validate/base/when.h"

#define TIME_MOST 64u /* bytes of one */

static const struct unit {
	const char *name;
	long seconds;
} units[] = {
	{ "s", 1 },
	{ "sec", 1 },
	{ "second", 1 },
	{ "seconds", 1 },
	{ "m", 60 },
	{ "min", 60 },
	{ "minute", 60 },
	{ "minutes", 60 },
	{ "h", 3600 },
	{ "hr", 3600 },
	{ "hour", 3600 },
	{ "hours", 3600 },
	{ "d", 86400 },
	{ "day", 86400 },
	{ "days", 86400 },
	{ "w", 604800 },
	{ "week", 604800 },
	{ "weeks", 604800 },
	{ "M", 2629800 },
	{ "month", 2629800 },
	{ "months", 2629800 },
	{ "y", 31557600 },
	{ "year", 31557600 },
	{ "years", 31557600 },
};

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* "2 hours", "1h 30min": at least one. Where it ended, NULL when it is none. */
static const char *read_span(const char *s, long *ret)
{
	*ret = 0;
	do {
		char *end;
		errno = 0;
		if (!isdigit((unsigned char)*s))
			return NULL;
		const long n = strtol(s, &end, 10);
		const char *word = blanks(end);
		size_t len = 0, i = 0;
		while (isalpha((unsigned char)word[len]))
			len++;
		while (i < sizeof(units) / sizeof(units[0]) && !bytes_is((struct bytes){ word, len }, units[i].name))
			i++;
		long product;
		if (errno || i == sizeof(units) / sizeof(units[0]) ||
			__builtin_mul_overflow(n, units[i].seconds, &product) ||
			__builtin_add_overflow(*ret, product, ret))
			return NULL;
		s = blanks(word + len);
	} while (isdigit((unsigned char)*s));
	return s;
}

/* "-1h", "+30min", "2 hours ago". */
static int relative(const char *word, struct timespec now, struct timespec *ret)
{
	const bool before = *word == '-', after = *word == '+';
	long span;
	const char *rest = read_span(before || after ? blanks(word + 1) : word, &span);

	if (!rest)
		return -EINVAL;
	const bool ago = strcmp(rest, "ago") == 0 && !before && !after;
	if (!ago && (*rest || (!before && !after)))
		return -EINVAL;
	if (ago || before)
		span = -span;
	*ret = now;
	return __builtin_add_overflow(now.tv_sec, span, &ret->tv_sec) || ret->tv_sec <= 0 ? -EINVAL : 0;
}

/* Exactly that many digits. */
static bool number(const char **at, size_t digits, int *ret)
{
	*ret = 0;
	for (size_t i = 0; i < digits; i++) {
		if (!isdigit((unsigned char)(*at)[i]))
			return false;
		*ret = *ret * 10 + ((*at)[i] - '0');
	}
	*at += digits;
	return true;
}

static bool sign(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* "05:00", "05:00:30", and "05:00:30.5" of which the fraction is passed over. */
static bool clock_of(const char **at, struct tm *to)
{
	if (!number(at, 2, &to->tm_hour) || !sign(at, ':') || !number(at, 2, &to->tm_min))
		return false;
	if (sign(at, ':') && !number(at, 2, &to->tm_sec))
		return false;
	if (sign(at, '.'))
		*at += strspn(*at, "0123456789");
	return to->tm_hour < 24 && to->tm_min < 60 && to->tm_sec < 60;
}

static bool date_of(const char **at, struct tm *to)
{
	const char *from = *at;
	int year;

	if (!number(at, 4, &year) || !sign(at, '-') || !number(at, 2, &to->tm_mon) || !sign(at, '-') ||
		!number(at, 2, &to->tm_mday)) {
		*at = from;
		return false;
	}
	to->tm_year = year - 1900;
	to->tm_mon--;
	return true;
}

/* "2026-11-22", "2026-11-22 05:00", "05:00", each with " UTC" behind it or without. */
static int absolute(const char *word, struct timespec now, struct timespec *ret)
{
	struct tm t = { 0 };
	const char *at = word;

	const bool dated = date_of(&at, &t);
	if (!dated && !localtime_r(&now.tv_sec, &t))
		return -EINVAL;
	t.tm_hour = t.tm_min = t.tm_sec = 0;
	t.tm_isdst = -1;
	if (dated && (*at == ' ' || *at == 'T') && isdigit((unsigned char)at[1]))
		at++;
	if ((!dated || (*at && *at != ' ')) && !clock_of(&at, &t))
		return -EINVAL;
	const bool utc = strcmp(at, "Z") == 0 || strcmp(blanks(at), "UTC") == 0;
	if (!utc && *at)
		return -EINVAL;
	const struct tm asked = t;
	ret->tv_sec = utc ? timegm(&t) : mktime(&t);
	ret->tv_nsec = 0;
	/* February 30 becomes March 2 there: it is no day. */
	return ret->tv_sec <= 0 || t.tm_mon != asked.tm_mon || t.tm_mday != asked.tm_mday ? -EINVAL : 0;
}

static int midnight(struct timespec now, int days, struct timespec *ret)
{
	struct tm t;

	if (!localtime_r(&now.tv_sec, &t))
		return -EINVAL;
	t.tm_hour = t.tm_min = t.tm_sec = 0;
	t.tm_mday += days;
	t.tm_isdst = -1;
	*ret = (struct timespec){ .tv_sec = mktime(&t) };
	return ret->tv_sec > 0 ? 0 : -EINVAL;
}

int query_time(const char *word, struct timespec now, struct timespec *ret)
{
	static const struct {
		const char *name;
		int days;
	} days[] = { { "yesterday", -1 }, { "today", 0 }, { "tomorrow", 1 } };
	char *end;

	if (strlen(word) > TIME_MOST || !*word)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (strcmp(word, days[i].name) == 0)
			return midnight(now, days[i].days, ret);
	if (strcmp(word, "now") == 0) {
		*ret = now;
		return 0;
	}
	if (word[0] == '@' && isdigit((unsigned char)word[1])) {
		errno = 0;
		*ret = (struct timespec){ .tv_sec = strtol(word + 1, &end, 10) };
		return errno || *end || ret->tv_sec <= 0 ? -EINVAL : 0;
	}
	if (when_read(bytes_of(word), ret) == 0)
		return ret->tv_sec > 0 ? 0 : -EINVAL;
	return absolute(word, now, ret) == 0 ? 0 : relative(word, now, ret);
}
