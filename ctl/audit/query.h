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

struct point;

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
	const char *id;               /* the beginning of a record's id, for query_find; NULL: any */
	const char *part;             /* lines of a chain without these bytes are passed over unread; NULL: none is */
	struct point *point;          /* what was exported before is passed over, and it is moved on; NULL: all */
	bool lifecycle;               /* start, kill, delete … as well */
	size_t last;                  /* only the last so many; 0: all */
	bool reverse;                 /* of those, the newest first */
	bool progress;                /* a line on standard error while it takes long, if that is a terminal */
};

void query_init(struct query *q);
void query_done(struct query *q);

/*
 * Takes argv[*at] if it is an option of a query, with its value in the same word behind = or in the next one (*at is
 * moved on). 1 taken, 0 no option of a query, or a negative exit code once it has complained (-AUDIT_TROUBLE).
 */
int query_option(struct query *q, const struct verb *v, int argc, char **argv, int *at);

/* All of them and --format, --help, closed by NULL: for usage_option. */
const char *const *query_options(void);

/* The lines of help for those options, at most 80 columns. */
const char *query_help(void);

/* Complains of options that do not go together. 0 or -AUDIT_TROUBLE. */
int query_check(const struct query *q, const struct verb *v);

/* Whether it is within the time that is meant. */
bool query_within(const struct query *q, struct timespec t);

/*
 * "today", "yesterday", "tomorrow", "now", "2 hours ago", "-1h", "+30min", "2026-11-22 05:00", "05:00", "@SECONDS", and
 * as records have it. What names no zone is the reader's own time. 0 or -EINVAL.
 */
int query_time(const char *word, struct timespec now, struct timespec *ret);

/* Whether the record is one of those that are meant; its time aside. */
bool query_takes(const struct query *q, const struct doc *record);

/*
 * Calls `visit` for each record that is meant, oldest first over all chains and the journal; what `visit` is given is
 * gone afterwards. A record that is in both sources comes once (the chain's). Lines of a chain that are no records, or
 * were changed, come too, whatever was asked for, with .sound false; .root is NULL when there is nothing to be read. So
 * do entries of the journal that were altered, and those that root did not send (.sent false, .root NULL): who knows
 * who says what there. Stops when
 * `visit` returns something else than 0. Memory does not grow with the number of records (but for `last`). 0, what
 * `visit` returned, or a negative errno once it has complained.
 */
int query_each(const struct query *q, int (*visit)(const struct seen *s, void *data), void *data);

/*
 * The record whose id begins so, kept in the arena with its tree. 0; -ENOENT when there is none, -ENOTUNIQ when there
 * are several, or what query_each says; it has complained.
 */
int query_find(const struct query *q, struct arena *a, const char *id, struct seen *ret);

/* Whether a word can be (the beginning of) a record's id: eight hexadecimal digits and more. */
bool query_is_id(const char *word);

/* Keeps a record beyond its visit. 0 or -ENOMEM. */
int seen_keep(struct arena *a, const struct seen *s, struct seen *ret);
