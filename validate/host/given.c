/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host.json: what another machine has, as `runvetctl host --format json` printed it there. As in a policy file, a
 * name that means nothing is a fault: a misspelt one would quietly be unknown, and nothing held against it.
 */
#include "validate/host/host.h"

#include <errno.h>

static int breach(const struct finding *f, const char *file, struct fail *reterr)
{
	char line[sizeof(reterr->says)];
	struct text says = text_over(line, sizeof(line));
	finding_write(f, SHOW_SAFE, &says);
	(void)fail(reterr, -EINVAL, CAUSE_COMMAND_LINE, f->id, "%s", line);
	if (reterr) {
		struct text to = text_over(reterr->file, sizeof(reterr->file));
		text_add(&to, file);
		to = text_over(reterr->pointer, sizeof(reterr->pointer));
		text_add(&to, f->pointer ? f->pointer : "");
		reterr->place = f->place;
	}
	return -EINVAL;
}

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
			return breach(&report.findings[i], file, reterr);
	*ret = root;
	return 0;
}
