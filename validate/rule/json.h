/* SPDX-License-Identifier: Apache-2.0 */
/* The rows without a place: what the reader refuses, and what only the whole vocabulary can tell. */
#pragma once

#include "validate/rule/rule.h"

/* Indices into json_rows, which is the first table: the order of a row there is its index. */
enum json_rule {
	JSON_WELL_FORMED,
	JSON_UTF8,
	JSON_NO_BOM,
	JSON_SINGLE_VALUE,
	JSON_EMBEDDED_NUL,
	JSON_DUPLICATE_NAME,
	JSON_DEPTH_AND_SIZE,
	JSON_TOP_LEVEL_OBJECT,
	JSON_CASE_VARIANT_NAME,
	JSON_NO_NULL,
	JSON_UNKNOWN_PROPERTY,
	SPEC_PROPERTY_NEWER,
	SPEC_PROPERTY_REMOVED,
	JSON_RULE_MAX,
};

extern const struct rule json_rows[JSON_RULE_MAX];
extern const struct rules json_rules;
