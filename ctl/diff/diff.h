/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between two documents, by field, and what of it matters. A place falls into a group by a row (rows.c):
 *
 *	changes results      what the program computes, or how it gets on, may be another; the row says why
 *	changes confinement  what it may do, and what it may see, is another
 *	noise                ids, process ids, time stamps, names that the host assigned, and the order of what is a set
 *
 * A place that no row names changes results: nothing is lost. What is noise in a config.json is not said by rows, but
 * by the normal form of its fingerprint (validate/fingerprint): the normal documents are compared, and where these are
 * the same, nothing but noise can be told. Likewise nothing confines otherwise where the postures are the same.
 *
 * Documents are hostile: entries of lists and objects are matched by sorting (O(n log n)), the walk is as deep as a
 * document may nest, and of what differs DIFF_KEPT are kept, all counted.
 */
#pragma once

#include "validate/fingerprint/fingerprint.h"
#include "validate/rule/vocabulary.h"

enum diff_group { DIFF_RESULTS = 1 << 0, DIFF_CONFINEMENT = 1 << 1, DIFF_NOISE = 1 << 2 };

/* What makes entries of a list the same one in both documents. */
enum diff_list {
	DIFF_ORDERED,  /* the place in the list */
	DIFF_KEYED,    /* what they have under .by: the destination of a mount */
	DIFF_NAMED,    /* what stands before "=" */
	DIFF_SET,      /* all of it: entries come and go, in whatever order */
	DIFF_SYSCALLS, /* of a filter: each name with what is done about it */
};

/*
 * A row speaks for its place and all below it, where no other row does. Entries that are matched by a key are found by
 * it as well: "process.env[]" is every variable, "process.env.TZ" that one. A list's row stands at the list.
 */
struct diff_row {
	const char *at;
	enum subject of;     /* OF_BUNDLE, OF_MACHINE, or OF_LOCK: what is beside a document */
	unsigned groups;     /* DIFF_* bits; RESULTS and CONFINEMENT go together */
	enum diff_list list;
	const char *by[2];   /* of DIFF_KEYED: members; NULL: no other */
	bool whole;          /* what is below is told as one: that it is another, not what of it */
	bool ordered;        /* of DIFF_KEYED and DIFF_NAMED: in another order they are something else */
	bool shows;          /* harmless, whatever the vocabulary says of the place: a seed, a number of threads */
	bool sought;         /* of what is beside two containers: that neither is known of is told */
	const char *says;    /* why it matters, as a sentence */
};

extern const struct diff_row diff_rows_config[], diff_rows_env[], diff_rows_host[], diff_rows_beside[];
extern const size_t diff_rows_config_count, diff_rows_env_count, diff_rows_host_count, diff_rows_beside_count;

enum diff_kind {
	DIFF_CHANGED,
	DIFF_ONLY_A,
	DIFF_ONLY_B,
	DIFF_ENTRIES,  /* of a set: some are in one of them only */
	DIFF_ORDER,    /* the same entries, in another order */
};

/* Entries of a set that the other one has not. */
struct diff_entries {
	const struct doc **of; /* the first DIFF_LISTED of them */
	size_t count;          /* all */
};

#define DIFF_KEPT 1000u
#define DIFF_LISTED 64u

struct difference {
	const struct diff_row *row; /* NULL: no row speaks for the place */
	unsigned groups;
	enum diff_kind kind;
	const char *place;          /* "mounts[/data].options": made fit for a terminal */
	const struct doc *a, *b;    /* what stands there; NULL: nothing */
	struct diff_entries only_a, only_b;
	enum quote quote;           /* what may be shown of them */
	const struct place_node *words; /* the vocabulary's place; NULL: it has none */
	bool named;                 /* they are "NAME=VALUE", and the place says the name */
	const char *says;           /* why it matters; NULL for noise */
};

/* Who does not know it. */
enum diff_lacks { DIFF_A_LACKS, DIFF_B_LACKS, DIFF_BOTH_LACK };

struct diff_unknown {
	const char *place; /* as a difference's */
	enum diff_lacks of;
};

struct differences {
	struct difference *list;    /* in the order of the documents */
	size_t count, room;
	size_t all;                 /* as many were found */
	size_t results, confinement, noise; /* of each group all, also those beyond DIFF_KEPT */
	struct diff_unknown *unknown; /* what only one of the two knows, or neither: the first DIFF_LISTED */
	size_t unknown_count;
	bool lost;                  /* there was no memory for something */
};

/*
 * Adds what differs between two documents of that subject, by the rows alone; places begin with `below` (may be ""). Of
 * hosts, and of what is beside a document, a member that only one has is not known of the other: it is counted, and no
 * difference. 0 or -ENOMEM.
 */
int diff_walk(struct arena *a, enum subject of, const char *below, const struct doc *const sides[static 2],
	      struct differences *to);

/*
 * Adds, as unknown of both, what rows seek (.sought) and neither has: what nobody knows is not the same. For two sides
 * that ran; `sides` are as for diff_walk of OF_LOCK. 0 or -ENOMEM.
 */
int diff_seek(struct arena *a, const struct doc *const sides[static 2], struct differences *to);

/*
 * Adds what differs between the fields of two locks (validate/lock/lock.h, "document"); what each keeps by a key of its
 * own is not known. 0 or -ENOMEM.
 */
int diff_fields(struct arena *a, const struct doc *const sides[static 2], bool one_salt, struct differences *to);

/* Nothing confines otherwise where the postures are the same, whatever rows say of it. */
void diff_uphold(struct differences *to, bool posture_same);

/* Whether a lock keeps it as a keyed digest. */
static inline bool diff_is_salted(const struct doc *d)
{
	return d->type == DOC_STRING && bytes_start(d->string, "salted:");
}

/*
 * Adds what differs between two whole config.json: by their normal forms what matters, by their postures what of it
 * confines, and what is left of the documents as they are written, which is noise. 0, -EINVAL for one that has no
 * canonical form, or -ENOMEM.
 */
int diff_configs(struct arena *a, const struct fingerprint_of *const sides[static 2], struct differences *to);

/* The row that speaks for a place of rows ("process.env.TZ", "mounts[].source"); NULL: none does. */
const struct diff_row *diff_row_at(struct arena *a, enum subject of, const char *at);

/* Whether both are the same value, members in whatever order; NULL and null are nothing. */
bool diff_equal(struct arena *a, const struct doc *x, const struct doc *y);
