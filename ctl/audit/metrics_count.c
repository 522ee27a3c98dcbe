/* SPDX-License-Identifier: Apache-2.0 */
/* What of a record is counted. No label names a container, a pod or an image: who starts containers chooses those. */
#include "ctl/audit/metrics.h"

#include <errno.h>

const char *const metrics_stages[STAGE_MAX] = { "journal", "spill", "journal-alone", "record", "missing" };

const uint64_t metrics_bounds[METRICS_BUCKETS] = { 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
	1000000 };

int metrics_init(struct metrics *m)
{
	struct series *const all[] = { &m->decisions, &m->rules, &m->lifecycle };

	*m = (struct metrics){ 0 };
	arena_init(&m->arena, (size_t)16 << 20);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		all[i]->rows = arena_array(&m->arena, SERIES_MOST + 1, sizeof(struct series_row));
		if (!all[i]->rows)
			return -ENOMEM;
	}
	return 0;
}

void metrics_done(struct metrics *m)
{
	arena_done(&m->arena);
}

static void keep(char *to, size_t size, struct bytes b)
{
	struct text t = text_over(to, size);
	text_shown(&t, b, size - 1);
}

static void count(struct series *s, const struct bytes *labels, uint64_t n)
{
	struct series_row row = { 0 };

	for (size_t i = 0; i < SERIES_LABELS; i++)
		keep(row.labels[i], SERIES_WORD, labels[i]);
	for (size_t i = 0; i < s->used; i++)
		if (memcmp(s->rows[i].labels, row.labels, sizeof(row.labels)) == 0) {
			s->rows[i].count += n;
			return;
		}
	if (s->used >= SERIES_MOST) {
		/* The last row is for all that have no room. */
		for (size_t i = 0; i < SERIES_LABELS && labels[i].len; i++)
			keep(row.labels[i], SERIES_WORD, BYTES("other"));
		row.count = s->used > SERIES_MOST ? s->rows[SERIES_MOST].count : 0;
		s->used = SERIES_MOST + 1;
		row.count += n;
		s->rows[SERIES_MOST] = row;
		return;
	}
	row.count = n;
	s->rows[s->used++] = row;
}

static struct bytes or_none(struct bytes b)
{
	return b.len ? b : BYTES("none");
}

static void take_rules(struct metrics *m, const struct seen *s)
{
	const struct doc *list = doc_get(s->root, "violations");

	for (const struct doc *v = list && list->type == DOC_ARRAY ? list->first : NULL; v; v = v->next) {
		const struct bytes labels[SERIES_LABELS] = { or_none(doc_string(v, "rule", BYTES(""))),
			seen_string(s, "decision") };
		if (bytes_is(doc_string(v, "severity", BYTES("")), "error"))
			count(&m->rules, labels, 1);
	}
}

static void take_elapsed(struct metrics *m, const struct seen *s)
{
	const struct doc *us = doc_get(s->root, "duration_us");
	size_t i = 0;

	if (!us || us->type != DOC_INT || us->integer.negative)
		return;
	while (i < METRICS_BUCKETS && us->integer.magnitude > metrics_bounds[i])
		i++;
	m->buckets[i]++;
	m->eval_sum += us->integer.magnitude;
}

static void take_decision(struct metrics *m, const struct seen *s)
{
	const struct bytes labels[SERIES_LABELS] = { or_none(seen_string(s, "action")), seen_string(s, "decision"),
		or_none(seen_string(s, "mode")) };

	count(&m->decisions, labels, 1);
	take_rules(m, s);
	take_elapsed(m, s);
	keep(m->policy, sizeof(m->policy), seen_string(s, "policy.name"));
	keep(m->version, sizeof(m->version), seen_string(s, "policy.version"));
	keep(m->digest, sizeof(m->digest), seen_string(s, "policy.digest"));
}

void metrics_take(struct metrics *m, const struct seen *s)
{
	const enum seen_kind kind = seen_kind(s);
	const struct bytes commit = seen_string(s, "commit"), verb[SERIES_LABELS] = { seen_string(s, "action") };
	const struct doc *missed = doc_find(s->root, "gap.count");

	if (kind == KIND_ALTERED) {
		m->failures[STAGE_RECORD]++;
		m->broken = true;
		return;
	}
	m->records++;
	m->last_seq = s->seq;
	m->last_time = seen_time(s).tv_sec;
	m->failures[STAGE_SPILL] += bytes_is(commit, "spilled");
	m->failures[STAGE_ALONE] += bytes_is(commit, "unproved");
	if (kind <= KIND_ERROR)
		take_decision(m, s);
	else if (kind == KIND_LIFECYCLE)
		count(&m->lifecycle, verb, 1);
	else if (kind == KIND_GAP && missed && missed->type == DOC_INT && !missed->integer.negative)
		m->failures[STAGE_JOURNAL] += missed->integer.magnitude;
	else if (kind == KIND_POLICY)
		m->policy_changes++;
}
