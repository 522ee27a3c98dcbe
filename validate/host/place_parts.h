/* SPDX-License-Identifier: Apache-2.0 */
/* What the probes of places have in common: private to validate/host. */
#pragma once

#include "validate/doc/make.h"
#include "validate/host/walk.h"

/*
 * Every probe comes through here first, most of them by what follows. False without memory: there is nothing to walk
 * with then, and the look says so in the end.
 */
bool place_ready(struct place_look *l);

/* The config.json that the places are in; NULL when not known. */
const struct doc *place_config(const struct place_look *l);

/* The object that has this member: the value itself, or the nearest around it. NULL when there is none. */
const struct doc *place_owner(const struct doc *value, const char *member);

/* A path of the host, absolute or relative to the bundle. The caller calls spot_done. */
void place_walk_host(struct place_look *l, struct bytes path, struct spot *ret);

/* The same, where no descriptor is needed: there may be none in *ret. */
void place_look_host(struct place_look *l, struct bytes path, struct spot *ret);

/* root.path: walked once. Its descriptor stays open until place_done. */
const struct spot *place_rootfs_spot(struct place_look *l);

/*
 * A path as a process would find it below the rootfs; a relative one counts from its root. Where the first
 * `covers` entries of mounts will lie on it, it is FOUND_COVERED. `sure` looks for their destinations through symlinks
 * of the rootfs as well, which costs a walk for each.
 */
void place_walk_below(struct place_look *l, struct bytes path, size_t covers, bool sure, struct spot *ret);

/* The same with all mounts, and surely so when what is found would be a complaint: not there, or not `executable`. */
void place_walk_container(struct place_look *l, struct bytes path, bool executable, struct spot *ret);

/* Tells of a host's path what host.h promises of "a path", under `name` in the answer; NULL: in the answer itself. */
struct doc *place_tell(struct place_look *l, const struct spot *s, struct doc *answer, const char *name);

/* The same of a path below the rootfs. */
void place_tell_below(struct place_look *l, const struct spot *s, struct doc *answer, const char *name);

/* "8:1" */
void place_tell_numbers(struct place_look *l, struct doc *to, const char *name, dev_t device);
