/* SPDX-License-Identifier: Apache-2.0 */
/* The last word: a small value folded from what was found, what broke, and the policy. */
#pragma once

#include "validate/policy/policy.h"

enum decision_kind { DECISION_ALLOW, DECISION_DENY, DECISION_WOULD_DENY, DECISION_BYPASS, DECISION_ERROR };

struct decision {
	enum decision_kind kind;
	/*
	 * "rule-violation", "policy" (a control, or a rule of the policy file), "bundle-unreadable", "command-line",
	 * "policy-unreadable", "runtimes-unreadable", "audit-unavailable", "clock", "internal", "break-glass"; NULL for
	 * a plain allow.
	 */
	const char *reason;
	bool may_run;                  /* the one bit that main acts on */
	const struct finding *because; /* of the errors that refuse, or would, the one that tells most */
};

/*
 * report or why (exactly one non-NULL): what was found, or what broke. bypass: the break-glass file is in force.
 *   no error finding                     ALLOW
 *   an error finding, mode enforce       DENY;  mode audit: WOULD_DENY (runs)
 *   error findings of MODE_AUDIT only    WOULD_DENY (runs)
 *   broken, mode enforce                 ERROR; onError allow: BYPASS (runs); mode audit: WOULD_DENY (runs)
 *   bypass and it would not have run     BYPASS (runs), reason "break-glass"
 * CAUSE_POLICY is never let through by mode or onError: they cannot be believed. Break-glass is.
 */
struct decision decide(const struct policy *p, const struct report *report, const struct fail *why, bool bypass);

/* "allow", "deny", "would-deny", "bypass", "error". */
const char *decision_name(enum decision_kind k);
