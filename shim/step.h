/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "shim/call.h"

/* Whether the line asks for help in the place of the verb's work, in the delegate's words. */
bool step_asks_for_help(const struct call *c);

/*
 * Tells of a verb that passes and changes what its container does (start, kill, delete, pause, resume, checkpoint); of
 * others nothing. Best effort, waits for nothing, and changes nothing of this process (audit/lifecycle.h).
 */
void step_tell(struct call *c);
