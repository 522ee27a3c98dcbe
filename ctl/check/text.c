/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people read. "text" shows the line of the document with a mark under what is meant, as compilers do, and what
 * would be right below it; "lines" is one line for each finding, for grep and for editors. Both show values in full:
 * the reader asked about a file of his own. All of it is escaped for a terminal.
 */
#include "ctl/check/format.h"

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

void finding_line(const char *file, const struct finding *f, bool fix, const struct paint *p, struct text *to)
{
	struct finding said = *f;

	said.fix = fix ? f->fix : NULL;
	text_add(to, p->place);
	shown(file, to);
	text_printf(to, ":%u:%u:%s %s%s:%s ", f->place.line, f->place.column, p->end, paint_severity(p, f->severity),
		f->severity == SEV_OFF ? "exempt" : severity_name(f->severity), p->end);
	finding_write(&said, SHOW_ALL, to);
	text_printf(to, " [%s", f->id);
	ruled_text(f, to);
	text_char(to, ']');
}

/* Which part of the policy was applied, as one line. */
static void applied_line(const struct against *x, const char *file, const struct applied *p, struct text *to)
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

static bool is_table(const struct output *o)
{
	return o->against->hosts.count * o->against->delegates.count > 1;
}

static bool judged_by_policy(const struct output *o, const struct report *r)
{
	return (o->against->has_policy || o->against->profile) && r->applied;
}

static void left_out_line(const struct checked *c, const struct report *r, struct text *to)
{
	shown(c->file, to);
	text_printf(to, ": %zu more finding%s left out", report_left_out(r), plural(report_left_out(r)));
}

/* For a table: the lines are kept, to be said once below it. */
static void keep_lines(struct output *o, const struct checked *c, const struct report *r, struct outcome *one)
{
	static const struct paint plain = { "", "", "", "", "", "", "", "" };

	one->lines = arena_array(&o->arena, r->count + 2, sizeof(*one->lines));
	o->to.cut |= !one->lines;
	for (size_t i = 0; i < r->count + 2 && one->lines; i++) {
		struct text line = text_growing(&o->arena);
		if (i < r->count)
			finding_line(c->file, &r->findings[i], true, &plain, &line);
		else if (i == r->count && report_left_out(r) > 0)
			left_out_line(c, r, &line);
		else if (i > r->count && judged_by_policy(o, r))
			applied_line(o->against, c->file, r->applied, &line);
		if (line.len > 0)
			one->lines[one->line_count++] = line.data;
		o->to.cut |= line.cut;
	}
}

/* A line of ours; on a terminal it is broken between words. */
static void put_line(struct output *o, const struct text *line, unsigned indent)
{
	paint_wrap((struct bytes){ line->data, line->len }, o->columns, indent, &o->to);
	text_char(&o->to, '\n');
	o->to.cut |= line->cut;
}

static void write_outcome(struct output *o, const struct checked *c, const struct report *r, bool marks)
{
	for (size_t i = 0; i < c->noted_count; i++) {
		const struct noted *n = &c->noted[i];
		struct text line = text_growing(c->arena);
		finding_line(c->file, &n->f, !marks, &o->paint, &line);
		put_line(o, &line, 4);
		/* Of the whole document there is nothing to be shown. */
		if (marks && n->region.line > 0 && (!n->f.at || n->f.at->parent))
			source_show(&c->source, &n->region, &o->paint, &o->to);
		if (marks && n->f.fix) {
			line = text_growing(c->arena);
			text_printf(&line, "      = %shelp:%s %s", o->paint.help, o->paint.end, n->f.fix);
			put_line(o, &line, 14);
		}
	}
	if (report_left_out(r) > 0) {
		left_out_line(c, r, &o->to);
		text_char(&o->to, '\n');
	}
	if (judged_by_policy(o, r)) {
		applied_line(o->against, c->file, r->applied, &o->to);
		text_char(&o->to, '\n');
	}
}

static void text_outcome(struct output *o, const struct checked *c, const struct report *r, struct outcome *one)
{
	if (is_table(o))
		keep_lines(o, c, r, one);
	else
		write_outcome(o, c, r, true);
}

static void lines_outcome(struct output *o, const struct checked *c, const struct report *r, struct outcome *one)
{
	if (is_table(o))
		keep_lines(o, c, r, one);
	else
		write_outcome(o, c, r, false);
}

/* What of a delegate is not known is worth a word: nothing was held against it. */
static void unknown_text(struct output *o)
{
	const struct sides *all = &o->against->delegates;

	for (size_t i = 0; i < all->count; i++) {
		if (!all->list[i].lacks)
			continue;
		shown(side_name(&all->list[i]), &o->to);
		text_add(&o->to, ": what it can is not known: ");
		shown(all->list[i].lacks, &o->to);
		text_char(&o->to, '\n');
	}
}

static void begin(struct output *o)
{
	if (!is_table(o))
		unknown_text(o);
}

void sums_line(const struct checked *list, size_t count, struct text *to)
{
	size_t denied = 0, errors = 0, warnings = 0, infos = 0;

	for (size_t i = 0; i < count; i++) {
		const struct outcome *one = &list[i].outcomes[0];
		denied += !one->runs;
		errors += one->errors;
		warnings += one->warnings;
		infos += one->infos;
	}
	if (count > 0)
		text_printf(to, "%zu checked, %zu denied: %zu error%s, %zu warning%s, %zu info%s\n", count, denied,
			errors, plural(errors), warnings, plural(warnings), infos, plural(infos));
}

static void end(struct output *o, const struct checked *list, size_t count)
{
	if (is_table(o)) {
		matrix_write(o, o->against, list, count, &o->to);
		unknown_text(o);
	} else {
		sums_line(list, count, &o->to);
	}
}

const struct check_format check_text = {
	.name = "text",
	.summary = "findings, the line that each is about, and what would be right",
	.begin = begin,
	.outcome = text_outcome,
	.end = end,
};

const struct check_format check_lines = {
	.name = "lines",
	.summary = "one line per finding, PATH:LINE:COLUMN first",
	.begin = begin,
	.outcome = lines_outcome,
	.end = end,
};
