/* SPDX-License-Identifier: Apache-2.0 */
/* What a row asks for, in words: for findings, and for lists of the rules themselves. */
#pragma once

#include "validate/rule/rule.h"

/* The type that a row asks for: "a string", "an integer from 0 to 65535". The row gives one. */
void rule_type_write(const struct rule *r, struct text *to);

/*
 * What the row's predicate says, with its argument: "lie within -1000 to 1000". The row has one. `d` is the value
 * that is spoken of, for what is said of its spelling; NULL when the rule itself is.
 */
void rule_must_write(const struct rule *r, const struct doc *d, struct text *to);

/*
 * All that the row with an id asks for, as a sentence without a full stop: "process.cwd is required", "process.args is
 * required and must not be empty". A row without an id: "process.cwd must be a string".
 */
void rule_write(const struct rule *r, struct text *to);

/*
 * When it does not weigh what .severity says, as clauses: "warning from 1.2.0 on", "warning before 1.0.1"; nothing
 * when it always does.
 */
void rule_exceptions_write(const struct rule *r, struct text *to);
