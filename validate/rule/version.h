/* SPDX-License-Identifier: Apache-2.0 */
/* Releases by name: the specification's, which a document claims by its ociVersion, and our own. */
#pragma once

#include "validate/rule/rule.h"

/* A SemVer 2.0.0 string in parts. */
struct semver {
	uint64_t number[3]; /* major, minor, patch */
	struct bytes tail;  /* "-rc.1+dev", with its sign; may be empty */
};

/* Reads b as SemVer 2.0.0; false when it is none. */
bool semver_read(struct bytes b, struct semver *ret);

/*
 * The release that a document of that ociVersion may use the properties of: the newest that is not newer. A pre-release
 * counts as the release it precedes. What ends in "dev" counts as the release after it: the specification calls its
 * state between two releases by the name of the former (1.0.2-dev, 1.1.0+dev), and engines that write such a name use
 * what the latter brought. SPEC_ANY when it is no version, or of another major one.
 */
enum spec_version spec_version_of(struct bytes oci_version);

/* "1.0.2"; "any" for SPEC_ANY. */
const char *spec_version_name(enum spec_version v);

/* "0.1". */
const char *release_name(enum release r);

/* All names that the policy's `rules` may have, in their order, closed by NULL. */
extern const char *const release_names[];

/* The release of that name; RELEASE_MAX when there is none. */
enum release release_find(struct bytes name);
