/* SPDX-License-Identifier: Apache-2.0 */
/* The table: sign, field, declared, real; each cell is wrapped in its own column. Then what differs, in words. */
#include "ctl/boundary/boundary.h"
#include "ctl/node/wrap.h"
#include "validate/base/limits.h"
#include "validate/policy/start.h"

#define WIDTH 80u
#define FIELD 28u
#define DAY ((size_t)10) /* of a time: "2027-01-31" */

/* Takes the next line of a cell: as many words as fit, or a piece of a word or a path that does not. */
static struct bytes cell_line(struct bytes *cell, size_t width)
{
	while (cell->len && cell->data[0] == ' ' && cell->len > width) {
		cell->data++;
		cell->len--;
	}
	size_t n = cell->len < width ? cell->len : width;
	if (n < cell->len) {
		size_t at = n, part = n;
		while (at > 0 && cell->data[at] != ' ')
			at--;
		while (part > 0 && !strchr("./,", cell->data[part - 1]))
			part--;
		n = at > 0 ? at : part > 0 ? part : n;
		while (at == 0 && n > 1 && ((unsigned char)cell->data[n] & 0xc0) == 0x80)
			n--; /* not within a character */
	}
	const struct bytes line = { cell->data, n };
	const size_t used = n + (n < cell->len && cell->data[n] == ' ');
	*cell = (struct bytes){ cell->data + used, cell->len - used };
	return line;
}

static size_t columns(struct bytes b)
{
	size_t n = 0;
	for (size_t i = 0; i < b.len; i++)
		n += ((unsigned char)b.data[i] & 0xc0) != 0x80;
	return n;
}

static void write_row(const char *sign, const char *field, const char *declared, const char *real, size_t width,
	struct text *to)
{
	struct bytes cells[3] = { bytes_of(field), bytes_of(declared), bytes_of(real) };
	const size_t widths[3] = { FIELD, width, width };
	for (bool first = true; first || cells[0].len || cells[1].len || cells[2].len; first = false) {
		size_t blank = 0;
		text_add(to, first ? sign : " ");
		text_char(to, ' ');
		for (size_t i = 0; i < 3; i++) {
			const struct bytes line = cell_line(&cells[i], widths[i]);
			if (line.len) {
				text_printf(to, "%*s", (int)blank, "");
				text_bytes(to, line);
				blank = 0;
			}
			blank += widths[i] + 1 - (line.len ? columns(line) : 0);
		}
		text_char(to, '\n');
	}
}

static void write_head(const struct looked *l, struct text *to)
{
	const struct running *r = &l->of;
	if (*r->id) {
		text_shown(to, bytes_of(r->id), 128);
		text_printf(to, "  %s%s%s, process %d, %s\n", r->engine ? r->engine : "", r->engine ? ", " : "",
			*r->runtime ? r->runtime : "no runtime known", (int)r->pid, running_state_name(r->state));
	} else {
		text_printf(to, "process %d\n", (int)r->pid);
	}
	text_shown(to, bytes_of(l->file), 4096);
	text_add(to, "\n\n");
}

/* "exempt by EX-9 until 2027-01-31: the agent adds its variables" */
static void write_exempt(const struct looked *l, const char *id, struct text *to)
{
	struct text line = text_growing(l->a);
	struct exempt_words x;

	settled_exemption(l, id, &x);
	text_add(&line, "exempt by ");
	text_shown(&line, bytes_of(id), LIMIT_SHOWN_NAME);
	if (x.until) {
		text_add(&line, " until ");
		text_shown(&line, (struct bytes){ x.until, strnlen(x.until, DAY) }, DAY);
	}
	if (x.reason) {
		text_add(&line, ": ");
		text_shown(&line, bytes_of(x.reason), LIMIT_FIELD);
	} else if (x.gone) {
		text_add(&line, ", which is not in the policy any more");
	}
	wrap_words(to, 4, line.data);
	to->cut |= line.cut;
}

static void write_findings(const struct looked *l, struct text *to)
{
	const struct report *r = &l->report;
	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];
		struct text says = text_growing(l->a);
		const bool audited = l->wanted && f->severity == SEV_ERROR && f->mode == MODE_AUDIT;
		text_printf(to, "\n%s %s%s\n", mark_sign(mark_of(f)), f->id,
			audited                                        ? ", audit"
				: f->severity == SEV_OFF && !f->exempt ? ", off"
								       : "");
		finding_write(f, SHOW_SAFE, &says);
		wrap_words(to, 4, says.data);
		if (f->exempt)
			write_exempt(l, f->exempt, to);
	}
	if (report_left_out(r))
		text_printf(to, "\n%zu more are left out.\n", report_left_out(r));
}

/* What it comes to, and what a start would make of it. */
static void write_sum(const struct looked *l, struct text *to)
{
	const size_t count = looked_counts(l), exempt = l->report.exempted;

	if (count > 0)
		text_printf(to, "\n%zu difference%s", count, count == 1 ? "" : "s");
	else
		text_add(to, "\nNothing differs from what was declared");
	if (exempt || l->off)
		text_add(to, count > 0 ? ", and " : " but ");
	if (exempt)
		text_printf(to, "%zu that %s exempt%s", exempt, exempt == 1 ? "is" : "are", l->off ? ", " : "");
	if (l->off)
		text_printf(to, "%zu by rules that are off", l->off);
	text_add(to, ".\n");
	if (l->wanted)
		text_printf(to, "By what create settled (%s) a start of it is: %s.\n", start_profile(l->a, l->wanted),
			decision_name(l->decision));
	if (l->approved == NOT_APPROVED)
		text_add(to,
			"Its config.json is not what create approved: nothing is exempt by it, and a start is\n"
			"judged by drift.config.\n");
}

void print_text(const struct sides *s, unsigned wide, struct text *to)
{
	const size_t all = wide >= WIDTH ? wide : WIDTH, width = (all - 2 - FIELD - 2) / 2;
	size_t unknown = 0;
	write_head(s->l, to);
	write_row(" ", "FIELD", "DECLARED", "REAL", width, to);
	for (size_t i = 0; i < s->count; i++) {
		const struct side *one = &s->of[i];
		const bool heading = !one->declared && !one->real;
		unknown += one->mark == MARK_UNKNOWN;
		if (heading && one->mark == MARK_UNASKED && strncmp(one->field, "process", 7) != 0)
			continue; /* there for findings alone */
		write_row(mark_sign(one->mark), one->field,
			heading                 ? ""
				: one->declared ? one->declared
						: "-",
			heading             ? ""
				: one->real ? one->real
					    : "not to be seen",
			width, to);
	}
	write_findings(s->l, to);
	write_sum(s->l, to);
	if (unknown)
		text_printf(to, "%zu field%s cannot be seen from here.\n", unknown, unknown == 1 ? "" : "s");
}
