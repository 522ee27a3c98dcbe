/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit's XML, as Jenkins, GitLab and their like read it: a suite for each document; in it a case for the document,
 * which fails when it would make the exit status 1, and one for each rule that was broken: failed when it is one of
 * those that fail the document, skipped when all its findings are exempt, passed with a word otherwise. Only values
 * that a record may hold are quoted.
 */
#include "ctl/check/format.h"

#include <stdlib.h>

enum fate { FATE_PASSED, FATE_SKIPPED, FATE_FAILED };

struct junit_case {
	const struct noted *first;
	enum fate fate;
};

static void attribute(struct text *to, const char *name, const char *value)
{
	text_printf(to, " %s=\"", name);
	text_xml(to, bytes_of(value));
	text_char(to, '"');
}

static enum fate fate_of(const struct output *o, const struct finding *f)
{
	if (f->severity == SEV_OFF)
		return FATE_SKIPPED;
	if (o->fail_on == FAIL_NEVER)
		return FATE_PASSED;
	if (f->severity == SEV_ERROR && f->mode != MODE_AUDIT && o->against->policy.mode != MODE_AUDIT)
		return FATE_FAILED;
	return f->severity == SEV_WARNING && o->fail_on == FAIL_ON_WARNING ? FATE_FAILED : FATE_PASSED;
}

/* The rules that were broken, in the order of their first findings. */
static struct junit_case *cases_of(const struct output *o, const struct checked *c, size_t *ret_count)
{
	struct junit_case *list = arena_array(c->arena, c->noted_count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < c->noted_count && list; i++) {
		const struct finding *f = &c->noted[i].f;
		const enum fate fate = fate_of(o, f);
		size_t k = 0;
		while (k < count && strcmp(list[k].first->f.id, f->id) != 0)
			k++;
		if (k == count)
			list[count++] = (struct junit_case){ &c->noted[i], fate };
		else if (fate == FATE_FAILED || list[k].fate == FATE_SKIPPED)
			list[k].fate = fate;
	}
	*ret_count = count;
	return list;
}

static void finding_xml(const struct output *o, const struct checked *c, const struct noted *n, struct text *to)
{
	struct text line = text_growing(c->arena);

	text_printf(&line, "%s:%u:%u: %s: ", c->file, n->f.place.line, n->f.place.column,
		n->f.severity == SEV_OFF ? "exempt" : severity_name(n->f.severity));
	finding_write(&n->f, SHOW_SAFE, &line);
	const size_t before = line.len;
	text_add(&line, " (");
	noted_where(o, c, n, &line);
	if (line.len == before + 2)
		line.len = before;
	else
		text_char(&line, ')');
	text_xml(to, (struct bytes){ line.data, line.len });
	text_char(to, '\n');
	to->cut |= line.cut;
}

/* All findings of a rule, in an element's text. */
static void findings_xml(const struct output *o, const struct checked *c, const char *id, struct text *to)
{
	for (size_t i = 0; i < c->noted_count; i++)
		if (strcmp(c->noted[i].f.id, id) == 0)
			finding_xml(o, c, &c->noted[i], to);
}

static void case_begin(const char *suite, const char *name, struct text *to)
{
	text_add(to, "<testcase");
	attribute(to, "classname", suite);
	attribute(to, "name", name);
	text_add(to, " time=\"0\">");
}

static void case_write(const struct output *o, const struct checked *c, const struct junit_case *k, struct text *to)
{
	const struct finding *f = &k->first->f;

	case_begin(c->given, f->id, to);
	if (k->fate == FATE_FAILED) {
		text_add(to, "<failure");
		attribute(to, "message", f->says);
		attribute(to, "type", severity_name(f->severity));
		text_char(to, '>');
		findings_xml(o, c, f->id, to);
		text_add(to, "</failure>");
	} else {
		if (k->fate == FATE_SKIPPED) {
			const char *reason = f->exempt ? exempt_reason(c->arena, &o->against->policy, f->exempt) : NULL;
			const char *said = arena_printf(c->arena, "exempt by %s: %s",
				f->exempt ? f->exempt : "the policy", reason ? reason : "no reason is given");
			text_add(to, "<skipped");
			attribute(to, "message", said);
			text_add(to, "/>");
		}
		text_add(to, "<system-out>");
		findings_xml(o, c, f->id, to);
		text_add(to, "</system-out>");
	}
	text_add(to, "</testcase>\n");
}

static void document(struct output *o, const struct checked *c)
{
	size_t count = 0, failed = 0, skipped = 0, refused = 0;
	const struct junit_case *list = cases_of(o, c, &count);
	struct text *to = &o->to;
	const bool fails = output_fails(o, c);

	for (size_t i = 0; i < count && list; i++) {
		failed += list[i].fate == FATE_FAILED;
		skipped += list[i].fate == FATE_SKIPPED;
	}
	for (size_t i = 0; i < c->count; i++)
		refused += !c->outcomes[i].runs;
	text_add(to, "<testsuite");
	attribute(to, "name", c->given);
	text_printf(to, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\"", count + 1,
		failed + fails, skipped);
	attribute(to, "file", c->file);
	text_add(to, ">\n");
	case_begin(c->given, "the document", to);
	if (fails && c->count > 1)
		text_printf(to, "<failure message=\"%zu of %zu refused\" type=\"refused\"/>", refused, c->count);
	else if (fails)
		text_printf(to, "<failure message=\"%s: %zu errors, %zu warnings\" type=\"%s\"/>",
			refused ? "refused" : "warned of", c->outcomes[0].errors, c->outcomes[0].warnings,
			refused ? "refused" : "warned");
	text_add(to, "</testcase>\n");
	for (size_t i = 0; i < count && list; i++)
		case_write(o, c, &list[i], to);
	text_add(to, "</testsuite>\n");
	to->cut |= !list;
}

static void unread(struct output *o, const char *given, const char *why)
{
	struct text *to = &o->to;

	text_add(to, "<testsuite");
	attribute(to, "name", given);
	text_add(to, " tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n");
	case_begin(given, "the document", to);
	text_add(to, "<error type=\"unreadable\"");
	attribute(to, "message", why);
	text_add(to, "/></testcase>\n</testsuite>\n");
}

static void begin(struct output *o)
{
	text_add(&o->to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"runvetctl check\">\n");
}

static void end(struct output *o, const struct checked *list, size_t count)
{
	(void)list;
	(void)count;
	text_add(&o->to, "</testsuites>\n");
}

const struct check_format check_junit = {
	.name = "junit",
	.summary = "JUnit's XML: a suite for each document, a case for each rule",
	.begin = begin,
	.document = document,
	.unread = unread,
	.end = end,
};
