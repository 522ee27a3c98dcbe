/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a trail comes to. One reading fills all tables; each has so much room and no more, whatever is read, and says
 * where that was not enough. The chain is watched over all records, also those that the filters leave out: a number
 * that is missing is missing whatever was asked for.
 */
#pragma once

#include "ctl/audit/query.h"
#include "ctl/audit/timeline.h"
#include "ctl/audit/top.h"

#define REPORT_RECENT 24u /* of bypasses, gaps, changes of policy: the last so many, and how many there were */
#define REPORT_CHAINS 32u
#define REPORT_TEXT   320u
#define REPORT_MOST   100u /* what --top may say */

/* One thing that happened, in words. */
struct moment {
	struct timespec when;
	char record[40];
	char text[REPORT_TEXT];
};

struct moments {
	struct moment ring[REPORT_RECENT];
	uint64_t count;
};

/* The i-th newest, from 0; NULL when there are not so many. */
const struct moment *moment_at(const struct moments *m, uint64_t i);

/* A denial's latest, beside its entry in `denials`: "rule at place" is counted, with numbers of lists as one. */
struct denial {
	char rule[64], path[160], text[REPORT_TEXT];
	char who[200];    /* pod, container, image */
	char record[40];
};

struct chain_state {
	char chain[40];
	uint64_t first, last, count, missing, gaps;
	char hash[72];    /* of the last */
	uint64_t unlinked; /* records whose prev is not the hash before */
};

#define REPORT_VERBS 5u /* that are judged */

/* Tables, in the order in which they are printed. */
enum report_table {
	TABLE_ACTIONS,
	TABLE_RULES,
	TABLE_IMAGES,
	TABLE_PODS,       /* namespaces of Kubernetes */
	TABLE_NAMESPACES, /* of Linux: "pid host" */
	TABLE_CALLERS,
	TABLE_POLICIES,
	TABLE_REASONS,    /* why calls could not be judged */
	TABLE_HOSTS,
	TABLE_MAX,
};

struct report_title {
	const char *key, *title, *column; /* "images", "Images", "image" */
};
extern const struct report_title report_titles[TABLE_MAX];

struct audit_report {
	struct arena arena;
	const struct query *query; /* what is counted */
	uint64_t by[KIND_MAX], count;
	struct timespec first, last; /* of what is counted */
	struct top tables[TABLE_MAX];
	struct top denials, shadows, shadow_rules;
	struct denial *denial;       /* by the index of its entry in denials */
	struct moments bypasses, gaps, changes;
	char policy[80];             /* digest that was last seen; "": none yet */
	struct chain_state chains[REPORT_CHAINS];
	size_t chain_count;
	bool chains_full;            /* there were more chains than are watched */
	bool watched;                /* false: only the last records were read, and nothing can be said of the chain */
	uint64_t altered, foreign;   /* lines that are not sound; entries of the journal that root did not send */
	struct moments altered_at;
	uint64_t missed, spilled, unproved;
	struct timeline timeline;
	struct elapsed elapsed[REPORT_VERBS + 1]; /* of all, then by verb */
	uint64_t in_chain, in_journal;
};

/* Names of what elapsed has: "all", "create" ... */
extern const char *const report_verbs[REPORT_VERBS + 1];

/* 0 or -ENOMEM. Either way report_done. */
int report_init(struct audit_report *r, const struct query *q);
void report_done(struct audit_report *r);

/* For query_each, `data` is the report. */
int report_take(const struct seen *s, void *data);

/* Whether all that was read is sound, linked and without a gap. */
bool report_sound(const struct audit_report *r);

/* What would put a breach of the rule right; never NULL. */
const char *report_remedy(const char *rule);

/* How a shadow profile fared: "restricted@v1.37" of `calls`, `denied` would have been refused. */
uint64_t report_ready(const struct top_entry *shadow);

struct report_about {
	struct timespec made;
	const char *host; /* where it was made */
	size_t top;       /* lines of a table */
};

void report_text(const struct audit_report *r, const struct report_about *about, struct text *to);
void report_json(const struct audit_report *r, const struct report_about *about, struct text *to);
void report_html(const struct audit_report *r, const struct report_about *about, struct text *to);
