/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl version. */
#include "config.h"
#include "ctl/ctl.h"

static int run(int argc, char **argv)
{
	if (argc > 1)
		return usage(&verb_version, "version takes no argument, got %s", argv[1]);
	return put("runvetctl " RUNVET_VERSION "\n");
}

const struct verb verb_version = {
	.name = "version",
	.summary = "print the version",
	.help = "Usage: runvetctl version\n\n"
		"Prints the version.\n",
	.run = run,
};
