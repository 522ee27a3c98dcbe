/* SPDX-License-Identifier: Apache-2.0 */
/* Which mounts a path comes across, told from mountinfo alone: private to validate/host. */
#pragma once

#include "validate/host/mounts.h"

/*
 * The next mount that is entered on the way from `on` (NULL: not known, then names alone count) along the resolved path
 * `to`, the mount at its end included; NULL when there is none.
 */
const struct mount *crossing_next(const struct mounts *all, const struct mount *on, struct bytes to);

/* The mount of that id; the uppermost one at "/" for id 0. NULL when there is none. */
const struct mount *crossing_mount(const struct mounts *all, uint64_t id);

/* Whether a server stands behind it, or behind a layer of an overlay. */
bool crossing_waits(const struct mounts *all, const struct mount *m);

/* Whether something is mounted below that path, which lies on `on`. */
bool crossing_below(const struct mounts *all, const struct mount *on, struct bytes path);
