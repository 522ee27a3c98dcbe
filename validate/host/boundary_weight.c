/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shares (2 to 262144) as the weight of cgroup v2 (1 to 10000): runtimes have two ways. The older one is a line through
 * both ends, by which the default of 1024 shares is a weight of 39:
 *
 *	weight = 1 + (shares - 2) * 9999 / 262142, cut
 *
 * The newer one (runc 1.3.2, crun 1.23) goes through the defaults as well, 1024 and 100:
 *
 *	weight = 10 ^ ((l * l + 125 * l) / 612 - 7 / 34), l = log2(shares), rounded up
 *
 * Both only rise, so that the shares of a weight are a range, which is found by halving. Logarithm and power are made
 * here: the library that has them would be loaded for every container that starts.
 */
#include "validate/host/boundary_cgroup.h"

#define SHARES_LEAST 2u
#define SHARES_MOST 262144u
#define LN2 0.693147180559945309417
#define LN10 2.302585092994045684018
#define CLOSE 1e-6 /* what libraries may differ by where a weight is a whole number */

static uint64_t by_line(uint64_t shares)
{
	return 1 + (shares - 2) * 9999 / 262142;
}

/* log2: the power of two below it, and atanh of what is left, whose series is short below 1/3. */
static double log_two(uint64_t n)
{
	unsigned whole = 0;
	while (n >> (whole + 1))
		whole++;
	const double left = (double)n / (double)(UINT64_C(1) << whole), y = (left - 1) / (left + 1);
	double term = y, sum = 0;
	for (unsigned i = 1; i < 40; i += 2) {
		sum += term / i;
		term *= y * y;
	}
	return whole + 2 * sum / LN2;
}

/* 10^x for x of 0 to 4: e^(x / 16 * ln 10), squared four times. */
static double ten_to(double x)
{
	const double small = x * LN10 / 16;
	double term = 1, sum = 1;
	for (unsigned i = 1; i < 24; i++) {
		term *= small / i;
		sum += term;
	}
	for (unsigned i = 0; i < 4; i++)
		sum *= sum;
	return sum;
}

static double by_curve(uint64_t shares)
{
	const double l = log_two(shares);
	return ten_to((l * l + 125 * l) / 612 - 7.0 / 34);
}

static bool line_reaches(uint64_t shares, uint64_t weight)
{
	return by_line(shares) >= weight;
}

/* Rounded up, shares come to the weight as soon as they are above the one before. */
static bool curve_reaches(uint64_t shares, uint64_t weight)
{
	return by_curve(shares) > (double)(weight - 1) - CLOSE;
}

static bool curve_passes(uint64_t shares, uint64_t weight)
{
	return by_curve(shares) > (double)(weight - 1) + CLOSE;
}

/* The least shares that reach the weight; one more than the most when none do. */
static uint64_t least(bool (*reaches)(uint64_t shares, uint64_t weight), uint64_t weight)
{
	uint64_t low = SHARES_LEAST, high = (uint64_t)SHARES_MOST + 1;
	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;
		if (reaches(middle, weight))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void add(struct arena *a, struct doc *to, uint64_t from, uint64_t after)
{
	if (from >= after)
		return;
	struct doc *range = make_array(a, to, NULL);
	make_uint(a, range, NULL, from);
	make_uint(a, range, NULL, after - 1);
}

void cgroup_shares(struct arena *a, struct doc *to, uint64_t weight)
{
	if (weight < 1 || weight > 10000)
		return;
	add(a, to, least(line_reaches, weight), least(line_reaches, weight + 1));
	add(a, to, least(curve_reaches, weight), least(curve_passes, weight + 1));
}
