/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the process that becomes the delegate may do on its host, and what a container has to do with that: private to
 * validate. Where one of the documents does not say it, the answer is UNKNOWN, and no row may make a breach of it.
 */
#pragma once

#include "validate/rule/known.h"

/*
 * Whether it holds the capability where the kernel asks for it in the initial user namespace: privileges inside
 * another one do not count there.
 */
enum known standing_capable(const struct facts *f, const char *capability);

/* Whether it is in the initial user namespace. */
enum known standing_initial(const struct facts *f);

/* The number of the capability of that name, CAP_KILL; -1 for what is none. */
int standing_capability(struct bytes name);

/* The number of the effective user; `otherwise` when that is not known. */
int64_t standing_euid(const struct facts *f, int64_t otherwise);

/* The container has a kernel of its own (gVisor): what this one lacks says nothing of it. */
bool standing_elsewhere(const struct facts *f);

/* Whether the delegate is known to be of that dialect. */
bool standing_dialect(const struct facts *f, const char *dialect);

/* The container's entry for a new user namespace, without a path; NULL when it has none, or joins one. */
const struct doc *standing_new_user(const struct facts *f);

/* Whether hooks run before the container's process that may change what is in its rootfs. */
bool standing_hooks(const struct facts *f);

/* "this host has a directory there", "this host has nothing there", of a place's answer. */
void say_kind(const struct doc *place, struct text *to);

/* "runvet runs as user 1000, without CAP_SYS_NICE" or "... in a user namespace of its own". */
void say_standing(const struct facts *f, const char *capability, struct text *to);
