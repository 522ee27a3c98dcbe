/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a call is understood. There is a knot here: the line can only be read in the delegate's dialect, and the
 * delegate of a container that runs already stands in a note that is found by words of that line. So the line is read
 * by the dialect of the name we were called by, and once more if the note knows better. All of this serves `kill` and
 * `delete` too: nothing here waits, and nothing here may stop them.
 */
#include "shim/call.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "config.h"
#include "shim/refuse.h"
#include "shim/start.h"
#include "shim/step.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"

static const char *environment(char *const envp[], const char *name)
{
	const size_t len = strlen(name);

	for (size_t i = 0; envp && envp[i]; i++)
		if (strncmp(envp[i], name, len) == 0 && envp[i][len] == '=')
			return envp[i] + len + 1;
	return NULL;
}

static char **copy_words(struct arena *a, int argc, char *const argv[])
{
	char **copy = arena_array(a, (size_t)argc + 1, sizeof(*copy));

	for (int i = 0; copy && i < argc; i++) {
		copy[i] = arena_copy(a, bytes_of(argv[i]));
		if (!copy[i])
			return NULL;
	}
	return copy;
}

static void read_line(struct call *c)
{
	const struct runtime *r = &c->delegate.runtime;
	const struct dialect *d = r->dialect ? r->dialect : dialect_find("runc");

	c->request = (struct request){ .argv = c->argv, .argc = c->argc, .verb_word = "" };
	c->parsed = argv_read(d, r->options, r->option_count, c->argc, c->argv, &c->request, &c->parse_failure);
}

/*
 * Without --root each runtime keeps its containers in a place of its own: what is noted of one of them then says
 * nothing about the container of that id that another one has. Called by a runtime's name, that one is meant.
 */
static bool note_of_another(const struct call *c)
{
	const char *name = c->delegate.runtime.name;

	return call_root(c)[0] != '/' && name && strcmp(called_name(c->argv), name) == 0 &&
		strcmp(c->note.runtime, name) != 0;
}

static void find_note(struct call *c)
{
	const char *id = c->request.id;

	c->noted = id && c->places.run_dir && note_read(&c->arena, c->places.run_dir, call_root(c), id, &c->note) == 0;
	/* A create asks its note for rings only, and those lead through other names as well. */
	if (!c->noted || call_creates(c))
		return;
	if (note_of_another(c)) {
		c->noted = false;
		return;
	}
	const struct dialect *before = c->delegate.runtime.dialect;
	struct delegate other = { 0 };
	(void)delegate_guess(&c->arena, &c->dirs, c->argv, &c->note, &other);
	if (!other.path || *other.path == '\0')
		return;
	c->delegate = other;
	if (other.runtime.dialect != before)
		read_line(c);
}

void call_init(struct call *c, int argc, char **argv, char **envp)
{
	*c = (struct call){ .began = clock_now(CLOCK_MONOTONIC),
		.argc = argc,
		.argv = argv,
		.received = argv,
		.envp = envp };
	arena_init(&c->arena, LIMIT_ARENA);
	c->dirs = (struct runtimes_dirs){ .site = RUNVET_SITE "/runtimes.d",
		.vendor = RUNVET_VENDOR "/runtimes.d",
		.seen = &c->seen };
}

void call_read(struct call *c)
{
	if (places_default(&c->arena, environment(c->envp, "XDG_RUNTIME_DIR"), &c->places) < 0)
		c->places = (struct places){ 0 };
	(void)delegate_find(&c->arena, &c->dirs, c->argv, NULL, &c->delegate);
	read_line(c);
	if (!call_passes(c)) {
		char **copy = copy_words(&c->arena, c->argc, c->argv);
		if (copy) {
			c->argv = copy;
			read_line(c);
		}
	}
	find_note(c);
	if (c->parsed < 0 || call_passes(c))
		call_settle(c);
}

void call_settle(struct call *c)
{
	if (!c->delegate.path || *c->delegate.path == '\0')
		delegate_settle(&c->delegate);
}

int call_top(struct call *c)
{
	if (c->top == 0)
		c->top = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	return c->top < 0 ? -1 : c->top;
}

bool call_passes(const struct call *c)
{
	return c->parsed == 0 && !c->request.judged;
}

bool call_creates(const struct call *c)
{
	const enum oci_verb v = c->request.verb;
	return v == VERB_CREATE || v == VERB_RUN || v == VERB_RESTORE;
}

const char *call_root(const struct call *c)
{
	const char *root = c->request.value[SLOT_ROOT];
	return root ? root : "";
}

int call_choose(struct call *c, struct fail *reterr)
{
	const struct note *note = c->noted && !call_creates(c) ? &c->note : NULL;
	struct delegate d = { 0 };
	const int r = delegate_choose(&c->arena, &c->dirs, c->argv, note, &d, reterr);

	if (d.path && *d.path != '\0')
		c->delegate = d;
	call_settle(c);
	if (r < 0)
		return r;
	/* The same process for the second time: a wrapper between us and the delegate called us again. */
	if (c->noted && call_creates(c) && c->note.pid == getpid() && c->note.pid_started != 0 &&
		c->note.pid_started == process_started(getpid()))
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"this very process has been through runvet for this "
			"create already: its delegate %s leads back here",
			c->note.delegate);
	return 0;
}

void call_blank(struct call *c)
{
	if (c->argv == c->received)
		return;
	for (int i = 1; i < c->argc; i++)
		explicit_bzero(c->received[i], strlen(c->received[i]));
}

int call_exec(struct call *c, struct fail *reterr)
{
	const char *path = c->delegate.path;

	if (!path || *path == '\0')
		return fail(reterr, -ENOENT, CAUSE_RUNTIMES, "runtime.installed",
			"no runtime is installed that this could be "
			"handed on to");
	const int r = delegate_exec(&c->delegate, c->argv, c->envp);
	return fail(reterr, r, CAUSE_RUNTIMES, "runtime.installed", "%s cannot be started: %s", path, errno_words(r));
}

int call_pass(struct call *c)
{
	struct fail why = { 0 };
	char line[LIMIT_REFUSAL + 1];
	struct text to = text_over(line, sizeof(line));

	if (c->request.verb == VERB_START) {
		const int code = start_check(c);
		if (code >= 0)
			return code;
	}
	step_tell(c);
	if (c->request.verb == VERB_DELETE && c->request.id && c->places.run_dir)
		note_retire(c->places.run_dir, call_root(c), c->request.id);
	(void)call_exec(c, &why);
	text_printf(&to, "runvet: %s [%s]", why.says, why.rule);
	return refuse(&c->request, line);
}
