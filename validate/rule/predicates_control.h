/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vocabulary of the policy's controls; see predicates.h. What they allow is in the row's parameters (.params), which
 * the policy sets.
 */
#pragma once

#include "validate/rule/rule.h"

/* predicates_control_caps.c */
extern const struct predicate be_a_capability_allowed; /* an entry of a set of capabilities */
extern const struct predicate not_be_privileged;       /* the document */

/* predicates_control_namespaces.c */
extern const struct predicate have_own_namespace;      /* the document; text: the type */
extern const struct predicate join_what_is_allowed;    /* an entry of linux.namespaces */
extern const struct predicate map_root_away;           /* the document */

/* predicates_control_identity.c */
extern const struct predicate set_to_true;             /* an object; text: the member */
extern const struct predicate not_be_root;             /* process.user */
extern const struct predicate be_an_allowed_group;      /* a gid */

/* predicates_control_security.c */
extern const struct predicate have_a_filter;           /* the document */
