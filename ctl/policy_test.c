/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl policy test: the cases that a site writes beside its policy, judged by the one evaluator. A file that a
 * case names is looked for beside the file that names it. Facts without "trust" are believed: the case says them.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/input.h"
#include "ctl/policy.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/check.h"
#include "validate/doc/make.h"
#include "validate/policy/decide.h"
#include "validate/policy/evaluate.h"

struct testing {
	struct opened *o;
	struct text *to;
	const char *file; /* that the cases are from */
	struct bytes text;
	size_t run, failed;
	bool trouble; /* something could not be read */
};

struct given {
	const char *name;
	struct bytes text;
	const struct doc *root;
};

/* A document of a case: written there, or in a file beside it. False, said, when it cannot be had. */
static bool get(struct testing *t, const struct doc *d, struct given *ret)
{
	const struct doc_options options = { .file = "test", .cause = CAUSE_BUNDLE };
	struct arena *a = &t->o->arena;
	struct fail why = { 0 };

	*ret = (struct given){ .name = t->file, .text = t->text, .root = d };
	if (!d)
		return true;
	if (d->type == DOC_OBJECT) {
		/* Judged by itself, so that its places are its own. */
		struct text own = text_growing(a);
		doc_write(d, false, &own);
		ret->text = (struct bytes){ own.data, own.len };
		return doc_parse(a, ret->text, &options, &ret->root, &why) == 0;
	}
	const char *slash = strrchr(t->file, '/'), *name = arena_copy(a, d->string);
	const char *path = !name           ? NULL
		: name[0] == '/' || !slash ? name
					   : arena_printf(a, "%.*s%s", (int)(slash - t->file) + 1, t->file, name);
	if (!path || input_get(a, path, &ret->name, &ret->text) < 0)
		return false;
	if (doc_parse(a, ret->text, &options, &ret->root, &why) == 0)
		return true;
	(void)trouble("%s:%u:%u: %s", path, why.place.line, why.place.column, why.says);
	return false;
}

/* The facts of a case, believed unless it says how far. */
static const struct doc *believed(struct arena *a, const struct doc *facts)
{
	if (!facts || doc_get(facts, "trust"))
		return facts;
	struct doc *all = make_document(a), *trust;
	for (const struct doc *m = facts->first; m; m = m->next)
		(void)make_copy(a, all, arena_copy(a, m->key), m);
	trust = make_object(a, all, "trust");
	for (const struct doc *m = facts->first; m; m = m->next)
		(void)make_string(a, trust, arena_copy(a, m->key), BYTES("kernel"));
	return all;
}

static const char *below_of(struct bytes verb)
{
	return bytes_is(verb, "exec") ? "process" : bytes_is(verb, "update") ? "linux.resources" : "";
}

/* Whether every rule that is expected is broken, as an error; an empty list expects that none is. */
static bool rules_fit(const struct doc *want, const struct report *r)
{
	if (want && !want->first)
		return r->errors == 0;
	for (const struct doc *e = want ? want->first : NULL; e; e = e->next) {
		bool found = false;
		for (size_t i = 0; i < r->count && !found; i++)
			found = r->findings[i].severity == SEV_ERROR && bytes_is(e->string, r->findings[i].id);
		if (!found)
			return false;
	}
	return true;
}

static void tell(struct testing *t, const struct doc *test, bool good, const struct decision *d, const struct report *r)
{
	text_add(t->to, good ? "ok: " : "not ok: ");
	text_shown(t->to, doc_string(test, "name", (struct bytes){ 0 }), 200);
	text_char(t->to, '\n');
	if (good)
		return;
	const struct place place = doc_place(t->text, test->offset);
	text_printf(t->to, "  %s:%u:%u: it is expected to be ", t->file, place.line, place.column);
	text_shown(t->to, doc_string(test, "expect.decision", (struct bytes){ 0 }), 20);
	if (doc_find(test, "expect.rules")) {
		text_add(t->to, " by ");
		doc_write(doc_find(test, "expect.rules"), false, t->to);
	}
	text_printf(t->to, ", and is %s\n", decision_name(d->kind));
	for (size_t i = 0; i < r->count; i++)
		if (r->findings[i].severity == SEV_ERROR) {
			text_add(t->to, "    ");
			finding_write(&r->findings[i], SHOW_ALL, t->to);
			text_printf(t->to, " [%s]\n", r->findings[i].id);
		}
}

/* What is found at start, held against what create settled. What create refuses has none. */
static int go_on(struct testing *t, const struct doc *test, const struct evaluation *e, struct report *report,
	struct decision *d)
{
	const struct policy_start_case c = {
		.config = e->root,
		.wanted = report->applied ? report->applied->start : NULL,
		.found = doc_get(test, "start"),
		.now = e->now,
	};
	struct report found = { 0 };
	struct policy p;

	*d = decide(&t->o->policy, report, NULL, false);
	if (!c.found || !d->may_run)
		return 0;
	const int r = policy_test_start(&t->o->arena, &c, &found);
	policy_default(&p);
	*report = found;
	*d = decide(&p, report, NULL, false);
	return r;
}

static void run_one(struct testing *t, const struct doc *test)
{
	struct arena *a = &t->o->arena;
	struct given config, facts, given;
	struct report report = { 0 };
	struct fail why = { 0 };

	t->run++;
	if (!get(t, doc_get(test, "config"), &config) || !get(t, doc_get(test, "facts"), &facts) ||
		!get(t, doc_get(test, "host"), &given)) {
		t->failed++;
		t->trouble = true;
		return;
	}
	const struct host host = { .root = -1, .given = given.root };
	struct evaluation e = {
		.file = config.name,
		.text = config.text,
		.root = config.root,
		.below = below_of(doc_string(test, "verb", (struct bytes){ 0 })),
		.policy = &t->o->policy,
		.host = given.root ? &host : NULL,
		.context = believed(a, facts.root),
	};
	(void)when_read(doc_string(test, "now", (struct bytes){ 0 }), &e.now);
	struct decision d;
	const int r = evaluate(a, &e, &report, NULL, &why);
	if (r < 0)
		(void)trouble("%s", why.says);
	if (r < 0 || go_on(t, test, &e, &report, &d) < 0) {
		t->failed++;
		t->trouble = true;
		return;
	}
	const bool good = bytes_is(doc_string(test, "expect.decision", (struct bytes){ 0 }), decision_name(d.kind)) &&
		rules_fit(doc_find(test, "expect.rules"), &report);
	t->failed += !good;
	tell(t, test, good, &d, &report);
}

static void run_list(struct testing *t, const struct doc *root)
{
	const struct doc *tests = doc_get(root, "tests");
	for (const struct doc *d = tests ? tests->first : NULL; d; d = d->next)
		run_one(t, d);
}

/* A file of nothing but cases: a policy file otherwise, and judged like one. */
static void run_file(struct testing *t, const char *path)
{
	const struct doc_options options = { .comments = true, .file = path, .cause = CAUSE_POLICY };
	struct arena *a = &t->o->arena;
	const struct doc *root = NULL;
	struct report report = { 0 };
	struct fail why = { 0 };

	if (input_get(a, path, &t->file, &t->text) < 0) {
		t->trouble = true;
		return;
	}
	int r = doc_parse(a, t->text, &options, &root, &why);
	const struct check_input in = { .file = path, .text = t->text, .root = root, .of = OF_POLICY, .below = "" };
	if (r == 0)
		r = check(a, &in, &report, &why);
	if (r < 0) {
		(void)trouble("%s:%u:%u: %s", path, why.place.line, why.place.column, why.says);
	} else if (report.errors > 0) {
		const struct finding *f = &report.findings[0];
		(void)trouble("%s:%u:%u: %s", path, f->place.line, f->place.column, f->says);
	} else {
		run_list(t, root);
		return;
	}
	t->trouble = true;
}

static int is_test(const struct dirent *e)
{
	static const char end[] = ".test.json";
	const size_t n = strlen(e->d_name), m = sizeof(end) - 1;
	return n > m && e->d_name[0] != '.' && strcmp(e->d_name + n - m, end) == 0;
}

static void run_directory(struct testing *t, const char *dir)
{
	struct dirent **names = NULL;
	const int n = scandir(dir, &names, is_test, alphasort);
	for (int i = 0; i < n; i++) {
		const char *path = arena_printf(&t->o->arena, "%s/%s", dir, names[i]->d_name);
		if (path)
			run_file(t, path);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static int run(int argc, char **argv)
{
	struct opened o;
	if (argc > 2)
		return usage(&verb_policy, "test takes one policy, got %s as well", argv[2]);
	if (policy_open(argc > 1 ? argv[1] : NULL, &o) < 0) {
		(void)policy_print_faults(&o);
		policy_close(&o);
		return CTL_FOUND;
	}
	struct text to = text_growing(&o.arena);
	struct testing t = { .o = &o, .to = &to };
	for (size_t i = 0; i < o.policy.file_count; i++) {
		t.file = o.policy.files[i].path;
		t.text = o.policy.files[i].text;
		run_list(&t, o.policy.files[i].root);
	}
	const char *slash = strrchr(o.path, '/');
	const char *dir = slash ? arena_copy(&o.arena, (struct bytes){ o.path, (size_t)(slash - o.path) }) : ".";
	const char *sub = dir ? arena_printf(&o.arena, "%s/policy.d", dir) : NULL;
	if (sub) {
		run_directory(&t, dir);
		run_directory(&t, sub);
	}
	text_printf(&to, "%zu case%s, %zu failed\n", t.run, t.run == 1 ? "" : "s", t.failed);
	int code = to.cut ? trouble("no memory for the output") : put(to.data);
	if (code == CTL_GOOD)
		code = t.trouble ? CTL_USAGE : t.failed > 0 ? CTL_FOUND : CTL_GOOD;
	policy_close(&o);
	return code;
}

const struct subverb policy_test = { .name = "test", .summary = "run the cases of a policy", .run = run };
