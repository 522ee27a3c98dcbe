/* SPDX-License-Identifier: Apache-2.0 */
/* A file of runtimes.d: one delegate. Unknown keys are errors here too. shim/runtimes.h shows the whole file. */
#include "validate/rule/predicates.h"
#include "validate/rule/tables.h"

static const char *const dialects[] = { "runc", "crun", "youki", "runsc", "containerd-shim", NULL };

/*
 * What is true of a delegate and not said by it. Those in -unlisted are about its features: what it can and does not
 * list, so that its silence there is no statement.
 */
static const char *const quirks[] = {
	"rewrites-config",  /* it writes config.json before it hands it on */
	"version-constant", /* ociVersionMax says nothing about what it reads: crun's is 1.1.0+dev since 1.14 */
	"time-unlisted",    /* linux.namespaces: time (crun) */
	"idmap-unlisted",   /* mountOptions: idmap and ridmap (runc since 1.2) */
	"options-unlisted", /* mountOptions: options that the specification demands (crun, youki) */
	"seccomp-unlisted", /* linux.seccomp: all of it (youki), or its lists (crun) */
	NULL,
};

static const struct rule rows[] = {
	{ .at = "", .of = OF_RUNTIME, .type = DOC_OBJECT, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .at = "name", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.name", .at = "name", .of = OF_RUNTIME, .presence = REQUIRED, .must = &not_be_empty,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
	{ .at = "dialect", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.dialect", .at = "dialect", .of = OF_RUNTIME, .presence = REQUIRED, .must = &be_one_of,
	  .words = dialects, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
	{ .at = "priority", .of = OF_RUNTIME, .type = DOC_INT, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.priority", .at = "priority", .of = OF_RUNTIME, .must = &be_within, .range = { 0, 1000 },
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
	{ .at = "paths", .of = OF_RUNTIME, .type = DOC_ARRAY, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.paths", .at = "paths", .of = OF_RUNTIME, .presence = REQUIRED, .must = &not_be_empty,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
	{ .at = "paths[]", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.path-absolute", .at = "paths[]", .of = OF_RUNTIME, .must = &be_absolute,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .fix = "PATH is never searched",
	  .spec = "runvet-runtimes(5)" },
	{ .at = "argv0", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.argv0", .at = "argv0", .of = OF_RUNTIME, .must = &not_be_empty, .severity = SEV_ERROR,
	  .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
	{ .at = "options", .of = OF_RUNTIME, .type = DOC_ARRAY, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .at = "options[]", .of = OF_RUNTIME, .type = DOC_OBJECT, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .at = "options[].name", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE,
	  .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.option-name", .at = "options[].name", .of = OF_RUNTIME, .presence = REQUIRED,
	  .must = &not_be_empty, .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
	{ .at = "options[].verb", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE,
	  .spec = "runvet-runtimes(5)" },
	{ .at = "options[].value", .of = OF_RUNTIME, .type = DOC_BOOL, .quote = QUOTE_VALUE,
	  .spec = "runvet-runtimes(5)" },
	{ .at = "quirks", .of = OF_RUNTIME, .type = DOC_ARRAY, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .at = "quirks[]", .of = OF_RUNTIME, .type = DOC_STRING, .quote = QUOTE_VALUE, .spec = "runvet-runtimes(5)" },
	{ .id = "runtimes.quirk", .at = "quirks[]", .of = OF_RUNTIME, .must = &be_one_of, .words = quirks,
	  .severity = SEV_ERROR, .basis = BASIS_IMPLEMENTATION, .spec = "runvet-runtimes(5)" },
};

const struct rules conf_runtime_rules = RULES(rows);
