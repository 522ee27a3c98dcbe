/* SPDX-License-Identifier: Apache-2.0 */
/* What the two probes of cgroups share. */
#pragma once

#include "validate/host/probe.h"

enum cgroups_mode { CGROUPS_UNKNOWN, CGROUPS_V1, CGROUPS_HYBRID, CGROUPS_V2 };

struct cgroups {
	enum cgroups_mode mode;
	const char *v2; /* directory of the v2 mount, relative to the root; NULL when there is none */
};

/* Looked at once; never NULL. */
const struct cgroups *cgroups_get(struct probe *p);

/* Where this process is in the hierarchy of a v1 controller, NULL for v2; empty when not known. */
struct bytes cgroups_own(struct probe *p, const char *controller);
