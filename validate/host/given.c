/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host.json: what another machine has, as `runvetctl host --format json` printed it there. As in a policy file, a
 * name that means nothing is a fault: a misspelt one would quietly be unknown, and nothing held against it.
 */
#include "validate/host/host.h"

int host_parse(struct arena *a, struct bytes text, const char *file, const struct doc **ret, struct fail *reterr)
{
	const struct doc_options options = { .file = file, .cause = CAUSE_COMMAND_LINE };
	const struct doc *root = NULL;
	struct report report = { 0 };
	int r = doc_parse(a, text, &options, &root, reterr);
	if (r < 0)
		return r;
	const struct check_input in = { .file = file, .text = text, .root = root, .of = OF_MACHINE, .below = "" };
	r = check(a, &in, &report, reterr);
	if (r < 0)
		return r;
	for (size_t i = 0; i < report.count; i++)
		if (report.findings[i].severity == SEV_ERROR)
			return finding_fail(&report.findings[i], file, CAUSE_COMMAND_LINE, reterr);
	*ret = root;
	return 0;
}
