/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which records are meant. The same options everywhere (`--since`, `--decision`, `--rule`, `--container`, `--pod` …):
 * one table in query.c has them, their help is made from it, and a verb adds its own words to them.
 */
#pragma once

#include <time.h>

#include "ctl/audit/audit.h"
#include "ctl/audit/seen.h"

/* A filter that may be given several times: one of its words has to match. Different filters have to match all. */
struct wanted {
	const char **words;
	size_t count;
};

enum query_word {
	WANT_DECISION,   /* allow, deny, would-deny, bypass, error */
	WANT_ACTION,     /* create, exec, start … */
	WANT_EVENT,      /* create.denied, audit.gap … with * */
	WANT_RULE,       /* an id, with * ("escape.*") */
	WANT_CONTAINER,  /* an id or its beginning, or a name */
	WANT_POD,        /* "namespace/name", with * */
	WANT_IMAGE,      /* with * */
	WANT_CALLER,     /* the caller's executable or unit, with * */
	WANT_USER,       /* a login uid or effective uid, or a user's name */
	WANT_POLICY,     /* a profile, with or without @version; or sha256:… of the policy */
	WANT_CAPABILITY, /* "CAP_SYS_ADMIN", any spelling: among the effective ones */
	WANT_NAMESPACE,  /* "net", "net=host", "pid=joined", "user=new" */
	WANT_MAX,
};

struct query {
	struct arena arena;           /* of the words */
	struct timespec since, until; /* zero: open */
	const char *boot;             /* "this boot" by its id; NULL: any */
	struct wanted want[WANT_MAX];
	unsigned in;                  /* IN_CHAIN | IN_JOURNAL; 0: the chain, else the journal where there is none */
	const char *directory;        /* a chain elsewhere (a copy, another host's); NULL: this host's */
	const char *file;             /* --journal-file: a journal elsewhere; NULL: this host's, namespace runvet too */
	bool lifecycle;               /* start, kill, delete … as well */
	size_t last;                  /* only the last so many; 0: all */
	bool progress;                /* a line on standard error while it takes long, if that is a terminal */
};

void query_init(struct query *q);
void query_done(struct query *q);

/*
 * Takes argv[*at] if it is an option of a query, with its value in the same word behind = or in the next one (*at is
 * moved on). 1 taken, 0 no option of a query, or a negative exit code once it has complained (-AUDIT_TROUBLE).
 */
int query_option(struct query *q, const struct verb *v, int argc, char **argv, int *at);

/* The lines of help for those options, at most 80 columns. */
const char *query_help(void);

/* Whether the record is one of those that are meant. */
bool query_takes(const struct query *q, const struct doc *record);

/*
 * Calls `visit` for each record that is meant, oldest first within a source; what `visit` is given is gone afterwards.
 * A record that is in both sources comes once (the chain's). Lines that are no records, or were changed, come too, with
 * .sound false; .root is NULL when there is nothing to be read. Stops when `visit` returns something else than 0.
 * Memory does not grow with the number of records (but for `last`). 0, what `visit` returned, or a negative errno once
 * it has complained.
 */
int query_each(const struct query *q, int (*visit)(const struct seen *s, void *data), void *data);
