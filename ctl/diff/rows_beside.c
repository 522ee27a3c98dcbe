/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a container beside its config.json: by a lock file, by the record of its create, by its engine. The
 * names are those of a lock (validate/lock/lock.h), and of a record's facts. What judged a container changes nothing
 * in it; it tells what may be in one, and what becomes of it at start and exec: that is confinement, whatever the
 * postures.
 */
#include "ctl/diff/diff.h"

#define RESULTS      .of = OF_LOCK, .groups = DIFF_RESULTS
#define CONFINEMENT  .of = OF_LOCK, .groups = DIFF_CONFINEMENT
#define BOTH         .of = OF_LOCK, .groups = DIFF_RESULTS | DIFF_CONFINEMENT
#define NOISE        .of = OF_LOCK, .groups = DIFF_NOISE

const struct diff_row diff_rows_beside[] = {
	{ .at = "fingerprint", RESULTS, .says = "The fingerprint was made in another form." },
	{ .at = "fingerprint.normal", RESULTS,
	  .says = "The documents differ in more than noise; what differs cannot be told, as one of them is not "
		"there any more." },
	{ .at = "fingerprint.posture", CONFINEMENT,
	  .says = "The documents confine otherwise; what differs cannot be told, as one of them is not there any "
		"more." },
	{ .at = "image", RESULTS, .says = "Another image: every program and file in it may be another." },
	{ .at = "image.ref", RESULTS, .says = "Another image, or the same under another name." },
	{ .at = "image.digest", RESULTS, .says = "Another image: every program and file in it may be another." },
	{ .at = "delegate", BOTH, .says = "Another runtime makes the container, and may do it in another way." },
	{ .at = "delegate.{name,path}", BOTH,
	  .says = "Another runtime makes the container, and may do it in another way." },
	{ .at = "delegate.version", BOTH, .sought = true,
	  .says = "Another release of the runtime makes the container, and may do it in another way." },
	{ .at = "delegate.digest", BOTH, .sought = true,
	  .says = "Another binary of the runtime makes the container, and may do it in another way." },
	{ .at = "runvet", CONFINEMENT, .says = "Another runvet judged it, and may have let pass more or less." },
	{ .at = "runvet.version", CONFINEMENT, .sought = true,
	  .says = "Another release of runvet judged it, by the rules of that release: it may have let pass more or "
		"less." },
	{ .at = "policy", CONFINEMENT, .says = "Another policy judged it." },
	{ .at = "policy.digest", CONFINEMENT, .sought = true,
	  .says = "Another policy judged it: rules, exemptions, and what is wanted of start may be others." },
	{ .at = "policy.mode", CONFINEMENT,
	  .says = "What breaks a rule is refused for the one, and only recorded for the other." },
	{ .at = "policy.profile", CONFINEMENT, .says = "Another profile judged it: its controls are others." },
	{ .at = "engine", RESULTS, .says = "Another engine wrote the document, and prepared what it names." },

	{ .at = "facts.namespaces", CONFINEMENT, .list = DIFF_KEYED, .by = { "kind" },
	  .says = "What the container has of its own, and what it shares with the host or another container." },
	{ .at = "facts.host_ns", CONFINEMENT, .list = DIFF_SET, .says = "What the container shares with the host." },
	{ .at = "facts.{capabilities,cap_added}", CONFINEMENT, .list = DIFF_SET,
	  .says = "The kernel lets the process do other things." },
	{ .at = "facts.privileged", CONFINEMENT, .says = "Whether anything holds the container at all." },
	{ .at = "facts.user", BOTH, .says = "Another user, who may read and write other files." },
	{ .at = "facts.seccomp", CONFINEMENT, .says = "Whether system calls are filtered." },
	{ .at = "facts.lsm", CONFINEMENT, .list = DIFF_KEYED, .by = { "kind" },
	  .says = "Another profile or label says what it may do." },
	{ .at = "facts.args", RESULTS, .says = "Another program is run, or it is told something else." },
	{ .at = "facts.env", RESULTS, .says = "Another number of variables: programs read them, and do as they say." },
	{ .at = "facts.mounts", BOTH, .says = "Other files are there, or not there." },
	{ .at = "facts.hooks", BOTH, .says = "Another number of the host's programs prepare the container." },
	{ .at = "decision", NOISE },
	{ .at = "made", NOISE },
	{ .at = "by", NOISE },
	{ .at = "node", NOISE },
};

const size_t diff_rows_beside_count = sizeof(diff_rows_beside) / sizeof(diff_rows_beside[0]);
