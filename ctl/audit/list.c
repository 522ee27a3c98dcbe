/* SPDX-License-Identifier: Apache-2.0 */
/* runvetctl audit list: the records that are meant, oldest first. */
#include <unistd.h>

#include "ctl/audit/print.h"

static const struct verb list_verb = { .name = "audit list" };

static int run(int argc, char **argv)
{
	struct printer p = { 0 };
	struct query q;
	int code = 0;

	query_init(&q);
	for (int i = 1; i < argc && code >= 0; i++) {
		code = query_option(&q, &list_verb, argc, argv, &i);
		if (code == 0)
			code = print_option(&p, &list_verb, argc, argv, &i);
		if (code == 0 && argv[i][0] == '-')
			code = -usage_option(&list_verb, argv[i], query_options());
		else if (code == 0)
			code = -usage(&list_verb, "list takes no word such as %s; --container %s?", argv[i], argv[i]);
	}
	if (code >= 0)
		code = query_check(&q, &list_verb);
	if (code < 0) {
		query_done(&q);
		return -code;
	}
	q.progress = !isatty(STDOUT_FILENO);
	print_begin(&p, stdout);
	code = print_end(&p, query_each(&q, print_one, &p));
	query_done(&q);
	return code;
}

const struct subverb audit_list = {
	.name = "list",
	.summary = "list records, by time, decision, rule, container, pod ...",
	.run = run,
	.prints = true,
	.help = "Usage: runvetctl audit list [OPTION...]\n\n"
		"Lists the records of this host, the oldest first: what was asked for, what was\n"
		"decided, and why.\n\n",
	.after = "\nExamples:\n"
		 "  runvetctl audit list --since today --decision deny\n"
		 "  runvetctl audit list --pod 'payments/*' --rule 'mount.*' --format csv\n\n"
		 "Exit status: 0 records were found, 1 none, 2 a wrong command line, or a trail\n"
		 "that cannot be read, or holds lines that are no records.\n",
};
