/* SPDX-License-Identifier: Apache-2.0 */
/* The text exposition format of Prometheus, version 0.0.4, as node_exporter's textfile collector takes it: no times. */
#include "ctl/audit/metrics.h"

#include <inttypes.h>

#include "config.h"

void metrics_head(struct text *to, const char *name, const char *type, const char *help)
{
	text_printf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* name="value", with what the format escapes in a label's value. */
static void label(struct text *to, const char *name, const char *value)
{
	text_printf(to, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\n') {
			text_add(to, "\\n");
			continue;
		}
		if (*value == '\\' || *value == '"')
			text_char(to, '\\');
		text_char(to, *value);
	}
	text_char(to, '"');
}

static void rows(struct text *to, const char *name, const struct series *s, const char *const *labels)
{
	for (size_t i = 0; i < s->used; i++) {
		text_printf(to, "%s{", name);
		for (size_t k = 0; k < SERIES_LABELS && labels[k]; k++) {
			text_add(to, k ? "," : "");
			label(to, labels[k], s->rows[i].labels[k]);
		}
		text_printf(to, "} %" PRIu64 "\n", s->rows[i].count);
	}
}

static void counters(const struct metrics *m, struct text *to)
{
	static const char *const of_decisions[SERIES_LABELS] = { "action", "decision", "mode" };
	static const char *const of_rules[SERIES_LABELS] = { "rule", "decision" };
	static const char *const of_life[SERIES_LABELS] = { "action" };

	metrics_head(to, "runvet_decisions_total", "counter",
		"Calls that were judged, by verb, decision and mode of the policy.");
	rows(to, "runvet_decisions_total", &m->decisions, of_decisions);
	metrics_head(to, "runvet_rule_violations_total", "counter",
		"Rules that were broken, by what was decided on the call.");
	rows(to, "runvet_rule_violations_total", &m->rules, of_rules);
	metrics_head(to, "runvet_lifecycle_total", "counter", "Calls that are recorded and not judged, by verb.");
	rows(to, "runvet_lifecycle_total", &m->lifecycle, of_life);
	metrics_head(to, "runvet_audit_failures_total", "counter",
		"Records that did not go where they should have, by stage: journal, spill, journal-alone, record, "
		"missing.");
	for (size_t i = 0; i < STAGE_MAX; i++)
		text_printf(to, "runvet_audit_failures_total{stage=\"%s\"} %" PRIu64 "\n", metrics_stages[i],
			m->failures[i]);
	metrics_head(to, "runvet_policy_changes_total", "counter",
		"Times that calls came to be judged by another policy.");
	text_printf(to, "runvet_policy_changes_total %" PRIu64 "\n", m->policy_changes);
	metrics_head(to, "runvet_audit_records_total", "counter", "Records of the chain, of any kind.");
	text_printf(to, "runvet_audit_records_total %" PRIu64 "\n", m->records);
}

static void gauges(const struct metrics *m, struct text *to)
{
	metrics_head(to, "runvet_audit_last_seq", "gauge", "Number of the last record in its chain.");
	text_printf(to, "runvet_audit_last_seq %" PRIu64 "\n", m->last_seq);
	if (m->last_time) {
		metrics_head(to, "runvet_audit_last_record_timestamp_seconds", "gauge",
			"When the last record was made.");
		text_printf(to, "runvet_audit_last_record_timestamp_seconds %" PRId64 "\n", m->last_time);
	}
	metrics_head(to, "runvet_chain_ok", "gauge",
		"1 while every record read was sound, linked and in its place; 0 until a verification finds no fault.");
	text_printf(to, "runvet_chain_ok %d\n", !m->broken);
	if (m->policy[0] || m->digest[0]) {
		metrics_head(to, "runvet_policy_info", "gauge", "The policy of the last judged call.");
		text_add(to, "runvet_policy_info{");
		label(to, "name", m->policy);
		text_char(to, ',');
		label(to, "version", m->version);
		text_char(to, ',');
		label(to, "digest", m->digest);
		text_add(to, "} 1\n");
	}
	metrics_head(to, "runvet_build_info", "gauge", "The runvetctl that wrote this.");
	text_printf(to, "runvet_build_info{version=\"%s\"} 1\n", RUNVET_VERSION);
}

/* Microseconds as seconds, without a rounding. */
static void seconds(struct text *to, uint64_t us)
{
	text_printf(to, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
}

static void histogram(const struct metrics *m, struct text *to)
{
	uint64_t n = 0;

	metrics_head(to, "runvet_eval_seconds", "histogram",
		"Time from the start of runvet to the record, of judged calls.");
	for (size_t i = 0; i < METRICS_BUCKETS; i++) {
		n += m->buckets[i];
		text_add(to, "runvet_eval_seconds_bucket{le=\"");
		seconds(to, metrics_bounds[i]);
		text_printf(to, "\"} %" PRIu64 "\n", n);
	}
	n += m->buckets[METRICS_BUCKETS];
	text_printf(to, "runvet_eval_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\nrunvet_eval_seconds_sum ", n);
	seconds(to, m->eval_sum);
	text_printf(to, "\nrunvet_eval_seconds_count %" PRIu64 "\n", n);
}

void metrics_write(const struct metrics *m, struct text *to)
{
	counters(m, to);
	gauges(m, to);
	histogram(m, to);
}
