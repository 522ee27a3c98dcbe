/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl generate: a config.json to start from that is hardened as far as a profile asks, and further where it
 * costs nothing. What is made is judged as any other document would be, by that profile, and by host and delegate
 * where they are named; what would be refused is not printed.
 */
#include "ctl/generate/generate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/check/format.h"
#include "ctl/option.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/host.h"

struct wanted {
	const char *profile, *bundle;
	struct generated of;
	struct against *against;
	bool runs; /* --args is there */
};

/* What follows "--args" or "--" is what the container runs; the rest is options. */
static int read_words(int argc, char **argv, struct wanted *w)
{
	const struct option options[] = {
		{ .name = "--profile", .value = &w->profile, .needs = "a profile, as restricted@v1.37" },
		{ .name = "--bundle", .value = &w->bundle, .needs = "a directory" },
		{ .name = "--rootfs", .value = &w->of.rootfs, .needs = "a directory" },
		{ .name = "--host", .take = against_host, .to = w->against, .needs = "live, none or a host document" },
		{ .name = "--delegate",
			.take = against_delegate,
			.to = w->against,
			.needs = "a name in runtimes.d, none or a file" },
		{ .name = "--rootless", .flag = &w->of.rootless },
		{ .name = "--args", .flag = &w->runs },
		{ 0 },
	};
	int end = 1;

	while (end < argc && strcmp(argv[end], "--args") != 0 && strcmp(argv[end], "--") != 0)
		end++;
	if (end < argc && !argv[end + 1])
		return usage(&verb_generate, "what the container runs is missing behind %s", argv[end]);
	if (end < argc)
		w->of.args = (const char *const *)&argv[end + 1];
	const int count = options_read(&verb_generate, options, end, argv);
	if (count > 0)
		return usage(&verb_generate, "unknown word %s; what the container runs stands behind --", argv[1]);
	return count < 0 ? CTL_USAGE : CTL_GOOD;
}

/* The one host and delegate that were named. */
static int find_sides(struct wanted *w)
{
	struct against *x = w->against;
	struct host live = { .root = x->root, .live = true, .cache = x->cache };
	struct fail why = { 0 };

	if (x->hosts.count > 1 || x->delegates.count > 1)
		return usage(&verb_generate, "a configuration is made for one host and one delegate");
	w->of.host = x->hosts.list[0].document;
	const struct doc *delegate = x->delegates.list[0].document;
	w->of.delegate = delegate;
	if (x->hosts.list[0].live && host_all(&x->arena, &live, &w->of.host, &why) < 0)
		return trouble("this host cannot be looked at: %s", why.says);
	return CTL_GOOD;
}

/* Whether the document would be let pass; what is found is said on stderr. */
static int judge(struct against *x, struct bytes text)
{
	static const struct paint plain = { "", "", "", "", "", "", "", "" };
	const struct doc_options how = { .file = "config.json", .cause = CAUSE_INTERNAL };
	struct checked c = { .file = "config.json", .arena = &x->arena, .source = { .text = text, .ascii = true } };
	const struct outcome one = { .host = &x->hosts.list[0], .delegate = &x->delegates.list[0] };
	struct report report = { 0 };
	struct fail why = { 0 };

	if (doc_parse(&x->arena, text, &how, &c.root, &why) < 0 ||
		judge_once(&x->arena, x, &c, &one, &report, &why) < 0)
		return trouble("what was made cannot be judged: %s", why.says);
	if (report.errors == 0)
		return CTL_GOOD;
	for (size_t i = 0; i < report.count; i++) {
		struct text line = text_growing(&x->arena);
		if (report.findings[i].severity != SEV_ERROR)
			continue;
		finding_line("config.json", &report.findings[i], true, &plain, &line);
		(void)trouble("%s", line.data);
	}
	(void)trouble("nothing was written: such a container would be refused");
	return CTL_FOUND;
}

/* A config.json that is there already is somebody's work: it is kept. */
static int write_bundle(const char *dir, struct bytes text)
{
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return trouble("%s cannot be made: %s", dir, errno_words(errno));
	cleanup_close int at = fd_open(AT_CWD, dir, O_PATH | O_DIRECTORY, 0);
	cleanup_close int fd = at < 0 ? at : fd_open(at, "config.json", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
	if (fd == -EEXIST)
		return trouble("%s/config.json is there already, and is kept", dir);
	if (fd < 0)
		return trouble("%s/config.json cannot be written: %s", dir, errno_words(fd));
	const int r = fd_write_all(fd, text, NULL);
	if (r == 0)
		return CTL_GOOD;
	(void)unlinkat(at, "config.json", 0);
	return trouble("%s/config.json cannot be written: %s", dir, errno_words(r));
}

static int generate(struct wanted *w)
{
	struct against *x = w->against;
	struct text text = text_growing(&x->arena);

	int r = against_profile(x, w->profile);
	if (r == CTL_GOOD)
		r = against_settle(x);
	if (r == CTL_GOOD)
		r = find_sides(w);
	if (r != CTL_GOOD)
		return r;
	w->of.fixed = fixed_for(w->profile);
	const struct doc *config = generate_config(&x->arena, &w->of);
	if (config)
		doc_write(config, true, &text);
	text_char(&text, '\n');
	if (!config || text.cut)
		return trouble("no memory");
	const struct bytes all = { text.data, text.len };
	r = judge(x, all);
	if (r != CTL_GOOD)
		return r;
	return w->bundle ? write_bundle(w->bundle, all) : put(text.data);
}

static int run(int argc, char **argv)
{
	static const char *const shell[] = { "/bin/sh", NULL };
	struct against against = { .root = -1 };
	struct wanted w = { .profile = "restricted",
		.against = &against,
		.of = { .args = shell, .rootfs = "rootfs", .uid = geteuid(), .gid = getegid() } };

	arena_init(&against.arena, LIMIT_ARENA);
	int r = read_words(argc, argv, &w);
	if (r == CTL_GOOD)
		r = generate(&w);
	against_done(&against);
	return r;
}

const struct verb verb_generate = {
	.name = "generate",
	.summary = "make a hardened config.json to start from",
	.help = "Usage: runvetctl generate [OPTION]... [--args WORD...]\n\n"
		"Prints a config.json that passes a profile and gives a program no more than it\n"
		"needs: no capabilities and no new privileges, another user than root, a root\n"
		"file system that it cannot write, namespaces of its own, limits, the kernel's\n"
		"files masked, and a filter that refuses every system call but those on a list.\n"
		"What it lacks for your program is then yours to add. For deterministic@1 and\n"
		"simulation@1 it has one CPU, no swap, and the variables that results depend on;\n"
		"for robotics@1 the limits that real-time scheduling needs.\n\n"
		"      --profile NAME  the profile that it has to pass (the newest restricted)\n"
		"      --rootless     for who is not root on the host: the caller becomes root\n"
		"                     in a user namespace, and no limits are asked for\n"
		"      --host WHICH   live: this machine; FILE: what runvetctl host --format json\n"
		"                     printed on another; it asks for nothing that is not there\n"
		"      --delegate WHICH  NAME: an entry of runtimes.d; FILE: what runc features\n"
		"                     printed\n"
		"      --rootfs PATH  where the root file system is, from the bundle (rootfs)\n"
		"      --bundle DIR   write DIR/config.json, which must not be there yet\n"
		"      --args WORD... what the container runs: all that follows (/bin/sh)\n"
		"  -h, --help         this text\n\n"
		"Examples:\n"
		"  runvetctl generate --bundle mine --args /usr/bin/server --port 8080\n"
		"  runvetctl generate --profile baseline@v1.37 --host live >config.json\n\n"
		"Exit status: 0 made, 1 what can be made would be refused, 2 a wrong command line\n"
		"or a file that cannot be read or written.\n",
	.run = run,
};
