/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a container, step by step: what each command says, and what state it leaves. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "ctl/probe.h"

#define WAITING "{'process':{'args':['/runvet-probe','wait']}}"
#define POLL_MS 20

static const char *const names[] = {
	[DOES_CREATE] = "create",
	[DOES_START] = "start",
	[DOES_STATE] = "state",
	[DOES_KILL] = "kill",
	[DOES_DELETE] = "delete",
	[DOES_PAUSE] = "pause",
	[DOES_RESUME] = "resume",
	[DOES_EXEC] = "exec",
};

/* What exec is told to run, as a file. */
static const char *write_process(struct probe *p, const struct act *s)
{
	const char *path = probe_file(p, "process.json");
	const char *text = arena_printf(p->arena,
		"{\"args\":[\"/runvet-probe\",\"%s\",\"%d\"],\"cwd\":\"/\",\"env\":[\"EXEC=yes\"],"
		"\"user\":{\"uid\":0,\"gid\":0}}",
		s->command, s->code);
	cleanup_close int fd = path && text ? fd_open(AT_CWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -ENOMEM;

	return fd >= 0 && fd_write_all(fd, bytes_of(text), NULL) == 0 ? path : NULL;
}

static int do_it(struct probe *p, const struct act *s, struct probed *ret)
{
	const char *id = s->other ? "runvet-compliance-nobody" : p->id;
	const char *words[8] = { names[s->does] };
	size_t n = 1;

	if (s->does == DOES_CREATE) {
		words[n++] = "--bundle";
		words[n++] = p->bundle;
	}
	if (s->does == DOES_EXEC) {
		words[n++] = "--process";
		words[n++] = write_process(p, s);
		if (!words[n - 1])
			return -EIO;
	}
	words[n++] = id;
	if (s->does == DOES_KILL)
		words[n] = "KILL";
	return probe_run(p, words, NULL, ret);
}

/* A member of the state: the string there, "" when there is none; *ret_there: there is some value. */
static const char *member_of(struct probe *p, const struct probed *ran, const char *name, bool *ret_there)
{
	static const struct doc_options options = { .file = "state" };
	const struct doc *state = NULL;

	*ret_there = false;
	const char *text = arena_copy(p->arena, bytes_of(ran->out));
	if (!text || doc_parse(p->arena, bytes_of(text), &options, &state, NULL) < 0)
		return "";
	*ret_there = doc_get(state, name) != NULL;
	const char *word = arena_copy(p->arena, doc_string(state, name, BYTES("")));
	return word ? word : "";
}

/* Asks for the state until it is the one that is wanted, or for long enough. */
static bool comes_to(struct probe *p, const struct act *s, struct probed *ran, const char **ret_status)
{
	const struct deadline until = deadline_in(PROBE_STATE_MS);
	bool there;

	for (;;) {
		*ret_status = member_of(p, ran, "status", &there);
		if (ran->code == 0 && strcmp(*ret_status, s->status) == 0)
			return true;
		if (deadline_left(until) == 0 || probe_over(p))
			return false;
		(void)poll(NULL, 0, POLL_MS);
		if (do_it(p, s, ran) < 0)
			return false;
	}
}

/* One step. Whether it went as it should; its line is told. */
static bool tell_step(struct probe *p, const struct act *s, struct probed *ran)
{
	const struct seen line = { .section = s->section, .line = s->line, .spec = s->spec };
	const char *status = "";
	bool good = false;

	const int r = do_it(p, s, ran);
	if (r < 0 || ran->code < 0) {
		if (s->line)
			probe_line(p, &line, COMPLY_UNKNOWN, "%s was late, or could not be run", names[s->does]);
		return false;
	}
	if (s->status)
		good = comes_to(p, s, ran, &status);
	else if (s->member)
		(void)member_of(p, ran, s->member, &good);
	else if (s->wants)
		good = ran->code == 0 && probe_matches(ran->out, s->wants);
	else
		good = s->fails ? ran->code != 0 : ran->code == s->code;
	if (!s->line)
		return good;
	if (s->status)
		probe_line(p, &line, good ? COMPLY_FULL : COMPLY_NONE, "status is \"%s\"", status);
	else if (s->member)
		probe_line(p, &line, good ? COMPLY_FULL : COMPLY_NONE, "%s: %s", s->member,
			good ? "it is there" : "it is missing");
	else
		probe_line(p, &line, good ? COMPLY_FULL : COMPLY_NONE, "%s exits with %d%s%s", names[s->does],
			ran->code, good || !ran->err[0] ? "" : ": ", good || !ran->err[0] ? "" : probe_fault(p, ran));
	return good;
}

static void tell_story(struct probe *p, const struct act *s, struct probed *ran)
{
	const char *why = p->idle ? p->idle : p->broken;

	if (!why && probe_bundle(p, WAITING) < 0)
		why = "the bundle could not be written";
	for (; s->does != DOES_END; s++) {
		const struct seen line = { .section = s->section, .line = s->line, .spec = s->spec };
		why = why ? why : probe_over(p) ? "not reached" : NULL;
		if (why && s->line)
			probe_line(p, &line, COMPLY_UNKNOWN, "%s", why);
		if (!why && !tell_step(p, s, ran) && s->needed)
			why = arena_printf(p->arena, "%s did not work", names[s->does]);
	}
	if (!p->idle)
		probe_clear(p);
}

void probe_tell(struct probe *p)
{
	struct probed *ran = arena_new(p->arena, struct probed);

	for (const struct act *const *story = probe_stories; *story && ran; story++)
		tell_story(p, *story, ran);
}
