/* SPDX-License-Identifier: Apache-2.0 */
/* What an engine itself mounts into its containers. Inside policy/: context.c asks, nobody else. */
#pragma once

#include "validate/policy/engine.h"

/* What the patterns are about. Empty or NULL where it is not known: then no pattern speaks of it. */
struct managed {
	const struct recognised *from;
	const struct calling *call;
	struct bytes sandbox, pod_uid; /* as the engine itself wrote them, never a claim */
};

/* Adds the globs for this container to the array. Memory that is used up leaves some out. */
void managed_add(struct arena *a, const struct managed *m, struct doc *to);

/*
 * Where this Docker keeps its data ("/var/lib/docker"), by the layers that it gave the container; NULL when that cannot
 * be told.
 */
const char *docker_root(struct arena *a, const struct doc *config);
