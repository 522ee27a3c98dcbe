/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing without dying of it: beyond RLIMIT_FSIZE a write to a file kills by default (SIGXFSZ), and nothing else
 * raises that signal; so where there is no such limit, as nearly everywhere, one question is all that this costs.
 * Dispositions are handed on to the delegate, so they are put back as they were found. SIGPIPE needs none of this: what
 * is written to here are files, and sockets with MSG_NOSIGNAL.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

struct quiet {
	struct sigaction found;
	bool limited;
};

static inline void quiet_begin(struct quiet *q)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct rlimit size;
	q->limited = getrlimit(RLIMIT_FSIZE, &size) < 0 || size.rlim_cur != RLIM_INFINITY;
	if (q->limited)
		(void)sigaction(SIGXFSZ, &ignore, &q->found);
}

static inline void quiet_end(const struct quiet *q)
{
	if (q->limited)
		(void)sigaction(SIGXFSZ, &q->found, NULL);
}
