/* SPDX-License-Identifier: Apache-2.0 */
/* All that is probed, one after the other, and what becomes of it in the map. */
#include "ctl/probe.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>

bool probe_matches(const char *text, const char *pattern)
{
	char line[1024];

	while (*text) {
		const size_t n = strcspn(text, "\r\n");
		struct text one = text_over(line, sizeof(line));
		text_bytes(&one, (struct bytes){ text, n });
		if (fnmatch(pattern, line, 0) == 0)
			return true;
		text += n + (text[n] != '\0');
	}
	return false;
}

/* Adds b with everything of this very run left out: its directory, its id. */
static void wash(const struct probe *p, struct bytes b, struct text *to)
{
	const struct {
		const char *ours, *name;
	} names[] = { { p->dir, "DIR" }, { p->id, "ID" } };

	for (size_t i = 0; i < b.len;) {
		const char *said = NULL;
		for (size_t k = 0; k < 2 && !said; k++) {
			const size_t n = strlen(names[k].ours);
			if (n == 0 || n > b.len - i || memcmp(b.data + i, names[k].ours, n) != 0)
				continue;
			said = names[k].name;
			i += n;
		}
		if (said)
			text_add(to, said);
		else
			text_shown(to, (struct bytes){ b.data + i++, 1 }, 8);
	}
}

const char *probe_fault(struct probe *p, const struct probed *ran)
{
	char shown[240];
	struct text to = text_over(shown, sizeof(shown));
	const char *last = ran->err;

	for (const char *s = ran->err; *s; s++)
		if (*s == '\n' && s[1])
			last = s + 1;
	/* runc: time="..." level=error msg="..."; crun: 2026-11-22T03:45:00.000000Z: ... */
	const char *message = strstr(last, "msg=\"");
	const char *stamp = last + strspn(last, "0123456789-:.TZ");
	if (message)
		last = message + 5;
	else if (stamp - last > 10)
		last = stamp + strspn(stamp, " ");
	struct bytes b = { last, strcspn(last, "\n") };
	if (message && b.len > 0 && b.data[b.len - 1] == '"')
		b.len--;
	wash(p, b, &to);
	const char *ret = arena_copy(p->arena, bytes_of(shown[0] ? shown : "without a word"));
	return ret ? ret : "";
}

/* What containers show of a property outweighs what was told of it; one value does not speak for the others. */
static enum comply outweigh(enum comply told, enum comply seen)
{
	if (seen == COMPLY_UNKNOWN)
		return told;
	return told == COMPLY_PARTIAL && seen == COMPLY_FULL ? COMPLY_PARTIAL : seen;
}

static struct comply_line *named(struct comply_map *m, const char *name)
{
	struct comply_line *l = m->lines;

	while (l && strcmp(l->name, name) != 0)
		l = l->next;
	return l;
}

void probe_line(struct probe *p, const struct seen *s, enum comply status, const char *format, ...)
{
	const struct comply_line new = { .section = s->section, .name = s->line, .spec = s->spec };
	struct comply_line *l = s->place ? named(p->map, s->place) : NULL;
	char says[512];
	va_list ap;

	if (s->place && (p->idle || !l))
		return;
	va_start(ap, format);
	(void)vsnprintf(says, sizeof(says), format, ap);
	va_end(ap);
	if (!l)
		l = comply_add(p->arena, p->map, &new);
	if (!l)
		return;
	l->status = s->place ? outweigh(l->status, status) : status;
	(void)comply_say(p->arena, l, "probe", "%s", says);
}

/* The word of the delegate's document; NULL when there is none. */
static const char *word_of(struct arena *a, const struct comply_map *m, const char *name)
{
	const struct bytes b = doc_string(m->delegate, name, BYTES(""));

	return b.len > 0 ? arena_copy(a, b) : NULL;
}

int probe_all(struct arena *a, struct comply_map *m, const char *idle, int *ret_signal, struct fail *reterr)
{
	struct probe p = { .arena = a, .map = m, .path = word_of(a, m, "path"), .idle = idle };

	if (!p.path && !idle)
		return fail(reterr, -ENOENT, CAUSE_RUNTIMES, "", "the delegate has no path, and cannot be run");
	int r = idle ? 0 : probe_begin(&p, reterr);
	if (r == 0) {
		probe_look(&p);
		probe_tell(&p);
		probe_hooks(&p);
		probe_terminal(&p);
	}
	if (!idle)
		probe_end(&p);
	*ret_signal = p.signal;
	return p.signal ? -EINTR : r;
}
