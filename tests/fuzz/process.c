/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec's process.json from hostile bytes: parsed, judged below "process", told. Whatever comes out, the refusal fits
 * its one line, holds no control byte, and holds none of the phrases that engines take for errors of their own.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "shim/refuse.h"
#include "validate/base/limits.h"
#include "validate/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void refusal(const struct report *report, const struct fail *why)
{
	static const char *const phrases[] = {
		"permission denied",
		"operation not permitted",
		"not found",
		"no such file",
		"is a directory",
		"not a directory",
		"executable",
		"does not exist",
		"no such process",
		"not running",
		"invalid process",
		"already finished",
	};
	struct policy policy;
	char line[LIMIT_REFUSAL + 1];
	struct text to = text_over(line, sizeof(line));
	const struct request q = { .verb = VERB_EXEC };

	policy_default(&policy);
	const struct decision d = decide(&policy, report, why, false);
	refuse_compose(&q, &d, report, why, "0199aabb-0000-7000-8000-000000000001", &to);
	must(!to.cut && to.len > 0 && to.len <= LIMIT_REFUSAL && strlen(line) == to.len);
	for (size_t i = 0; i < to.len; i++)
		must((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		must(!strcasestr(line, phrases[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct doc_options options = { .file = "process.json", .cause = CAUSE_BUNDLE };
	const struct bytes text = { (const char *)data, size };
	const struct doc *root = NULL;
	struct report report = { 0 };
	struct fail why = { 0 };
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	if (doc_parse(&a, text, &options, &root, &why) < 0) {
		refusal(NULL, &why);
	} else {
		const struct check_input in = { .file = "process.json",
			.text = text,
			.root = root,
			.of = OF_BUNDLE,
			.below = "process" };
		must(check(&a, &in, &report, &why) == 0 || why.code == -ENOMEM);
		must(report.count <= LIMIT_FINDINGS && report.count <= report.errors + report.warnings + report.infos);
		struct text all = text_growing(&a);
		for (size_t i = 0; i < report.count; i++) {
			finding_write(&report.findings[i], SHOW_SAFE, &all);
			finding_write(&report.findings[i], SHOW_ALL, &all);
		}
		refusal(&report, NULL);
	}
	arena_done(&a);
	return 0;
}
