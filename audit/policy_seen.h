/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy that the last judged call was held against, in run_dir/policy, and a copy in log_dir/policy which outlives
 * a boot: so that a change is noticed by the first call under the new policy, and that verbs which never read a policy
 * know what it wants of the trail. One line, "sha256:HEX" or "none", then a 0 or 1 for chain, journal and lifecycle.
 */
#pragma once

#include "audit/sink.h"

struct policy_seen {
	char digest[DIGEST_HEX]; /* as struct policy's: "" without a policy file */
	bool chain, journal, lifecycle;
};

/* What was seen last. Without a word of it on this machine: false, and *ret has every switch on. */
bool policy_seen_read(const struct places *p, struct policy_seen *ret);

/* Fills a started record about the change. 0 or -ENOMEM. */
int record_fill_policy(struct record *r, const struct policy_seen *before, const struct policy *now);

/*
 * Compares with the policy at hand. If that is another than was seen last, writes one record of it to the sinks of
 * `want`, and notes it; if nothing is known of an earlier one, only notes it. Of several calls at once one does so, and
 * none waits for another; when no sink took the record, the next call tries again. Best effort.
 */
void policy_seen_tell(struct arena *a, const struct policy *now, const struct sink_want *want);
