/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes a text a document that every delegate reads alike. The reader (validate/doc) stops at the first seven; the
 * engine (validate/check.c) finds the last three. They stand here so that they have an id, a source and a severity like
 * any other rule, and can be listed and explained.
 */
#include "validate/rule/json.h"

const struct rule json_rows[JSON_RULE_MAX] = {
	[JSON_WELL_FORMED] = { .id = "json.well-formed",
		.severity = SEV_ERROR,
		.basis = BASIS_MUST,
		.since = SPEC_1_0_0,
		.spec = "glossary.md#glossaryJson" },
	[JSON_UTF8] = { .id = "json.utf8",
		.severity = SEV_ERROR,
		.basis = BASIS_MUST,
		.since = SPEC_1_0_0,
		.spec = "glossary.md#glossaryJson" },
	[JSON_NO_BOM] = { .id = "json.no-bom",
		.severity = SEV_ERROR,
		.basis = BASIS_MUST,
		.since = SPEC_1_0_0,
		.spec = "glossary.md#glossaryJson" },
	[JSON_SINGLE_VALUE] = { .id = "json.single-value",
		.severity = SEV_ERROR,
		.basis = BASIS_MUST,
		.since = SPEC_1_0_0,
		.spec = "glossary.md#glossaryJson" },
	[JSON_EMBEDDED_NUL] = { .id = "json.embedded-nul",
		.severity = SEV_ERROR,
		.basis = BASIS_IMPLEMENTATION,
		.since = SPEC_1_0_0,
		.spec = "config.md#valid-values" },
	[JSON_DUPLICATE_NAME] = { .id = "json.duplicate-name",
		.severity = SEV_ERROR,
		.basis = BASIS_MUST,
		.since = SPEC_1_0_0,
		.spec = "glossary.md#glossaryJson" },
	[JSON_DEPTH_AND_SIZE] = { .id = "json.depth-and-size",
		.severity = SEV_ERROR,
		.basis = BASIS_IMPLEMENTATION,
		.since = SPEC_1_0_0,
		.spec = "config.md#configSchema" },
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
