/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a document a config.json: its version, the root, names. */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

static const struct rule rows[] = {
	{ .at = "ociVersion", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configSpecificationVersion" },
	{ .id = "spec.version.required", .at = "ociVersion", .presence = REQUIRED, .severity = SEV_ERROR,
	  .basis = BASIS_REQUIRED, .since = SPEC_1_0_0, .spec = "config.md#configSpecificationVersion" },
	{ .id = "spec.version.semver", .at = "ociVersion", .must = &be_semver, .severity = SEV_ERROR,
	  .basis = BASIS_MUST, .since = SPEC_1_0_0, .spec = "config.md#configSpecificationVersion" },
	{ .id = "spec.version.major", .at = "ociVersion", .must = &be_of_major, .text = "1", .severity = SEV_ERROR,
	  .basis = BASIS_TEXT, .since = SPEC_1_0_0, .spec = "config.md#configSpecificationVersion" },
	{ .id = "spec.version.known", .at = "ociVersion", .must = &not_be_newer, .text = "1.3.0",
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .since = SPEC_1_0_0,
	  .spec = "config.md#configSpecificationVersion" },
	{ .at = "root", .type = DOC_OBJECT, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configRoot" },
	{ .id = "spec.root.required", .at = "root", .presence = REQUIRED, .severity = SEV_ERROR,
	  .basis = BASIS_REQUIRED, .since = SPEC_1_0_0, .spec = "config.md#configRoot" },
	{ .at = "root.path", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configRoot" },
	{ .id = "spec.root.path-required", .at = "root.path", .presence = REQUIRED, .severity = SEV_ERROR,
	  .basis = BASIS_REQUIRED, .since = SPEC_1_0_0, .spec = "config.md#configRoot" },
	{ .id = "spec.root.path-nonempty", .at = "root.path", .must = &not_be_empty, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0, .spec = "config.md#configRoot" },
	/* Engines have their own lay-out: said, but not as a warning. */
	{ .id = "spec.root.path-conventional", .at = "root.path", .must = &end_in, .text = "rootfs",
	  .severity = SEV_INFO, .basis = BASIS_SHOULD, .since = SPEC_1_0_0, .spec = "config.md#configRoot" },
	{ .at = "root.readonly", .type = DOC_BOOL, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configRoot" },
	{ .at = "hostname", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_0_0,
	  .spec = "config.md#configHostname" },
	{ .id = "spec.hostname.needs-uts-ns", .at = "hostname", .must = &need_namespace, .text = "uts",
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_0_0,
	  .spec = "config.md#configHostname" },
	{ .id = "spec.hostname.length", .at = "hostname", .must = &be_long, .range = { 0, 64 }, .severity = SEV_ERROR,
	  .basis = BASIS_KERNEL, .since = SPEC_1_0_0, .spec = "config.md#configHostname" },
	{ .at = "domainname", .type = DOC_STRING, .quote = QUOTE_VALUE, .since = SPEC_1_1_0,
	  .spec = "config.md#configDomainname" },
	{ .id = "spec.domainname.needs-uts-ns", .at = "domainname", .must = &need_namespace, .text = "uts",
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .since = SPEC_1_1_0,
	  .spec = "config.md#configDomainname" },
	{ .id = "spec.domainname.length", .at = "domainname", .must = &be_long, .range = { 0, 64 },
	  .severity = SEV_ERROR, .basis = BASIS_KERNEL, .since = SPEC_1_1_0, .spec = "config.md#configDomainname" },
	{ .id = "spec.platform.foreign-section", .at = "{windows,solaris,zos,freebsd,vm}", .presence = FORBIDDEN,
	  .severity = SEV_WARNING, .basis = BASIS_TEXT, .since = SPEC_1_0_0,
	  .fix = "it is for another platform and has no effect here",
	  .spec = "config.md#configPlatformSpecificConfiguration" },
};

const struct rules spec_root_rules = RULES(rows);
