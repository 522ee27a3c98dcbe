/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the looks at a boundary share: private to validate/host. Each adds what it finds to the document; what it cannot
 * tell it leaves out.
 */
#pragma once

#include "validate/doc/make.h"
#include "validate/host/boundary.h"
#include "validate/host/mounts.h"

#define BOUNDARY_FILE ((size_t)64 << 10)     /* of a file of the process that is longer nothing is believed */
#define BOUNDARY_MOUNTINFO ((size_t)1 << 20) /* the same of its mounts: thousands of them */
#define BOUNDARY_ASKED 1024u                 /* entries of one list of config.json that are looked up */

/* What is known of an id or a group: whose range it lies in. */
struct boundary_map {
	struct bytes text; /* of uid_map or gid_map */
	bool same;         /* ids are as we see them: its user namespace is ours, or maps each to itself */
};

/* Lines of the status that are of interest, and what stands in them. */
enum boundary_line {
	LINE_STATE,
	LINE_UMASK,
	LINE_UID,
	LINE_GID,
	LINE_GROUPS,
	LINE_CAP_INHERITABLE,
	LINE_CAP_PERMITTED,
	LINE_CAP_EFFECTIVE,
	LINE_CAP_BOUNDING,
	LINE_CAP_AMBIENT,
	LINE_NO_NEW_PRIVILEGES,
	LINE_SECCOMP,
	LINE_CPUS,
	LINE_MEMS,
	LINES,
};

struct boundary {
	struct arena *arena;
	const struct boundary_of *of;
	struct doc *to;
	int process;                   /* its directory below /proc */
	struct bytes lines[LINES];  /* data is NULL: not there */
	struct boundary_map uids, gids;
	struct mounts mounts;          /* as it sees them */
	const struct mount **by_place; /* sorted by parent and point */
	const struct mount *top;       /* what lies at its "/"; NULL: nothing is known of its mounts */
	bool any_waits;                /* one of them has a server */
	int root;                      /* its "/", O_PATH; -1: not opened yet, or not to be opened */
	bool root_tried;
	const struct mount *entered;   /* the mount that was looked below last ... */
	int entered_fd;                /* ... its upper directory; -1 */
};

/* Whether somebody may want to know: the place of config.json is set, or there is no config.json. */
bool boundary_wants(const struct boundary *b, const char *path);

/* A file of the process's; data is NULL when there is nothing to be had. */
struct bytes boundary_read(const struct boundary *b, const char *name);

/* Whether the text is an integer and nothing else; *ret is set only then. */
bool boundary_integer(struct bytes text, int64_t *ret);

/* The id as the container has it; false when it has none there, or that is not known. */
bool boundary_inside(const struct boundary_map *m, uint64_t outside, uint64_t *ret);

/* The mount that an absolute path lies on as it is written, without any symlink in it; NULL: not known. */
const struct mount *boundary_lies_on(const struct boundary *b, struct bytes path);

/* The path without "." and double slashes, absolute; len is 0 for one that climbs, and for want of memory. */
struct bytes boundary_plain(const struct boundary *b, struct bytes path);

/* What is at a path of the container's. */
struct sight {
	enum { SIGHT_UNKNOWN, SIGHT_NONE, SIGHT_THERE } what;
	const struct mount *mount; /* that it lies on; NULL: not known */
	bool on_top;               /* it is the upper directory, or the file, of that mount */
	uint32_t mode;             /* as stat(2) has it; these are of what was looked at itself, which is not always */
	uint32_t major, minor, uid, gid;
	bool looked;
};

/*
 * Looks at a plain path (boundary_plain). Where mountinfo tells that a mount is right there, that is all it is asked,
 * unless `closely`. No symlink at its end is followed then.
 */
void boundary_see(struct boundary *b, struct bytes path, bool closely, struct sight *ret);

/* One subject each. */
void boundary_process(struct boundary *b);
void boundary_schedule(struct boundary *b);
void boundary_namespaces(struct boundary *b);
void boundary_mounts(struct boundary *b);
void boundary_paths(struct boundary *b);
void boundary_devices(struct boundary *b);
void boundary_cgroup(struct boundary *b);
void boundary_inner(struct boundary *b);

/* Reads what the others ask: its mounts; its user namespace and maps. */
void boundary_mounts_read(struct boundary *b);
void boundary_user_read(struct boundary *b);
