/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mounts of this process by their numbers: private to validate/host. Since Linux 6.8 a mount has a number that no
 * other has until the next boot, listmount(2) gives them all in one call, and statmount(2) tells of one. What never
 * changes of a mount, its file system, is kept by that number; so mountinfo, of which the kernel makes a line for each
 * mount anew, need not be read where all that is to be known is that no server stands behind any of them.
 *
 * Where a mount hangs and what its flags are does change: that is asked of the kernel each time.
 */
#pragma once

#include "validate/host/mounts.h"

#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000U /* since Linux 6.8 */
#endif

struct probe;

struct listed_mount {
	uint64_t id; /* the number that is not used again */
	uint32_t major, minor;
	char kind;
};

struct listed {
	const struct listed_mount *list; /* in the order of mountinfo */
	size_t count;
	const struct bytes *waits; /* where automounts are: what lies there or below is not touched */
	size_t wait_count;
	struct mounts cgroups;     /* those of cgroup and cgroup2 alone; without options */
	struct listed_known *known; /* private to listed.c: those that were asked about; what was told last */
	struct told *told;
};

/*
 * Asked once. NULL where this does not tell: the kernel is older, nothing can be kept, there are very many, or some
 * have a server (mount_waits), so that it matters where exactly a path leads.
 */
struct listed *listed_get(struct probe *p);

/* Whether nothing that may wait is at that resolved path, or on the way there. */
bool listed_clear(const struct listed *s, struct bytes path);

/* The mount of that number, without options of its file system and without peers; NULL when it is none of these. */
const struct mount *listed_find(struct arena *a, struct listed *s, uint64_t id);

/*
 * Whether no path but those on this mount shows its files, or only one of a mount that shows less and is younger: what
 * mounts_elsewhere would find none for. False when that is not known.
 */
bool listed_alone(const struct listed *s, const struct mount *m);

/* Whether the mount is read-only by now; false when the kernel does not say, or has it elsewhere by now. */
bool listed_read_only(struct arena *a, struct listed *s, const struct mount *m, bool *ret);
