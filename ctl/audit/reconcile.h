/* SPDX-License-Identifier: Apache-2.0 */
/* What runvetctl audit reconcile found, for those who print it. */
#pragma once

#include "ctl/audit/trail_sum.h"

/* Something that should not be. */
struct discrepancy {
	const char *kind;  /* "AROUND", "NOT STARTED", "CHAIN", "CHANGED", "ALTERED", "JOURNAL" */
	const char *id;    /* of a container; NULL: it is about none */
	const char *says;  /* a clause; behind the id of a container */
	const struct discrepancy *next;
};

struct reconciled {
	const struct discrepancy *first;
	uint64_t found, around;
	uint64_t known, older, users, waiting, unknown; /* containers */
	size_t left_out;                                /* of them, for there are too many */
	const struct trail_sum *trail;
};

/* "2026-11-22 10:00:00" here and now; "at a time that is not known" for zero. */
void reconcile_time(struct timespec when, struct text *to);

void reconcile_text(const struct reconciled *r, struct text *to);
void reconcile_json(const struct reconciled *r, struct text *to);

/* The gauges for node_exporter's textfile collector. */
void reconcile_gauges(const struct reconciled *r, struct text *to);
