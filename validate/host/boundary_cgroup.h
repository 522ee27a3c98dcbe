/* SPDX-License-Identifier: Apache-2.0 */
/* The container's cgroup, and how its files are read: private to validate/host. */
#pragma once

#include "validate/host/boundary_parts.h"

#define CGROUP_HIERARCHIES 16u

struct boundary_cgroup {
	struct boundary *b;
	struct bytes text;     /* of /proc/PID/cgroup */
	int top;               /* /sys/fs/cgroup */
	bool unified;          /* that is cgroup v2 */
	int v2;                /* its directory there; -1: none, or not to be found */
	struct {
		const char *controller;
		int directory; /* -1: none */
	} v1[CGROUP_HIERARCHIES]; /* those that were asked for */
	size_t v1_count;
};

/* The text of that file for whichever version the controller is on, *ret_v2 says which; NULL names: there is none. */
struct bytes cgroup_file(struct boundary_cgroup *c, const char *controller, const char *v1, const char *v2,
			 bool *ret_v2);

/* Adds what config.json asks for below linux.resources, as it is. */
void cgroup_limits(struct boundary_cgroup *c, struct doc *to);

/* The same of blockIO, which has a line for each device. */
void cgroup_block_io(struct boundary_cgroup *c, struct doc *to);

/* The same of huge pages, RDMA devices, network and what is named as it is (unified). */
void cgroup_named(struct boundary_cgroup *c, struct doc *to);

/* A number of the file; "max" and what v1 writes for no limit are -1. False when it is none of these. */
bool cgroup_number(struct bytes text, int64_t *ret);

/* The weight of cgroup v2 that shares come to: the least and the most of them, for each way to convert them. */
void cgroup_shares(struct arena *a, struct doc *to, uint64_t weight);
