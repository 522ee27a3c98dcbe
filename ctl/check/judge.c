/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One document, on each host with each delegate: the evaluator that the shim has, told what the command line says in
 * place of what a machine says.
 */
#include <errno.h>

#include "ctl/check/format.h"
#include "ctl/ctl.h"
#include "ctl/input.h"
#include "validate/base/limits.h"
#include "validate/policy/context.h"
#include "validate/policy/evaluate.h"

/* What a document that does not parse is reported as, where `unparsed` says so. */
static int read_document(struct checked *c, const struct against *x, struct output *o, struct report *unparsed)
{
	struct fail why = { 0 };
	struct bytes text;
	int r = -EINVAL;

	if (strcmp(c->given, "-") == 0 && x->stdin_taken)
		(void)usage(&verb_check, "standard input can be read once");
	else
		r = input_get(c->arena, c->given, &c->file, &text);
	if (r < 0) {
		o->unread = true;
		if (o->format->unread)
			o->format->unread(o, c->given,
				r == -EINVAL ? "standard input can be read once" : errno_words(r));
		return r;
	}
	const struct doc_options options = { .file = c->file, .cause = CAUSE_BUNDLE };
	r = doc_parse(c->arena, text, &options, &c->root, &why);
	if (r == -EBADMSG)
		r = report_of_fail(c->arena, &why, unparsed);
	if (r == 0 && !source_open(c->arena, text, &c->source))
		r = -ENOMEM;
	if (r < 0 && r != -ENOMEM)
		(void)trouble("%s cannot be judged: %s", c->given, why.says[0] ? why.says : errno_words(r));
	c->bundle = x->root < 0 ? NULL : input_bundle(c->arena, c->file);
	return r;
}

/* Who would call: what the command line says, or on this machine what a bundle's place tells. */
static int find_context(struct arena *a, const struct against *x, const struct checked *c, const struct doc **ret,
	struct fail *reterr)
{
	*ret = x->context;
	if (*ret || !c->bundle || !(x->has_policy || x->profile))
		return 0;
	const struct calling calling = {
		.verb = "create",
		.bundle = c->bundle,
		.config = c->root,
		.rootless = rootless(),
		.host = x->root,
		.kubelet = x->policy.kubelet,
		.caller = { .uid = (uid_t)-1 },
	};
	return context_make(a, &calling, CONTEXT_ALL, ret, reterr);
}

int judge_once(struct arena *a, const struct against *x, const struct checked *c, const struct outcome *one,
	struct report *ret, struct fail *reterr)
{
	const struct doc *context;
	const struct host host = {
		.root = one->host->live ? x->root : -1,
		.live = one->host->live,
		.cache = x->cache,
		.given = one->host->document,
		.bundle = c->bundle,
	};
	const int r = find_context(a, x, c, &context, reterr);
	const struct evaluation e = {
		.file = c->file,
		.text = c->source.text,
		.root = c->root,
		.below = "",
		.policy = &x->policy,
		.host = one->host->live || one->host->document ? &host : NULL,
		.delegate = one->delegate->document,
		.context = context,
	};
	return r < 0 ? r : evaluate(a, &e, ret, NULL, reterr);
}

static int judge(struct checked *c, const struct report *unparsed, struct outcome *one, struct output *o)
{
	const struct against *x = o->against;
	struct report report = *unparsed;
	struct fail why = { 0 };
	struct arena a;

	arena_init(&a, LIMIT_ARENA);
	int r = c->root ? judge_once(&a, x, c, one, &report, &why) : 0;
	if (r == 0) {
		const struct decision d = decide(&x->policy, &report, NULL, false);
		one->decision = c->root ? d.kind : DECISION_DENY;
		one->runs = c->root && d.may_run;
		one->errors = report.errors;
		one->warnings = report.warnings;
		one->infos = report.infos;
		one->exempted = report.exempted;
		one->left_out = report_left_out(&report);
		if (report.applied && !c->applied)
			c->applied = arena_copy(c->arena, bytes_of(report.applied->profile));
		if (!noted_add(c, &report, (size_t)(one - c->outcomes)))
			r = -ENOMEM;
		if (o->format->outcome && r == 0)
			o->format->outcome(o, c, &report, one);
		r = o->to.cut ? -ENOMEM : r;
	}
	if (r < 0 && r != -ENOMEM)
		(void)trouble("%s cannot be judged: %s", c->given, why.says[0] ? why.says : errno_words(r));
	arena_done(&a);
	return r;
}

/* What outlives the document: its outcomes, and its name. */
static void forget(struct checked *c, struct output *o, bool keep)
{
	c->file = keep ? arena_copy(&o->arena, bytes_of(c->file)) : NULL;
	c->source = (struct source){ 0 };
	c->root = NULL;
	c->noted = NULL;
	c->noted_count = c->noted_room = 0;
	c->arena = NULL;
	c->bundle = c->applied = NULL;
}

int judge_all(struct checked *c, const struct against *x, struct output *o)
{
	const size_t count = x->hosts.count * x->delegates.count;
	struct report unparsed = { 0 };
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA);
	c->arena = &arena;
	c->all = count;
	c->outcomes = arena_array(&o->arena, count + 1, sizeof(*c->outcomes));
	int r = c->outcomes ? read_document(c, x, o, &unparsed) : -ENOMEM;
	for (size_t h = 0; h < x->hosts.count && r == 0; h++)
		for (size_t d = 0; d < x->delegates.count && r == 0; d++) {
			struct outcome *one = &c->outcomes[c->count++];
			one->host = &x->hosts.list[h];
			one->delegate = &x->delegates.list[d];
			r = judge(c, &unparsed, one, o);
		}
	if (r == 0 && o->format->document)
		o->format->document(o, c);
	if (r == 0 && o->to.cut)
		r = -ENOMEM;
	forget(c, o, r == 0);
	if (r == 0 && !c->file)
		r = -ENOMEM;
	if (r == -ENOMEM)
		(void)trouble("%s cannot be judged: no memory", c->given);
	arena_done(&arena);
	return r;
}
