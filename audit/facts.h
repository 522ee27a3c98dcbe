/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container may do, as fields: numbers, kinds and names of an enumeration, and never what it runs or is told.
 * Private to audit.
 */
#pragma once

#include "audit/record.h"

/*
 * Adds what the documents say. What they do not say is left out: a record without RUNVET_PRIVILEGED does not say that
 * the container is not. j may be NULL. 0 or -ENOMEM.
 */
int record_facts(struct record *r, const struct judged *j);
