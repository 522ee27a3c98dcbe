/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a record is about: the container, its pod and image as the context names them (validate/policy/context.h). */
#pragma once

#include "audit/record.h"
#include "validate/policy/context.h"

/* Adds what the context knows, and how far that can be believed. A NULL context adds nothing. 0 or -ENOMEM. */
int record_identity(struct record *r, const struct doc *context);

/* " (payments/web-7d9c/app)" for a pod that its engine vouches for; else nothing. */
void identity_write(const struct doc *context, struct text *to);
