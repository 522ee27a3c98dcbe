/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The site's word: policy.json, and after it the files of policy.d beside it, in the order of their names. Documents
 * like any other, judged by rows of their own (.of = OF_POLICY); comments allowed, unknown keys are faults, keys that
 * begin with "x-" are free. docs/policy.md shows every member.
 *
 *	{ "version": 1,
 *	  "issued": "2026-11-22T00:00:00Z",      // a clock before that is wrong, and then no exemption holds
 *	  "mode": "enforce",                     // or "audit": judge and record everything, refuse nothing
 *	  "rules": "0.1",                        // rules that came with a later release of runvet only warn
 *	  "profile": "tenant",                   // for whom no clause of select is
 *	  "profiles": { "tenant": { "extends": ["baseline@v1.37"], "mode": "enforce",
 *	                            "rules": { "caps.allowed": { "mode": "warn", "params": { "allow": [] } } } } },
 *	  "select": [ { "when": { "pod.namespace": "kube-*" }, "profile": "privileged@1", "mode": "audit" } ],
 *	  "shadow": [ { "profile": "tenant" } ],
 *	  "exempt": [ { "id": "EX-7", "rules": ["mount.host"], "match": { "image.digest": "sha256:…" },
 *	                "values": { "source": "/srv/data" }, "reason": "…", "owner": "…", "ticket": "…",
 *	                "notAfter": "2027-01-31T00:00:00Z", "provided": ["nnp"] } ],
 *	  "custom": [ { "id": "custom.no-nfs", "at": "mounts[].type", "op": "not-in", "values": ["nfs", "nfs4"],
 *	                "message": "…", "mode": "warn" } ],
 *	  "tests": [ … ],
 *	  "mayRelax": ["50-exemptions.json"],    // the files of policy.d that need not only tighten
 *	  "maxExemptDays": 90,
 *	  "onError": { "commandLine": "deny", "bundle": "deny", "runtimes": "deny", "audit": "deny",
 *	               "clock": "deny", "internal": "deny" },
 *	  "unknownVerb": "deny",                 // or "pass"
 *	  "start": { "drift": "enforce", "boundary": "audit" }, // the most that comes of their rules; see start.h
 *	  "kubelet": "/data/kubelet",            // its --root-dir, where that is none of the usual ones
 *	  "audit": { "chain": true, "journal": true, "lifecycle": true, "commit": "synced", "ackMs": 50,
 *	             "fdatasync": false } }
 *
 * No file is no fault: the strict reading, specification and host are enforced, and the newest baseline speaks in
 * audit mode. An unreadable or broken one is: every judged verb is refused.
 */
#pragma once

#include <time.h>

#include "validate/base/file.h"
#include "validate/report.h"

struct library;   /* what rules and profiles there are, by name: policy_parts.h */
struct profile;
struct selection;
struct exemption;

/* One file of the policy. */
struct policy_file {
	const char *path;       /* as opened: "/etc/runvet/policy.d/50-team.json" */
	const char *name;       /* in its directory: "50-team.json" */
	struct bytes text;
	const struct doc *root;
	char digest[65];
	bool first;             /* policy.json itself, which the others may only tighten */
	bool may_relax;
	bool dated;
	struct timespec issued; /* when dated */
};

/* Where a part of the policy was said. */
struct origin {
	const struct policy_file *file; /* NULL: nowhere, it is built in or what holds when nothing is said */
	const struct doc *at;
};

struct policy {
	bool present;    /* a file was read */
	const char *path; /* of the first one; NULL without */
	char digest[65]; /* of the bytes of one file; of several, of the lines "DIGEST  NAME\n"; "" without a file */
	enum mode mode;
	enum release rules; /* rows of a later release only warn */
	bool allow_on[CAUSE_MAX]; /* onError: "allow" */
	bool pass_unknown_verb;
	enum mode start_drift, start_boundary; /* the most that comes of rules of drift and boundary */
	const char *kubelet; /* its root directory; NULL: one of the usual ones */
	bool audit_chain, audit_journal, audit_lifecycle;
	bool audit_synced;    /* a create waits until journald has stored its record, for ack_ms at most */
	bool audit_fdatasync; /* and until the chain's line is on the disk */
	long ack_ms;
	/* What follows is read by the functions of policy_parts.h, and NULL or 0 where nothing is said. */
	struct policy_file *files;
	size_t file_count;
	bool dated;
	struct timespec issued;         /* the latest of the files; when dated */
	long exempt_days;               /* maxExemptDays; 0: nothing is said */
	struct library *library;        /* NULL: not made yet */
	const struct profile *profile;  /* NULL: the newest baseline, in audit mode */
	const struct selection *select, *shadow; /* in their order */
	const struct exemption *exempt;
	size_t select_count, shadow_count, exempt_count;
};

/* All that is wrong with a policy, each with its place. */
struct policy_fault {
	struct fail why;
	const struct policy_fault *next;
};

/* What holds without a file: enforce, the rules of the first release, everything denied on error, both sinks. */
void policy_default(struct policy *ret);

/*
 * Parses and judges the text of a policy file. 0, or a negative errno with *reterr giving the first finding's place
 * (-EBADMSG does not parse, -EINVAL breaks a rule), cause CAUSE_POLICY.
 */
int policy_parse(struct arena *a, const struct file *f, struct policy *ret, struct fail *reterr);

/*
 * The file at path and those of policy.d beside it; policy_default when there are none. Each is read by file_read
 * (OWNER_ROOT), and the directory is root's alone, too. 0, or a negative errno with *reterr (CAUSE_POLICY).
 */
int policy_load(struct arena *a, const char *path, struct policy *ret, struct fail *reterr);

/*
 * The same, of the caller's own files, whoever owns them (`anyone`), and with every fault in *ret_faults, first come
 * first: what runvetctl policy check lists. 0, or the negative errno of the first.
 */
int policy_look(struct arena *a, const char *path, bool anyone, struct policy *ret,
		const struct policy_fault **ret_faults);

/* Whether policy_load reads a file of that name in policy.d: hidden ones, and cases for tests, are none of a policy. */
bool policy_reads(const char *name);

/* Whether a file of that name in policy.d may relax what holds without it: policy.json lists it in mayRelax. */
bool policy_may_relax(const struct policy *p, const char *name);

/*
 * Whether the clock can be that of this policy: 0, or -ETIME with *reterr (CAUSE_CLOCK) when it shows a time before the
 * policy was issued. No exemption holds then.
 */
int policy_clock(const struct policy *p, struct timespec now, struct fail *reterr);

/* Where the member (a path of names, "onError.bundle") that holds was said. */
struct origin policy_origin(const struct policy *p, const char *member);

/* "policy.d/50-team.json:12:5", "built in". */
void origin_write(const struct origin *o, struct text *to);

/* "enforce", "warn", "audit", "off". */
const char *mode_name(enum mode m);

/* The mode of that name; `otherwise` when there is none. */
enum mode mode_find(struct bytes name, enum mode otherwise);
