/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of runvetctl install and uninstall. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "ctl/option.h"
#include "ctl/node/install.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/near.h"

struct words {
	const char *engine, *root, *name, *runtime;
	bool usual, dry, edit, force, divert;
};

static int take_words(struct words *w, const struct verb *v, const struct option *options, int argc, char **argv)
{
	const int count = options_read(v, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	if (count > 1)
		return usage(v, "one engine at a time, got %s as well", argv[2]);
	w->engine = count > 0 ? argv[1] : NULL;
	return w->engine ? CTL_GOOD : usage(v, "an engine is missing: docker, containerd, cri-o or podman");
}

/* Names go into files of four kinds: what is plain in all of them. */
static bool plain(const char *name)
{
	return *name && strlen(name) <= LIMIT_RUNTIME_NAME &&
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(name);
}

static int prepare(struct job *j, const struct words *w, const struct verb *v)
{
	static const char *const engines[] = { "docker", "containerd", "cri-o", "podman", NULL };
	struct program p;

	j->plan = plan_of(w->engine);
	if (!j->plan) {
		const char *near = near_word(bytes_of(w->engine), engines);
		return near ? usage(v, "unknown engine %s; did you mean %s?", w->engine, near)
			    : usage(v, "unknown engine %s: docker, containerd, cri-o or podman", w->engine);
	}
	j->name = w->name ? w->name : "runvet";
	if (!plain(j->name) || strcmp(j->name, "runc") == 0)
		return usage(v, "%s cannot be the runtime's name: letters, digits, - and _, and not runc", j->name);
	j->runtime = w->runtime ? w->runtime : j->plan->runtime;
	if (!j->runtime) {
		program_find(&j->node, "crun", NODE_PATH, &p);
		j->runtime = p.path ? "crun" : "runc";
	}
	if (!plain(j->runtime))
		return usage(v, "%s is no runtime's name", j->runtime);
	j->binary = job_text(j, RUNVET_LIBEXEC "/%s", j->runtime);
	j->key = w->divert ? job_text(j, "divert-%s", j->runtime) : w->engine;
	j->usual = w->usual;
	j->dry = w->dry;
	j->edit = w->edit;
	j->force = w->force;
	j->divert = w->divert;
	return CTL_GOOD;
}

/* Nothing is pointed at a runvet that is not there. */
static int is_there(const struct job *j)
{
	struct program p;

	program_find(&j->node, j->binary, NODE_PATH, &p);
	return p.through == THROUGH_RUNVET ? CTL_GOOD
					   : trouble("%s is not runvet: the package runvet has it", j->binary);
}

static int carry_out(struct job *j, bool in)
{
	const char *why = "";
	int code = in ? is_there(j) : CTL_GOOD;

	if (code)
		return code;
	cleanup_close int lock = j->dry ? -1 : ledger_lock(&j->node);
	if (!j->dry && lock < 0)
		return lock == -EWOULDBLOCK ? trouble("another install or uninstall is under way")
					    : trouble(LEDGER " cannot be made: %s", errno_words(lock));
	if (ledger_read(&j->node, j->key, &j->ledger, &why) < 0)
		return trouble("%s", why);
	if (j->divert)
		return in ? install_divert(j) : uninstall_divert(j);
	return in ? install_engine(j) : uninstall_engine(j);
}

static int run(struct words *w, const struct verb *v, bool in)
{
	struct job j = { 0 };
	int code;

	if (!w->dry && geteuid() != 0)
		return trouble(
			"an engine's configuration is root's: only root can change it (--dry-run shows what would be)");
	arena_init(&j.arena, LIMIT_ARENA);
	const int r = node_open(&j.arena, w->root, &j.node);
	if (r < 0) {
		code = trouble("%s cannot be opened: %s", w->root ? w->root : "/", errno_words(r));
	} else {
		code = prepare(&j, w, v);
		code = code ? code : carry_out(&j, in);
	}
	node_close(&j.node);
	arena_done(&j.arena);
	return code;
}

static int run_install(int argc, char **argv)
{
	struct words w = { 0 };
	const struct option options[] = {
		{ .name = "--default", .flag = &w.usual },
		{ .name = "--dry-run", .flag = &w.dry },
		{ .name = "--edit", .flag = &w.edit },
		{ .name = "--divert", .flag = &w.divert },
		{ .name = "--name", .value = &w.name },
		{ .name = "--runtime", .value = &w.runtime },
		{ .name = "--root", .value = &w.root },
		{ 0 },
	};
	const int code = take_words(&w, &verb_install, options, argc, argv);

	return code == CTL_GOOD ? run(&w, &verb_install, true) : code;
}

static int run_uninstall(int argc, char **argv)
{
	struct words w = { 0 };
	const struct option options[] = {
		{ .name = "--dry-run", .flag = &w.dry },
		{ .name = "--divert", .flag = &w.divert },
		{ .name = "--force", .flag = &w.force },
		{ .name = "--runtime", .value = &w.runtime },
		{ .name = "--root", .value = &w.root },
		{ 0 },
	};
	const int code = take_words(&w, &verb_uninstall, options, argc, argv);

	return code == CTL_GOOD ? run(&w, &verb_uninstall, false) : code;
}

#define HELP_END "  -h, --help          this text\n\n"

const struct verb verb_install = {
	.name = "install",
	.summary = "point an engine at runvet",
	.help = "Usage: runvetctl install [--default] [--edit] [--dry-run] [--name NAME]\n"
		"                         [--runtime RUNTIME] [--root DIR] ENGINE\n"
		"       runvetctl install --divert [--runtime RUNTIME] [--dry-run] ENGINE\n\n"
		"ENGINE is docker, containerd, cri-o or podman. It gets a runtime more, by the\n"
		"file that it offers for such things; one that is there already is changed only\n"
		"with --edit. What was there is kept below /var/lib/runvet/install, and uninstall\n"
		"puts it back. No engine is restarted; what to type is told.\n\n"
		"      --default       containers that name no runtime go through runvet\n"
		"      --edit          change a file that was there before\n"
		"      --dry-run       show the change, and make none\n"
		"      --divert        stand in for the runtime itself: its path becomes runvet,\n"
		"                      and the real one is beside it as PATH.distrib\n"
		"      --name NAME     of the runtime in the engine's configuration: runvet\n"
		"      --runtime NAME  what runvet becomes: runc, or crun where it is usual\n"
		"      --root DIR      another machine's tree\n" HELP_END "Examples:\n"
		"  runvetctl install docker --default --dry-run\n"
		"  runvetctl install podman --default\n"
		"  runvetctl install docker --divert\n\n"
		"Exit status: 0 done, 1 nothing was changed and it says why, 2 a wrong command\n"
		"line, or something could not be written.\n",
	.run = run_install,
};

const struct verb verb_uninstall = {
	.name = "uninstall",
	.summary = "undo what install did",
	.help = "Usage: runvetctl uninstall [--dry-run] [--force] [--root DIR] ENGINE\n"
		"       runvetctl uninstall --divert [--runtime RUNTIME] [--force] ENGINE\n\n"
		"Puts back what was there before install, byte for byte, with mode and owner. A\n"
		"file that was edited since is shown and left alone. While containers name the\n"
		"runtime, it stays under its name and leads to the real one, so that they can be\n"
		"started, killed and deleted; run it again when they are gone.\n\n"
		"      --dry-run       show the change, and make none\n"
		"      --force         though it was edited (that is kept beside it), and though\n"
		"                      containers name the runtime\n"
		"      --divert        give back the path of the runtime itself\n"
		"      --runtime NAME  which one: runc, or crun where it is usual\n"
		"      --root DIR      another machine's tree\n" HELP_END "Examples:\n"
		"  runvetctl uninstall docker\n"
		"  runvetctl uninstall containerd --divert\n\n"
		"Exit status: 0 done, 1 not, or not yet, and it says why, 2 a wrong command line,\n"
		"or something could not be written.\n",
	.run = run_uninstall,
};
