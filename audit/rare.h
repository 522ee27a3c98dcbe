/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files in run_dir that a healthy machine does not have. Each record has to know of all of them, so it looks once, at
 * the directory, in place of asking for each.
 */
#pragma once

#include <stdbool.h>

struct rare {
	bool spill;       /* chain: records that the chain in log_dir could not take (chain_merge) */
	bool slow;        /* journal-slow (audit/gap.h) ... */
	bool unconfirmed; /* ... and these two likewise */
	bool gap;
};

/*
 * Which of them are there now. Without a run_dir, or where it is not ours: none, as nothing in it is believed. Where
 * the directory cannot be read: all, so that each is asked for.
 */
void rare_look(const char *run_dir, struct rare *ret);
