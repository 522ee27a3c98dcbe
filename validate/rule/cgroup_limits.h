/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which controller and which file stand behind a field of linux.resources: the table that rows about cgroups read.
 * Private to validate.
 */
#pragma once

#include "validate/rule/rule.h"

/* NULL: there is none. */
struct limit_file {
	const char *controller;
	const char *name; /* in a container's cgroup; NULL: it depends on the value */
};

struct limit {
	const char *place;      /* "linux.resources.memory.limit" */
	struct limit_file v1, v2;
	unsigned major, minor;  /* the kernel that brought the file; 0 is older than any that containers run on */
	const char *flag;       /* a boolean of the host document: without it cgroup v1 has no such file */
};

enum cgroup_mode { CGROUP_UNKNOWN, CGROUP_V1, CGROUP_HYBRID, CGROUP_V2 };

enum cgroup_mode limit_mode(const struct facts *f);

/* The entry for a place as rows write it; NULL when there is none. */
const struct limit *limit_at(const char *place);

/* The entry for a value's place; NULL when there is none. */
const struct limit *limit_of(const struct facts *f, const struct doc *value);

/* The entries for the group at `group` ("linux.resources.memory") from *next on, which is moved; NULL at the end. */
const struct limit *limit_next(const struct facts *f, const struct doc *group, size_t *next);

/* The value in its group that an entry is about; NULL when it asks for nothing: not set, or unlimited. */
const struct doc *limit_value(const struct limit *l, const struct doc *group);
