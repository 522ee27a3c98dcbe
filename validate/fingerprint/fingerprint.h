/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three answers to "is it the same container?", each a SHA-256:
 *
 *	exact    of the bytes of config.json: the digest that every record has
 *	normal   of the canonical text after what differs from one start to the next without meaning has been
 *	         replaced: ids of container, sandbox and pod, process ids, names of network namespaces, time stamps,
 *	         names that the host assigned. The same container started twice has one, on any host that has the same
 *	         paths
 *	posture  of the fields that confine it, sets sorted, and of them only what they come to (a capability that is
 *	         listed twice, a path masked twice): the same everywhere it is equally confined
 *
 * What is replaced and what confines are rows (normal_rows.c, posture.c); docs/fingerprints.md shows them, and its
 * vectors are tests. Either changes only with the number of its form, which is hashed along:
 *
 *	normal   of {"config":…,"form":1,"image":"…"}, image left out where it is empty
 *	posture  of {"confined":…,"form":1}
 */
#pragma once

#include "validate/base/digest.h"
#include "validate/doc/doc.h"

#define FINGERPRINT_FORM 1

/* The start at hand, of which the document is stripped. All but config may be empty: then only what has its form is. */
struct fingerprint_of {
	const struct doc *config; /* the whole config.json */
	struct bytes id;          /* the container's, as on the runtime's command line */
	struct bytes bundle;      /* absolute */
	struct bytes host_name;   /* this machine's: what shares its network gets it for a name */
	struct bytes image;       /* what the rootfs is made of, where that is known: "sha256:…" of the image */
};

struct fingerprints {
	char normal[DIGEST_HEX], posture[DIGEST_HEX]; /* "" where there is none */
};

/* Both. 0, -EINVAL for a document without a canonical form (canonical.h), or -ENOMEM; then both are "". */
int fingerprints_make(struct arena *a, const struct fingerprint_of *of, struct fingerprints *ret);

/*
 * The documents that are hashed, for those who show or compare them: the config.json with its replacements made, and
 * the object of what confines. The arena keeps them. 0, -EINVAL or -ENOMEM as above.
 */
int fingerprint_normal_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret);
int fingerprint_posture_doc(struct arena *a, const struct fingerprint_of *of, const struct doc **ret);
