/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the chain as a doubter who wants to know everything. One line at a time is held against where the chain
 * stood: a number too high opens a gap; a line whose number lies in a gap was moved, and closes it; any other number
 * that was passed already stands there twice. A line whose own hash is wrong keeps its place when its number is the
 * next one, so that one edit is one fault: what follows may link to what the line says of itself or to what it should
 * say.
 *
 * What this cannot see: a chain that somebody rewrote as a whole, hashes and head included. That takes a copy
 * elsewhere, or the journal.
 */
#include "audit/chain_examine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/chain_open.h"
#include "audit/examiner.h"
#include "validate/base/limits.h"

#define READ_SIZE (4 * LIMIT_RECORD)

static bool follows(const struct links *l, const struct stand *s)
{
	return memcmp(l->prev.data, s->hash, DIGEST_HEX - 1) == 0 || memcmp(l->prev.data, s->sum, DIGEST_HEX - 1) == 0;
}

static void stand_at(struct stand *s, const struct links *l, const char *sum)
{
	s->begun = true;
	s->seq = l->seq;
	s->unread = 0;
	memcpy(s->chain, l->chain.data, CHAIN_ID - 1);
	memcpy(s->hash, l->hash.data, DIGEST_HEX - 1);
	memcpy(s->sum, sum, DIGEST_HEX);
}

/* The chain's row among those that were found; made when it is new. */
static uint32_t know_chain(struct examiner *x, const struct links *l)
{
	struct examination *e = x->e;
	for (size_t i = 0; i < e->chain_count; i++)
		if (memcmp(e->chains[i].chain, l->chain.data, CHAIN_ID - 1) == 0)
			return (uint32_t)i;
	if (e->chain_count == CHAINS_MOST)
		return UINT32_MAX;
	struct chain_known *k = &e->chains[e->chain_count];
	*k = (struct chain_known){ .first = l->seq };
	memcpy(k->chain, l->chain.data, CHAIN_ID - 1);
	return (uint32_t)e->chain_count++;
}

/* Remembers now and then where a record is. */
static void take_step(struct examiner *x, const struct links *l, off_t at)
{
	struct examination *e = x->e;
	struct chain_known *k = x->at.known < e->chain_count ? &e->chains[x->at.known] : NULL;
	if (!k)
		return;
	if (l->seq >= k->last) {
		k->last = l->seq;
		memcpy(k->last_hash, l->hash.data, DIGEST_HEX - 1);
	}
	k->first = l->seq < k->first ? l->seq : k->first;
	if (x->line < x->next_step)
		return;
	x->next_step = x->line + CHAIN_STEP_LINES;
	if ((e->step_count & (e->step_count - 1)) == 0) { /* 0, 1, 2, 4 ... : full */
		struct chain_step *more = arena_array(e->arena, e->step_count ? 2 * e->step_count : 1, sizeof(*more));
		if (!more) {
			x->error = -ENOMEM;
			return;
		}
		if (e->step_count > 0)
			memcpy(more, e->steps, e->step_count * sizeof(*more));
		e->steps = more;
	}
	e->steps[e->step_count++] = (struct chain_step){ l->seq, at, x->file, x->at.known };
}

/* "audit.spilled" records tell of a chain beside this one. The form is canonical: they are found by their text. */
static void note_spill(struct examiner *x, struct bytes line, const struct links *l)
{
	static const char code[] = "\"code\":\"audit.spilled\"", check[] = "\"checkpoint\":{\"hash\":\"",
			  gap[] = "\"gap\":{\"chain\":\"", seq[] = "\",\"seq\":";
	if (!memmem(line.data, line.len, code, sizeof(code) - 1) || x->spill_count == SPILLS_MOST)
		return;
	const char *hash = memmem(line.data, line.len, check, sizeof(check) - 1),
		   *chain = memmem(line.data, line.len, gap, sizeof(gap) - 1);
	const char *end = line.data + line.len;
	if (!hash || !chain || end - hash < 150 || end - chain < 60)
		return;
	struct spill s = { .told_by = l->seq };
	hash += sizeof(check) - 1;
	memcpy(s.hash, hash, DIGEST_HEX - 1);
	memcpy(s.chain, chain + sizeof(gap) - 1, CHAIN_ID - 1);
	for (const char *c = hash + DIGEST_HEX - 1 + sizeof(seq) - 1; c < end && *c >= '0' && *c <= '9'; c++)
		s.seq = s.seq * 10 + (uint64_t)(*c - '0');
	x->spills[x->spill_count++] = s;
}

/* Another chain than the one so far: one that was put aside comes back, or a new one begins. */
static void switch_chain(struct examiner *x, const struct links *l)
{
	const struct stand now = x->at;
	const bool back = x->aside.begun && memcmp(l->chain.data, x->aside.chain, CHAIN_ID - 1) == 0;
	if (!back) {
		struct chain_fault *f = add_fault(x, FAULT_FOREIGN);
		(void)snprintf(f->other, sizeof(f->other), "%.32s", l->chain.data);
		f->from = f->to = l->seq;
	}
	x->at = back ? x->aside : (struct stand){ 0 };
	x->aside = now;
	x->before.begun = false;
}

/* The first line of a chain. */
static void begin(struct examiner *x, const struct links *l)
{
	memcpy(x->at.chain, l->chain.data, CHAIN_ID - 1);
	if (l->seq == 1 && !bytes_is(l->prev, CHAIN_NONE))
		name_record(add_run(x, FAULT_UNLINKED, 1), l);
	if (x->from_start && l->seq > 1 + x->at.unread)
		open_gap(x, 1, l->seq - 1 - x->at.unread);
	x->from_start = false;
}

/* A line with a number that was passed already. */
static void out_of_order(struct examiner *x, const struct links *l)
{
	const bool missing = close_gap(x, l->seq);
	name_record(add_run(x, missing ? FAULT_MOVED : FAULT_TWICE, l->seq), l);
	if (x->before.begun && x->before.seq + 1 == l->seq && !follows(l, &x->before))
		name_record(add_fault(x, FAULT_UNLINKED), l);
}

static void place(struct examiner *x, const struct links *l, const char *sum)
{
	if (!x->at.begun) {
		begin(x, l);
	} else if (l->seq > x->at.seq) {
		const uint64_t next = x->at.seq + 1 + x->at.unread;
		if (l->seq > next)
			open_gap(x, next, l->seq - 1);
		else if (l->seq == x->at.seq + 1 && !follows(l, &x->at)) {
			struct chain_fault *f = add_fault(x, FAULT_UNLINKED);
			f->from = f->to = l->seq;
			name_record(f, l);
		}
	} else {
		out_of_order(x, l);
		stand_at(&x->before, l, sum);
		return;
	}
	x->at.known = know_chain(x, l);
	stand_at(&x->at, l, sum);
	x->before = x->at;
}

static void take_line(struct examiner *x, struct bytes line, off_t at)
{
	char sum[DIGEST_HEX];
	struct links l;
	x->line++;
	x->e->records++;
	const bool claims = line_claims(line, &l, sum);
	const bool sound = claims && memcmp(sum, l.hash.data, DIGEST_HEX - 1) == 0;
	if (!sound) {
		/* Its number can be believed where it is the one that has to come. */
		const bool fits = claims && x->at.begun && memcmp(l.chain.data, x->at.chain, CHAIN_ID - 1) == 0 &&
			l.seq == x->at.seq + 1 + x->at.unread;
		const uint64_t seq = fits ? l.seq : x->at.begun ? x->at.seq + 1 + x->at.unread : 0;
		struct chain_fault *f = add_run(x, FAULT_CHANGED, fits || !claims ? seq : 0);
		if (claims)
			name_record(f, &l);
		if (fits) {
			stand_at(&x->at, &l, sum);
			x->before = x->at;
		} else {
			x->at.unread++;
			x->before.begun = false;
		}
		return;
	}
	if (x->at.begun && memcmp(l.chain.data, x->at.chain, CHAIN_ID - 1) != 0)
		switch_chain(x, &l);
	place(x, &l, sum);
	take_step(x, &l, at);
	note_spill(x, line, &l);
}

/* Takes every line of a file. Bytes behind the last newline are left in *ret_half. */
static void take_file(struct examiner *x, const struct chain_file *f, size_t *ret_half)
{
	size_t have = 0;
	bool skip = false; /* in a line that is too long to be one */
	x->line = 0;
	for (off_t at = 0; at < f->size && x->error == 0;) {
		size_t room = READ_SIZE - have, used = 0;
		const char *end;
		if ((off_t)room > f->size - at)
			room = (size_t)(f->size - at);
		const ssize_t n = pread(f->fd, x->buffer + have, room, at);
		if (n <= 0) {
			x->line++;
			add_fault(x, FAULT_UNREADABLE);
			break;
		}
		const off_t begin = at - (off_t)have;
		at += n;
		have += (size_t)n;
		while ((end = memchr(x->buffer + used, '\n', have - used))) {
			const size_t len = (size_t)(end - x->buffer) - used;
			take_line(x, (struct bytes){ x->buffer + used, skip ? 0 : len }, begin + (off_t)used);
			skip = false;
			used += len + 1;
		}
		memmove(x->buffer, x->buffer + used, have - used);
		have -= used;
		if (have == READ_SIZE) {
			skip = true;
			have = 0;
		}
	}
	*ret_half = have;
}

/* What the head knows better than the files: lines that once were there. */
static void take_head(struct examiner *x, const struct head *h, bool known, size_t half)
{
	if (half > 0 && !(known && h->seq == x->at.seq)) {
		x->line++;
		add_fault(x, FAULT_CUT)->from = x->at.seq + 1 + x->at.unread++;
	}
	if (!known || h->seq == 0)
		return;
	if (x->at.begun && memcmp(h->chain, x->at.chain, CHAIN_ID - 1) != 0) {
		struct chain_fault *f = add_fault(x, FAULT_FOREIGN);
		f->line = f->to_line = 0;
		(void)snprintf(f->other, sizeof(f->other), "%s", h->chain);
		return;
	}
	const uint64_t last = x->at.seq + x->at.unread;
	if (h->seq > last) {
		struct chain_fault *f = add_fault(x, FAULT_TAIL);
		f->from = last + 1;
		f->to = h->seq;
		memcpy(f->chain, h->chain, CHAIN_ID);
	} else if (h->seq == x->at.seq && x->at.begun && x->at.unread == 0 && strcmp(h->hash, x->at.hash) != 0 &&
		strcmp(h->hash, x->at.sum) != 0) {
		add_fault(x, FAULT_LAST)->from = h->seq;
	}
}

/* Whether each spilled chain that records tell of is there, up to where it went. */
static void take_spills(struct examiner *x, size_t merged)
{
	for (size_t i = 0; i < x->spill_count; i++) {
		const struct spill *s = &x->spills[i];
		const struct chain_known *k = examination_chain(x->e, bytes_of(s->chain));
		/* The oldest make place for new ones. */
		if (!k && merged >= LIMIT_MERGED_KEEP)
			continue;
		if (k && k->last >= s->seq)
			continue;
		struct chain_fault *f = add_fault(x, k ? FAULT_TAIL : FAULT_ABSENT);
		f->line = f->to_line = 0;
		(void)snprintf(f->file, sizeof(f->file), "merged-%s.jsonl", s->chain);
		(void)snprintf(f->chain, sizeof(f->chain), "%s", s->chain);
		f->from = k ? k->last + 1 : s->told_by;
		f->to = s->seq;
	}
}

static void take_all(struct examiner *x, const struct head *h, bool known)
{
	const struct examination *e = x->e;
	size_t half = 0, merged = 0, i = 0;
	/* Once the highest number is taken, the oldest lines are rotated out for good. */
	x->from_start = e->file_count == 0 || e->files[0].merged || e->files[0].number != LIMIT_CHAIN_KEEP;
	for (; i < e->file_count && !e->files[i].merged; i++) {
		x->file = (uint32_t)i;
		x->next_step = 0;
		take_file(x, &e->files[i], &half);
		if (half > 0 && i + 1 < e->file_count && !e->files[i + 1].merged) {
			x->line++;
			add_fault(x, FAULT_CUT)->from = x->at.seq + 1 + x->at.unread++;
		}
	}
	x->file = i > 0 ? (uint32_t)i - 1 : CHAIN_FILES_MOST;
	take_head(x, h, known, half);
	for (; i < e->file_count; i++, merged++) {
		x->file = (uint32_t)i;
		x->next_step = 0;
		x->from_start = false;
		x->at = x->aside = x->before = (struct stand){ 0 };
		take_file(x, &e->files[i], &half);
		if (half > 0) {
			x->line++;
			add_fault(x, FAULT_CUT)->from = x->at.seq + 1;
		}
	}
	tell_gaps(x);
	take_spills(x, merged);
}

static int by_place(const void *a, const void *b)
{
	const struct chain_fault *x = a, *y = b;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

int chain_examine(struct arena *a, const char *dir, struct examination *ret, struct fail *reterr)
{
	struct head h = { 0 };
	bool known = false;
	*ret = (struct examination){ .arena = a };
	struct examiner *x = arena_alloc(a, sizeof(*x));
	if (!x)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	x->e = ret;
	x->buffer = arena_alloc(a, READ_SIZE);
	x->gaps = arena_array(a, GAPS_MOST, sizeof(*x->gaps));
	x->spills = arena_array(a, SPILLS_MOST, sizeof(*x->spills));
	ret->faults = arena_array(a, CHAIN_FAULTS_KEPT, sizeof(*ret->faults));
	ret->chains = arena_array(a, CHAINS_MOST, sizeof(*ret->chains));
	if (!x->buffer || !x->gaps || !x->spills || !ret->faults || !ret->chains)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	const int r = chain_open(ret, dir, &h, &known, reterr);
	if (r < 0)
		return r;
	take_all(x, &h, known);
	qsort(ret->faults, ret->fault_count, sizeof(*ret->faults), by_place);
	if (x->error < 0) {
		examination_done(ret);
		return fail(reterr, x->error, CAUSE_AUDIT, "", "%s: %s", dir, errno_words(x->error));
	}
	return 0;
}
