/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit: the records of this host, or of a copy of its trail. This file finds the verb, and is the only one
 * that knows them all.
 */
#include "ctl/audit/audit.h"

#include <stdio.h>
#include <string.h>

#include "ctl/audit/print.h"
#include "validate/base/near.h"

static const struct subverb *const subverbs[] = { &audit_export, &audit_follow, &audit_list, &audit_reconcile,
	&audit_report, &audit_show, &audit_metrics, &audit_verify, NULL };

static int help(void)
{
	fputs("Usage: runvetctl audit VERB [OPTION...]\n\n"
	      "Reads the records of this host, or of a copy of its trail: the chain below\n"
	      "/var/log/runvet, and the journal.\n\n",
		stdout);
	for (size_t i = 0; subverbs[i]; i++)
		printf("  %-10s %s\n", subverbs[i]->name, subverbs[i]->summary);
	return put("\n'runvetctl audit VERB --help' tells of one.\n\n"
		   "Examples:\n"
		   "  runvetctl audit list --decision deny --since today\n"
		   "  runvetctl audit verify\n\n"
		   "Exit status: 0 something was found, 1 nothing was, 2 it could not be asked.\n");
}

static int help_of(const struct subverb *v)
{
	if (!v->help)
		return help();
	if (!v->after)
		return put(v->help);
	const char *formats = v->prints ? print_help() : "";
	return printf("%s%s%s%s", v->help, formats, query_help(), v->after) < 0 ? CTL_USAGE : put("");
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int audit(int argc, char **argv)
{
	const char *names[sizeof(subverbs) / sizeof(subverbs[0]) + 1] = { NULL };

	if (argc < 2)
		return usage(&verb_audit, "a verb below audit is missing");
	if (is_help(argv[1]))
		return help();
	for (size_t i = 0; subverbs[i]; i++) {
		names[i] = subverbs[i]->name;
		if (strcmp(subverbs[i]->name, argv[1]) != 0)
			continue;
		for (int k = 2; k < argc && strcmp(argv[k], "--") != 0; k++)
			if (is_help(argv[k]))
				return help_of(subverbs[i]);
		return subverbs[i]->run(argc - 1, argv + 1);
	}
	const char *near = near_word(bytes_of(argv[1]), names);
	return near ? usage(&verb_audit, "unknown verb %s; did you mean %s?", argv[1], near)
		    : usage(&verb_audit, "unknown verb %s", argv[1]);
}

const struct verb verb_audit = {
	.name = "audit",
	.summary = "read the records: what was allowed, what was refused, and why",
	.run = audit,
};
