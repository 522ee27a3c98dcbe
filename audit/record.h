/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One audit entry, before it has a form. What a record may hold and how each sink calls it is one row in fields.c;
 * nothing reaches a sink that is not a row there.
 */
#pragma once

#include "validate/base/digest.h"
#include "validate/base/when.h"
#include "validate/policy/decide.h"

/* Repeated values (rules, violations) come one call each. Order is the order of the JSON line's keys within their parents. */
enum field {
	FIELD_MESSAGE,
	FIELD_MESSAGE_ID,
	FIELD_PRIORITY,
	FIELD_IDENTIFIER,  /* SYSLOG_IDENTIFIER=runvet */
	FIELD_FACILITY,    /* 10, authpriv */
	FIELD_SCHEMA,
	FIELD_RECORD,      /* UUIDv7 */
	FIELD_TIME,
	FIELD_ACTION,      /* the verb */
	FIELD_DECISION,
	FIELD_MODE,
	FIELD_REASON,
	FIELD_POLICY_DIGEST,
	FIELD_RULE,        /* repeated */
	FIELD_VIOLATION,   /* repeated: rule|severity|pointer|text */
	FIELD_VIOLATION_COUNT,
	FIELD_CONTAINER_ID,
	FIELD_RUNTIME,     /* the delegate's path */
	FIELD_BUNDLE,
	FIELD_ROOT,
	FIELD_CONFIG_DIGEST,
	FIELD_PID,
	FIELD_PPID,
	FIELD_CALLER_EXE,
	FIELD_CALLER_UNIT,
	FIELD_LOGINUID,
	FIELD_EUID,
	FIELD_ROOTLESS,
	FIELD_CREATE_RECORD,
	FIELD_CHAIN,       /* set by the chain sink, as are the next three */
	FIELD_SEQ,
	FIELD_PREV,
	FIELD_HASH,
	FIELD_COMMIT,      /* "unproved" when the journal alone has it */
	FIELD_VERSION,
	FIELD_ELAPSED_US,
	FIELD_TRUNCATED,
	FIELD_DOCUMENTATION,
	FIELD_MAX,
};

struct entry {
	enum field field;
	struct bytes value; /* any bytes; escaping is the sinks' work */
};

struct record {
	struct arena *arena;
	struct entry *entries;
	size_t count, room;
	bool truncated;       /* a value was cut; becomes FIELD_TRUNCATED */
	const char *id;       /* FIELD_RECORD's value */
	const char *action;
	enum decision_kind decision;
};

/* Starts a record with a fresh UUIDv7 and the time now. 0, -ENOMEM, or what getrandom(2) says. */
int record_init(struct record *r, struct arena *a, struct fail *reterr);

/* Adds a value, capped at its row's limit (the arena keeps a copy). NULL data is left out. 0 or -ENOMEM. */
int record_add(struct record *r, enum field f, struct bytes value);
int record_number(struct record *r, enum field f, uint64_t value);

/* What the record is about. Pointers may be NULL where unknown; nothing is kept but copies. */
struct occurrence {
	const char *verb, *id, *bundle, *root, *delegate, *create_record;
	const char *config_digest;
	const struct policy *policy;
	const struct report *report;  /* or */
	const struct fail *why;
	struct decision decision;
	struct timespec began;        /* CLOCK_MONOTONIC at start, for FIELD_ELAPSED_US */
};

/*
 * Fills a started record with all that is known: the occurrence, this process, its parent (its executable, its unit, never
 * its command line). Allows and denials alike. 0 or -ENOMEM.
 */
int record_fill(struct record *r, const struct occurrence *o, struct fail *reterr);

/* What a field is called in each form; the one table. */
struct field_row {
	const char *journal;  /* "RUNVET_DECISION"; NULL: not in the journal */
	const char *json;     /* "policy.digest", dots nest; NULL: not in the chain */
	bool number;          /* JSON number rather than string */
	bool repeated;        /* JSON array */
	size_t cap;           /* bytes kept of a value */
};
const struct field_row *field_row(enum field f);

/*
 * The record as one line of canonical JSON: keys sorted, nested by dots, pure ASCII, no white space, no newline,
 * at most LIMIT_RECORD bytes (violations are dropped from the end, and the line says truncated).
 */
int record_json(const struct record *r, struct text *to);

/* MESSAGE_IDs, one per type of event (audit/runvet.catalog explains each). */
#define ID_ALLOWED    "4e1f0b6e7b5f4b0e9d3a6a0c1f5e2d11"
#define ID_DENIED     "9b0c5d1f2a8e4c6fb1d7e3a4f6082c22"
#define ID_WOULD_DENY "c7a2e98d41b64f3ba5c0d8e6917f3b33"
#define ID_BYPASS     "1d6f3a0b95c84e27b8e4f7c2a3d05e44"
#define ID_ERROR      "e58b7c3d06fa4d91a2b4c6d8f0e19a55"
#define ID_AUDIT_GAP  "7f2d9e4c83b54a16b0c3e5a7d9f18b66"
