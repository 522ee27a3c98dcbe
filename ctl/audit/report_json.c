/* SPDX-License-Identifier: Apache-2.0 */
/* A report for programs. A count that is not exact says so: "at_least" and "at_most" are then two numbers. */
#include "ctl/audit/report.h"

#include "validate/base/when.h"
#include "validate/doc/make.h"

static void put_time(struct arena *a, struct doc *to, const char *key, struct timespec t)
{
	char when[WHEN_SIZE];
	when_write(t, false, when);
	make_string(a, to, key, bytes_of(when));
}

static void put_kinds(struct arena *a, struct doc *to, const uint64_t *by)
{
	for (enum seen_kind k = 0; k < KIND_MAX; k++)
		if (by[k] > 0)
			make_uint(a, to, seen_kind_name(k), by[k]);
}

static struct doc *put_entry(struct arena *a, struct doc *list, const char *key, const struct top_entry *e)
{
	struct doc *one = make_object(a, list, NULL);

	make_string(a, one, key, bytes_of(e->name));
	make_uint(a, one, "at_least", top_least(e));
	make_uint(a, one, "at_most", e->count);
	put_kinds(a, make_object(a, one, "by"), e->by);
	put_time(a, one, "first", e->first);
	put_time(a, one, "last", e->last);
	return one;
}

static void put_table(struct arena *a, struct doc *to, const char *key, const struct top *t, size_t most)
{
	const struct top_entry *list[REPORT_MOST];
	const size_t n = top_list(t, list, most < REPORT_MOST ? most : REPORT_MOST);
	struct doc *table = make_object(a, to, key);

	make_uint(a, table, "names", t->used);
	make_bool(a, table, "more_names", t->full);
	struct doc *rows = make_array(a, table, "rows");
	for (size_t i = 0; i < n; i++)
		put_entry(a, rows, "name", list[i]);
}

static void put_moments(struct arena *a, struct doc *to, const char *key, const struct moments *m)
{
	struct doc *all = make_object(a, to, key);
	const struct moment *one;

	make_uint(a, all, "count", m->count);
	struct doc *list = make_array(a, all, "last");
	for (uint64_t i = 0; (one = moment_at(m, i)); i++) {
		struct doc *o = make_object(a, list, NULL);
		put_time(a, o, "time", one->when);
		make_string(a, o, "text", bytes_of(one->text));
		if (one->record[0])
			make_string(a, o, "record", bytes_of(one->record));
	}
}

static void put_denials(struct arena *a, struct doc *to, const struct audit_report *r, size_t most)
{
	const struct top_entry *list[REPORT_MOST];
	const size_t n = top_list(&r->denials, list, most < REPORT_MOST ? most : REPORT_MOST);
	struct doc *rows = make_array(a, to, "denials");

	for (size_t i = 0; i < n; i++) {
		const struct denial *d = &r->denial[list[i] - r->denials.entries];
		struct doc *one = put_entry(a, rows, "what", list[i]);
		make_string(a, one, "rule", bytes_of(d->rule));
		make_string(a, one, "path", bytes_of(d->path));
		make_string(a, one, "text", bytes_of(d->text));
		make_string(a, one, "who", bytes_of(d->who));
		make_string(a, one, "record", bytes_of(d->record));
		make_string(a, one, "remedy", bytes_of(report_remedy(d->rule)));
	}
}

static void put_chain(struct arena *a, struct doc *to, const struct audit_report *r)
{
	struct doc *chain = make_object(a, to, "chain");

	make_bool(a, chain, "looked_at", r->watched);
	make_bool(a, chain, "sound", report_sound(r));
	make_uint(a, chain, "altered_lines", r->altered);
	make_uint(a, chain, "foreign_entries", r->foreign);
	struct doc *list = make_array(a, chain, "chains");
	for (size_t i = 0; i < r->chain_count; i++) {
		const struct chain_state *c = &r->chains[i];
		struct doc *one = make_object(a, list, NULL);
		make_string(a, one, "chain", bytes_of(c->chain));
		make_uint(a, one, "first", c->first);
		make_uint(a, one, "last", c->last);
		make_uint(a, one, "records", c->count);
		make_uint(a, one, "missing", c->missing);
		make_uint(a, one, "gaps", c->gaps);
		make_uint(a, one, "unlinked", c->unlinked);
		make_string(a, one, "hash", bytes_of(c->hash));
	}
	struct doc *sinks = make_object(a, to, "sinks");
	make_uint(a, sinks, "missed_by_journal", r->missed);
	make_uint(a, sinks, "spilled", r->spilled);
	make_uint(a, sinks, "unproved", r->unproved);
}

static void put_elapsed(struct arena *a, struct doc *to, const struct audit_report *r)
{
	struct doc *all = make_object(a, to, "elapsed_us");

	for (size_t i = 0; i <= REPORT_VERBS; i++) {
		const struct elapsed *e = &r->elapsed[i];
		if (e->count == 0)
			continue;
		struct doc *one = make_object(a, all, report_verbs[i]);
		make_uint(a, one, "count", e->count);
		make_uint(a, one, "mean", e->sum / e->count);
		make_uint(a, one, "p50", elapsed_at(e, 500));
		make_uint(a, one, "p90", elapsed_at(e, 900));
		make_uint(a, one, "p99", elapsed_at(e, 990));
		make_uint(a, one, "max", e->most);
	}
}

static void put_timeline(struct arena *a, struct doc *to, const struct timeline *t)
{
	struct doc *line = make_object(a, to, "timeline");

	make_int(a, line, "seconds", timeline_width(t));
	struct doc *columns = make_array(a, line, "columns");
	for (size_t i = 0; i < t->count; i++) {
		struct doc *one = make_object(a, columns, NULL);
		put_time(a, one, "from", timeline_at(t, i));
		put_kinds(a, one, t->by[i]);
	}
}

static void put_shadows(struct arena *a, struct doc *to, const struct audit_report *r, size_t most)
{
	const struct top_entry *list[REPORT_MOST];
	const size_t n = top_list(&r->shadows, list, most < REPORT_MOST ? most : REPORT_MOST);
	struct doc *rows = make_array(a, to, "shadows");

	for (size_t i = 0; i < n; i++) {
		struct doc *one = make_object(a, rows, NULL);
		make_string(a, one, "profile", bytes_of(list[i]->name));
		make_uint(a, one, "calls", list[i]->by[KIND_ALLOW] + list[i]->by[KIND_DENY]);
		make_uint(a, one, "would_be_denied", list[i]->by[KIND_DENY]);
		make_uint(a, one, "ready_percent", report_ready(list[i]));
	}
	put_table(a, to, "shadow_rules", &r->shadow_rules, most);
}

void report_json(const struct audit_report *r, const struct report_about *about, struct text *to)
{
	struct arena a;

	arena_init(&a, (size_t)64 << 20);
	struct doc *d = make_document(&a);
	make_uint(&a, d, "schema", 1);
	put_time(&a, d, "made", about->made);
	make_string(&a, d, "host", bytes_of(about->host));
	make_uint(&a, d, "records", r->count);
	if (r->count > 0) {
		struct doc *period = make_object(&a, d, "period");
		put_time(&a, period, "first", r->first);
		put_time(&a, period, "last", r->last);
	}
	put_kinds(&a, make_object(&a, d, "by"), r->by);
	put_chain(&a, d, r);
	for (enum report_table t = 0; t < TABLE_MAX; t++)
		put_table(&a, d, report_titles[t].key, &r->tables[t], about->top);
	put_denials(&a, d, r, about->top);
	put_shadows(&a, d, r, about->top);
	put_moments(&a, d, "bypasses", &r->bypasses);
	put_moments(&a, d, "policy_changes", &r->changes);
	put_moments(&a, d, "audit_gaps", &r->gaps);
	put_moments(&a, d, "altered", &r->altered_at);
	put_elapsed(&a, d, r);
	put_timeline(&a, d, &r->timeline);
	if (make_whole(d))
		doc_write(d, true, to);
	else
		to->cut = true;
	text_char(to, '\n');
	arena_done(&a);
}
