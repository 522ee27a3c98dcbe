/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start: the container exists, and its own code does not run yet. Whether it still is what was approved is asked here,
 * as far as its note says that anybody wants to know (validate/policy/start.h).
 */
#pragma once

#include "shim/call.h"

/*
 * Looks, records what is found, and refuses where the policy asked for that. -1: the start goes on, which it does
 * whenever anything is missing, unreadable or broken; else the exit code, the refusal having been told. Waits for
 * nothing but, with a refusal, for its record.
 */
int start_check(struct call *c);
