/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The site's word. A document like any other, judged by rows of its own (.of = OF_POLICY); comments allowed. No file
 * is no fault: the defaults below hold. An unreadable or broken one is: every judged verb is refused.
 *
 *	{ "version": 1,
 *	  "mode": "enforce",                     // or "audit": judge and record everything, refuse nothing
 *	  "rules": "0.1",                        // rules that came with a later release of runvet only warn
 *	  "onError": { "commandLine": "deny", "bundle": "deny", "runtimes": "deny",
 *	               "audit": "deny", "internal": "deny" },
 *	  "unknownVerb": "deny",                 // or "pass"
 *	  "audit": { "chain": true, "journal": true, "ackMs": 50 } }
 */
#pragma once

#include "validate/base/file.h"
#include "validate/report.h"

struct policy {
	bool present; /* a file was read */
	const char *path;
	char digest[65]; /* of its bytes; "" without a file */
	enum mode mode;
	enum release rules; /* rows of a later release only warn */
	bool allow_on[CAUSE_MAX]; /* onError: "allow" */
	bool pass_unknown_verb;
	bool audit_chain, audit_journal;
	long ack_ms;
};

/* What holds without a file: enforce, the rules of the first release, everything denied on error, both sinks. */
void policy_default(struct policy *ret);

/*
 * Parses and judges the text of a policy file. 0, or a negative errno with *reterr giving the first finding's place
 * (-EBADMSG does not parse, -EINVAL breaks a rule), cause CAUSE_POLICY.
 */
int policy_parse(struct arena *a, const struct file *f, struct policy *ret, struct fail *reterr);

/* policy_default when the file is missing, else file_read (OWNER_ROOT) and policy_parse. */
int policy_load(struct arena *a, const char *path, struct policy *ret, struct fail *reterr);
