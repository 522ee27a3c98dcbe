/* SPDX-License-Identifier: Apache-2.0 */
/* Which members of the context a policy asks for: some are dear (validate/policy/context.h). */
#pragma once

#include "validate/policy/policy.h"

/* CONTEXT_* bits of what the conditions of its clauses and exemptions speak of. */
unsigned policy_wanted(const struct policy *p);
