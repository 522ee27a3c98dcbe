/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What exec's command line says of the process, as the part of a process.json that it is. What it does not say is the
 * container's own, and was judged when that was created.
 */
#pragma once

#include "shim/argv.h"
#include "validate/doc/doc.h"

/*
 * Makes the document: user, capabilities, apparmorProfile, selinuxLabel, cwd, each only where an option gives it. NULL
 * where no option says anything, or memory is used up (then *ret_lost).
 */
const struct doc *spoken_process(struct arena *a, const struct request *q, const struct doc *posture, bool *ret_lost);

/* How it was said: "exec" of the context document. NULL where there is nothing to say. */
const struct doc *spoken_how(struct arena *a, const struct request *q);
