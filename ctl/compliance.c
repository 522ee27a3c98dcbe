/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl compliance: what of the runtime-spec a delegate does on a host, as a map that is generated from what runvet
 * judges containers by, and, with --probe, from containers that are run for it.
 */
#include "ctl/compliance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "config.h"
#include "ctl/check/check.h"
#include "ctl/option.h"
#include "ctl/probe.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/host.h"

struct asked_for {
	const char *delegate, *host; /* NULL: what plain runvet becomes; this machine */
	void (*write)(const struct comply_map *m, struct text *to);
	bool probe;
};

/* The delegate that plain runvet becomes. */
static const char *default_delegate(struct arena *a)
{
	const struct runtimes_dirs dirs = { .site = RUNVET_SITE "/runtimes.d", .vendor = RUNVET_VENDOR "/runtimes.d" };
	struct runtime r = { 0 };

	return runtime_default(a, &dirs, &r, NULL) == 0 && r.name ? r.name : NULL;
}

/* The one host and the one delegate of the map. */
static int find_both(struct against *x, const struct asked_for *w, struct comply_map *m)
{
	const struct host live = { .root = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0), .live = true };
	const char *delegate = w->delegate ? w->delegate : default_delegate(&x->arena);
	const char *host = w->host ? w->host : "live";
	struct fail why = { 0 };
	int code = CTL_GOOD, r = 0;

	if (!delegate)
		code = trouble("no delegate is installed");
	else
		code = against_delegate(x, delegate);
	if (code == CTL_GOOD && strcmp(host, "live") != 0)
		code = against_host(x, host);
	if (code == CTL_GOOD && (x->delegates.count != 1 || x->hosts.count > 1))
		code = trouble("a map is of one delegate on one host");
	if (code == CTL_GOOD) {
		m->delegate = x->delegates.list[0].document;
		m->host = x->hosts.count > 0 ? x->hosts.list[0].document : NULL;
	}
	if (code == CTL_GOOD && strcmp(host, "live") == 0)
		r = live.root < 0 ? live.root : host_all(&x->arena, &live, &m->host, &why);
	(void)fd_close(live.root);
	return r < 0 ? trouble("this host cannot be looked at: %s", errno_words(r)) : code;
}

static int show(const struct asked_for *w)
{
	struct against x = { .root = -1 };
	struct comply_map m = { 0 };
	struct fail why = { 0 };

	arena_init(&x.arena, LIMIT_ARENA);
	int code = find_both(&x, w, &m);
	if (code == CTL_GOOD && comply_fields(&x.arena, &m, &why) < 0)
		code = trouble("%s", why.says);
	int signal = 0;
	const char *idle = w->probe ? NULL : "it needs --probe";
	if (code == CTL_GOOD && probe_all(&x.arena, &m, idle, &signal, &why) < 0)
		code = signal ? 128 + signal : trouble("%s", why.says);
	struct text to = text_growing(&x.arena);
	if (code == CTL_GOOD) {
		w->write(&m, &to);
		code = to.cut ? trouble("no memory for the output") : put(to.data);
	}
	against_done(&x);
	return code;
}

static int run(int argc, char **argv)
{
	static const char *const formats[] = { "text", "json", "markdown", NULL };
	struct asked_for w = { .write = compliance_text };
	const char *format = NULL;
	const struct option options[] = {
		{ .name = "--delegate", .value = &w.delegate, .needs = "a name or a file" },
		{ .name = "--format", .value = &format, .choices = formats },
		{ .name = "--host", .value = &w.host, .needs = "live or a file" },
		{ .name = "--probe", .flag = &w.probe },
		{ 0 },
	};
	int code = options_only(&verb_compliance, options, argc, argv);

	if (option_is(format, "json"))
		w.write = compliance_json;
	else if (option_is(format, "markdown"))
		w.write = compliance_markdown;
	if (code == CTL_GOOD && w.probe && w.host && strcmp(w.host, "live") != 0)
		code = usage(&verb_compliance, "--probe runs containers on this host, and goes with --host live alone");
	return code == CTL_GOOD ? show(&w) : code;
}

const struct verb verb_compliance = {
	.name = "compliance",
	.summary = "show what of the specification a delegate does on a host",
	.help = "Usage: runvetctl compliance [--delegate NAME|FILE] [--host live|FILE]\n"
		"                            [--format text|json|markdown] [--probe]\n\n"
		"Shows the runtime specification section by section: each line is full, partial,\n"
		"none or unknown for the delegate on the host, with what says so. What nobody\n"
		"says is unknown, and counted apart.\n\n"
		"      --delegate NAME    a name in runtimes.d (without it: what runvet becomes),\n"
		"                         or a FILE that runvetctl features --format json printed\n"
		"      --host live        this machine (the default), or a FILE that runvetctl\n"
		"                         host --format json printed\n"
		"      --probe            run containers through the delegate, below a directory\n"
		"                         of their own and removed afterwards, for what only they\n"
		"                         can show\n"
		"      --format text      for reading (the default)\n"
		"      --format json      one object: {\"delegate\",\"host\",\"sums\",\"lines\":[{\n"
		"                         \"section\",\"name\",\"place\",\"spec\",\"status\",\n"
		"                         \"evidence\"}]}\n"
		"      --format markdown  a document\n"
		"  -h, --help             this text\n\n"
		"Exit status:\n"
		"  0  the map was made, whatever it says\n"
		"  2  a wrong command line, or a host or a delegate that cannot be asked\n"
		"  128 and more  a signal ended the probe; nothing is left of it\n"
		"\nExamples:\n"
		"  runvetctl compliance --delegate runc --probe\n"
		"  runvetctl compliance --delegate crun --host node7.json --format json\n",
	.run = run,
};
