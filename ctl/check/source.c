/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places in the text. A finding knows line and column; its value knows its offset, and the two are brought together
 * here. Documents are hostile: one line may be megabytes, so nothing is counted from the beginning of a line or of the
 * document for each finding anew, and what is shown of a line is a window.
 */
#include "ctl/check/source.h"

#include "ctl/check/paint.h"

#define WINDOW 69u /* columns of a line that are shown, of the 80 that a terminal has */
#define LEFT 44u   /* columns before the mark, at most */
#define TAB 4u
#define WHOLE 160u   /* an object or array of more bytes is marked at its first character */
#define LOOKED 4096u /* bytes looked at on either side of a mark */

static uint32_t count_chars(struct bytes b)
{
	uint32_t n = 0;
	for (size_t i = 0; i < b.len; i++)
		n += ((unsigned char)b.data[i] & 0xc0) != 0x80;
	return n;
}

bool source_open(struct arena *a, struct bytes text, struct source *ret)
{
	const size_t steps = text.len / SOURCE_STEP + 1;
	unsigned char all = 0;

	*ret = (struct source){ .text = text };
	for (size_t i = 0; i < text.len; i++)
		all |= (unsigned char)text.data[i];
	ret->ascii = all < 0x80;
	if (ret->ascii)
		return true;
	ret->before = arena_array(a, steps, sizeof(*ret->before));
	for (size_t i = 1; ret->before && i < steps; i++)
		ret->before[i] = ret->before[i - 1] +
			count_chars((struct bytes){ text.data + (i - 1) * SOURCE_STEP, SOURCE_STEP });
	return ret->before;
}

/* Characters before the byte. */
static uint32_t chars_before(const struct source *s, size_t offset)
{
	const size_t step = offset / SOURCE_STEP;
	if (!s->before)
		return (uint32_t)offset;
	return s->before[step] + count_chars((struct bytes){ s->text.data + step * SOURCE_STEP, offset % SOURCE_STEP });
}

/* Whether the line and column of a finding can be those of the offset: its line would begin where a line does. */
static bool fits(const struct source *s, const struct finding *f, size_t offset)
{
	const size_t column = f->place.column;
	if (offset > s->text.len || column == 0 || column > offset + 1)
		return false;
	const size_t start = offset + 1 - column;
	return (start == 0 || s->text.data[start - 1] == '\n') &&
		!memchr(s->text.data + start, '\n', column - 1 < LOOKED ? column - 1 : LOOKED);
}

/* The offset of line and column, the long way: of a document that does not parse nothing else is known. */
static size_t offset_of(const struct source *s, const struct finding *f)
{
	const char *p = s->text.data, *end = s->text.data + s->text.len;
	for (uint32_t line = 1; line < f->place.line && p < end; line++) {
		const char *next = memchr(p, '\n', (size_t)(end - p));
		p = next ? next + 1 : end;
	}
	const size_t start = (size_t)(p - s->text.data), column = f->place.column ? f->place.column - 1 : 0;
	return start + column < s->text.len ? start + column : s->text.len;
}

/* One character, or none at the end of the text. */
static size_t one_char(const struct source *s, size_t offset)
{
	const size_t n = utf8_length((struct bytes){ s->text.data + offset, s->text.len - offset });
	return offset < s->text.len ? (n ? n : 1) : 0;
}

/* A string from its opening quote to its closing one. */
static size_t string_length(const struct source *s, size_t offset)
{
	size_t i = offset + 1;
	while (i < s->text.len && s->text.data[i] != '"')
		i += s->text.data[i] == '\\' ? 2 : 1;
	return (i < s->text.len ? i + 1 : s->text.len) - offset;
}

static size_t value_length(const struct source *s, const struct doc *d)
{
	const size_t length = d->end - d->offset;
	if (d->type != DOC_OBJECT && d->type != DOC_ARRAY)
		return length;
	return d->parent && length <= WHOLE && !memchr(s->text.data + d->offset, '\n', length) ? length : 1;
}

struct region source_region(const struct source *s, const struct finding *f)
{
	struct region r = { .line = f->place.line, .column = f->place.column };
	size_t offset, length;

	if (r.line == 0 || r.column == 0)
		return (struct region){ 0 };
	if (f->at && fits(s, f, f->at->offset)) {
		offset = f->at->offset;
		length = value_length(s, f->at);
	} else if (f->at && fits(s, f, f->at->key_offset)) {
		offset = f->at->key_offset;
		length = string_length(s, offset);
	} else {
		offset = offset_of(s, f);
		length = one_char(s, offset);
	}
	const size_t start = offset + 1 > r.column ? offset + 1 - r.column : 0;
	r.offset = (uint32_t)offset;
	r.length = (uint32_t)length;
	r.at = chars_before(s, offset);
	r.chars = chars_before(s, offset + length) - r.at;
	r.char_column = r.at - chars_before(s, start) + 1;
	return r;
}

unsigned char_columns(uint32_t c)
{
	/* After Unicode's East Asian Width (W and F) and the combining blocks that configurations could hold. */
	static const struct {
		uint32_t first, last;
		unsigned columns;
	} ranges[] = {
		{ 0x0300, 0x036f, 0 },
		{ 0x0483, 0x0489, 0 },
		{ 0x0591, 0x05bd, 0 },
		{ 0x0610, 0x061a, 0 },
		{ 0x064b, 0x065f, 0 },
		{ 0x1100, 0x115f, 2 },
		{ 0x1ab0, 0x1aff, 0 },
		{ 0x1dc0, 0x1dff, 0 },
		{ 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0x303e, 2 },
		{ 0x3041, 0x33ff, 2 },
		{ 0x3400, 0x4dbf, 2 },
		{ 0x4e00, 0x9fff, 2 },
		{ 0xa000, 0xa4cf, 2 },
		{ 0xa960, 0xa97c, 2 },
		{ 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 },
		{ 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 },
		{ 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 },
		{ 0x20000, 0x3fffd, 2 },
		{ 0xe0100, 0xe01ef, 0 },
	};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c <= ranges[i].last)
			return c >= ranges[i].first ? ranges[i].columns : 1;
	return 1;
}

/* A character as it is shown, and the columns that it takes. */
struct shown {
	char data[20];
	size_t used; /* bytes of the text */
	unsigned columns;
};

static struct shown show_char(const struct source *s, size_t offset)
{
	struct shown r = { .used = one_char(s, offset) };
	const struct bytes b = { s->text.data + offset, r.used };

	if (b.len == 1 && *b.data >= 0x20 && *b.data < 0x7f) {
		r.data[0] = *b.data;
		r.columns = 1;
		return r;
	}
	struct text to = text_over(r.data, sizeof(r.data));
	if (b.len == 1 && *b.data == '\t') {
		text_add(&to, "    ");
		r.columns = TAB;
		return r;
	}
	text_shown(&to, b, sizeof(r.data) - 1);
	if (b.len < 2 || *r.data == '\\') {
		r.columns = (unsigned)to.len;
		return r;
	}
	uint32_t c = (unsigned char)*b.data & (0x7fu >> b.len);
	for (size_t i = 1; i < b.len; i++)
		c = c << 6 | ((unsigned char)b.data[i] & 0x3f);
	r.columns = char_columns(c);
	return r;
}

/* Where what is shown before the mark begins: as far back as there is room, or the beginning of the line. */
static size_t window_start(const struct source *s, const struct region *r, bool *ret_cut)
{
	const size_t first = r->offset + 1 > r->column ? r->offset + 1 - r->column : 0;
	size_t at = r->offset;
	unsigned columns = 0;

	while (at > first && r->offset - at < LOOKED) {
		size_t before = at - 1;
		while (before > first && at - before < 4 && ((unsigned char)s->text.data[before] & 0xc0) == 0x80)
			before--;
		columns += show_char(s, before).columns;
		if (columns > LEFT)
			break;
		at = before;
	}
	*ret_cut = at > first;
	return at;
}

static void gutter(const struct region *r, bool number, const struct paint *p, struct text *to)
{
	if (number)
		text_printf(to, "%s%5u |%s ", p->gutter, r->line, p->end);
	else
		text_printf(to, "%s      |%s ", p->gutter, p->end);
}

static bool line_ends(const struct source *s, size_t at)
{
	const char *data = s->text.data;
	return at >= s->text.len || data[at] == '\n' ||
		(data[at] == '\r' && at + 1 < s->text.len && data[at + 1] == '\n');
}

void source_show(const struct source *s, const struct region *r, const struct paint *p, struct text *to)
{
	bool cut;
	const size_t start = window_start(s, r, &cut);
	unsigned column = cut ? 3 : 0, mark = column, marked = 0;
	size_t at = start;

	gutter(r, true, p, to);
	text_add(to, cut ? "..." : "");
	while (!line_ends(s, at) && at - start < LOOKED) {
		const struct shown one = show_char(s, at);
		if (column + one.columns > WINDOW)
			break;
		text_add(to, one.data);
		column += one.columns;
		if (at < r->offset)
			mark += one.columns;
		else if (at < r->offset + r->length)
			marked += one.columns;
		at += one.used;
	}
	text_add(to, line_ends(s, at) ? "\n" : "...\n");
	gutter(r, false, p, to);
	text_printf(to, "%*s%s^", (int)mark, "", p->help);
	for (unsigned i = 1; i < marked; i++)
		text_char(to, '~');
	text_printf(to, "%s\n", p->end);
}
