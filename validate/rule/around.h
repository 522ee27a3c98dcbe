/* SPDX-License-Identifier: Apache-2.0 */
/* What predicates look at beside the value that they judge: private to validate. What is not there is unknown. */
#pragma once

#include "validate/rule/rule.h"

/* The string of that member; empty when it is absent or of another type. */
struct bytes around_string(const struct doc *object, const char *name);

/* The integer of that member, cut to int64; `otherwise` when it is absent or of another type. */
int64_t around_int(const struct doc *object, const char *name, int64_t otherwise);

/* The first entry of an array there; NULL when there is none. */
const struct doc *around_first(const struct doc *object, const char *name);

/* Zero, false and empty: what engines write for something that is not set. NULL is unset, too. */
bool around_unset(const struct doc *d);

/* The entry of linux.namespaces for that type; NULL when there is none. */
const struct doc *around_namespace(const struct doc *root, const char *type);

/* What makes a mount one of files that are there; what only changes a mount that is there. Closed by NULL. */
extern const char *const mount_bind_options[], *const mount_change_options[];

/* Whether the entry of mounts has one of these options (closed by NULL). */
bool around_option(const struct doc *mount, const char *const *names);

/* The parameter of a control as the policy gives it; NULL when it says nothing. */
const struct doc *around_param(const struct facts *f, const struct rule *r, const char *name);

/* A member of the host document, "cgroup.mode"; NULL when that is not known. */
const struct doc *around_host(const struct facts *f, const char *path);

/* What the host says of the very place of `value` (see validate/host/host.h, places); NULL when that is not known. */
const struct doc *around_place(const struct facts *f, const struct doc *value);

/* Whether a list closed by NULL has the word. */
bool word_among(struct bytes word, const char *const *words);

/* The next component of a path from *at on, which is moved behind it; "." is left out. False at the end. */
bool path_part(struct bytes path, size_t *at, struct bytes *ret);

/* Whether a component of the path is "..". */
bool path_climbs(struct bytes path);

/* Order by components, an ancestor before what lies below it. */
int path_order(struct bytes a, struct bytes b);

/* Whether `above` is `path` or an ancestor of it. */
bool path_covers(struct bytes above, struct bytes path);

/* Order of bytes. */
int bytes_order(struct bytes a, struct bytes b);
