/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what a delegate says of itself: validate/host/delegate.h. What it does not speak of is not known, and
 * keeps every word; so does what a quirk (runtimes.d) says that it can all the same.
 */
#pragma once

#include "validate/rule/rule.h"

/* predicates_feature.c; words: the list, the quirk that makes it no statement ("" for none), entries it is about */
extern const struct predicate be_listed;          /* a string */
extern const struct predicate be_a_listed_name;   /* an array, by its name */
extern const struct predicate be_a_supported_flag; /* a seccomp flag: of those that it knows */
extern const struct predicate be_a_listed_option; /* of a mount; words: those of the specification and of delegates */
/* words: the boolean, the quirk */
extern const struct predicate be_enabled;         /* of a value that is set */
extern const struct predicate be_confined;        /* apparmorProfile: the same, unless it is "unconfined" */
extern const struct predicate not_be_mapped;      /* a mount; the same, when it asks for idmapping */
extern const struct predicate suit_cgroup_support; /* linux.resources */
extern const struct predicate suit_systemd_support; /* cgroupsPath */
extern const struct predicate be_harmless;        /* an annotation, by its key */

/* predicates_release.c: by release */
extern const struct predicate not_predate;        /* ociVersion */
extern const struct predicate not_outrun;         /* ociVersion */
extern const struct predicate not_be_lost;        /* what this delegate is known to leave out or refuse */
extern const struct predicate be_within_its_release; /* a property */

/* What is known of a property and a delegate of that release. */
enum release_word { RELEASE_SILENT, RELEASE_LOSES, RELEASE_BRINGS };

/*
 * For a property ("linux.memoryPolicy"): whether the delegate's release leaves it out or refuses it, or is one that has
 * it. *ret_before is then the first that has it; NULL: none does.
 */
enum release_word release_word(const struct facts *f, const char *place, const char **ret_before);

/* predicates_features.c: the document itself */
extern const struct predicate not_fall_below;     /* a version; text: the sibling */
extern const struct predicate hold_its_release;   /* the document */
