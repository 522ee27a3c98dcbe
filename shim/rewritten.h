/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delegates that rewrite config.json before they hand it on (nvidia-container-runtime; the quirk rewrites-config in
 * runtimes.d). What was approved at create is then not what the container was made of, and that is no drift: what it
 * was made of is judged at start, as create would have.
 */
#pragma once

#include "shim/call.h"
#include "shim/drift.h"
#include "validate/policy/decide.h"

struct rewritten {
	bool judged;              /* else: what kept it from being judged */
	const char *unjudged;
	struct report report;     /* what create would have said of it */
	struct decision decision; /* by the policy of now */
	const char *digest;       /* of that policy; NULL: it could not be read, or there is none */
};

/* Whether the delegate of this call is known to rewrite. */
bool rewritten_expected(const struct call *c);

/* Judges what stands there now. Never fails: what cannot be judged is told by .unjudged. */
void rewritten_judge(struct call *c, struct drift *d, struct rewritten *ret);

/* Notes that this is the document now, for exec and whoever compares later. Best effort. */
void rewritten_note(struct call *c, struct drift *d);
