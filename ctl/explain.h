/* SPDX-License-Identifier: Apache-2.0 */
/* What runvetctl explain tells of a rule, and of a record. */
#pragma once

#include "ctl/audit/seen.h"
#include "validate/policy/policy_parts.h"

/* "  NAME      VALUE", as every line that explain prints. */
void explain_line(struct text *to, const char *name, const char *value);

/* Which profiles turn a control on: the built-in ones, and those of p (may be NULL), which has to have been read. */
int explain_use(struct arena *a, const char *control, const struct policy *p, struct text *to);

/* All about the record whose id begins so, printed. An exit code. */
int explain_record(const char *id);

/* What was found, of a record that was read: each finding and its remedy, printed. An exit code. */
int explain_seen(const struct seen *line);
