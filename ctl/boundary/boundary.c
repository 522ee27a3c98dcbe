/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl boundary: what was declared for a container and what it really has, side by side. What differs is judged by
 * the rows that a start is judged by; nothing is changed, and nothing of the container is disturbed.
 *
 *	container.c    which container is meant
 *	settled.c      what create settled for its start: modes, exemptions
 *	sides.c        both sides of every field, in sides_*.c by subject, and which of them differ
 *	print.c        the table; print_json.c the same as JSON
 */
#include "ctl/boundary/boundary.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ctl/check/paint.h"
#include "ctl/input.h"
#include "ctl/option.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/check.h"
#include "validate/host/boundary.h"
#include "validate/host/read.h"

/* Reads what was declared. CTL_GOOD, or an exit code once it has complained. */
static int read_config(struct looked *l)
{
	const struct doc_options options = { .file = "config.json", .cause = CAUSE_BUNDLE };
	struct fail why;
	if (!l->of.bundle)
		return trouble("its runtime does not say where its bundle is: --bundle DIR does");
	if (input_get(l->a, l->of.bundle, &l->file, &l->text) < 0)
		return CTL_USAGE;
	if (doc_parse(l->a, l->text, &options, &l->config, &why) < 0)
		return trouble("%s:%u:%u: %s", l->file, why.place.line, why.place.column, why.says);
	return CTL_GOOD;
}

static int look(struct looked *l, int top)
{
	const struct boundary_of of = {
		.pid = l->of.pid,
		.started = l->of.started,
		.config = l->config,
		.top = top,
		.bundle = l->of.bundle,
		.created = l->of.state == RUNNING_CREATED,
	};
	struct fail why = { 0 };
	if (boundary_look(l->a, &of, &l->boundary, &why) < 0)
		return trouble("%s", why.says);
	if (!doc_get(l->boundary, "process"))
		return trouble("process %d cannot be seen: it has ended, or may not be looked at", (int)l->of.pid);
	const struct check_input in = {
		.file = l->file,
		.text = l->text,
		.root = l->config,
		.of = OF_BOUNDARY,
		.below = "",
		.boundary = l->boundary,
	};
	settled_find(l);
	const int r = l->wanted ? settled_judge(l, &in, &why) : check(l->a, &in, &l->report, &why);
	return r < 0 ? trouble("%s", why.says[0] ? why.says : errno_words(r)) : CTL_GOOD;
}

/* Whether it is a container whose boundary is one of the kernel's. */
static int can_be_seen(const struct running *r)
{
	if (r->runtime && strcmp(r->runtime, "runsc") == 0)
		return trouble("%s runs in gVisor's own kernel: what its process has is not what it has", r->id);
	if (r->state == RUNNING_STOPPED)
		return trouble("%s has stopped: there is nothing to be seen of it", r->id);
	if (r->pid <= 0)
		return trouble("of %s no process is known%s%s", r->id, r->trouble ? ": " : "",
			r->trouble ? r->trouble : "");
	return CTL_GOOD;
}

static int print(const struct looked *l, bool json)
{
	struct text to = text_growing(l->a);
	struct sides s;
	if (!sides_make(l, &s))
		return trouble("no memory");
	if (json)
		print_json(&s, &to);
	else
		print_text(&s, paint_columns(STDOUT_FILENO), &to);
	return to.cut ? trouble("no memory") : put(to.data);
}

static int show(const struct wanted *w, bool json)
{
	cleanup_close int top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct looked l = { .a = &a };
	int code = top < 0 ? trouble("/ cannot be opened") : which_container(&a, top, w, &l.of);
	if (code == CTL_GOOD && w->bundle)
		l.of.bundle = w->bundle;
	if (code == CTL_GOOD)
		code = can_be_seen(&l.of);
	if (code == CTL_GOOD)
		code = read_config(&l);
	if (code == CTL_GOOD)
		code = look(&l, top);
	if (code == CTL_GOOD)
		code = print(&l, json);
	if (code == CTL_GOOD && looked_counts(&l) > 0)
		code = CTL_FOUND;
	arena_done(&a);
	return code;
}

static int run(int argc, char **argv)
{
	const char *pid = NULL, *format = NULL;
	struct wanted w = { 0 };
	uint64_t number = 0;
	const struct option options[] = {
		{ .name = "--pid", .value = &pid },
		{ .name = "--bundle", .value = &w.bundle },
		{ .name = "--root", .value = &w.root },
		{ .name = "--format", .value = &format, .choices = option_text_json },
		{ 0 },
	};
	const int count = options_read(&verb_boundary, options, argc, argv);
	if (count < 0)
		return CTL_USAGE;
	if (pid && (!read_number(bytes_of(pid), &number) || number == 0 || number > INT32_MAX))
		return usage(&verb_boundary, "--pid takes the number of a process, got %s", pid);
	if (pid && count > 0)
		return usage(&verb_boundary, "a container and --pid are two ways to say which");
	if (pid && !w.bundle)
		return usage(&verb_boundary, "--pid needs --bundle DIR: what was declared");
	if (!pid && count != 1)
		return usage(&verb_boundary, count ? "one container at a time" : "which container?");
	w.pid = (pid_t)number;
	w.container = pid ? NULL : argv[1];
	return show(&w, option_is(format, "json"));
}

const struct verb verb_boundary = {
	.name = "boundary",
	.summary = "show what a container really has beside what was declared",
	.help = "Usage: runvetctl boundary CONTAINER [--root ROOT] [--bundle DIR]\n"
		"                           [--format text|json]\n"
		"       runvetctl boundary --pid PID --bundle DIR [--format text|json]\n\n"
		"Looks at the first process of a container that is created or runs, whichever\n"
		"engine and runtime started it, and shows each field of its config.json beside\n"
		"what the kernel says: namespaces, capabilities, ids, mounts, masked paths,\n"
		"devices, the cgroup's limits, security labels. What differs is marked and told\n"
		"in words below. Nothing is changed. What create settled for the start of this\n"
		"container, by the policy of then, holds here: what is exempt, or a rule that is\n"
		"off, is told as that and does not count.\n\n"
		"CONTAINER is an id, the beginning of one, or a name as its engine has it\n"
		"(web, or NAMESPACE/POD/NAME of Kubernetes).\n\n"
		"      --root ROOT         the containers of that runtime root only\n"
		"      --bundle DIR        its config.json instead of the one its runtime names\n"
		"      --pid PID           a process that no runtime knows of\n"
		"      --format text|json  text is the default\n"
		"  -h, --help              this text\n\n"
		"The first column: = as declared, ! differs, ~ differs without letting it do\n"
		"more, x differs and is exempt, ? cannot be seen, nothing where config.json does\n"
		"not speak of it.\n\n"
		"Examples:\n"
		"  runvetctl boundary web\n"
		"  runvetctl boundary --format json 4f1c | jq .findings\n\n"
		"Exit status: 0 nothing differs but what is exempt, 1 something does that a start\n"
		"would refuse or record, 2 it could not be looked at.\n",
	.run = run,
};
