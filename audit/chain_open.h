/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the files of a chain for reading. */
#pragma once

#include "audit/chain_examine.h"

/*
 * Fills e->files, oldest first, merged ones last. *ret_head is what the head says, if *ret_known. 0 or a negative errno
 * with *reterr: -ETIMEDOUT when somebody holds the lock for WAIT_VERIFY_LOCK_MS.
 */
int chain_open(struct examination *e, const char *path, struct head *ret_head, bool *ret_known, struct fail *reterr);
