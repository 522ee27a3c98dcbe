/* SPDX-License-Identifier: Apache-2.0 */
/* A record as it was read: one form, whichever sink kept it. */
#pragma once

#include <time.h>

#include "validate/base/text.h"
#include "validate/doc/doc.h"

enum seen_in {
	IN_CHAIN = 1,
	IN_JOURNAL = 2,
};

struct seen {
	const struct doc *root;  /* members as in a line of the chain; a journal entry is turned into the same */
	struct bytes text;       /* the chain's line without its newline; of a journal entry, the JSON it became */
	const char *place;       /* the chain's file, or "journal" */
	unsigned long number;    /* of the line, from 1; 0: of the journal */
	const char *cursor;      /* journald's; NULL: of the chain */
	enum seen_in in;
	struct timespec when;    /* the record's time; of what is not sound, that of the line before it */
	struct bytes chain, hash; /* the links of a sound line, or what a journal entry says of them; empty: none */
	uint64_t seq;
	bool sent;               /* of the journal: root sent it; not sound all the same: it was altered since */
	bool sound;              /* its own hash is right. Of a journal entry: and journald says that root sent it */
};

/* A member that is a string, by its dotted path; empty when it is not there. */
static inline struct bytes seen_string(const struct seen *s, const char *path)
{
	return doc_string(s->root, path, (struct bytes){ 0 });
}

/* The profile that a record's call was judged by, as policies name it: "baseline@v1.37". */
static inline void seen_profile(const struct doc *record, struct text *to)
{
	const struct bytes version = doc_string(record, "policy.version", (struct bytes){ 0 });

	text_bytes(to, doc_string(record, "policy.name", (struct bytes){ 0 }));
	text_add(to, version.len ? "@" : "");
	text_bytes(to, version);
}

/*
 * Empties an arena between two records: not each time, because fresh memory costs more than a record does. What was in
 * it is gone by then.
 */
static inline void seen_recycle(struct arena *a)
{
	const size_t limit = a->limit;

	if (a->used <= limit / 16)
		return;
	arena_done(a);
	arena_init(a, limit);
}
