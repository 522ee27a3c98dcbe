/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing without dying of it: beyond RLIMIT_FSIZE a write kills by default. Dispositions are handed on to the
 * delegate, so they are put back as they were found.
 */
#pragma once

#include <signal.h>

struct quiet {
	struct sigaction found;
};

static inline void quiet_begin(struct quiet *q)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	(void)sigaction(SIGXFSZ, &ignore, &q->found);
}

static inline void quiet_end(const struct quiet *q)
{
	(void)sigaction(SIGXFSZ, &q->found, NULL);
}
