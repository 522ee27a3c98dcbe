/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds without a policy file, worked out when the program was built: which rows the newest baseline turns on, in
 * audit mode at most, with which parameters, and what is wanted of a start. A create without a policy file is the usual
 * one, and all of it would come out the same each time. ready_make.c writes it, by the functions that a policy file
 * goes through; a test holds it to them. Arrays and no pointers, so that nothing is to be adjusted at a start.
 */
#pragma once

#include "validate/policy/look.h"

extern const char ready_profile[];     /* "baseline@v1.37" */
extern const bool ready_kinds[];       /* by look_kind: whether it has rows at all */
extern const uint8_t ready_severity[]; /* struct turned, of one kind after the other */
extern const uint8_t ready_live[];
extern const uint64_t ready_params[], ready_start[]; /* as validate/host/flat.h has them: struct look, struct applied */
extern const size_t ready_params_len, ready_start_len; /* bytes */

/* Whether this policy is the one that there is without a file, so that what is ready may stand for it. */
bool ready_for(const struct policy *p);

/* As look_make and start_make make them of that policy. 0 or -ENOMEM. */
int ready_look(struct arena *a, const char *below, struct look *ret, const struct doc **ret_start);
