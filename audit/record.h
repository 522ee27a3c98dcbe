/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One audit entry, before it has a form. What a record may hold and how each sink calls it is one row in fields.c;
 * nothing reaches a sink that is not a row there.
 *
 * Values come from hostile places. They are made harmless once, when they are added (control bytes, what turns text
 * around on a screen and what is not UTF-8 become \xNN; too long ends in "..."), so that both sinks hold the same text.
 * Nothing secret gets this far: of findings only what their row's .quote allows.
 */
#pragma once

#include "validate/base/digest.h"
#include "validate/base/when.h"
#include "validate/fingerprint/fingerprint.h"
#include "validate/policy/decide.h"

/* Repeated values (rules, violations) come one call each. The order is that of the journal's fields. */
enum field {
	FIELD_MESSAGE,
	FIELD_MESSAGE_ID,
	FIELD_EVENT,       /* the same in the chain: "create.denied" */
	FIELD_PRIORITY,
	FIELD_SEVERITY,    /* the same in the chain: "warning" */
	FIELD_IDENTIFIER,  /* SYSLOG_IDENTIFIER=runvet */
	FIELD_FACILITY,    /* 10, authpriv */
	FIELD_SCHEMA,
	FIELD_RECORD,      /* UUIDv7 */
	FIELD_TIME,
	FIELD_ACTION,      /* the verb */
	FIELD_DECISION,
	FIELD_MODE,
	FIELD_REASON,
	FIELD_POLICY,      /* the profile that was applied ... */
	FIELD_POLICY_VERSION, /* ... and its version, of a built-in one */
	FIELD_POLICY_DIGEST,
	FIELD_POLICY_BEFORE, /* of policy.changed: the digest before, "none" when there was no policy file */
	FIELD_EXEMPT,      /* repeated: ids of exemptions that were used */
	FIELD_SHADOW,      /* repeated: profile|decision|rules, of profiles that only watch */
	FIELD_RULE,        /* repeated */
	FIELD_VIOLATION,   /* repeated: rule|severity|pointer|text */
	FIELD_VIOLATION_COUNT, /* errors, also those not listed */
	FIELD_WARNING_COUNT,
	FIELD_CONTAINER_ID,
	FIELD_CONTAINER_NAME,
	FIELD_CONTAINER_TYPE, /* "container" or "sandbox" */
	FIELD_IMAGE,
	FIELD_IMAGE_DIGEST,
	FIELD_POD_NAMESPACE,
	FIELD_POD_NAME,
	FIELD_POD_UID,
	FIELD_POD_SANDBOX,
	FIELD_IDENTITY_SOURCE, /* whose words they are: cri, cri-o, nerdctl, docker; absent: nobody's */
	FIELD_IDENTITY_TRUST, /* of name, image and pod, the least word of trust (validate/policy/context.h) */
	FIELD_ENGINE,
	FIELD_ENGINE_NAMESPACE,
	FIELD_ENGINE_TRUST,
	FIELD_RUNTIME,     /* the delegate's path */
	FIELD_RUNTIME_DIGEST, /* of its binary, and what it calls itself: once it was asked */
	FIELD_RUNTIME_VERSION,
	FIELD_BUNDLE,
	FIELD_ROOT,
	FIELD_CONFIG_DIGEST, /* the fingerprint `exact` */
	FIELD_FINGERPRINT_NORMAL, /* validate/fingerprint/fingerprint.h; of what makes a container */
	FIELD_FINGERPRINT_POSTURE,
	FIELD_NAMESPACE,   /* repeated, all eight: "net|new", "pid|joined", "user|host" */
	FIELD_HOST_NS,     /* repeated: kinds that are the host's, "pid" */
	FIELD_CAPABILITY,  /* repeated: the effective ones, "CAP_CHOWN" */
	FIELD_CAP_ADDED,   /* repeated: of those, the ones beyond what Docker gives by default */
	FIELD_PRIVILEGED,  /* 1, as the control `privileged` understands it */
	FIELD_USER,        /* "uid:gid" of the process */
	FIELD_ARGS_COUNT,  /* this and the next three: how many, never what */
	FIELD_ENV_COUNT,
	FIELD_MOUNT_COUNT,
	FIELD_HOOK_COUNT,
	FIELD_SECCOMP,     /* "filter" or "none" */
	FIELD_LSM,         /* repeated: "apparmor|NAME", "selinux|LABEL" */
	FIELD_PID,
	FIELD_PPID,
	FIELD_CALLER_EXE,
	FIELD_CALLER_UNIT,
	FIELD_LOGINUID,    /* of the login, kept across su and sudo; left out under daemons, where nobody logged in */
	FIELD_SESSION,
	FIELD_EUID,
	FIELD_ROOTLESS,
	FIELD_OBJECT_PID,  /* lets `journalctl -u containerd` find the record; see record_fill */
	FIELD_HOST_ID,     /* journald adds its own words for these three; a line is rebuilt from ours */
	FIELD_HOST_NAME,
	FIELD_BOOT_ID,
	FIELD_KERNEL,      /* its release; journald does not add it */
	FIELD_SIGNAL,      /* of a kill: "SIGTERM", where it is one of the known ones */
	FIELD_CREATE_RECORD, /* of a verb on a container that exists: the record of its create */
	FIELD_CHAIN,       /* set by the chain sink, as are the next three */
	FIELD_SEQ,
	FIELD_PREV,
	FIELD_HASH,
	FIELD_COMMIT,      /* "unproved": the journal alone has it; "spilled": the chain under /run; else absent */
	FIELD_CHECK_SEQ,   /* of a checkpoint: where the chain stands */
	FIELD_CHECK_HASH,
	FIELD_GAP_COUNT,   /* of an audit-gap record: how many records the journal did not take or confirm ... */
	FIELD_GAP_SINCE,   /* ... and when the first of them was made */
	FIELD_GAP_CHAIN,   /* of records that were spilled: the chain that has them */
	FIELD_VERSION,
	FIELD_ELAPSED_US,
	FIELD_TRUNCATED,
	FIELD_DOCUMENTATION,
	FIELD_ORDER,       /* journal only, repeated: see audit/journal_fields.c */
	FIELD_MAX,
};

struct entry {
	enum field field;
	struct bytes value; /* as record_add left it: harmless, within its row's cap */
};

struct record {
	struct arena *arena;
	struct entry *entries;
	size_t count, room;
	bool truncated;       /* a value was cut; becomes FIELD_TRUNCATED */
	bool opens;           /* set by the chain sink: its line is the first of a file */
	const char *id;       /* FIELD_RECORD's value */
	const char *action;
	enum decision_kind decision;
};

/* Starts a record with a fresh UUIDv7 and the time now. 0, -ENOMEM, or what getrandom(2) says. */
int record_init(struct record *r, struct arena *a, struct fail *reterr);

/* Adds a value, escaped and capped at its row's limit (the arena keeps a copy). NULL data is left out. 0 or -ENOMEM. */
int record_add(struct record *r, enum field f, struct bytes value);
int record_number(struct record *r, enum field f, uint64_t value);

/* The first value of that field, NULL when there is none. */
const struct entry *record_find(const struct record *r, enum field f);

struct caller;

/* What was judged, for the fields from FIELD_NAMESPACE to FIELD_LSM. Members may be NULL where unknown. */
struct judged {
	const struct doc *config;  /* config.json, of what makes a container */
	const struct doc *process; /* process.json of an exec, or what its command line says of the process */
	bool spoken;               /* an exec whose line says it: what that leaves out is the container's own */
	const struct doc *posture; /* the container's (validate/policy/context.h): of now, or as it was noted */
};

/* What was seen, beside a call that was judged, at the start of a container that exists. */
enum seen_at_start {
	SEEN_NOTHING,  /* it is the record of a judged call */
	SEEN_DRIFT,    /* container.drift */
	SEEN_BOUNDARY, /* container.boundary */
};

/* What the record is about. Pointers may be NULL where unknown; nothing is kept but copies. */
struct occurrence {
	const char *verb, *id, *bundle, *root, *create_record;
	const char *delegate, *delegate_digest, *delegate_version; /* path, SHA-256 of the binary, its own word */
	const char *config_digest;
	const struct fingerprints *fingerprints; /* of what makes a container; NULL otherwise */
	const struct policy *policy;
	const char *policy_digest;    /* without .policy: of the one that judged; NULL: not known */
	const struct report *report;  /* or */
	const struct fail *why;
	const struct doc *context;    /* validate/policy/context.h */
	const struct judged *judged;
	const struct caller *caller;  /* audit/caller.h; NULL: it is looked up */
	struct decision decision;
	enum seen_at_start seen;
	struct timespec began;        /* CLOCK_MONOTONIC at start, for FIELD_ELAPSED_US */
};

/*
 * Fills a started record with all that is known: the occurrence, this process, its parent (its executable, its unit,
 * never its command line). Allows and denials alike. 0 or -ENOMEM.
 *
 * OBJECT_PID makes journald add what it finds of that process, its command line too. So only root's create has it, and
 * only when the parent is conmon, a containerd shim or crio, whose command lines hold nothing of the container's.
 */
int record_fill(struct record *r, const struct occurrence *o, struct fail *reterr);

/*
 * Fills a started record about `count` earlier ones, the first made at `since`, that the journal missed. 0 or
 * -ENOMEM.
 */
int record_fill_gap(struct record *r, uint64_t count, const char *since, struct fail *reterr);

/* A value of "rule|severity|pointer|text" by its parts, counted from 0. The last takes the rest, bars and all. */
struct field_part {
	const char *name;
	unsigned part;
};

/* What a field is called in each form; the one table. */
struct field_row {
	const char *journal;  /* "RUNVET_DECISION"; NULL: not in the journal */
	const char *json;     /* "policy.digest", dots nest; NULL: not in the chain */
	bool number;          /* JSON number rather than string */
	bool repeated;        /* JSON array */
	bool cuttable;        /* ... which may lose its end in the chain, for the line to be no longer than it may */
	const struct field_part *parts; /* JSON object of these parts, sorted by name, closed by a NULL name */
	size_t cap;           /* bytes kept of a value, as escaped */
};
const struct field_row *field_row(enum field f);

/*
 * The record as one line of canonical JSON: keys sorted, nested by dots, pure ASCII, no white space, no newline, at
 * most LIMIT_RECORD bytes (violations are dropped from the end, and the line says truncated; what a container may do is
 * never cut: half a list of capabilities would be a false answer). The same record with and without FIELD_HASH gives
 * the same line but for that one member. 0 or -ENOMEM.
 */
int record_json(const struct record *r, struct text *to);

/*
 * The line of a record that has FIELD_PREV and no FIELD_HASH yet, with the hash in it, written once: the digest over
 * `prev` and the line without it, which *ret_hash tells as well, to be added to the record then. *ret is a text of the
 * record's arena, which may grow further. 0 or -ENOMEM.
 */
int record_json_hashed(const struct record *r, struct bytes prev, char ret_hash[static DIGEST_HEX], struct text *ret);

/* MESSAGE_IDs, one per type of event (audit/runvet.catalog explains each). */
#define ID_ALLOWED    "e01b88134c3e4ecead5b978909f50121"
#define ID_DENIED     "afa0ca14d0594419a70e181d41d557fa"
#define ID_WOULD_DENY "a146dd66b89d4cfcaded573d3adfbc13"
#define ID_BYPASS     "67e5ad2d62b44b26929e82655abc216c"
#define ID_ERROR      "c95d70ee94904271b2579de5f102935d"
#define ID_AUDIT_GAP  "700eae88b37544d690ef56f840c304a9"
#define ID_LIFECYCLE  "36635b70007847459f4ae2138421ce4b" /* start, kill, delete, pause, resume … of a container */
#define ID_CHECKPOINT "8e76f3289505494a9a9911acafc1ce54" /* where the chain stands, told to journald */
#define ID_POLICY     "6c33cca289b74e989e22f333e3dbfc62" /* the policy is another than it was */
#define ID_DRIFT      "66feeff1088342388fcdf8be1ba62c40" /* what was approved is not what is there at start */
#define ID_BOUNDARY   "e881805d134e4ccdaa6497c5214932d1" /* the container did not get what it was told to have */
