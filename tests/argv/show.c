/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show DIALECT [WORD...]: what argv_read makes of a line; without words, of each line of standard input, its words
 * escaped as in the corpus. Prints outcome, verb, root, bundle, id and what a refusal says, separated by tabs, "-" for
 * what is absent.
 */
#include <stdlib.h>

#include "tests/argv/corpus.h"

static const char *shown(const char *value)
{
	return value ? value : "-";
}

static void show(const struct dialect *d, int argc, char **argv)
{
	struct request q;
	struct fail why = { 0 };
	int e = argv_read(d, NULL, 0, argc, argv, &q, &why);
	printf("%s\t%s\t%s\t%s\t%s\t%s%s%s\n", corpus_outcome(e, &q), q.verb_word[0] ? q.verb_word : "-",
		shown(q.value[SLOT_ROOT]), shown(q.value[SLOT_BUNDLE]), shown(q.id), e < 0 ? why.rule : "-",
		e < 0 ? ": " : "", e < 0 ? why.says : "");
}

int main(int argc, char **argv)
{
	const struct dialect *d = argc > 1 ? dialect_find(argv[1]) : NULL;
	if (!d) {
		fprintf(stderr, "usage: show runc|crun|youki|runsc [WORD...]\n");
		return 2;
	}
	if (argc > 2) {
		show(d, argc - 1, argv + 1);
		return 0;
	}
	static char line[8192];
	while (fgets(line, sizeof(line), stdin)) {
		struct corpus_words w;
		line[strcspn(line, "\n")] = '\0';
		const struct corpus_line l = { .words = line };
		corpus_words(&l, &w);
		show(d, w.argc, w.argv);
	}
	return 0;
}
