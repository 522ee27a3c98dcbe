/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl host: what this host has, as runvet would find it for the user who calls it. The JSON is what
 * `runvetctl check --host FILE` takes elsewhere; the text says the same, by the same names, for reading.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "ctl/ctl.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

#define COLUMNS 80u
#define INDENT 2u
#define VALUES 24u /* column in which values begin, where the name leaves room for it */

/* Every member that a host document can have, in its order; places need a document. */
static const char *const sections[] = { "kernel", "self", "namespaces", "init", "cgroup", "seccomp", "lsm", "apparmor",
	"selinux", "capabilities", "filesystems", "limits", "cpus", "nodes", "hugePages", "scheduler", "interfaces",
	"rdma", "resctrl", "clocks" };

#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

/* A paragraph under way: words are set one after the other, and wrapped before the last column. */
struct line {
	struct text *to;
	size_t column, indent;
};

static void word(struct line *l, const char *w)
{
	const size_t n = strlen(w);
	if (l->column > l->indent && l->column + 1 + n > COLUMNS) {
		text_printf(l->to, "\n%*s", (int)l->indent, "");
		l->column = l->indent;
	} else if (l->column > l->indent) {
		text_char(l->to, ' ');
		l->column++;
	}
	text_add(l->to, w);
	l->column += n;
}

static void scalar_write(const struct doc *d, struct text *to)
{
	if (d->type == DOC_STRING)
		text_shown(to, d->string, LIMIT_FIELD);
	else if (d->type == DOC_BOOL)
		text_add(to, d->boolean ? "yes" : "no");
	else if (d->type == DOC_INT && !d->integer.negative && d->integer.magnitude == UINT64_MAX)
		text_add(to, "unlimited");
	else
		doc_write(d, false, to);
}

static bool is_scalar(const struct doc *d)
{
	return d->type != DOC_OBJECT && d->type != DOC_ARRAY;
}

/* Whether it fits behind its name: a value, or a list or an object of values. */
static bool is_flat(const struct doc *d)
{
	for (const struct doc *e = is_scalar(d) ? NULL : d->first; e; e = e->next)
		if (!is_scalar(e))
			return false;
	return true;
}

static void flat_write(const struct doc *d, struct line *l)
{
	char shown[256];
	struct text one = text_over(shown, sizeof(shown));
	if (is_scalar(d)) {
		scalar_write(d, &one);
		word(l, shown);
		return;
	}
	if (!d->first)
		word(l, "-");
	for (const struct doc *e = d->first; e; e = e->next) {
		one = text_over(shown, sizeof(shown));
		if (d->type == DOC_OBJECT) {
			text_shown(&one, e->key, 100);
			text_char(&one, ' ');
		}
		scalar_write(e, &one);
		if (d->type == DOC_OBJECT && e->next)
			text_char(&one, ',');
		word(l, shown);
	}
}

/* A name, and its value in the column of values. */
static void member_write(const char *name, const struct doc *d, struct text *to)
{
	struct line l = { .to = to };
	const size_t n = strlen(name) + INDENT;
	text_printf(to, "%*s%s", (int)INDENT, "", name);
	if (n + 1 > VALUES)
		text_char(to, '\n');
	l.indent = l.column = VALUES;
	text_printf(to, "%*s", (int)(n + 1 > VALUES ? VALUES : VALUES - n), "");
	flat_write(d, &l);
	text_char(to, '\n');
}

static void tree_write(const char *name, const struct doc *d, struct text *to)
{
	char shown[160];
	if (is_flat(d)) {
		member_write(name, d, to);
		return;
	}
	for (const struct doc *e = d->first; e; e = e->next) {
		struct text path = text_over(shown, sizeof(shown));
		text_add(&path, name);
		if (d->type == DOC_OBJECT) {
			text_add(&path, *name ? "." : "");
			text_shown(&path, e->key, 100);
		}
		if (d->type == DOC_ARRAY)
			member_write(shown, e, to);
		else
			tree_write(shown, e, to);
	}
}

static void write_text(const struct doc *host, struct text *to)
{
	struct line unknown = { .to = to, .indent = strlen("unknown:") + 1 };
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct doc *d = doc_get(host, sections[i]);
		if (!d || (d->type == DOC_OBJECT && !d->first && strcmp(sections[i], "seccomp") != 0))
			continue;
		text_printf(to, "%s\n", sections[i]);
		if (d->type == DOC_OBJECT && d->first)
			for (const struct doc *m = d->first; m; m = m->next) {
				char name[128];
				struct text shown = text_over(name, sizeof(name));
				text_shown(&shown, m->key, 100);
				tree_write(name, m, to);
			}
		else
			member_write("", d, to);
	}
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct doc *d = doc_get(host, sections[i]);
		if (d && (d->type != DOC_OBJECT || d->first || strcmp(sections[i], "seccomp") == 0))
			continue;
		if (!unknown.column)
			text_add(to, "unknown: ");
		if (!unknown.column)
			unknown.column = unknown.indent;
		word(&unknown, sections[i]);
	}
	text_add(to, unknown.column ? "\n" : "");
}

static void write_json(const struct doc *host, struct text *to)
{
	doc_write(host, true, to);
	text_char(to, '\n');
}

static const struct {
	const char *name;
	void (*write)(const struct doc *host, struct text *to);
} formats[] = { { "text", write_text }, { "json", write_json } };

static int choose(const char *name, void (**ret)(const struct doc *, struct text *))
{
	for (size_t i = 0; name && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name, formats[i].name) == 0) {
			*ret = formats[i].write;
			return CTL_GOOD;
		}
	return name ? usage(&verb_host, "unknown format %s: text or json", name)
		    : usage(&verb_host, "--format needs a value: text or json");
}

static int show(void (*write)(const struct doc *, struct text *))
{
	cleanup_close int root = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	const struct host h = { .root = root, .live = true };
	const struct doc *found = NULL;
	struct fail broken;
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct text to = text_growing(&a);
	int r = root < 0 ? root : host_all(&a, &h, &found, &broken);
	if (r == 0)
		write(found, &to);
	r = r < 0        ? trouble("%s", root < 0 ? "the root directory cannot be opened" : broken.says)
		: to.cut ? trouble("no memory for the output")
			 : put(to.data);
	arena_done(&a);
	return r;
}

static int run(int argc, char **argv)
{
	static const char *const options[] = { "--format", "--help", NULL };
	void (*write)(const struct doc *, struct text *) = write_text;
	int r = CTL_GOOD;
	for (int i = 1; i < argc && r == CTL_GOOD; i++) {
		if (strcmp(argv[i], "--format") == 0)
			r = choose(argv[++i], &write);
		else if (strncmp(argv[i], "--format=", 9) == 0)
			r = choose(argv[i] + 9, &write);
		else if (argv[i][0] == '-')
			r = usage_option(&verb_host, argv[i], options);
		else
			r = usage(&verb_host, "host takes no argument, got %s", argv[i]);
	}
	return r == CTL_GOOD ? show(write) : r;
}

const struct verb verb_host = {
	.name = "host",
	.summary = "show what this host has",
	.help = "Usage: runvetctl host [--format text|json]\n\n"
		"Shows what runvet holds containers against: what the kernel knows and allows,\n"
		"cgroups, security modules, devices, and what the calling user may do. What\n"
		"cannot be told is left out: it is unknown, and no container is refused for it.\n\n"
		"      --format text  for reading (the default)\n"
		"      --format json  the host document, which runvetctl check --host FILE takes\n"
		"                     on another machine\n"
		"  -h, --help         this text\n",
	.run = run,
};
