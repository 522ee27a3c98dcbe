/* SPDX-License-Identifier: Apache-2.0 */
/* The two things that are compared, whatever they are: what is known of each, under the same names. */
#pragma once

#include "ctl/again.h"
#include "ctl/diff/diff.h"
#include "ctl/node/running.h"
#include "validate/lock/lock.h"

enum side_kind { SIDE_BUNDLE, SIDE_RECORD, SIDE_LOCK, SIDE_HOST, SIDE_CONTAINER, SIDE_MAX };

struct side {
	const char *word;           /* as it was given */
	enum side_kind kind;
	struct again again;         /* its memory; the document, and who called for it */
	const char *about;          /* what follows its name: "runc, docker, running"; NULL: nothing */
	const char *lacks;          /* what cannot be had of it, as a clause; NULL: nothing */
	bool has_config;
	struct fingerprint_of print; /* of the document, where there is one */
	struct lock lock;           /* of a lock file */
	const struct doc *host;     /* facts about a host, as in host.json; NULL: not known */
	const struct doc *beside;   /* image, delegate, runvet, policy …: see rows_beside.c */
	char normal[DIGEST_HEX], posture[DIGEST_HEX]; /* "" where not known */
};

/* "bundle", "record", "lock file", "host", "container". */
const char *side_kind_name(enum side_kind k);

/* What a word names. 0, or a negative errno once it has complained. side_close in either case. */
int side_open(struct side *s, const char *word);
void side_close(struct side *s);

/* The parts of side_open, by kind: text or words as they were given. As that. */
int side_bundle(struct side *s, const char *path);
int side_record(struct side *s, const struct doc *record);
int side_record_id(struct side *s, const char *id);
int side_container(struct side *s, const char *word);
int side_lock(struct side *s, struct bytes text, const char *file);
int side_host(struct side *s, struct bytes text, const char *file);

/* Fills what follows from the document: fingerprints, image, facts. 0 or -ENOMEM, complained of. */
int side_know(struct side *s);

/*
 * What a record says beside its facts, under the names of rows_beside.c; `started`: of that only how it was started.
 * Adds to `to`, made.
 */
void side_recorded(struct arena *a, const struct doc *record, bool started, struct doc *to);

/* The record of the create of a container that is there; NULL: there is none, or it cannot be read. */
const struct doc *side_create_record(struct arena *a, const struct running *r);

/* A digest with "sha256:" before it, into an object; an empty one is left out. */
void side_digest(struct arena *a, struct doc *to, const char *key, struct bytes digest);

/* Keeps the 64 digits of a digest; of anything else nothing. */
void side_keep(char to[static DIGEST_HEX], struct bytes digest);

/* The fields of a side's document as that lock would keep them. 0 or a negative errno. */
int side_lock_like(struct arena *a, const struct side *s, const struct side *lock, const struct doc **ret);

/* Everything that differs. 0; -ENODATA: there is nothing that both know; or a negative errno; it has not complained. */
int sides_compare(struct arena *a, const struct side *x, const struct side *y, struct differences *to);
