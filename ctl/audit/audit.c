/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit: the records of this host, or of a copy of its trail. This file finds the verb, and is the only one
 * that knows them all.
 */
#include "ctl/audit/audit.h"

#include <stdio.h>
#include <string.h>

#include "validate/base/near.h"

static const struct subverb *const subverbs[] = { NULL };

static int audit(int argc, char **argv)
{
	const char *names[sizeof(subverbs) / sizeof(subverbs[0]) + 1] = { NULL };

	if (argc < 2)
		return usage(&verb_audit, "a verb below audit is missing");
	for (size_t i = 0; subverbs[i]; i++) {
		if (strcmp(subverbs[i]->name, argv[1]) == 0)
			return subverbs[i]->run(argc - 1, argv + 1);
		names[i] = subverbs[i]->name;
	}
	const char *near = near_word(bytes_of(argv[1]), names);
	return near ? usage(&verb_audit, "unknown verb %s; did you mean %s?", argv[1], near)
		    : usage(&verb_audit, "unknown verb %s", argv[1]);
}

const struct verb verb_audit = {
	.name = "audit",
	.summary = "read the records: what was allowed, what was refused, and why",
	.help = "Usage: runvetctl audit VERB [OPTION...]\n",
	.run = audit,
};
