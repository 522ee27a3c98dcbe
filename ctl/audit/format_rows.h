/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the formats for security tools, and what these formats share. docs/siem.md shows the same rows. */
#pragma once

#include "ctl/audit/format.h"
#include "ctl/audit/map.h"

#define OCSF_VERSION "1.9.0"
#define ECS_VERSION  "8.17.0"

extern const struct map_row ocsf_rows[], ocsf_applied_rows[], ocsf_process_rows[], ocsf_actor_rows[],
	ocsf_policy_rows[], ocsf_log_rows[], ocsf_finding_rows[], ecs_rows[];

/* CEF: a key with a value, and where it is one of the custom ones, its label. */
struct cef_row {
	struct map_row map;  /* .to is the key */
	const char *label;   /* NULL: the key says what it is */
	size_t most;         /* bytes of a value that readers take */
};

extern const struct cef_row cef_rows[];

/* "chain:17 is no record of runvet, or was changed after it was written", in the arena. */
const char *altered_words(struct arena *a, const struct seen *s);
