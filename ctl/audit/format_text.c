/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line per record, in columns, for reading: when, what was decided on what, on which container, and why. On a
 * terminal a line is as wide as that and coloured; elsewhere it is whole and plain. The time is the reader's own, as
 * journalctl's.
 */
#include "ctl/audit/format.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "validate/base/limits.h"

#define COLUMNS_LEAST 60u
#define COLUMNS_MOST 512u
#define ID_SHOWN ((size_t)12)
#define DETAIL_MOST ((size_t)2048)

/* What the output is; set once, before the first line. */
static struct {
	unsigned columns; /* 0: no end */
	bool colour;
} terminal;

void format_terminal(int fd)
{
	struct winsize w = { 0 };

	terminal.colour = isatty(fd);
	terminal.columns = 0;
	if (!terminal.colour)
		return;
	const bool known = ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0;
	terminal.columns = !known ? 80 : w.ws_col < COLUMNS_LEAST ? COLUMNS_LEAST : w.ws_col;
	if (terminal.columns > COLUMNS_MOST)
		terminal.columns = COLUMNS_MOST;
}

static const char *colour_of(const struct seen *s)
{
	static const struct {
		const char *decision, *colour;
	} colours[] = { { "deny", "\033[31m" }, { "error", "\033[1;31m" }, { "would-deny", "\033[33m" },
		{ "bypass", "\033[35m" }, { "allow", "\033[32m" } };

	if (!terminal.colour)
		return "";
	for (size_t i = 0; s->sound && i < sizeof(colours) / sizeof(colours[0]); i++)
		if (bytes_is(seen_string(s, "decision"), colours[i].decision))
			return colours[i].colour;
	return s->sound ? "" : "\033[7;31m";
}

static void local_time(struct timespec when, struct text *to)
{
	char text[32] = "-";
	struct tm t;

	if (when.tv_sec > 0 && localtime_r(&when.tv_sec, &t))
		(void)strftime(text, sizeof(text), "%F %T", &t);
	text_printf(to, "%-19s", text);
}

/* A value in a column of that width; longer ones push what follows. */
static void column(struct bytes value, size_t width, struct text *to)
{
	const size_t before = to->len;

	text_shown(to, value.len > 0 ? value : BYTES("-"), DETAIL_MOST);
	while (to->len - before < width)
		text_char(to, ' ');
}

/* "payments/web-7d9c", or the container's name. */
static bool who(const struct seen *s, struct text *to)
{
	const struct bytes pod = seen_string(s, "k8s.pod.name"), name = seen_string(s, "container.name");

	if (pod.len > 0) {
		text_shown(to, seen_string(s, "k8s.namespace.name"), LIMIT_QUOTE);
		text_char(to, '/');
	}
	if (pod.len + name.len == 0)
		return false;
	text_shown(to, pod.len > 0 ? pod : name, LIMIT_QUOTE);
	return true;
}

/* The rules that were breached, each once. */
static bool rules(const struct seen *s, struct text *to)
{
	const struct doc *list = doc_get(s->root, "violations");
	bool any = false;

	for (const struct doc *v = list ? list->first : NULL; v; v = v->next) {
		const struct bytes rule = doc_string(v, "rule", (struct bytes){ 0 });
		bool said = !bytes_is(doc_string(v, "severity", (struct bytes){ 0 }), "error");
		for (const struct doc *e = list->first; e != v && !said; e = e->next)
			said = bytes_equal(rule, doc_string(e, "rule", (struct bytes){ 0 }));
		if (said || rule.len == 0)
			continue;
		text_add(to, any ? ", " : "");
		text_shown(to, rule, LIMIT_QUOTE);
		any = true;
	}
	return any;
}

/* Why first, because what is too long for the line is cut behind. */
static void detail(const struct seen *s, struct text *to)
{
	const struct bytes reason = seen_string(s, "reason"), image = seen_string(s, "container.image.name");
	char name[512];
	struct text person = text_over(name, sizeof(name));
	bool any = false;

	if (seen_string(s, "decision").len == 0 && !bytes_start(seen_string(s, "event.code"), "container.")) {
		text_shown(to, seen_string(s, "message"), DETAIL_MOST);
		return;
	}
	if (!bytes_is(seen_string(s, "decision"), "allow"))
		any = rules(s, to);
	if (!any && reason.len > 0) {
		text_shown(to, reason, LIMIT_QUOTE);
		any = true;
	}
	if (who(s, &person)) {
		text_printf(to, any ? " (%s)" : "%s", name);
		any = true;
	}
	if (image.len > 0) {
		text_add(to, any ? " " : "");
		text_shown(to, image, LIMIT_QUOTE);
	}
}

/* Characters, which are columns but for wide ones. Cuts what is beyond, on a character's edge. */
static void fit(struct text *line)
{
	size_t at = 0, shown = 0, edge = 0;

	if (terminal.columns == 0)
		return;
	while (at < line->len) {
		const size_t n = utf8_length((struct bytes){ line->data + at, line->len - at });
		at += n ? n : 1;
		if (++shown == terminal.columns - 3)
			edge = at;
	}
	if (shown <= terminal.columns)
		return;
	line->len = edge;
	line->data[edge] = '\0';
	text_add(line, "...");
}

static void one_text(const struct seen *s, struct text *to)
{
	struct text line = text_growing(to->arena);
	const char *colour = colour_of(s);

	local_time(s->when, &line);
	if (!s->sound) {
		text_printf(&line, " CHANGED    %s", s->place);
		if (s->number > 0)
			text_printf(&line, ":%lu", s->number);
		text_add(&line,
			s->in == IN_CHAIN ? ": it is no record, or it was changed after it was written"
					  : ": somebody else than root sent it");
	} else {
		const struct bytes id = seen_string(s, "container.id"), decision = seen_string(s, "decision");
		const struct bytes action = seen_string(s, "action");
		text_char(&line, ' ');
		if (decision.len + action.len == 0) {
			column(seen_string(s, "event.code"), 18, &line);
		} else {
			column(decision, 10, &line);
			text_char(&line, ' ');
			column(action, 7, &line);
		}
		text_char(&line, ' ');
		column((struct bytes){ id.data, id.len == 64 ? ID_SHOWN : id.len }, ID_SHOWN, &line);
		text_char(&line, ' ');
		detail(s, &line);
	}
	while (line.len > 0 && line.data[line.len - 1] == ' ')
		line.data[--line.len] = '\0';
	fit(&line);
	text_printf(to, "%s%s%s\n", colour, line.data, *colour ? "\033[0m" : "");
	to->cut |= line.cut;
}

const struct audit_format format_text = {
	.name = "text",
	.summary = "one line each, for reading",
	.one = one_text,
};
