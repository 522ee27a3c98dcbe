/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl doctor: is this node covered? Nothing is changed, no daemon is asked for more than what it was told, and
 * each row says what to type. What cannot be closed (root may run any program) is a remark, shown with --all.
 */
#include "ctl/node/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl/option.h"
#include "ctl/node/wrap.h"
#include "validate/base/limits.h"
#include "validate/base/near.h"
#include "validate/doc/make.h"

static const struct {
	const char *name;
	void (*look)(struct doctor *d);
} engines[] = {
	{ "docker", doctor_docker },
	{ "buildkit", doctor_buildkit },
	{ "containerd", doctor_containerd },
	{ "cri-o", doctor_crio },
	{ "podman", doctor_podman },
};

#define ENGINES (sizeof(engines) / sizeof(engines[0]))

/* --- text ------------------------------------------------------------------------------------------------------ */

struct print {
	struct text to;
	bool colour, all;
};

static const char *paint(const struct print *p, enum severity s)
{
	if (!p->colour)
		return "";
	return s == SEV_ERROR ? "\033[1;31m" : s == SEV_WARNING ? "\033[1;33m" : "\033[1;34m";
}

/* What to type is never broken: it will be copied. */
static void print_row(struct print *p, const struct ailment *x)
{
	const struct symptom_row *s = &symptom_rows[x->symptom];

	text_printf(&p->to, "  %s%-8s%s %s\n", paint(p, x->severity), severity_name(x->severity),
		p->colour ? "\033[0m" : "", s->id);
	wrap_words(&p->to, 4, x->what);
	wrap_words(&p->to, 4, s->why);
	for (const char *line = x->mend; line && *line;) {
		const size_t n = strcspn(line, "\n");
		text_printf(&p->to, "    %s %.*s\n", line == x->mend ? "->" : "  ", (int)n, line);
		line += n + (line[n] == '\n');
	}
	text_char(&p->to, '\n');
}

static void print_rows(struct print *p, const struct doctor *d, const char *engine)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct ailment *x = &d->rows[i];
		const bool here = engine ? x->engine && strcmp(x->engine, engine) == 0 : !x->engine;
		if (here && (p->all || x->severity > SEV_INFO))
			print_row(p, x);
	}
}

static size_t rows_of(const struct print *p, const struct doctor *d, const char *engine)
{
	size_t n = 0;
	for (size_t i = 0; i < d->count; i++) {
		const struct ailment *x = &d->rows[i];
		n += (engine ? x->engine && strcmp(x->engine, engine) == 0 : !x->engine) &&
			(p->all || x->severity > SEV_INFO);
	}
	return n;
}

static void print_engine(struct print *p, const struct doctor *d, const struct seen_engine *e)
{
	const size_t rows = rows_of(p, d, e->name);

	text_printf(&p->to, "%-11s ", e->title);
	if (!e->present)
		text_add(&p->to, "is not here");
	else if (e->covered)
		text_printf(&p->to, "goes through runvet%s%s", e->runtime ? " by default: " : "",
			e->runtime ? e->runtime : "");
	else
		text_printf(&p->to, "does not go through runvet by default%s%s", e->runtime ? ": " : "",
			e->runtime ? e->runtime : "");
	if (e->present && e->covered && rows)
		text_printf(&p->to, "; see below");
	text_add(&p->to, "\n");
	if (rows) {
		text_char(&p->to, '\n');
		print_rows(p, d, e->name);
	}
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static int print_text(const struct doctor *d, bool all)
{
	struct print p = { .to = text_growing(d->node->a), .colour = isatty(STDOUT_FILENO) == 1, .all = all };

	for (size_t i = 0; i < d->engine_count; i++)
		print_engine(&p, d, &d->engines[i]);
	const size_t own = rows_of(&p, d, NULL);
	text_printf(&p.to, "%-11s %s\n", "runvet", own ? "" : "is in order");
	if (own) {
		text_char(&p.to, '\n');
		print_rows(&p, d, NULL);
	} else {
		text_char(&p.to, '\n');
	}
	if (d->errors + d->warnings == 0)
		text_add(&p.to, "This node is covered.");
	else
		text_printf(&p.to, "%zu error%s, %zu warning%s.", d->errors, plural(d->errors), d->warnings,
			plural(d->warnings));
	if (d->infos && !all)
		text_printf(&p.to, " %zu remark%s with --all.", d->infos, plural(d->infos));
	text_char(&p.to, '\n');
	return put(p.to.data);
}

/* --- JSON ------------------------------------------------------------------------------------------------------ */

static void put_row(struct arena *a, struct doc *list, const struct ailment *x)
{
	struct doc *to = make_object(a, list, NULL);

	(void)make_string(a, to, "id", bytes_of(symptom_rows[x->symptom].id));
	(void)make_string(a, to, "severity", bytes_of(severity_name(x->severity)));
	if (x->engine)
		(void)make_string(a, to, "engine", bytes_of(x->engine));
	(void)make_string(a, to, "what", bytes_of(x->what));
	(void)make_string(a, to, "why", bytes_of(symptom_rows[x->symptom].why));
	if (x->mend)
		(void)make_string(a, to, "mend", bytes_of(x->mend));
}

static int print_json(const struct doctor *d)
{
	struct arena *a = d->node->a;
	struct doc *root = make_document(a), *list = make_array(a, root, "engines");
	struct text to = text_growing(a);

	for (size_t i = 0; i < d->engine_count; i++) {
		const struct seen_engine *e = &d->engines[i];
		struct doc *one = make_object(a, list, NULL);
		(void)make_string(a, one, "name", bytes_of(e->name));
		(void)make_bool(a, one, "present", e->present);
		(void)make_bool(a, one, "covered", e->covered);
		if (e->file)
			(void)make_string(a, one, "file", bytes_of(e->file));
		if (e->runtime)
			(void)make_string(a, one, "runtime", bytes_of(e->runtime));
		if (e->pid)
			(void)make_uint(a, one, "pid", (uint64_t)e->pid);
	}
	list = make_array(a, root, "findings");
	for (size_t i = 0; i < d->count; i++)
		put_row(a, list, &d->rows[i]);
	(void)make_uint(a, root, "errors", d->errors);
	(void)make_uint(a, root, "warnings", d->warnings);
	(void)make_uint(a, root, "infos", d->infos);
	if (!make_whole(root))
		return trouble("no memory");
	doc_write(root, true, &to);
	text_char(&to, '\n');
	return to.cut ? trouble("no memory") : put(to.data);
}

/* --- the verb -------------------------------------------------------------------------------------------------- */

static void look(struct doctor *d)
{
	for (size_t i = 0; i < ENGINES; i++) {
		d->engine = NULL;
		engines[i].look(d);
	}
	d->engine = NULL;
	size_t here = 0;
	for (size_t i = 0; i < d->engine_count; i++)
		here += d->engines[i].present;
	if (!here)
		doctor_add(d, S_ENGINE_NONE, "no engine was found",
			"runvetctl doctor --help has the names that are known");
	doctor_own(d);
	doctor_policy(d);
	doctor_sinks(d);
	doctor_kernel(d);
	doctor_running(d);
}

static int unknown_engine(const char *word)
{
	const char *names[ENGINES + 1] = { NULL };

	for (size_t i = 0; i < ENGINES; i++)
		names[i] = engines[i].name;
	const char *near = near_word(bytes_of(word), names);
	return near ? usage(&verb_doctor, "unknown engine %s; did you mean %s?", word, near)
		    : usage(&verb_doctor, "unknown engine %s: docker, buildkit, containerd, cri-o or podman", word);
}

static int run(int argc, char **argv)
{
	const char *only[ENGINES + 1] = { NULL }, *root = NULL, *format = NULL;
	bool all = false;
	const struct option options[] = {
		{ .name = "--format", .value = &format, .choices = option_text_json },
		{ .name = "--root", .value = &root },
		{ .name = "--all", .flag = &all },
		{ 0 },
	};
	const int count = options_read(&verb_doctor, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	for (int i = 0; i < count; i++) {
		size_t e = 0;
		while (e < ENGINES && strcmp(engines[e].name, argv[1 + i]) != 0)
			e++;
		if (e == ENGINES)
			return unknown_engine(argv[1 + i]);
		if (i < (int)ENGINES)
			only[i] = argv[1 + i];
	}
	struct arena a;
	struct node n;
	arena_init(&a, LIMIT_ARENA);
	int code = node_open(&a, root, &n);
	if (code < 0) {
		code = trouble("%s cannot be opened: %s", root ? root : "/", errno_words(code));
	} else {
		struct doctor d = { .node = &n, .only = only };
		look(&d);
		code = option_is(format, "json") ? print_json(&d) : print_text(&d, all);
		code = code == CTL_GOOD && d.errors ? CTL_FOUND : code;
	}
	node_close(&n);
	arena_done(&a);
	return code;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.summary = "tell whether this node is covered, and how to mend it",
	.help = "Usage: runvetctl doctor [--format text|json] [--all] [--root DIR] [ENGINE...]\n\n"
		"Looks at the engines of this node, as their files have them and as the running\n"
		"daemons say: which runtimes there are, which of them are runvet, which is the\n"
		"default, and which ways around it remain. Then at runvet's own part: its names,\n"
		"policy, runtimes, audit trail and break-glass file. Nothing is changed.\n\n"
		"ENGINE is docker, buildkit, containerd, cri-o or podman; all that are here when\n"
		"none is named.\n\n"
		"      --format text|json  text is the default\n"
		"      --all               remarks, too: what cannot be closed, or needs no haste\n"
		"      --root DIR          another machine's tree: no process is asked there\n"
		"  -h, --help              this text\n\n"
		"Examples:\n"
		"  runvetctl doctor\n"
		"  runvetctl doctor --format json docker | jq -r '.findings[].mend'\n\n"
		"Exit status: 0 no error, 1 findings of severity error, 2 it could not be asked.\n",
	.run = run,
};
