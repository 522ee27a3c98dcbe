/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record in the words of others. Which member of ours is which of theirs is rows, so that the manual's tables
 * (docs/siem.md) and what is printed cannot drift apart; a format adds only what depends on the kind of the event.
 * Nothing of a record is lost: what no row takes goes, under its own name, to where the format keeps such things.
 */
#pragma once

#include <stdint.h>

#include "ctl/audit/seen.h"

/* What happened, as far as a reader's format has to know. Told by what a sound record says of itself. */
enum seen_kind {
	KIND_ALLOW,
	KIND_DENY,
	KIND_WOULD_DENY,
	KIND_BYPASS,
	KIND_ERROR,
	KIND_LIFECYCLE,  /* start, kill, delete ... */
	KIND_GAP,        /* the journal missed records */
	KIND_CHECKPOINT,
	KIND_POLICY,     /* the policy is another than it was */
	KIND_OTHER,      /* of a later release */
	KIND_ALTERED,    /* no record of ours, or changed after it was written: nothing in it is believed */
	KIND_MAX,
};

enum seen_kind seen_kind(const struct seen *s);

/* "deny", "would-deny", "audit-gap" ... */
const char *seen_kind_name(enum seen_kind k);

/* When it was made; of what has no readable time, now. */
struct timespec seen_time(const struct seen *s);

enum map_as {
	MAP_TEXT,    /* a string; a number is written as one */
	MAP_NUMBER,
	MAP_TRUE,    /* true, when it is 1 */
	MAP_MS,      /* a time, in milliseconds since 1970 */
	MAP_US_MS,   /* microseconds, in milliseconds */
	MAP_US_NS,   /* microseconds, in nanoseconds */
	MAP_HEX,     /* a digest without "sha256:" */
	MAP_BASE,    /* the last part of a path */
	MAP_EACH,    /* an array of strings */
	MAP_ONE,     /* a string, alone in an array */
	MAP_IS,      /* .is, where .from is there (NULL: always) */
	MAP_IS_NUMBER, /* the same with .number */
	MAP_IS_TRUE,
};

/*
 * Paths have dots. In `to`, a part that ends in [] is an array with one object in it: "hashes[].value". The first of
 * several rows with one `to` whose value is there counts. A row without `to` closes the list.
 */
struct map_row {
	const char *from, *to;
	enum map_as as;
	const char *is;
	int64_t number;
};

#define MAP_ROWS 96 /* at most, with the one that closes */

/* What of a record has been taken; from map_take to map_rest. */
struct map {
	struct arena *arena;
	const struct doc *record;
	const struct map_row *rows;
	bool taken[MAP_ROWS];
};

/* Adds to `to` (made by make_document) what the rows say. m: arena, record and rows are set. */
void map_take(struct map *m, struct doc *to);

/* Adds the members of the record that no row has taken to `to`, under their own names. */
void map_rest(const struct map *m, struct doc *to);

/* The text of a leaf: a string as it is, a number in digits (in the arena); empty for anything else. */
struct bytes map_text(struct arena *a, const struct doc *d);

/* The value as a row wants it, as text: for formats that know nothing else. Empty: there is none. */
struct bytes map_value(struct arena *a, const struct map_row *row, const struct doc *record);

/* The object at the dotted path below `to`, made where it is missing; *ret_key is the last part. */
struct doc *map_way(struct arena *a, struct doc *to, const char *path, const char **ret_key);

/* The first broken rule of a record: an entry of violations with severity error; NULL: there is none. */
const struct doc *map_violation(const struct doc *record);

/* Writes what was made as one line of JSON; "{}" where memory was used up while it was made. */
void map_line(const struct doc *event, struct text *to);
