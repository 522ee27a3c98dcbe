/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the journal knows of the chain's records is their hashes, told when they were written. A chain that was cut off
 * at its end lacks what the journal has; one that was written anew has other hashes; one that was taken away altogether
 * is known by its name. An entry that does not prove itself says nothing against the chain, and is a fault of its own.
 *
 * Without a chain, on the machine that journals are sent to, the entries prove themselves one by one, and their numbers
 * tell what is missing between them, as far as audit gaps do not account for it.
 */
#include "ctl/audit/testimony.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS_MOST ((uint64_t)1 << 26) /* whose bits are kept: 8 MiB per chain */

static struct chain_fault *add(struct testimony *t, enum chain_fault_kind kind, struct bytes chain, uint64_t seq)
{
	static struct chain_fault unkept;
	struct chain_fault *last = t->fault_count ? &t->faults[t->fault_count - 1] : NULL;
	if (last && last->kind == kind && last->to + 1 == seq && bytes_is(chain, last->chain)) {
		last->to = seq;
		return last;
	}
	struct chain_fault *f = &unkept;
	if (t->faults && t->fault_count < TESTIMONY_FAULTS)
		f = &t->faults[t->fault_count++];
	else
		t->fault_more++;
	*f = (struct chain_fault){ .kind = kind, .from = seq, .to = seq };
	(void)snprintf(f->chain, sizeof(f->chain), "%.*s", (int)(chain.len < CHAIN_ID ? chain.len : CHAIN_ID - 1),
		chain.data ? chain.data : "");
	return f;
}

static struct heard *find(struct testimony *t, const struct witness *w)
{
	for (size_t i = 0; i < t->heard_count; i++)
		if (bytes_is(w->chain, t->heard[i].chain))
			return &t->heard[i];
	if (t->heard_count == TESTIMONY_CHAINS || w->chain.len != CHAIN_ID - 1)
		return NULL;
	struct heard *h = &t->heard[t->heard_count++];
	*h = (struct heard){ .first = w->seq, .last = w->seq };
	memcpy(h->chain, w->chain.data, w->chain.len);
	return h;
}

/* Sets the number's bit. Whether it was new. */
static bool mark(struct testimony *t, struct heard *h, uint64_t seq)
{
	if (seq >= NUMBERS_MOST)
		return true;
	if (seq / 8 >= h->size) {
		const size_t size = 2 * (seq / 8 + 512);
		unsigned char *more = realloc(h->bits, size);
		if (!more) {
			t->error = -ENOMEM;
			return false;
		}
		memset(more + h->size, 0, size - h->size);
		h->bits = more;
		h->size = size;
	}
	const unsigned char bit = (unsigned char)(1U << seq % 8);
	const bool fresh = (h->bits[seq / 8] & bit) == 0;
	h->bits[seq / 8] |= bit;
	return fresh;
}

static void against_chain(struct testimony *t, const struct witness *w, const struct chain_known *k)
{
	char hash[DIGEST_HEX];
	if (w->seq < k->first) {
		t->rotated++;
		return;
	}
	/* Of what is behind the chain's end the last number says it all, see testimony_end. */
	if (w->seq > k->last)
		return;
	const int r = examination_hash(t->chain, w->chain, w->seq, hash);
	if (r == -ENOENT)
		return; /* that it is missing, or spoilt, was found in the chain itself */
	if (r < 0)
		t->error = r;
	else if (!bytes_is(w->hash, hash))
		(void)add(t, FAULT_LAST, w->chain, w->seq);
}

/*
 * An entry that does not give its hash. Where the journal stands alone it is there all the same, and not missing too.
 */
static void altered(struct testimony *t, const struct witness *w)
{
	struct chain_fault *f = add(t, FAULT_CHANGED, w->chain, w->seq);
	struct heard *h = t->chain ? NULL : find(t, w);
	t->records++;
	if (f->from == f->to)
		(void)snprintf(f->id, sizeof(f->id), "%.*s", (int)(w->id.len < 40 ? w->id.len : 39),
			w->id.data ? w->id.data : "");
	if (h)
		(void)mark(t, h, w->seq);
}

int testimony_hear(const struct witness *w, void *data)
{
	struct testimony *t = data;
	t->told += w->gap;
	/* It was told before the chain had it, or is of none. */
	if (w->hash.len == 0)
		return 0;
	if (!w->proved && !w->checkpoint) {
		altered(t, w);
		return t->error;
	}
	struct heard *h = find(t, w);
	if (!h)
		return t->error;
	h->first = w->seq < h->first ? w->seq : h->first;
	h->last = w->seq > h->last ? w->seq : h->last;
	t->checkpoints += w->checkpoint;
	t->records += !w->checkpoint;
	const struct chain_known *k = t->chain ? examination_chain(t->chain, w->chain) : NULL;
	if (k)
		against_chain(t, w, k);
	else if (t->chain)
		h->count++;
	else if (!w->checkpoint)
		h->count += mark(t, h, w->seq);
	return t->error;
}

/* Numbers between the first and the last that nobody heard of. */
static void tell_missing(struct testimony *t, const struct heard *h, uint64_t *told)
{
	for (uint64_t seq = h->first; seq <= h->last && seq < NUMBERS_MOST; seq++) {
		if (seq / 8 < h->size && (h->bits[seq / 8] & (1U << seq % 8)))
			continue;
		if (*told > 0) {
			(*told)--;
			continue;
		}
		(void)add(t, FAULT_MISSING, bytes_of(h->chain), seq);
	}
}

void testimony_end(struct testimony *t)
{
	uint64_t told = t->told;
	for (size_t i = 0; i < t->heard_count; i++) {
		const struct heard *h = &t->heard[i];
		const struct chain_known *k = t->chain ? examination_chain(t->chain, bytes_of(h->chain)) : NULL;
		if (!t->chain) {
			tell_missing(t, h, &told);
		} else if (!k) {
			struct chain_fault *f = add(t, FAULT_ABSENT, bytes_of(h->chain), h->last);
			f->from = h->count;
			f->to = h->last;
		} else if (h->last > k->last) {
			struct chain_fault *f = add(t, FAULT_TAIL, bytes_of(h->chain), k->last);
			f->from = k->last + 1;
			f->to = h->last;
		}
	}
}

void testimony_done(struct testimony *t)
{
	for (size_t i = 0; i < t->heard_count; i++)
		free(t->heard[i].bits);
	free(t->faults);
}

void testimony_write(const struct chain_fault *f, struct text *to)
{
	const bool several = f->to > f->from;
	if (f->kind == FAULT_ABSENT) {
		text_printf(to,
			"the chain %s is not here, and the journal has %" PRIu64
			" of its records, up to number %" PRIu64,
			f->chain, f->from, f->to);
		return;
	}
	if (several)
		text_printf(to, "records %" PRIu64 " to %" PRIu64, f->from, f->to);
	else
		text_printf(to, "record %" PRIu64, f->from);
	text_printf(to, " of chain %s ", f->chain);
	if (f->kind == FAULT_CHANGED)
		text_add(to,
			several ? "were altered in the journal: what they say does not give their hashes"
				: "was altered in the journal: what it says does not give its hash");
	else if (f->kind == FAULT_LAST)
		text_add(to,
			several ? "have other hashes than the journal knows: the chain was written anew"
				: "has another hash than the journal knows: the chain was written anew");
	else if (f->kind == FAULT_TAIL)
		text_add(to,
			several ? "are known to the journal and missing at the chain's end"
				: "is known to the journal and missing at the chain's end");
	else
		text_add(to,
			several ? "are missing in the journal, and no audit gap tells of them"
				: "is missing in the journal, and no audit gap tells of it");
}
