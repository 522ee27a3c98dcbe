/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl audit verify: whether the trail is what was written. The chain is held against itself and its head, then
 * against the journal, which was told each record's hash, and now and then where the chain stood. A copy can be
 * verified elsewhere, and so can a journal that was sent on, without any chain.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/sink.h"
#include "ctl/audit/query.h"
#include "ctl/audit/testimony.h"
#include "ctl/audit/verify.h"
#include "validate/base/limits.h"

static const struct verb verify_verb = { .name = "audit verify" };
static const char *const options[] = { "--directory", "--format", "--journal-file", "--no-journal", "--since",
	"--textfile", NULL };

/* The value of an option "--name VALUE" or "--name=VALUE"; NULL: it is another one. */
static const char *value_of(const char *word, const char *name, int argc, char **argv, int *at)
{
	const size_t len = strlen(name);
	if (strncmp(word, name, len) != 0)
		return NULL;
	if (word[len] == '=')
		return word + len + 1;
	return word[len] == '\0' && *at + 1 < argc ? argv[++*at] : NULL;
}

static int take_option(struct verification *v, int argc, char **argv, int *at)
{
	const char *word = argv[*at], *value;
	if (strcmp(word, "--no-journal") == 0)
		v->no_journal = true;
	else if ((value = value_of(word, "--directory", argc, argv, at)))
		v->directory = value;
	else if ((value = value_of(word, "--journal-file", argc, argv, at)))
		v->journal_file = value;
	else if ((value = value_of(word, "--textfile", argc, argv, at)))
		v->textfile = value;
	else if ((value = value_of(word, "--since", argc, argv, at))) {
		if (query_time(value, when_now(), &v->since) < 0)
			return usage(&verify_verb, "--since %s is no time that is known", value);
	} else if ((value = value_of(word, "--format", argc, argv, at))) {
		v->json = strcmp(value, "json") == 0;
		if (!v->json && strcmp(value, "text") != 0)
			return usage(&verify_verb, "no format %s; there are text and json", value);
	} else if (word[0] == '-')
		return usage_option(&verify_verb, word, options);
	else
		return usage(&verify_verb, "verify takes no word such as %s; --directory %s?", word, word);
	return CTL_GOOD;
}

/* The chain that is meant; what was spilled on this host and did not come home yet is another one. */
static int examine(struct verification *v, struct arena *a)
{
	struct fail why = { 0 };
	struct places p;
	if (v->journal_file && !v->directory)
		return 0;
	if (!v->directory) {
		if (places_default(a, secure_getenv("XDG_RUNTIME_DIR"), &p) < 0)
			return trouble("memory is used up"), -ENOMEM;
		v->directory = p.log_dir;
		const char *spilled = arena_printf(a, "%s/chain", p.run_dir);
		if (spilled && access(spilled, F_OK) == 0)
			v->spilled = p.run_dir;
	}
	int r = chain_examine(a, v->directory, &v->chain, &why);
	v->has_chain = r == 0;
	if (r == 0 && v->spilled && chain_examine(a, v->spilled, &v->spill, &why) < 0)
		v->spilled = NULL; /* it came home meanwhile */
	return r < 0 ? (trouble("%s", why.says), r) : 0;
}

static int hear(struct verification *v)
{
	if (v->no_journal || (v->has_chain && v->copy && !v->journal_file))
		return 0;
	struct testimony *t = &v->testimony;
	t->chain = v->has_chain ? &v->chain : NULL;
	t->faults = calloc(TESTIMONY_FAULTS, sizeof(*t->faults));
	if (!t->faults)
		return trouble("memory is used up"), -ENOMEM;
	const int r = witness_each(v->journal_file, v->since, testimony_hear, t);
	/* This host's journal may be out of reach, or not be there; one that was asked for has to be. */
	if (r < 0 && v->journal_file)
		return r;
	v->heard = r >= 0;
	if (v->heard)
		testimony_end(t);
	return 0;
}

static int run(int argc, char **argv)
{
	struct verification v = { 0 };
	struct arena a;
	int code = CTL_GOOD;
	for (int i = 1; i < argc && code == CTL_GOOD; i++)
		code = take_option(&v, argc, argv, &i);
	if (code != CTL_GOOD)
		return AUDIT_TROUBLE;
	v.copy = v.directory != NULL;
	arena_init(&a, LIMIT_ARENA);
	int r = examine(&v, &a);
	if (r == 0)
		r = hear(&v);
	if (r == 0)
		r = verify_print(&v);
	if (v.has_chain)
		examination_done(&v.chain);
	if (v.spilled)
		examination_done(&v.spill);
	testimony_done(&v.testimony);
	arena_done(&a);
	return r < 0 ? AUDIT_TROUBLE : r;
}

const struct subverb audit_verify = {
	.name = "verify",
	.summary = "verify that no record was changed, removed or put in another place",
	.run = run,
	.help = "Usage: runvetctl audit verify [OPTION...]\n\n"
		"Verifies the chain of this host with all that was rotated out of it: that no\n"
		"record was edited, removed, moved, doubled or replaced. Then it is held\n"
		"against the journal, which was told each hash: that its end was not cut off, and\n"
		"that it was not written anew. All faults are told, not only the first.\n\n"
		"  --directory DIR      a copy of /var/log/runvet; no journal, unless one is named\n"
		"  --journal-file FILE  a journal, or a directory of journals: sent on from other\n"
		"                       hosts, say. Alone, each of its records proves itself.\n"
		"  --no-journal         the chain alone\n"
		"  --since TIME         of the journal, only what came since then\n"
		"  --format FORMAT      text (default) or json\n"
		"  --textfile PATH      write there what Prometheus reads, and print nothing but\n"
		"                       faults: runvet_verify_unbroken\n\n"
		"Examples:\n"
		"  runvetctl audit verify\n"
		"  runvetctl audit verify --journal-file /var/log/journal/remote\n\n"
		"runvet-verify.timer does the first, and fails when it does.\n\n"
		"Exit status: 0 unbroken, 1 faults were found, 2 it could not be asked.\n",
};
