/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exemptions of rules of start. A start reads no policy, so what can be told of them at create is settled there: whom
 * they are for (match, held against the facts of the create), and what they demand in return (provided, which are rules
 * that create judges by). The note has what is left, beside the modes of start.h:
 *
 *	"issued": "2026-11-22T00:00:00Z",
 *	"exempt": [ { "id": "EX-9", "rules": ["boundary.mounts.confined"], "values": { "destination": "/data" },
 *	              "mode": "audit", "notAfter": "2027-01-31T00:00:00Z" } ]
 *
 * The value that was found, and the date, are asked at start.
 */
#pragma once

#include "validate/policy/policy_parts.h"

/*
 * Adds to `to` (made) those of the policy's exemptions that hold for this create; nothing where it has none for rules
 * of start. A note is small: behind LIMIT_START_EXEMPT bytes of them no more is kept, and what is not kept exempts
 * nothing.
 */
void start_exempt_make(struct arena *a, const struct exempt_view *v, const struct library *lib, struct doc *to);

/*
 * Exempts what is exempt in what was found at start. `wanted` is from the note (NULL: there is none); what in it makes
 * no sense exempts nothing. The ids that were used are added to those of *ret (zero, or what applied before). 0 or
 * -ENOMEM.
 */
int start_exempt(struct arena *a, const struct doc *wanted, struct timespec now, struct report *report,
		 struct applied *ret);
