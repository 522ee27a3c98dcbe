/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "shim/call.h"

/*
 * Tells of a verb that passes and changes what its container does (start, kill, delete, pause, resume, checkpoint); of
 * others nothing. Best effort, waits for nothing, and changes nothing of this process (audit/lifecycle.h).
 */
void step_tell(struct call *c);
