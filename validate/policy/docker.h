/* SPDX-License-Identifier: Apache-2.0 */
/* What Docker has written down about a container, in files that only root can write. Inside policy/. */
#pragma once

#include "validate/policy/engine.h"

/*
 * The container's config.v2.json, or NULL when there is none that can be believed: in Docker's data root (see
 * docker_root), root's all the way, of at most LIMIT_CONF_BYTES, and about this very container.
 */
const struct doc *docker_container(struct arena *a, const struct calling *c);
