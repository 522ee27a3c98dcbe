/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl host: what this host has, as runvet would find it for the user who calls it. The JSON is what
 * `runvetctl check --host FILE` takes elsewhere; the text says the same, by the same names, for reading.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "ctl/option.h"
#include "ctl/show.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

/* Every member that a host document can have, in its order; places need a document. */
static const char *const sections[] = { "kernel", "self", "namespaces", "init", "cgroup", "seccomp", "lsm", "apparmor",
	"selinux", "capabilities", "filesystems", "limits", "cpus", "nodes", "hugePages", "scheduler", "interfaces",
	"rdma", "resctrl", "clocks", "hardware", "tuning", "gpu" };

#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static void write_text(const struct doc *host, struct text *to)
{
	struct show_line unknown = { .to = to, .indent = strlen("unknown:") + 1 };
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
				show_tree(name, m, to);
			}
		else
			show_member("", d, to);
	}
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct doc *d = doc_get(host, sections[i]);
		if (d && (d->type != DOC_OBJECT || d->first || strcmp(sections[i], "seccomp") == 0))
			continue;
		if (!unknown.column)
			text_add(to, "unknown: ");
		if (!unknown.column)
			unknown.column = unknown.indent;
		show_word(&unknown, sections[i]);
	}
	text_add(to, unknown.column ? "\n" : "");
}

static void write_json(const struct doc *host, struct text *to)
{
	doc_write(host, true, to);
	text_char(to, '\n');
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
	const char *format = NULL;
	const struct option options[] = { { .name = "--format", .value = &format, .choices = option_text_json },
		{ 0 } };
	const int code = options_only(&verb_host, options, argc, argv);

	return code == CTL_GOOD ? show(option_is(format, "json") ? write_json : write_text) : code;
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
		"  -h, --help         this text\n"
		"\nExamples:\n"
		"  runvetctl host\n"
		"  runvetctl host --format json > node7.json\n",
	.run = run,
};
