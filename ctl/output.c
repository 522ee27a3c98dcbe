/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runvetctl check prints. Both forms show values in full: the reader asked about a file of his own. Text is
 * escaped for a terminal; JSON is pure ASCII.
 */
#include <stdio.h>

#include "ctl/check.h"
#include "ctl/ctl.h"

static const char *decision(const struct report *r)
{
	return r->errors ? "deny" : "allow";
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void shown(const char *s, struct text *to)
{
	text_shown(to, bytes_of(s), strlen(s) * 4);
}

static void finding_text(const char *file, const struct finding *f, struct text *to)
{
	shown(file, to);
	text_printf(to, ":%u:%u: %s: ", f->place.line, f->place.column, severity_name(f->severity));
	finding_write(f, SHOW_ALL, to);
	text_printf(to, " [%s]\n", f->id);
}

/* Everything in one write, so that lines of two runs do not mix. */
static int print(struct arena *a, const struct text *all)
{
	const int r = all->cut ? trouble("no memory for the output") : put(all->data);
	arena_done(a);
	return r;
}

int output_text(const struct checked *list, size_t count)
{
	struct arena a;
	size_t denied = 0, errors = 0, warnings = 0, infos = 0;
	arena_init(&a, (size_t)256 << 20);
	struct text to = text_growing(&a);
	for (size_t i = 0; i < count; i++) {
		const struct report *r = &list[i].report;
		const size_t more = report_left_out(r);
		for (size_t k = 0; k < r->count; k++)
			finding_text(list[i].file, &r->findings[k], &to);
		if (more > 0) {
			shown(list[i].file, &to);
			text_printf(&to, ": %zu more finding%s left out\n", more, plural(more));
		}
		denied += r->errors > 0;
		errors += r->errors;
		warnings += r->warnings;
		infos += r->infos;
	}
	if (count > 0)
		text_printf(&to, "%zu checked, %zu denied: %zu error%s, %zu warning%s, %zu info%s\n", count, denied,
			errors, plural(errors), warnings, plural(warnings), infos, plural(infos));
	return print(&a, &to);
}

static void member(struct text *to, const char *name, const char *value)
{
	text_printf(to, "\"%s\":", name);
	text_json(to, bytes_of(value));
	text_char(to, ',');
}

static void value(struct text *to, const char *s)
{
	if (s)
		text_json(to, bytes_of(s));
	else
		text_add(to, "null");
}

static void finding_json(struct arena *a, const struct finding *f, struct text *to)
{
	struct text message = text_growing(a);
	finding_write(f, SHOW_ALL, &message);
	text_char(to, '{');
	member(to, "rule", f->id);
	member(to, "severity", severity_name(f->severity));
	member(to, "pointer", f->pointer);
	text_printf(to, "\"line\":%u,\"column\":%u,\"message\":", f->place.line, f->place.column);
	text_json(to, (struct bytes){ message.data, message.len });
	text_add(to, ",\"basis\":");
	value(to, finding_basis(f));
	text_add(to, ",\"spec\":");
	value(to, f->rule ? f->rule->spec : NULL);
	text_char(to, '}');
	to->cut |= message.cut;
}

int output_json(const struct checked *list, size_t count)
{
	struct arena a;
	arena_init(&a, (size_t)256 << 20);
	struct text to = text_growing(&a);
	text_add(&to, "{\"results\":[");
	for (size_t i = 0; i < count; i++) {
		const struct report *r = &list[i].report;
		text_add(&to, i ? ",{" : "{");
		member(&to, "path", list[i].given);
		member(&to, "decision", decision(r));
		text_add(&to, "\"findings\":[");
		for (size_t k = 0; k < r->count; k++) {
			if (k)
				text_char(&to, ',');
			finding_json(&a, &r->findings[k], &to);
		}
		text_printf(&to, "],\"left_out\":%zu}", report_left_out(r));
	}
	text_add(&to, "]}\n");
	return print(&a, &to);
}
