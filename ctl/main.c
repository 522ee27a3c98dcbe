/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl: the operator's command. One verb, one file: this one finds the verb, and is the only one that knows them
 * all.
 *
 *	main.c      the verbs, --help
 *	complain.c  complaints, and output
 *	attest/     runvetctl attest: a record as an in-toto Statement
 *	audit/      runvetctl audit: read the records
 *	boundary/   runvetctl boundary: what a container really has
 *	check/      runvetctl check: judge documents
 *	diff/       runvetctl diff: compare two containers, or what is kept of them
 *	input.c     how documents of the caller's own are read
 *	option.c    how the words of a verb are read
 *	rules.c     runvetctl rules: list the rules
 *	node/       runvetctl doctor: is this node covered? install, uninstall: point engines at runvet;
 *	            try: judge what runs now
 *	exempt.c    runvetctl exempt: write an exemption for one refusal
 *	explain.c   runvetctl explain: tell of one rule, or (explain_record.c) of one record
 *	features.c  runvetctl features: show what delegates can
 *	generate/   runvetctl generate: a hardened config.json
 *	host.c      runvetctl host: show what this host has
 *	lock/       runvetctl lock: write down what a container is, to hold another to it
 *	show.c      documents as text
 *	version.c   runvetctl version
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

#include "validate/base/near.h"

static const struct verb *const verbs[] = { &verb_attest, &verb_audit, &verb_boundary, &verb_check, &verb_compliance,
	&verb_diff, &verb_doctor, &verb_exempt, &verb_explain, &verb_features, &verb_generate, &verb_host,
	&verb_install, &verb_lock, &verb_policy, &verb_rules, &verb_try, &verb_uninstall, &verb_version };

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int help(void)
{
	char text[2048];
	int n = snprintf(text, sizeof(text),
		"Usage: runvetctl VERB [OPTION...] [ARGUMENT...]\n\n"
		"The operator's command of runvet, the runtime that judges a container before it\nstarts.\n\n");
	for (size_t i = 0; i < VERBS; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "  %-11s %s\n", verbs[i]->name, verbs[i]->summary);
	snprintf(text + n, sizeof(text) - (size_t)n,
		"\n  -h, --help     this text; after a verb, the help of that verb\n"
		"      --version  the version\n");
	return put(text);
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static int unknown_verb(const char *name)
{
	const char *names[VERBS + 1] = { NULL };
	for (size_t i = 0; i < VERBS; i++)
		names[i] = verbs[i]->name;
	const char *near = near_word(bytes_of(name), names);
	if (near)
		return usage(NULL, "unknown verb %s; did you mean %s?", name, near);
	return usage(NULL, "unknown verb %s", name);
}

/* "--help" among the words of a verb, before a "--" that ends the options. */
static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	static const char *const options[] = { "--help", "--version", NULL };
	if (argc < 2)
		return usage(NULL, "a verb is missing");
	const char *word = argv[1];
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return help();
	if (strcmp(word, "--version") == 0)
		return verb_version.run(1, argv + 1);
	if (word[0] == '-')
		return usage_option(NULL, word, options);
	if (strcmp(word, "help") == 0 && argc == 2)
		return help();
	const bool of_help = strcmp(word, "help") == 0;
	const struct verb *v = verb_find(of_help ? argv[2] : word);
	if (!v)
		return unknown_verb(of_help ? argv[2] : word);
	if (v->help && (of_help || asks_for_help(argc - 1, argv + 1)))
		return put(v->help);
	if (of_help) {
		char option[] = "--help";
		return v->run(2, (char *[]){ argv[2], option, NULL });
	}
	return v->run(argc - 1, argv + 1);
}
