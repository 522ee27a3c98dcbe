/* SPDX-License-Identifier: Apache-2.0 */
/* What reconcile found: for reading, as one JSON object, and as numbers that an alert can be built on. */
#include "ctl/audit/reconcile.h"

#include <ctype.h>
#include <inttypes.h>
#include <time.h>

#include "ctl/audit/metrics.h"
#include "validate/base/limits.h"

void reconcile_time(struct timespec when, struct text *to)
{
	char text[32] = "at a time that is not known";
	struct tm t;

	if (when.tv_sec > 0 && localtime_r(&when.tv_sec, &t))
		(void)strftime(text, sizeof(text), "%F %T", &t);
	text_add(to, text);
}

static void write_sums(const struct reconciled *r, struct text *to)
{
	const struct trail_sum *t = r->trail;

	if (t->first.tv_sec > 0) {
		text_add(to, "trail        since ");
		reconcile_time(t->first, to);
		text_printf(to, ", its oldest record: %" PRIu64 " in chains", t->records);
	} else {
		text_add(to, "trail        there is no record yet");
	}
	if (t->journal_first.tv_sec > 0) {
		text_add(to, "; journal since ");
		reconcile_time(t->journal_first, to);
	} else {
		text_add(to, "; no journal");
	}
	if (t->gaps > 0)
		text_printf(to, "\ngaps         %" PRIu64 ", of %" PRIu64 " records in all that the journal missed",
			t->gaps, t->gap_count);
	text_printf(to, "\nrunning      %" PRIu64 " with a record, %" PRIu64 " older than the trail", r->known,
		r->older);
	if (r->waiting > 0)
		text_printf(to, ", %" PRIu64 " of them created and not started yet", r->waiting);
	if (r->users > 0)
		text_printf(to, "; %" PRIu64 " of other users, not compared: their trails are their own", r->users);
	if (r->unknown > 0)
		text_printf(to, "; %" PRIu64 " whose state cannot be read", r->unknown);
	if (r->left_out > 0)
		text_printf(to, "; %zu left out, there are too many", r->left_out);
	if (t->failed > 0)
		text_printf(to, "\nfailed       %" PRIu64 " were deleted without ever having been started", t->failed);
	text_printf(to, "\n%s\n", r->found ? "" : "\nNothing came around runvet, and nothing is missing.");
}

void reconcile_text(const struct reconciled *r, struct text *to)
{
	for (const struct discrepancy *d = r->first; d; d = d->next) {
		text_printf(to, "%-12s ", d->kind);
		if (d->id)
			text_shown(to, bytes_of(d->id), LIMIT_ID);
		text_printf(to, "%s%s\n", d->id ? " " : "", d->says);
	}
	write_sums(r, to);
}

/* "NOT STARTED" as "not-started". */
static void write_kind(const char *kind, struct text *to)
{
	for (; *kind; kind++)
		text_char(to, (char)(*kind == ' ' ? '-' : tolower((unsigned char)*kind)));
}

void reconcile_json(const struct reconciled *r, struct text *to)
{
	text_add(to, "{\"found\":[");
	for (const struct discrepancy *d = r->first; d; d = d->next) {
		text_add(to, d == r->first ? "{\"kind\":\"" : ",{\"kind\":\"");
		write_kind(d->kind, to);
		text_add(to, "\",");
		if (d->id) {
			text_add(to, "\"id\":");
			text_json(to, bytes_of(d->id));
			text_char(to, ',');
		}
		text_add(to, "\"says\":");
		text_json(to, bytes_of(d->says));
		text_char(to, '}');
	}
	text_printf(to,
		"],\"running\":{\"known\":%" PRIu64 ",\"older\":%" PRIu64 ",\"waiting\":%" PRIu64 ",\"users\":%" PRIu64
		",\"unknown\":%" PRIu64 ",\"around\":%" PRIu64 ",\"leftOut\":%zu},",
		r->known, r->older, r->waiting, r->users, r->unknown, r->around, r->left_out);
	text_printf(to,
		"\"trail\":{\"records\":%" PRIu64 ",\"gaps\":%" PRIu64 ",\"missed\":%" PRIu64 ",\"failed\":%" PRIu64
		"}}\n",
		r->trail->records, r->trail->gaps, r->trail->gap_count, r->trail->failed);
}

void reconcile_gauges(const struct reconciled *r, struct text *to)
{
	metrics_head(to, "runvet_unrecorded_containers", "gauge",
		"Containers that run without a record: the runtime was called around runvet.");
	text_printf(to, "runvet_unrecorded_containers %" PRIu64 "\n", r->around);
	metrics_head(to, "runvet_reconcile_discrepancies", "gauge",
		"What was found when running containers were held against the trail, these among it.");
	text_printf(to, "runvet_reconcile_discrepancies %" PRIu64 "\n", r->found);
}
