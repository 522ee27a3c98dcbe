/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All sources as one stream, the oldest record first. Of each source only the next record is held. Within a source the
 * order is its own: a chain's is that of its sequence, which wins over the times that are written in it.
 *
 * A record that the journal has too is known by its place in the chain: before an entry that names a chain and a number
 * is told of, that chain is read up to the number. What the chain lacks there, because the line was changed or is gone,
 * the journal tells.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "ctl/audit/point.h"
#include "ctl/audit/source.h"
#include "validate/base/limits.h"

#define TRACKS 64u
#define HOLES 64u
#define LINE_MEMORY ((size_t)16 << 20)
#define PROGRESS_EVERY 2048u

/* Which numbers of a chain were told of: all from first to last but the holes (the newest of them). */
struct track {
	char chain[CHAIN_ID];
	size_t stream;
	uint64_t first, last;
	struct {
		uint64_t from, to;
	} holes[HOLES];
	size_t hole_count;
};

struct stream {
	struct source *source;
	bool has, ended;
	const struct track *track; /* of the chain it is in; NULL: not known yet */
};

struct kept {
	struct seen seen;
	char *memory; /* of all its words */
};

struct merge {
	const struct query *query;
	int (*visit)(const struct seen *s, void *data);
	void *data;
	struct sources sources;
	struct stream streams[SOURCES_MOST];
	struct track tracks[TRACKS];
	size_t track_count;
	struct kept *ring;
	uint64_t kept_count, count;
	struct deadline shown;
	bool progress;
};

static struct track *find_track(struct merge *m, struct bytes chain)
{
	for (size_t i = 0; i < m->track_count && i < TRACKS; i++)
		if (bytes_is(chain, m->tracks[i].chain))
			return &m->tracks[i];
	return NULL;
}

static bool track_has(const struct track *t, uint64_t seq)
{
	if (!t || seq < t->first || seq > t->last)
		return false;
	for (size_t i = 0; i < t->hole_count && i < HOLES; i++)
		if (seq >= t->holes[i].from && seq <= t->holes[i].to)
			return false;
	return true;
}

static void track_add(struct merge *m, size_t stream, const struct seen *s)
{
	struct track *t = find_track(m, s->chain);

	if (!t) {
		t = &m->tracks[m->track_count++ % TRACKS];
		*t = (struct track){ .stream = stream, .first = s->seq, .last = s->seq };
		memcpy(t->chain, s->chain.data, s->chain.len < CHAIN_ID ? s->chain.len : CHAIN_ID - 1);
	} else if (s->seq > t->last) {
		if (s->seq > t->last + 1) {
			const size_t at = t->hole_count++ % HOLES;
			t->holes[at].from = t->last + 1;
			t->holes[at].to = s->seq - 1;
		}
		t->last = s->seq;
	}
	m->streams[stream].track = t;
}

static bool earlier(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Whether this chain still has something before the number that a journal's entry names, or that very one. */
static bool comes_before(const struct stream *c, const struct seen *entry)
{
	const struct seen *s = &c->source->seen;

	if (!c->has || s->in != IN_CHAIN)
		return false;
	if (s->sound)
		return bytes_equal(s->chain, entry->chain) && s->seq <= entry->seq;
	return c->track && bytes_is(entry->chain, c->track->chain) && c->track->last < entry->seq;
}

/* The stream whose record is next; SIZE_MAX: none has any. */
static size_t pick(const struct merge *m)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < m->sources.count; i++)
		if (m->streams[i].has &&
			(best == SIZE_MAX ||
				earlier(&m->streams[i].source->seen.when, &m->streams[best].source->seen.when)))
			best = i;
	if (best == SIZE_MAX || m->streams[best].source->seen.in != IN_JOURNAL)
		return best;
	for (size_t i = 0; i < m->sources.count; i++)
		if (comes_before(&m->streams[i], &m->streams[best].source->seen))
			return i;
	return best;
}

static void show_progress(struct merge *m)
{
	uint64_t bytes = 0, total = 0;

	m->count++;
	if (!m->progress || m->count % PROGRESS_EVERY != 0 || deadline_left(m->shown) > 0)
		return;
	m->shown = deadline_in(200);
	for (size_t i = 0; i < m->sources.count; i++) {
		bytes += m->sources.list[i]->bytes;
		total += m->sources.list[i]->total;
	}
	if (total > 0 && bytes <= total)
		fprintf(stderr, "\r%" PRIu64 " records read, %" PRIu64 " %%\033[K", m->count, bytes * 100 / total);
	else
		fprintf(stderr, "\r%" PRIu64 " records read\033[K", m->count);
}

/* Keeps it, in place of what came `last` records before. */
static int keep(struct merge *m, const struct seen *s)
{
	struct kept *k = &m->ring[m->kept_count % m->query->last];
	const struct bytes parts[] = { s->text, bytes_of(s->place), bytes_of(s->cursor) };
	size_t len = 0;

	for (size_t i = 0; i < 3; i++)
		len += parts[i].len + 1;
	free(k->memory);
	k->memory = calloc(1, len);
	if (!k->memory)
		return trouble("no memory for %zu records", m->query->last), -ENOMEM;
	char *at[3] = { k->memory, k->memory + parts[0].len + 1, k->memory + parts[0].len + parts[1].len + 2 };
	for (size_t i = 0; i < 3; i++)
		if (parts[i].len > 0)
			memcpy(at[i], parts[i].data, parts[i].len);
	k->seen = *s;
	k->seen.root = NULL;
	k->seen.text.data = at[0];
	k->seen.place = at[1];
	k->seen.cursor = s->cursor ? at[2] : NULL;
	/* Those point into the tree, which is made again. */
	k->seen.chain = k->seen.hash = (struct bytes){ 0 };
	m->kept_count++;
	return 0;
}

static int visit_kept(struct merge *m, const struct kept *k)
{
	const struct doc_options options = { .file = k->seen.place, .cause = CAUSE_AUDIT };
	struct seen s = k->seen;
	struct fail why = { 0 };
	struct arena a;

	arena_init(&a, LINE_MEMORY);
	if (doc_parse(&a, s.text, &options, &s.root, &why) < 0 || s.root->type != DOC_OBJECT)
		s.root = NULL;
	s.chain = seen_string(&s, "chain");
	s.hash = seen_string(&s, "hash");
	const int r = m->visit(&s, m->data);
	arena_done(&a);
	return r;
}

static int visit_ring(struct merge *m)
{
	const uint64_t last = m->query->last, n = m->kept_count < last ? m->kept_count : last;
	int r = 0;

	for (uint64_t i = 0; i < n && r == 0; i++) {
		const uint64_t at = m->query->reverse ? m->kept_count - 1 - i : m->kept_count - n + i;
		r = visit_kept(m, &m->ring[at % last]);
	}
	return r;
}

/* Whether another source told of it: the chain, or a spilled one that still lies where it was when it is merged. */
static bool is_told(struct merge *m, size_t which, const struct seen *s)
{
	const struct track *t = s->sound && s->seq > 0 ? find_track(m, s->chain) : NULL;
	return t && t->stream != which && track_has(t, s->seq);
}

static int tell(struct merge *m, size_t which)
{
	struct stream *st = &m->streams[which];
	const struct seen *s = &st->source->seen;
	struct point *point = m->query->point;
	int r = 0;

	st->has = false;
	const bool told = is_told(m, which, s);
	if (s->sound && s->in == IN_CHAIN && !told)
		track_add(m, which, s);
	if (point && !point_wants(point, st->source))
		return 0;
	if (!told && (!s->sound || query_takes(m->query, s->root)))
		r = m->ring ? keep(m, s) : m->visit(s, m->data);
	return r == 0 && point ? point_pass(point, st->source) : r;
}

static int run(struct merge *m)
{
	for (;;) {
		for (size_t i = 0; i < m->sources.count; i++) {
			struct stream *st = &m->streams[i];
			const int r = st->has || st->ended ? 1 : st->source->next(st->source);
			if (r < 0)
				return r;
			st->has = !st->ended && r > 0;
			st->ended |= r == 0;
		}
		const size_t next = pick(m);
		if (next == SIZE_MAX)
			return m->ring ? visit_ring(m) : 0;
		show_progress(m);
		const int r = tell(m, next);
		if (r != 0)
			return r;
	}
}

static bool has_chain(const struct sources *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i]->total > 0)
			return true;
	return false;
}

static int open_sources(struct merge *m)
{
	const struct query *q = m->query;
	const unsigned in = q->in ? q->in : q->file && !q->directory ? IN_JOURNAL : 0;
	int r = in == IN_JOURNAL ? 0 : source_chain_open(q, &m->sources);

	if (r == 0 && ((in & IN_JOURNAL) || (in == 0 && !q->directory && !has_chain(&m->sources))))
		r = source_journal_open(q, &m->sources);
	for (size_t i = 0; i < m->sources.count; i++)
		m->streams[i].source = m->sources.list[i];
	return r;
}

int query_each(const struct query *q, int (*visit)(const struct seen *s, void *data), void *data)
{
	struct merge *m = calloc(1, sizeof(*m));

	if (!m)
		return trouble("no memory"), -ENOMEM;
	m->query = q;
	m->visit = visit;
	m->data = data;
	m->progress = q->progress && isatty(STDERR_FILENO);
	m->shown = deadline_in(500);
	int r = open_sources(m);
	if (r == 0 && q->last > 0) {
		m->ring = calloc(q->last, sizeof(*m->ring));
		if (!m->ring)
			r = (trouble("no memory for %zu records", q->last), -ENOMEM);
	}
	if (r == 0)
		r = run(m);
	if (m->progress && m->count >= PROGRESS_EVERY)
		fputs("\r\033[K", stderr);
	for (size_t i = 0; m->ring && i < q->last; i++)
		free(m->ring[i].memory);
	free(m->ring);
	sources_done(&m->sources);
	free(m);
	return r;
}
