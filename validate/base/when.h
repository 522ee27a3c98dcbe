/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks, and the time of day, written and read as RFC 3339. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "validate/base/bytes.h"

#define WHEN_SIZE 40

/*
 * What that clock says, asked of the kernel: a process that asks three times pays less for that than for the pages of
 * the vDSO, which it would be the first to touch. Zero for a clock that there is not.
 */
struct timespec clock_now(clockid_t id);

/* CLOCK_REALTIME now. */
struct timespec when_now(void);

/*
 * "2026-11-21T22:01:42.673724228Z" (nanos) or "2026-11-21T22:01:42Z"; ret holds WHEN_SIZE bytes. Needs no time zone
 * data. Years outside of 0000 to 9999 become the nearest one inside.
 */
void when_write(struct timespec t, bool nanos, char ret[static WHEN_SIZE]);

/* Reads an RFC 3339 UTC time ("...Z", fraction optional). 0 or -EINVAL. */
int when_read(struct bytes b, struct timespec *ret);
