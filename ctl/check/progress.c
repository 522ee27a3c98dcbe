/* SPDX-License-Identifier: Apache-2.0 */
/* A line on a terminal that is written over: shown once there is something to wait for, and gone when there is not. */
#include <stdio.h>
#include <unistd.h>

#include "ctl/check/check.h"

#define MANY 100          /* documents from which on it is worth a word */
#define BETWEEN 100000000 /* nanoseconds */

static struct timespec now(void)
{
	struct timespec t = { 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t;
}

struct progress progress_begin(size_t of)
{
	return (struct progress){ .on = of >= MANY && isatty(STDERR_FILENO), .of = of, .last = now() };
}

void progress_show(struct progress *p, size_t done)
{
	if (!p->on)
		return;
	const struct timespec t = now();
	if ((t.tv_sec - p->last.tv_sec) * 1000000000 + (t.tv_nsec - p->last.tv_nsec) < BETWEEN)
		return;
	p->last = t;
	p->shown = true;
	fprintf(stderr, "\r%zu of %zu judged", done, p->of);
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
