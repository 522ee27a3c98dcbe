/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small experiment, as people write them: a seed, threads that add up numbers, a line with where and when. Each part
 * of its result comes from something that a container may fix or leave to chance: the seed (SEED, else the kernel), how
 * many threads add (OMP_NUM_THREADS, else the CPUs that it may use), the time (SOURCE_DATE_EPOCH, else now), the
 * host's name, and where its stack lies, which is what a table hashed by address is ordered by.
 */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define NUMBERS 200000
#define THREADS_MOST 64

static double numbers[NUMBERS];
static unsigned threads;

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static uint64_t seed(void)
{
	const char *given = getenv("SEED");
	uint64_t s = given ? strtoull(given, NULL, 10) : 0;
	if (!given && getrandom(&s, sizeof(s), 0) != sizeof(s))
		exit(1);
	return s * 2 + 1;
}

/* In nanoseconds, so that two runs within a second are told apart. */
static long long moment(void)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");
	struct timespec now = { 0 };
	if (given)
		return strtoll(given, NULL, 10);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

static unsigned count_threads(void)
{
	const char *given = getenv("OMP_NUM_THREADS");
	cpu_set_t set;
	if (given)
		return (unsigned)strtoul(given, NULL, 10);
	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

struct part {
	unsigned number;
	double sum;
};

/* Every n-th number: how a sum is cut decides how it is rounded. */
static void *add(void *data)
{
	struct part *p = data;
	for (size_t i = p->number; i < NUMBERS; i += threads)
		p->sum += numbers[i];
	return NULL;
}

static double sum_all(void)
{
	static struct part parts[THREADS_MOST];
	pthread_t all[THREADS_MOST];
	double sum = 0;
	for (unsigned i = 0; i < threads; i++) {
		parts[i].number = i;
		if (pthread_create(&all[i], NULL, add, &parts[i]) != 0)
			exit(1);
	}
	for (unsigned i = 0; i < threads; i++) {
		(void)pthread_join(all[i], NULL);
		sum += parts[i].sum;
	}
	return sum;
}

int main(void)
{
	char name[65] = "";
	uint64_t state = seed();
	const uint64_t first = state;
	threads = count_threads();
	if (threads < 1 || threads > THREADS_MOST)
		return 1;
	for (size_t i = 0; i < NUMBERS; i++)
		numbers[i] = sin((double)(next(&state) >> 11)) * pow(10.0, (double)(next(&state) % 17));
	(void)gethostname(name, sizeof(name) - 1);
	printf("seed %llu\nthreads %u\nsum %a\nat %lld\non %s\nhash %llx\n", (unsigned long long)first, threads,
		sum_all(), moment(), name, (unsigned long long)((uintptr_t)&state * UINT64_C(0x9e3779b97f4a7c15)));
	return 0;
}
