/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks: each writes its stage, the status in the state that it was handed, and a variable of its environment, into a
 * file that host and container both see. What is there after create, after start and after delete tells the rest.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl/probe.h"

enum after { AFTER_CREATE, AFTER_START, AFTER_DELETE, AFTERS };

static const struct {
	const char *stage;
	enum after after;
	bool inside; /* its paths are the container's */
} stages[] = {
	{ "prestart", AFTER_CREATE, false },
	{ "createRuntime", AFTER_CREATE, false },
	{ "createContainer", AFTER_CREATE, false },
	{ "startContainer", AFTER_START, true },
	{ "poststart", AFTER_START, false },
	{ "poststop", AFTER_DELETE, false },
};
#define STAGES (sizeof(stages) / sizeof(stages[0]))

static const struct seen in_order = { .section = COMPLY_OPERATIONS,
	.line = "hooks run in the order of their stages",
	.spec = "runtime.md#lifecycle" };
static const struct seen on_stdin = { .section = COMPLY_STATES,
	.line = "hooks are handed the state on standard input",
	.spec = "config.md#posix-platform-hooks" };
static const struct seen failing = { .section = COMPLY_OPERATIONS,
	.line = "a createRuntime hook that fails lets create fail",
	.spec = "runtime.md#lifecycle" };
static const struct seen ended = { .section = COMPLY_OPERATIONS,
	.line = "a container whose create failed is not there",
	.spec = "runtime.md#lifecycle" };
static const struct seen timed = { .place = "hooks.createRuntime[].timeout" };

static const char *write_patch(struct probe *p)
{
	struct text to = text_growing(p->arena);

	text_add(&to, "{'process':{'args':['/runvet-probe','wait']},'hooks':{");
	for (size_t i = 0; i < STAGES; i++) {
		const char *root = stages[i].inside ? "" : probe_file(p, "rootfs");
		text_printf(&to,
			"%s'%s':[{'path':'%s/runvet-probe','args':['probe','hook','%s','%s/hooks.log'],"
			"'env':['HOOK=%s']}]",
			i ? "," : "", stages[i].stage, root, stages[i].stage, root, stages[i].stage);
	}
	text_add(&to, "}}");
	return to.cut ? NULL : to.data;
}

static void read_log(struct probe *p, char *to, size_t size)
{
	const char *path = probe_file(p, "rootfs/hooks.log");
	cleanup_close int fd = path ? fd_open(AT_CWD, path, O_RDONLY, 0) : -1;
	const ssize_t n = fd >= 0 ? read(fd, to, size - 1) : 0;

	to[n > 0 ? n : 0] = '\0';
}

/* Tells of a hook's path, arguments and environment, by what it wrote, and when. */
static void tell_stage(struct probe *p, size_t i, char log[AFTERS][1024])
{
	const char *name = stages[i].stage;
	const enum after after = stages[i].after;
	char ran[80], with[80];

	(void)snprintf(ran, sizeof(ran), "%s *", name);
	(void)snprintf(with, sizeof(with), "%s * %s", name, name);
	const bool early = after > 0 && probe_matches(log[after - 1], ran);
	const struct {
		const char *property;
		bool good;
	} told[] = { { "args", probe_matches(log[after], ran) }, { "env", probe_matches(log[after], with) } };
	const struct seen s = { .place = arena_printf(p->arena, "hooks.%s[].path", name) };
	if (s.place)
		probe_line(p, &s,
			early                  ? COMPLY_PARTIAL
				: told[0].good ? COMPLY_FULL
					       : COMPLY_NONE,
			early                  ? "the hook ran too early: at the command before"
				: told[0].good ? "the hook ran, and when it has to"
					       : "the hook did not run");
	for (size_t k = 0; k < 2; k++) {
		const struct seen one = { .place = arena_printf(p->arena, "hooks.%s[].%s", name, told[k].property) };
		if (one.place)
			probe_line(p, &one, told[k].good ? COMPLY_FULL : COMPLY_NONE,
				told[k].good ? "the hook had them" : "the hook did not have them");
	}
}

/* Those of one command on the started container may run side by side; but none before that command. */
static void tell_order(struct probe *p, char log[AFTERS][1024])
{
	const char *all = log[AFTER_DELETE], *at = all;
	size_t met = 0, states = 0;

	for (size_t i = 0; i < STAGES; i++) {
		char name[40];
		(void)snprintf(name, sizeof(name), "%s *", stages[i].stage);
		const bool early = stages[i].after > 0 && probe_matches(log[stages[i].after - 1], name);
		(void)snprintf(name, sizeof(name), "%s ", stages[i].stage);
		const char *here = strstr(stages[i].after == AFTER_START ? all : at, name);
		met += here != NULL && !early;
		at = here && here > at ? here : at;
		(void)snprintf(name, sizeof(name), "%s [a-z]*", stages[i].stage);
		states += probe_matches(all, name);
	}
	probe_line(p, &in_order,
		met == STAGES ? COMPLY_FULL
			: met ? COMPLY_PARTIAL
			      : COMPLY_NONE,
		"%zu of %zu in their place", met, STAGES);
	probe_line(p, &on_stdin,
		states == STAGES ? COMPLY_FULL
			: states ? COMPLY_PARTIAL
				 : COMPLY_NONE,
		"%zu of %zu saw a status", states, STAGES);
}

/* The file, once the hook in the container had time to write: start does not wait for it. */
static void read_started(struct probe *p, char *to, size_t size)
{
	const struct deadline until = deadline_in(PROBE_STATE_MS);

	read_log(p, to, size);
	while (!(strstr(to, "startContainer ") && strstr(to, "poststart ")) && deadline_left(until) > 0 &&
		!probe_over(p)) {
		(void)poll(NULL, 0, 20);
		read_log(p, to, size);
	}
}

static void run_stages(struct probe *p, struct probed *ran)
{
	const char *const create[] = { "create", "--bundle", p->bundle, p->id, NULL },
			  *const start[] = { "start", p->id, NULL },
			  *const kill[] = { "delete", "--force", p->id, NULL };
	char log[AFTERS][1024] = { "" };
	const char *patch = write_patch(p);
	const char *why = "the container with hooks could not be made";

	int r = patch ? probe_bundle(p, patch) : -ENOMEM;
	if (r == 0)
		r = probe_run(p, create, NULL, ran);
	read_log(p, log[AFTER_CREATE], sizeof(log[0]));
	if (r < 0 || ran->code != 0) {
		probe_line(p, &in_order, COMPLY_NONE, "%s: %s", why, probe_fault(p, ran));
		probe_line(p, &on_stdin, COMPLY_UNKNOWN, "%s", why);
		return;
	}
	(void)probe_run(p, start, NULL, ran);
	read_started(p, log[AFTER_START], sizeof(log[0]));
	(void)probe_run(p, kill, NULL, ran);
	read_log(p, log[AFTER_DELETE], sizeof(log[0]));
	for (size_t i = 0; i < STAGES; i++)
		tell_stage(p, i, log);
	tell_order(p, log);
}

/* A hook that fails, or takes longer than it may. */
static void run_failing(struct probe *p, const char *words, const struct seen *line, const struct seen *gone)
{
	const char *const create[] = { "create", "--bundle", p->bundle, p->id, NULL },
			  *const state[] = { "state", p->id, NULL };
	struct probed *ran = arena_new(p->arena, struct probed);
	const char *helper = probe_file(p, "rootfs/runvet-probe");
	const char *patch = arena_printf(p->arena, "{'hooks':{'createRuntime':[{'path':'%s',%s}]}}", helper, words);

	if (!ran || !patch || probe_bundle(p, patch) < 0 || probe_run(p, create, NULL, ran) < 0 || ran->code < 0) {
		probe_line(p, line, COMPLY_UNKNOWN, "create was late, or could not be run");
		if (gone)
			probe_line(p, gone, COMPLY_UNKNOWN, "create was late, or could not be run");
		return;
	}
	probe_line(p, line, ran->code != 0 ? COMPLY_FULL : COMPLY_NONE, "create exits with %d", ran->code);
	if (gone && probe_run(p, state, NULL, ran) == 0)
		probe_line(p, gone, ran->code > 0 ? COMPLY_FULL : COMPLY_NONE, "state exits with %d", ran->code);
	probe_clear(p);
}

void probe_hooks(struct probe *p)
{
	struct probed *ran = arena_new(p->arena, struct probed);
	const char *why = p->idle ? p->idle : p->broken ? p->broken : probe_over(p) || !ran ? "not reached" : NULL;
	static const struct seen *const all[] = { &in_order, &on_stdin, &failing, &ended };

	for (size_t i = 0; why && i < sizeof(all) / sizeof(all[0]); i++)
		probe_line(p, all[i], COMPLY_UNKNOWN, "%s", why);
	if (why)
		return;
	run_stages(p, ran);
	probe_clear(p);
	run_failing(p, "'args':['probe','exit','1']", &failing, &ended);
	run_failing(p, "'args':['probe','wait'],'timeout':1", &timed, NULL);
	probe_clear(p);
}
