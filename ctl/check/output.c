/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runvetctl check prints. Both forms show values in full: the reader asked about a file of his own. Text is
 * escaped for a terminal; JSON is pure ASCII. Who asked about the specification alone is told of it alone: members and
 * words about hosts, delegates and policies are there where they were named.
 */
#include <errno.h>
#include <stdio.h>

#include "ctl/check/check.h"
#include "ctl/ctl.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void shown(const char *s, struct text *to)
{
	text_shown(to, bytes_of(s), strlen(s) * 4);
}

/* What a policy makes of it: " of baseline@v1.37, audited" behind the rule. */
static void ruled_text(const struct finding *f, struct text *to)
{
	if (f->profile)
		text_printf(to, ", %s", f->profile);
	if (f->severity == SEV_ERROR && f->mode == MODE_AUDIT)
		text_add(to, ", audit");
	if (f->exempt) {
		text_add(to, ", exempt by ");
		shown(f->exempt, to);
	}
}

static void finding_text(const char *file, const struct finding *f, struct text *to)
{
	shown(file, to);
	text_printf(to, ":%u:%u: %s: ", f->place.line, f->place.column,
		f->severity == SEV_OFF ? "exempt" : severity_name(f->severity));
	finding_write(f, SHOW_ALL, to);
	text_printf(to, " [%s", f->id);
	ruled_text(f, to);
	text_char(to, ']');
}

/* Which part of the policy it was. */
static void applied_text(const struct against *x, const char *file, const struct applied *p, struct text *to)
{
	shown(file, to);
	text_add(to, ": judged by ");
	shown(p->profile, to);
	text_printf(to, " in mode %s", mode_name(x->policy.mode == MODE_AUDIT ? MODE_AUDIT : p->mode));
	if (p->claimed) {
		text_add(to, ", and by ");
		shown(p->claimed, to);
	}
	for (size_t i = 0; i < p->exempt_count; i++) {
		text_add(to, i ? ", " : p->exempt_count > 1 ? ", with the exemptions " : ", with the exemption ");
		shown(p->exempt[i], to);
	}
	for (size_t i = 0; i < p->shadow_count; i++) {
		const struct shadowed *s = &p->shadows[i];
		text_add(to, "; ");
		shown(s->profile, to);
		text_printf(to, " would say %zu error%s, %zu warning%s", s->errors, plural(s->errors), s->warnings,
			plural(s->warnings));
	}
}

static void add_line(struct outcome *one, const struct text *line)
{
	one->lines[one->line_count++] = line->data;
}

static int outcome_text(struct output *o, const struct against *x, const struct checked *c, const struct report *r,
	struct outcome *one)
{
	const size_t more = report_left_out(r);
	bool cut = false;

	one->lines = arena_array(&o->arena, r->count + 4, sizeof(*one->lines));
	if (!one->lines)
		return -ENOMEM;
	for (size_t i = 0; i < r->count; i++) {
		struct text line = text_growing(&o->arena);
		finding_text(c->file, &r->findings[i], &line);
		add_line(one, &line);
		cut |= line.cut;
	}
	if (more > 0) {
		struct text line = text_growing(&o->arena);
		shown(c->file, &line);
		text_printf(&line, ": %zu more finding%s left out", more, plural(more));
		add_line(one, &line);
		cut |= line.cut;
	}
	if (x->has_policy && r->applied) {
		struct text line = text_growing(&o->arena);
		applied_text(x, c->file, r->applied, &line);
		add_line(one, &line);
		cut |= line.cut;
	}
	return cut ? -ENOMEM : 0;
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

static void optional(struct text *to, const char *name, const char *s)
{
	text_printf(to, ",\"%s\":", name);
	value(to, s);
}

static void finding_json(const struct against *x, const struct finding *f, struct text *to)
{
	struct text message = text_growing(to->arena);
	finding_write(f, SHOW_ALL, &message);
	text_char(to, '{');
	member(to, "rule", f->id);
	member(to, "severity", severity_name(f->severity));
	member(to, "pointer", f->pointer);
	text_printf(to, "\"line\":%u,\"column\":%u,\"message\":", f->place.line, f->place.column);
	text_json(to, (struct bytes){ message.data, message.len });
	optional(to, "basis", finding_basis(f));
	optional(to, "spec", f->rule ? f->rule->spec : NULL);
	if (x->held) {
		optional(to, "fact", f->fact);
		optional(to, "mode", f->profile ? mode_name(f->mode) : NULL);
		optional(to, "profile", f->profile);
		optional(to, "exempt", f->exempt);
	}
	text_char(to, '}');
	to->cut |= message.cut;
}

static void applied_json(const struct against *x, const struct applied *p, struct text *to)
{
	text_add(to, "{\"profile\":");
	text_json(to, bytes_of(p->profile));
	optional(to, "mode", mode_name(x->policy.mode == MODE_AUDIT ? MODE_AUDIT : p->mode));
	optional(to, "claimed", p->claimed);
	text_add(to, ",\"exempt\":[");
	for (size_t i = 0; i < p->exempt_count; i++) {
		text_add(to, i ? "," : "");
		text_json(to, bytes_of(p->exempt[i]));
	}
	text_add(to, "],\"shadows\":[");
	for (size_t i = 0; i < p->shadow_count; i++) {
		text_add(to, i ? ",{\"profile\":" : "{\"profile\":");
		text_json(to, bytes_of(p->shadows[i].profile));
		text_printf(to, ",\"errors\":%zu,\"warnings\":%zu}", p->shadows[i].errors, p->shadows[i].warnings);
	}
	text_add(to, "]}");
}

const char *side_name(const struct side *s)
{
	return s->labels[s->label];
}

static void outcome_json(struct output *o, const struct against *x, const struct checked *c, const struct report *r,
	const struct outcome *one)
{
	struct text *to = &o->to;
	const struct side *host = one->host, *delegate = one->delegate;

	text_add(to, to->len ? ",{" : "{");
	member(to, "path", c->given);
	member(to, "decision", decision_name(one->decision));
	text_add(to, "\"findings\":[");
	for (size_t k = 0; k < r->count; k++) {
		if (k)
			text_char(to, ',');
		finding_json(x, &r->findings[k], to);
	}
	text_printf(to, "],\"left_out\":%zu", report_left_out(r));
	if (x->held) {
		optional(to, "host", host->live || host->document ? side_name(host) : NULL);
		optional(to, "delegate", delegate->document ? side_name(delegate) : NULL);
		optional(to, "unknown", delegate->lacks);
		text_add(to, ",\"policy\":");
		if (x->has_policy && r->applied)
			applied_json(x, r->applied, to);
		else
			text_add(to, "null");
	}
	text_char(to, '}');
}

int output_outcome(struct output *o, const struct against *x, const struct checked *c, const struct report *r,
	struct outcome *ret)
{
	if (!o->json)
		return outcome_text(o, x, c, r, ret);
	outcome_json(o, x, c, r, ret);
	return o->to.cut ? -ENOMEM : 0;
}

/* What of a delegate is not known is worth a word: nothing was held against it. */
static void unknown_text(const struct against *x, struct text *to)
{
	for (size_t i = 0; i < x->delegates.count; i++) {
		const struct side *s = &x->delegates.list[i];
		if (!s->lacks)
			continue;
		shown(side_name(s), to);
		text_add(to, ": what it can is not known: ");
		shown(s->lacks, to);
		text_char(to, '\n');
	}
}

static void sums_text(const struct checked *list, size_t count, struct text *to)
{
	size_t denied = 0, errors = 0, warnings = 0, infos = 0;

	for (size_t i = 0; i < count; i++) {
		const struct outcome *one = &list[i].outcomes[0];
		for (size_t k = 0; k < one->line_count; k++)
			text_printf(to, "%s\n", one->lines[k]);
		denied += !one->runs;
		errors += one->errors;
		warnings += one->warnings;
		infos += one->infos;
	}
	if (count > 0)
		text_printf(to, "%zu checked, %zu denied: %zu error%s, %zu warning%s, %zu info%s\n", count, denied,
			errors, plural(errors), warnings, plural(warnings), infos, plural(infos));
}

/* Everything in one write, so that lines of two runs do not mix. */
int output_all(struct output *o, const struct against *x, const struct checked *list, size_t count)
{
	struct text all = text_growing(&o->arena);

	if (o->json) {
		text_printf(&all, "{\"results\":[%s]}\n", o->to.len ? o->to.data : "");
	} else if (x->hosts.count * x->delegates.count > 1) {
		matrix_write(o, x, list, count, &all);
		unknown_text(x, &all);
	} else {
		unknown_text(x, &all);
		sums_text(list, count, &all);
	}
	return all.cut ? trouble("no memory for the output") : put(all.data);
}
