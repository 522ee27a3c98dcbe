/* SPDX-License-Identifier: Apache-2.0 */
/* Containers that run to their end and tell what they found: rows with one patch share one. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl/probe.h"

/* The rest of the line that begins with that name; "" when there is none. */
static void value_of(const char *text, const char *name, struct text *to)
{
	const size_t n = strlen(name);

	while (*text) {
		const size_t len = strcspn(text, "\n");
		if (len > n && strncmp(text, name, n) == 0 && text[n] == ' ') {
			text_bytes(to, (struct bytes){ text + n + 1, len - n - 1 });
			return;
		}
		text += len + (text[len] != '\0');
	}
}

static bool is_ours(const char *output, const char *kind)
{
	char path[64], name[32], ours[128] = "", theirs[128];
	struct text to = text_over(theirs, sizeof(theirs));

	(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", kind);
	(void)snprintf(name, sizeof(name), "ns.%s", kind);
	const ssize_t n = readlink(path, ours, sizeof(ours) - 1);
	ours[n > 0 ? n : 0] = '\0';
	value_of(output, name, &to);
	return strcmp(ours, theirs) == 0;
}

/* Whether the container told it, and told anything of the kind at all. */
static bool shows(const struct seen *s, const struct probed *ran)
{
	switch (s->kind) {
	case SEES:
		return probe_matches(ran->out, s->wants);
	case LACKS:
		return !probe_matches(ran->out, s->wants) && probe_matches(ran->out, "out");
	case DIFFERS:
		return probe_matches(ran->out, "ns.*") && !is_ours(ran->out, s->wants);
	case SHARES:
		return probe_matches(ran->out, "ns.*") && is_ours(ran->out, s->wants);
	case SAYS:
		return probe_matches(ran->err, s->wants);
	case ENDS:
		return ran->code == (int)strtol(s->wants, NULL, 10);
	}
	return false;
}

static const char *const wanted[] = {
	[SEES] = "its output has",
	[DIFFERS] = "it has a namespace of its own:",
	[SHARES] = "it is in our namespace:",
	[ENDS] = "run ends with",
	[SAYS] = "its standard error has",
	[LACKS] = "its output has no",
};

/* A line about what the container showed: what there is in place of what was asked for. */
static void judge(struct probe *p, const struct seen *s, const struct probed *ran)
{
	char key[64], found[160];
	struct text name = text_over(key, sizeof(key)), to = text_over(found, sizeof(found));

	if (shows(s, ran)) {
		probe_line(p, s, COMPLY_FULL, "%s %s", wanted[s->kind], s->wants);
		return;
	}
	if (s->kind != ENDS && ran->code != 0) {
		probe_line(p, s, COMPLY_NONE, "the container does not run: %s", probe_fault(p, ran));
		return;
	}
	text_bytes(&name, (struct bytes){ s->wants, strcspn(s->wants, " *:") });
	value_of(ran->out, key, &to);
	probe_line(p, s, COMPLY_NONE, "not found: %s %s%s%s", wanted[s->kind], s->wants, to.len ? "; there is " : "",
		found);
}

void probe_look(struct probe *p)
{
	const char *const words[] = { "run", "--bundle", p->bundle, p->id, NULL };
	struct probed *ran = arena_new(p->arena, struct probed);
	const char *patch = "";
	int r = 0;

	for (const struct seen *s = probe_seen; s->wants; s++) {
		if (p->idle || p->broken || !ran || probe_over(p)) {
			probe_line(p, s, COMPLY_UNKNOWN, "%s",
				p->idle             ? p->idle
					: p->broken ? p->broken
						    : "not reached");
			continue;
		}
		if (strcmp(patch, s->patch) != 0) {
			r = probe_bundle(p, s->patch);
			if (r == 0)
				r = probe_run(p, words, "probe-input", ran);
			patch = s->patch;
			probe_clear(p);
		}
		if (r < 0 || ran->code < 0)
			probe_line(p, s, COMPLY_UNKNOWN, "the container was late, or could not be run");
		else
			judge(p, s, ran);
		if (s == probe_seen && ran->code != 0)
			p->broken = arena_printf(p->arena, "an ordinary container does not run: %s",
				probe_fault(p, ran));
	}
}
