/* SPDX-License-Identifier: Apache-2.0 */
/* A test leaves nothing behind: its directory goes with all that is in it. */
#pragma once

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>

static int leave_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

/* Removes dir and what is below it, following no link. Returns whether it is gone. */
static bool leave_nothing(const char *dir)
{
	return nftw(dir, leave_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}
