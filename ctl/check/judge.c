/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One document, on each host with each delegate: the evaluator that the shim has, told what the command line says in
 * place of what a machine says.
 */
#include <errno.h>
#include <stdlib.h>

#include "ctl/check/check.h"
#include "ctl/ctl.h"
#include "validate/base/limits.h"
#include "validate/policy/evaluate.h"

struct judged {
	struct arena arena;
	const struct against *against;
	struct bytes text;
	const struct doc *root; /* NULL: it does not parse, */
	struct report unparsed; /* and this is all that is to be said */
	const char *bundle;
};

/*
 * The directory that relative paths of a bundle count from, where there is one: of a document that merely is a file
 * somewhere nobody knows. NULL when there is none.
 */
static const char *bundle_of(struct arena *a, const char *file)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	char *dir = slash ? arena_copy(a, (struct bytes){ file, (size_t)(slash - file) + 1 })
			  : arena_copy(a, BYTES("."));
	if (!dir || strcmp(name, "config.json") != 0)
		return NULL;
	char *real = realpath(dir, NULL);
	const char *ret = real ? arena_copy(a, bytes_of(real)) : NULL;
	free(real);
	return ret;
}

static int read_document(struct judged *j, struct checked *c)
{
	struct fail why = { 0 };
	if (strcmp(c->given, "-") == 0 && j->against->stdin_taken) {
		(void)usage(&verb_check, "standard input can be read once");
		return -EINVAL;
	}
	int r = input_get(&j->arena, c->given, &c->file, &j->text);
	if (r < 0)
		return r;
	const struct doc_options options = { .file = c->file, .cause = CAUSE_BUNDLE };
	r = doc_parse(&j->arena, j->text, &options, &j->root, &why);
	if (r == -EBADMSG)
		r = report_of_fail(&j->arena, &why, &j->unparsed);
	if (r < 0 && r != -ENOMEM)
		(void)trouble("%s cannot be judged: %s", c->given, why.says[0] ? why.says : errno_words(r));
	j->bundle = j->against->root < 0 ? NULL : bundle_of(&j->arena, c->file);
	return r;
}

static int judge(const struct judged *j, const struct checked *c, struct outcome *one, struct output *o)
{
	const struct against *x = j->against;
	const struct host host = {
		.root = one->host->live ? x->root : -1,
		.live = one->host->live,
		.cache = x->cache,
		.given = one->host->document,
		.bundle = j->bundle,
	};
	const struct evaluation e = {
		.file = c->file,
		.text = j->text,
		.root = j->root,
		.below = "",
		.policy = &x->policy,
		.host = one->host->live || one->host->document ? &host : NULL,
		.delegate = one->delegate->document,
	};
	struct report report = j->unparsed;
	struct fail why = { 0 };
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	int r = j->root ? evaluate(&a, &e, &report, NULL, &why) : 0;
	if (r == 0) {
		const struct decision d = decide(&x->policy, &report, NULL, false);
		one->decision = j->root ? d.kind : DECISION_DENY;
		one->runs = j->root && d.may_run;
		one->errors = report.errors;
		one->warnings = report.warnings;
		one->infos = report.infos;
		r = output_outcome(o, x, c, &report, one);
	}
	if (r < 0 && r != -ENOMEM)
		(void)trouble("%s cannot be judged: %s", c->given, why.says[0] ? why.says : errno_words(r));
	arena_done(&a);
	return r;
}

int judge_all(struct checked *c, const struct against *x, struct output *o)
{
	struct judged j = { .against = x };
	const size_t count = x->hosts.count * x->delegates.count;

	arena_init(&j.arena, LIMIT_ARENA);
	c->outcomes = arena_array(&o->arena, count + 1, sizeof(*c->outcomes));
	int r = c->outcomes ? read_document(&j, c) : -ENOMEM;
	for (size_t h = 0; h < x->hosts.count && r == 0; h++)
		for (size_t d = 0; d < x->delegates.count && r == 0; d++) {
			struct outcome *one = &c->outcomes[c->count++];
			one->host = &x->hosts.list[h];
			one->delegate = &x->delegates.list[d];
			r = judge(&j, c, one, o);
		}
	/* The file's name is in lines that outlive the document. */
	c->file = r == 0 ? arena_copy(&o->arena, bytes_of(c->file)) : NULL;
	if (r == 0 && !c->file)
		r = -ENOMEM;
	if (r == -ENOMEM)
		(void)trouble("%s cannot be judged: no memory", c->given);
	arena_done(&j.arena);
	return r;
}
