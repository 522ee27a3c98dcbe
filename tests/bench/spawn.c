/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stopwatch for short programs:
 *
 *	spawn ROUNDS NAME COMMAND... [';' COMMAND...] [-- NAME COMMAND...]...
 *
 * Each series has a name and one or more commands (paths, no search) that are run one after the other. The time taken
 * is from the first spawn to the last exit. Every round runs every series once, in another order each time, so that
 * what else happens on the machine, and what one leaves behind for the next, falls on all of them alike. One line per
 * series: NAME, median, first and ninth decile in microseconds, the median of the processor time that the children
 * took, the largest resident set in KiB, tab-separated. What does not exit 0 ends it all.
 *
 * The children are spawned as engines do it, sharing our memory until execve: posix_spawn(3), which is vfork(2) in
 * effect. This program is small and static, because a child's resident set counts from its parent's.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define SERIES_MAX 16
#define COMMANDS_MAX 4
#define WARM_UP 5 /* rounds that do not count */

extern char **environ;

struct series {
	const char *name;
	char **commands[COMMANDS_MAX];
	size_t count;
	double *took, *used; /* microseconds by the clock, and of processor time */
	long largest;        /* KiB */
};

static posix_spawn_file_actions_t quiet; /* stdin and stdout are /dev/null; stderr is ours, for complaints */

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Splits the words into series, separators becoming NULL. Returns their number, 0 when they make no sense. */
static size_t series_read(char **words, struct series *series)
{
	size_t n = 0;

	while (*words && n < SERIES_MAX) {
		struct series *s = &series[n++];

		s->name = *words++;
		s->commands[s->count++] = words;
		for (; *words && strcmp(*words, "--") != 0; words++) {
			if (strcmp(*words, ";") != 0)
				continue;
			*words = NULL;
			if (s->count == COMMANDS_MAX)
				return 0;
			s->commands[s->count++] = words + 1;
		}
		if (*words)
			*words++ = NULL;
		for (size_t i = 0; i < s->count; i++)
			if (!s->commands[i][0])
				return 0;
	}
	return n;
}

static double microseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

/* Runs it once. The time it took, or a negative number after a complaint; *ret_used of the processor's. */
static double series_run(struct series *s, double *ret_used)
{
	double start = now();

	*ret_used = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct rusage usage;
		pid_t pid;
		int status, r = posix_spawn(&pid, s->commands[i][0], &quiet, NULL, s->commands[i], environ);

		if (r != 0) {
			(void)fprintf(stderr, "spawn: %s: %s\n", s->commands[i][0], strerror(r));
			return -1;
		}
		while (wait4(pid, &status, 0, &usage) < 0)
			if (errno != EINTR)
				return -1;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			(void)fprintf(stderr, "spawn: %s: %s ended with status %d\n", s->name, s->commands[i][0],
				status);
			return -1;
		}
		*ret_used += microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
		if (usage.ru_maxrss > s->largest)
			s->largest = usage.ru_maxrss;
	}
	return now() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Another order; from a fixed seed, so that two runs of the program do the same. */
static void shuffle(size_t *order, size_t n)
{
	static unsigned state = 1;

	for (size_t i = n - 1; i > 0; i--) {
		state = state * 1103515245u + 12345u;
		size_t j = (state >> 16) % (i + 1), other = order[j];
		order[j] = order[i];
		order[i] = other;
	}
}

int main(int argc, char **argv)
{
	struct series series[SERIES_MAX] = { 0 };
	long rounds = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
	size_t n = rounds > 0 ? series_read(argv + 2, series) : 0, order[SERIES_MAX];

	if (n == 0) {
		(void)fputs("usage: spawn ROUNDS NAME COMMAND... [';' COMMAND...] [-- NAME COMMAND...]...\n", stderr);
		return 2;
	}
	if (posix_spawn_file_actions_init(&quiet) != 0 ||
		posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0) != 0 ||
		posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0) != 0)
		return 1;
	for (size_t i = 0; i < n; i++) {
		series[i].took = calloc((size_t)rounds, sizeof(double));
		series[i].used = calloc((size_t)rounds, sizeof(double));
		if (!series[i].took || !series[i].used)
			return 1;
		order[i] = i;
	}
	for (long round = -WARM_UP; round < rounds; round++) {
		shuffle(order, n);
		for (size_t i = 0; i < n; i++) {
			struct series *s = &series[order[i]];
			double used, took = series_run(s, &used);

			if (took < 0)
				return 1;
			if (round >= 0) {
				s->took[round] = took;
				s->used[round] = used;
			}
		}
	}
	for (size_t i = 0; i < n; i++) {
		double *t = series[i].took, *u = series[i].used;

		qsort(t, (size_t)rounds, sizeof(double), by_size);
		qsort(u, (size_t)rounds, sizeof(double), by_size);
		(void)printf("%s\t%.0f\t%.0f\t%.0f\t%.0f\t%ld\n", series[i].name, t[rounds / 2], t[rounds / 10],
			t[rounds * 9 / 10], u[rounds / 2], series[i].largest);
	}
	return 0;
}
