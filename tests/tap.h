/* SPDX-License-Identifier: Apache-2.0 */
/* The Test Anything Protocol in a page. A test program prints one line per check and exits 0; meson reads the lines. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count;

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)
#define is_text(got, want, ...) tap_is((got), (want), __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, ...) tap_int((long long)(got), (long long)(want), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 4, 5))) __attribute__((unused))
static bool tap_ok(bool good, const char *file, int line, const char *format, ...)
{
	__builtin_va_list ap;
	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	__builtin_va_start(ap, format);
	vprintf(format, ap);
	__builtin_va_end(ap);
	printf("\n");
	if (!good)
		printf("# at %s:%d\n", file, line);
	fflush(stdout);
	return good;
}

#define tap_is(got, want, file, line, ...) do { \
	const char *tap_g = (got), *tap_w = (want); \
	bool tap_same = tap_g && tap_w ? strcmp(tap_g, tap_w) == 0 : tap_g == tap_w; \
	if (!tap_ok(tap_same, file, line, __VA_ARGS__)) \
		printf("#  got: %s\n# want: %s\n", tap_g ? tap_g : "(null)", tap_w ? tap_w : "(null)"); \
} while (0)

#define tap_int(got, want, file, line, ...) do { \
	long long tap_g = (got), tap_w = (want); \
	if (!tap_ok(tap_g == tap_w, file, line, __VA_ARGS__)) \
		printf("#  got: %lld\n# want: %lld\n", tap_g, tap_w); \
} while (0)

/* Ends the program: prints the plan. A program that dies before this has no plan, which meson reports as an error. */
__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return 0;
}
