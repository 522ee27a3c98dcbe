/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the predicates of controls share: the parameters that a policy gives a row, with what holds when it gives none,
 * and answers to questions that several controls have. Private to validate.
 */
#pragma once

#include "validate/rule/around.h"

/* Yes, no, and what cannot be known: a control is broken by a clear answer only. */
enum known { KNOWN_NO, KNOWN_YES, UNKNOWN };

/* Whether a list parameter is set at all. */
bool param_set(const struct facts *f, const struct rule *r, const char *name);

/*
 * Whether a list parameter (of strings) has the word, or a pattern that matches it (validate/base/glob.h). `otherwise`,
 * closed by NULL, is the list when none is set; NULL is an empty one.
 */
bool param_has(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise,
	struct bytes word);
bool param_matches(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise,
	struct bytes word);

/* The boolean or the integer, or `otherwise` when it is not set. */
bool param_true(const struct facts *f, const struct rule *r, const char *name, bool otherwise);
int64_t param_int(const struct facts *f, const struct rule *r, const char *name, int64_t otherwise);

/* "CAP_CHOWN, CAP_KILL and 12 more"; "nothing" for an empty list. */
void param_write(const struct facts *f, const struct rule *r, const char *name, const char *const *otherwise,
	struct text *to);

/* What an entry of a list says: "PATTERN@sha256:HEX", or a pattern alone, and then the digest is empty. */
void control_with_digest(struct bytes entry, struct bytes *ret_pattern, struct bytes *ret_digest);

/* What the parameters that a policy gives the row ask about its place, beside what the row asks itself: ASK() bits. */
uint64_t control_asks(const struct rule *r, const struct doc *params);

/*
 * Whether the parameter "engines" (a list; every engine when it is not set) has the one that calls: a control that
 * asks for something which only some engines always write is for those. An engine that is not known is none of a list.
 */
bool control_for_engine(const struct facts *f, const struct rule *r);

/* An entry of linux.namespaces that joins: whether it is the host's namespace of its type, by its path or its inode. */
enum known control_joins_host(const struct facts *f, const struct doc *entry);

/*
 * Whether root in the container is someone else on the host: it has a user namespace that maps nobody to the host's
 * root, or everything here happens within one.
 */
enum known control_user_namespace(const struct facts *f);

/* Whether every device may be used: the last word of the list is for all of them, and allows all. */
bool control_all_devices(const struct doc *root);

/* The mount of that destination that comes last, which is the one to be seen; NULL when there is none. */
const struct doc *control_mount_at(const struct doc *root, const char *destination);

/* The name of a capability as engines abbreviate it: "CHOWN" of "CAP_CHOWN". */
static inline struct bytes control_capability_plain(struct bytes name)
{
	const size_t prefix = sizeof("CAP_") - 1;
	if (name.len < prefix || memcmp(name.data, "CAP_", prefix) != 0)
		return name;
	return (struct bytes){ name.data + prefix, name.len - prefix };
}

/* Whether the name of a capability is that one: "CAP_CHOWN", and "CHOWN" as engines abbreviate it. */
bool control_capability_is(struct bytes name, struct bytes other);

/* Whether a string array of process.capabilities' five has the capability. */
bool control_holds_capability(const struct doc *capabilities, const char *name);

/* "process" and "linux.resources": what exec and update judge. False for a whole config.json. */
bool control_of_exec(const struct facts *f);
bool control_of_update(const struct facts *f);

/*
 * Whether the delegate is the one of that name, in a release that is known to have the fault and that the parameter
 * "patched" does not say is mended. False when its version is not known.
 */
bool control_has_fault(const struct rule *r, const struct facts *f, const char *name, const char *cve);

/* A member of what is known of the container since its create, "resources.memory"; NULL when it is not known. */
const struct doc *control_posture(const struct facts *f, const char *path);
