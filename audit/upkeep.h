/* SPDX-License-Identifier: Apache-2.0 */
/* Records that the trail makes about itself. Each fills a started record; 0 or -ENOMEM. */
#pragma once

#include "audit/chain.h"

/* Where a chain stands: told to journald alone, so that a chain cut off or written anew does not fit it any more. */
int record_fill_checkpoint(struct record *r, struct bytes chain, uint64_t seq, struct bytes hash);

/* That the chain below log_dir did not take what `merged` now has, and up to which line and hash that goes. */
int record_fill_merged(struct record *r, const struct merged *merged);

/*
 * Whether journald is to be told where the chain stands after `r`, which that has: the first record of a boot, of a
 * file of the chain, and LIMIT_CHECKPOINT records after the last one. run_dir/checkpoint remembers.
 */
bool checkpoint_due(const struct record *r, const struct places *p);

/* Tells it, without waiting; what could not be sent is due again with the next record. */
void checkpoint_tell(const struct record *r, const struct places *p);
