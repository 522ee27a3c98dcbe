/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes a text a document that every delegate reads alike. The reader (validate/doc) stops at the first seven; the
 * engine (validate/check.c) finds the last three. They stand here so that they have an id, a source and a severity like
 * any other rule, and can be listed and explained.
 */
#include "validate/rule/json.h"

#define READER(i, name, why, where)                                                                                    \
	[i] = { .id = name, .severity = SEV_ERROR, .basis = why, .since = SPEC_1_0_0, .spec = where }

const struct rule json_rows[JSON_RULE_MAX] = {
	READER(JSON_WELL_FORMED, "json.well-formed", BASIS_MUST, "glossary.md#glossaryJson"),
	READER(JSON_UTF8, "json.utf8", BASIS_MUST, "glossary.md#glossaryJson"),
	READER(JSON_NO_BOM, "json.no-bom", BASIS_MUST, "glossary.md#glossaryJson"),
	READER(JSON_SINGLE_VALUE, "json.single-value", BASIS_MUST, "glossary.md#glossaryJson"),
	READER(JSON_EMBEDDED_NUL, "json.embedded-nul", BASIS_IMPLEMENTATION, "config.md#valid-values"),
	READER(JSON_DUPLICATE_NAME, "json.duplicate-name", BASIS_MUST, "glossary.md#glossaryJson"),
	READER(JSON_DEPTH_AND_SIZE, "json.depth-and-size", BASIS_IMPLEMENTATION, "config.md#configSchema"),
	[JSON_TOP_LEVEL_OBJECT] = { .id = "json.top-level-object",
		.at = "",
		.type = DOC_OBJECT,
		.basis = BASIS_SCHEMA,
		.since = SPEC_1_0_0,
		.spec = "schema/config-schema.json" },
	[JSON_CASE_VARIANT_NAME] = { .id = "json.case-variant-name",
		.severity = SEV_ERROR,
		.basis = BASIS_IMPLEMENTATION,
		.since = SPEC_1_0_0,
		.spec = "config.md#configExtensibility" },
	/* The schema knows no null; every delegate takes it for absent, and so do we, but not without a word. */
	[JSON_NO_NULL] = { .id = "json.no-null",
		.severity = SEV_WARNING,
		.basis = BASIS_SCHEMA,
		.since = SPEC_1_0_0,
		.spec = "schema/config-schema.json" },
	/*
	 * An extension is legal in a config.json; in our own files it is a switch that would not work: an error
	 * there.
	 */
	[JSON_UNKNOWN_PROPERTY] = { .id = "json.unknown-property",
		.severity = SEV_INFO,
		.basis = BASIS_MUST,
		.since = SPEC_1_0_0,
		.spec = "config.md#configExtensibility" },
};
const struct rules json_rules = RULES(json_rows);
