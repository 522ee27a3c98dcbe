/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters over the chain, for Prometheus. A counter must not go back when a file of the chain is rotated away, and a
 * timer that fires each minute must not read half a gigabyte: so what was counted is kept in a file of its own, with
 * how far each file of the chain was read. A file is known by the digest of its first line, which no rename, merge or
 * copy changes, and which no other file can have.
 */
#pragma once

#include "audit/chain_file.h"
#include "ctl/audit/map.h"

#define METRICS_STATE "/var/lib/runvet/metrics.json"

#define SERIES_MOST   512u /* sets of labels of one counter; what comes then is counted as "other" */
#define SERIES_LABELS 3u
#define SERIES_WORD   72u
#define METRICS_FILES 96u
#define METRICS_CHAINS 32u

struct series_row {
	char labels[SERIES_LABELS][SERIES_WORD];
	uint64_t count;
};

struct series {
	struct series_row *rows; /* room for SERIES_MOST */
	size_t used;
};

/* Where audit trails fail, as the label `stage` says it. */
enum metrics_stage {
	STAGE_JOURNAL, /* records that journald did not take or confirm in time */
	STAGE_SPILL,   /* records that had to go below /run */
	STAGE_ALONE,   /* records that only the journal has */
	STAGE_RECORD,  /* lines that are no records, or were changed */
	STAGE_MISSING, /* numbers of a chain that are not there */
	STAGE_MAX,
};
extern const char *const metrics_stages[STAGE_MAX];

#define METRICS_BUCKETS 12u
extern const uint64_t metrics_bounds[METRICS_BUCKETS]; /* microseconds */

struct metrics_file {
	char first[DIGEST_HEX]; /* of its first line */
	uint64_t offset;        /* read so far */
	bool met;               /* it is still there; not kept */
};

struct metrics_chain {
	char chain[CHAIN_ID], hash[DIGEST_HEX];
	uint64_t seq;
};

struct metrics {
	struct arena arena;
	struct series decisions, rules, lifecycle; /* {action, decision, mode}, {rule, decision}, {action} */
	uint64_t failures[STAGE_MAX];
	uint64_t buckets[METRICS_BUCKETS + 1], eval_sum; /* each bucket alone; microseconds */
	uint64_t policy_changes, records, last_seq;
	int64_t last_time; /* seconds; 0: no record yet */
	char policy[SERIES_WORD], version[SERIES_WORD], digest[80];
	bool broken;       /* something was wrong with the chain, since the last verification */
	struct metrics_file files[METRICS_FILES];
	size_t file_count;
	struct metrics_chain chains[METRICS_CHAINS];
	size_t chain_count;
};

/* Room for the series. 0 or -ENOMEM. Either way metrics_done. */
int metrics_init(struct metrics *m);
void metrics_done(struct metrics *m);

/* Counts one record, or a line that is none. */
void metrics_take(struct metrics *m, const struct seen *s);

/* Reads what is new in the chain below a directory; a missing one is none. 0, or a negative errno with *reterr. */
int metrics_read(struct metrics *m, const char *directory, struct fail *reterr);

/* What was counted before. 0 (also when there is no such file), or a negative errno with *reterr. */
int metrics_load(struct metrics *m, const char *path, struct fail *reterr);

/* Replaces the file. 0 or a negative errno. */
int metrics_save(const struct metrics *m, const char *path);

/* Makes the directory of the file, 0700, when only that is missing. */
void metrics_parent(const char *path);

/* The two lines before the values of a metric. */
void metrics_head(struct text *to, const char *name, const char *type, const char *help);

/* The text that Prometheus reads. */
void metrics_write(const struct metrics *m, struct text *to);
