/* SPDX-License-Identifier: Apache-2.0 */
/* What the two probes of cgroups share. */
#pragma once

#include "validate/host/probe.h"

enum cgroups_mode { CGROUPS_UNKNOWN, CGROUPS_V1, CGROUPS_HYBRID, CGROUPS_V2 };

#define V1_CONTROLLERS 14u

struct cgroups {
	enum cgroups_mode mode;
	const struct mount *v1[V1_CONTROLLERS]; /* where each is mounted; NULL when it is not */
	const char *v2;           /* directory of the v2 mount, relative to the root; NULL when there is none */
	const char *top;          /* the cgroup of v2 that containers can be below; NULL until looked at */
	struct bytes controllers; /* what that one has; data is NULL when it is not known */
};

/* Looked at once; never NULL. */
const struct cgroups *cgroups_get(struct probe *p);

/* The controllers on the v2 mount that containers can be given, as one text; data is NULL when not known. */
struct bytes cgroups_v2_controllers(struct probe *p);

/* Whether every controller of v2 that the document uses is among these words. */
bool cgroups_enough(const struct probe *p, struct bytes words);

/* Where this process is in the hierarchy of a v1 controller, NULL for v2; empty when not known. */
struct bytes cgroups_own(struct probe *p, const char *controller);
