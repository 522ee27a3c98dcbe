/* SPDX-License-Identifier: Apache-2.0 */
/* The judged verbs: create, run, restore, exec, update, and what no dialect knows. */
#pragma once

#include "shim/call.h"

/*
 * Reads what is to be run, judges it, records the decision, and becomes the delegate or refuses. Returns only
 * when nothing was started: the exit code, the refusal having been told.
 */
int judge(struct call *c);
