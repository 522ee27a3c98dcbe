/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the journal knows of the chain's records is their hashes, told when they were written. A chain that was cut off
 * at its end lacks what the journal has; one that was written anew has other hashes; one that was taken away altogether
 * is known by its name. An entry that does not prove itself says nothing against the chain, and is a fault of its own.
 *
 * Without a chain, on the machine that journals are sent to, the entries prove themselves one by one, each has to
 * follow the one before it, and their numbers tell what is missing between them, as far as audit gaps do not account
 * for it. So whoever replaces a record, and gives it a hash that fits, has to replace all that came after it as
 * well.
 */
#include "ctl/audit/testimony.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS_MOST ((uint64_t)1 << 23) /* whose links are kept: 96 MiB for a chain that has them all */

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

/* What is known of the number, to be added to. NULL: it is beyond what is kept, or there is no memory. */
static struct heard_link *link_of(struct testimony *t, struct heard *h, uint64_t seq)
{
	if (seq >= NUMBERS_MOST)
		return NULL;
	if (seq >= h->size) {
		const size_t size = 2 * (seq + 512);
		struct heard_link *more = reallocarray(h->links, size, sizeof(*more));
		if (!more) {
			t->error = -ENOMEM;
			return NULL;
		}
		memset(more + h->size, 0, (size - h->size) * sizeof(*more));
		h->links = more;
		h->size = size;
	}
	return &h->links[seq];
}

static uint32_t beginning(struct bytes hash)
{
	char hex[9] = "";

	memcpy(hex, hash.data, hash.len < 8 ? hash.len : 8);
	return (uint32_t)strtoul(hex, NULL, 16);
}

/*
 * Of the journal alone: one number has one record. A copy of it (a journal that was read twice) says the same, another
 * one does not.
 */
static void against_itself(struct testimony *t, struct heard *h, const struct witness *w)
{
	struct heard_link *l = link_of(t, h, w->seq);
	const uint32_t hash = beginning(w->hash);

	if (!l) {
		h->count += !w->checkpoint && w->seq >= NUMBERS_MOST;
		return;
	}
	if (l->hash && l->hash != hash)
		(void)add(t, FAULT_TWICE, w->chain, w->seq);
	if (w->checkpoint)
		return;
	h->count += !l->heard;
	if (!l->hash)
		*l = (struct heard_link){ .hash = hash, .prev = w->prev.len ? beginning(w->prev) : 0, .heard = true };
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
	struct heard_link *l = h ? link_of(t, h, w->seq) : NULL;
	if (l)
		l->heard = true;
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
	else
		against_itself(t, h, w);
	return t->error;
}

/* Numbers between the first and the last that nobody heard of, and records that follow another than is there. */
static void tell_missing(struct testimony *t, const struct heard *h, uint64_t *told)
{
	static const struct heard_link none;
	uint32_t before = 0;

	for (uint64_t seq = h->first; seq <= h->last && seq < NUMBERS_MOST; seq++) {
		const struct heard_link *l = seq < h->size ? &h->links[seq] : &none;
		if (before && l->prev && l->prev != before)
			(void)add(t, FAULT_UNLINKED, bytes_of(h->chain), seq);
		before = l->hash;
		if (l->heard)
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
		free(t->heard[i].links);
	free(t->faults);
}

static const struct {
	enum chain_fault_kind kind;
	const char *one, *several;
} sentences[] = {
	{ FAULT_CHANGED, "was altered in the journal: what it says does not give its hash",
		"were altered in the journal: what they say does not give their hashes" },
	{ FAULT_LAST, "has another hash than the journal knows: the chain was written anew",
		"have other hashes than the journal knows: the chain was written anew" },
	{ FAULT_TAIL, "is known to the journal and missing at the chain's end",
		"are known to the journal and missing at the chain's end" },
	{ FAULT_TWICE, "is in the journal twice, and not the same: one of the two was made up",
		"are in the journal twice, and not the same: one of each two was made up" },
	{ FAULT_UNLINKED, "follows another record than the one before it in the journal: one of the two was replaced",
		"follow other records than those before them in the journal: some were replaced" },
	{ FAULT_MISSING, "is missing in the journal, and no audit gap tells of it",
		"are missing in the journal, and no audit gap tells of them" },
};

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
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (sentences[i].kind == f->kind)
			text_add(to, several ? sentences[i].several : sentences[i].one);
}
