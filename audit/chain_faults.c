/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The faults of a chain: collected, several lines of one kind as one, and put into words. Numbers that are missing are
 * no fault before the end: the records may come later, out of order.
 */
#include <inttypes.h>
#include <stdio.h>

#include "audit/examiner.h"

struct chain_fault *add_fault(struct examiner *x, enum chain_fault_kind kind)
{
	static struct chain_fault unkept;
	struct examination *e = x->e;
	struct chain_fault *f = &unkept;
	if (e->faults && e->fault_count < CHAIN_FAULTS_KEPT)
		f = &e->faults[e->fault_count++];
	else
		e->fault_more++;
	*f = (struct chain_fault){ .kind = kind, .line = x->line, .to_line = x->line, .order = x->file };
	(void)snprintf(f->file, sizeof(f->file), "%s", x->file < e->file_count ? e->files[x->file].name : "chain");
	memcpy(f->chain, x->at.chain, CHAIN_ID);
	return f;
}

struct chain_fault *add_run(struct examiner *x, enum chain_fault_kind kind, uint64_t seq)
{
	struct examination *e = x->e;
	struct chain_fault *last = e->fault_count ? &e->faults[e->fault_count - 1] : NULL;
	if (last && last->kind == kind && last->to_line + 1 == x->line &&
		strcmp(last->file, e->files[x->file].name) == 0 && (seq ? last->to + 1 == seq : last->to == 0)) {
		last->to_line = x->line;
		last->to = seq;
		return last;
	}
	struct chain_fault *f = add_fault(x, kind);
	f->from = f->to = seq;
	return f;
}

void name_record(struct chain_fault *f, const struct links *l)
{
	if (l->id.len > 0 && l->id.len < sizeof(f->id))
		(void)snprintf(f->id, sizeof(f->id), "%.*s", (int)l->id.len, l->id.data);
}

/* A file whose number is left out between this one and the one before it. */
static void name_absent(const struct examiner *x, struct chain_fault *f)
{
	const struct chain_file *now = &x->e->files[x->file], *before = x->file ? now - 1 : NULL;
	if (x->line == 1 && before && !now->merged && before->number > now->number + 1)
		(void)snprintf(f->other, sizeof(f->other), "chain.%u", before->number - 1);
}

void open_gap(struct examiner *x, uint64_t from, uint64_t to)
{
	struct chain_fault f = { .kind = FAULT_MISSING, .line = x->line, .to_line = x->line, .order = x->file };
	(void)snprintf(f.file, sizeof(f.file), "%s", x->e->files[x->file].name);
	memcpy(f.chain, x->at.chain, CHAIN_ID);
	name_absent(x, &f);
	if (x->gap_count < GAPS_MOST)
		x->gaps[x->gap_count++] = (struct gap){ .from = from, .to = to, .fault = f };
	else
		x->e->fault_more++;
}

bool close_gap(struct examiner *x, uint64_t seq)
{
	for (size_t i = 0; i < x->gap_count; i++) {
		struct gap *g = &x->gaps[i];
		if (seq < g->from || seq > g->to || strcmp(g->fault.chain, x->at.chain) != 0)
			continue;
		if (seq == g->from)
			g->from++;
		else if (seq == g->to)
			g->to--;
		else if (x->gap_count < GAPS_MOST) {
			x->gaps[x->gap_count] = *g;
			x->gaps[x->gap_count++].from = seq + 1;
			g->to = seq - 1;
		}
		return true;
	}
	return false;
}

void tell_gaps(struct examiner *x)
{
	for (size_t i = 0; i < x->gap_count; i++) {
		const struct gap *g = &x->gaps[i];
		if (g->from > g->to)
			continue;
		struct chain_fault *f = add_fault(x, FAULT_MISSING);
		*f = g->fault;
		f->from = g->from;
		f->to = g->to;
	}
	x->gap_count = 0;
}

static const struct fault_words {
	const char *name, *one, *several; /* of one record, and of several */
} words[FAULT_MAX] = {
	[FAULT_CHANGED] = { "changed", "was changed after it was written", "were changed after they were written" },
	[FAULT_MISSING] = { "missing", "is missing before it", "are missing before it" },
	[FAULT_TAIL] = { "tail-missing", "is missing after it: the chain was longer",
		"are missing after it: the chain was longer" },
	[FAULT_MOVED] = { "moved", "is out of order: it stands behind a later one",
		"are out of order: they stand behind later ones" },
	[FAULT_TWICE] = { "twice", "stands there a second time", "stand there a second time" },
	[FAULT_UNLINKED] = { "unlinked", "does not follow the line before it: one of them was replaced", "" },
	[FAULT_FOREIGN] = { "foreign", "is of another chain", "" },
	[FAULT_CUT] = { "cut", "is cut short", "" },
	[FAULT_LAST] = { "replaced", "is not the one that was written last under its number", "" },
	[FAULT_UNREADABLE] = { "unreadable", "", "" },
	[FAULT_ABSENT] = { "absent", "", "" },
};

const char *chain_fault_name(enum chain_fault_kind k)
{
	return words[(unsigned)k < FAULT_MAX ? k : FAULT_CHANGED].name;
}

/* Of those that are about something else than records of this chain. Whether it was one. */
static bool write_other(const struct chain_fault *f, struct text *to)
{
	if (f->kind == FAULT_UNREADABLE)
		text_add(to, "what follows cannot be read");
	else if (f->kind == FAULT_ABSENT)
		text_printf(to, "it is not there, and record %" PRIu64 " of the chain tells of it", f->from);
	else if (f->kind == FAULT_FOREIGN && f->line == 0)
		text_printf(to, "the file head beside it is of another chain, %s", f->other);
	else if (f->kind == FAULT_FOREIGN)
		text_printf(to, "another chain begins here, %s", f->other);
	else
		return false;
	return true;
}

void chain_fault_write(const struct chain_fault *f, struct text *to)
{
	const struct fault_words *w = &words[(unsigned)f->kind < FAULT_MAX ? f->kind : FAULT_CHANGED];
	if (write_other(f, to))
		return;
	if (f->from == 0)
		text_printf(to, "%s, or %s", f->to_line > f->line ? "they are no records" : "it is no record",
			f->to_line > f->line ? w->several : w->one);
	else if (f->to > f->from)
		text_printf(to, "records %" PRIu64 " to %" PRIu64 " %s", f->from, f->to, w->several);
	else if (f->kind == FAULT_CHANGED && !f->id[0])
		text_printf(to, "where record %" PRIu64 " was stands no record", f->from);
	else
		text_printf(to, "record %" PRIu64 " %s", f->from, w->one);
	if (f->other[0])
		text_printf(to, "; the file %s is not there", f->other);
}
