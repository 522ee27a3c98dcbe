/* SPDX-License-Identifier: Apache-2.0 */
/* One step of a walk: opening what is known to be harmless. Private to validate/host. */
#pragma once

#include <sys/stat.h>

#include "validate/host/place.h"

/*
 * Opens, O_PATH, `name` below the directory `dir`, which lies on *mount (NULL: not known); it leads to the resolved
 * path `text`. The descriptor, with what is there in *st, and in *mount what it lies on. Or a negative errno: -EREMOTE
 * for a mount with a server, which is *mount then; -ELOOP for a symlink on the way (one at the end is opened itself);
 * -EXDEV for a mount that mountinfo does not have.
 */
int arrive(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
	   struct stat *st);

/* The same for "." and "..", which stay on the mount. */
int arrive_near(const struct place_look *l, int dir, const char *name, const struct mount *mount, struct stat *st);

/*
 * What lies at `name`, a path below `dir` without anything to be resolved in it, which leads to the resolved path
 * `text`: without a descriptor of it, by its directory, which stays open for its neighbours until arrive_done. False
 * when that cannot be told so: it is not there, it is a symlink, mountinfo is needed.
 */
bool arrive_by_name(struct place_look *l, int dir, const char *name, struct bytes text, const struct mount **mount,
		    struct stat *st);

void arrive_done(struct place_look *l);
