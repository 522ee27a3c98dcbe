/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three answers to "is it the same container?", each a SHA-256:
 *
 *	exact    of the bytes of config.json: the digest that every record has
 *	normal   of the canonical text after what differs from one start to the next without meaning has been replaced:
 *	         ids of container, sandbox and pod, process ids, names of network namespaces, time stamps, names that the
 *	         host assigned. The same container started twice has one, on any host that has the same paths
 *	posture  of the fields that confine it, sets sorted, and of them only what they come to (a capability that is
 *	         listed twice, a path masked twice): the same everywhere it is equally confined
 *
 * What is replaced and what confines are rows (normal.c, posture.c); docs/fingerprints.md is generated from them, and
 * its vectors are tests. Either changes only with the number of its form, which is hashed along.
 */
#pragma once

#include "validate/base/digest.h"
#include "validate/doc/doc.h"

#define FINGERPRINT_FORM 1

/* Ids of the start at hand, which it is stripped of. All may be empty: then only what has its form is replaced. */
struct fingerprint_of {
	const struct doc *config; /* the whole config.json */
	struct bytes id;          /* the container's, as on the runtime's command line */
	struct bytes bundle;      /* absolute */
};

struct fingerprints {
	char normal[DIGEST_HEX], posture[DIGEST_HEX]; /* "" where there is none */
};

/* Both. 0, -EINVAL for a document without a canonical form (canonical.h), or -ENOMEM; then both are "". */
int fingerprints_make(struct arena *a, const struct fingerprint_of *of, struct fingerprints *ret);

/*
 * The documents that are hashed, for those who show or compare them: the config.json with its replacements made, and
 * the object of what confines. The arena keeps them. 0 or -ENOMEM.
 */
int fingerprint_normal_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret);
int fingerprint_posture_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret);
