/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workflow commands of GitHub Actions, which become annotations beside the lines of a change. What stands in the log of
 * a job is read by many, so only values that a record may hold are quoted. A line of ours begins with no "::", whatever
 * a document says: commands in it would be obeyed.
 */
#include "ctl/check/format.h"

/* Data and properties of a command have escapes of their own; of a property also what separates properties. */
static void escaped(const char *s, bool property, struct text *to)
{
	for (; *s; s++) {
		if (*s == '%')
			text_add(to, "%25");
		else if (*s == '\r')
			text_add(to, "%0D");
		else if (*s == '\n')
			text_add(to, "%0A");
		else if (property && *s == ':')
			text_add(to, "%3A");
		else if (property && *s == ',')
			text_add(to, "%2C");
		else
			text_char(to, *s);
	}
}

static const char *command_of(const struct finding *f)
{
	if (f->severity == SEV_ERROR)
		return f->mode == MODE_AUDIT ? "warning" : "error";
	return f->severity == SEV_WARNING ? "warning" : "notice";
}

static void finding(struct output *o, const struct checked *c, const struct noted *n)
{
	struct text *to = &o->to, message = text_growing(c->arena);
	const struct region *r = &n->region;

	finding_write(&n->f, SHOW_SAFE, &message);
	const size_t before = message.len;
	text_add(&message, " (");
	noted_where(o, c, n, &message);
	message.len = message.len == before + 2 ? before : message.len;
	message.data[message.len] = '\0';
	text_add(&message, message.len > before ? ")" : "");
	text_printf(to, "::%s file=", command_of(&n->f));
	escaped(c->file, true, to);
	if (r->line > 0) {
		text_printf(to, ",line=%u,endLine=%u,col=%u,endColumn=%u", r->line, r->line, r->char_column,
			r->char_column + (r->chars ? r->chars - 1 : 0));
	}
	text_add(to, ",title=");
	escaped(n->f.id, true, to);
	text_add(to, "::");
	escaped(message.data, false, to);
	text_char(to, '\n');
	to->cut |= message.cut;
}

static void document(struct output *o, const struct checked *c)
{
	/* What is exempt is no news to who reads a change. */
	for (size_t i = 0; i < c->noted_count; i++)
		if (c->noted[i].f.severity != SEV_OFF)
			finding(o, c, &c->noted[i]);
}

static void unread(struct output *o, const char *given, const char *why)
{
	text_add(&o->to, "::error file=");
	escaped(given, true, &o->to);
	text_add(&o->to, ",title=cannot be read::");
	escaped(why, false, &o->to);
	text_char(&o->to, '\n');
}

static void end(struct output *o, const struct checked *list, size_t count)
{
	sums_line(list, count, &o->to);
}

const struct check_format check_github = {
	.name = "github",
	.summary = "workflow commands of GitHub Actions: annotations",
	.document = document,
	.unread = unread,
	.end = end,
};
