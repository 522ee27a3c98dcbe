/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is at a path, without disturbing it: private to validate/host. Everything is opened O_PATH, so that no fifo,
 * device or socket notices, and a mount is entered only when mountinfo gives it a type behind which no server stands
 * that may be gone. Paths are walked as the kernel walks them, from a root that they do not leave; below a rootfs,
 * whose symlinks are hostile, as a process that has its root there would walk them.
 */
#pragma once

#include <sys/stat.h>

#include "validate/base/limits.h"
#include "validate/host/place.h"

/* Where a walk starts, and what it stays below. */
struct walk_root {
	int fd;                    /* O_PATH */
	struct bytes path;         /* what mounts call it, without a slash at its end: "" is the host's root */
	const struct mount *mount; /* that it lies on; NULL when not known */
	const struct stat *st;     /* what it is; NULL when that was not looked at */
	const struct bytes *covers; /* paths in it, normal, where something will be mounted: the walk ends there */
	size_t cover_count;
};

enum found {
	FOUND_UNKNOWN, /* forbidden, over a limit, odd, or gone while we looked */
	FOUND_IT,
	FOUND_ABSENT,  /* nothing is there, or a symlink loop: whoever opens it fails */
	FOUND_WAITING, /* a mount on the way has a server: nothing behind it was touched */
	FOUND_COVERED, /* see walk_root.covers */
};

struct spot {
	enum found found;
	int fd;                    /* O_PATH, of FOUND_IT, else -1; the caller closes it */
	struct bytes path;         /* as resolved, NUL-terminated, in the arena; how far it could be when not FOUND_IT,
	                            * with the unresolved rest behind it */
	const struct mount *mount; /* that it lies on, or that was not entered; NULL when not known */
	struct stat st;
	bool clean;                /* no symlink was followed, and there is no "." or ".." in it */
	bool escapes;              /* a ".." led out of the root, where the kernel ends it */
	bool namespace;            /* FOUND_UNKNOWN, because it is a link of /proc to a namespace: path is the link's */
};

/*
 * The texts of the walk that is under way: one after the other they need no memory of their own, of which every page
 * would have to be made. What is still to go ends where what was walked begins, so that short ones share one.
 */
struct walk_text {
	char rest[LIMIT_WALK_PATH];
	char at[LIMIT_WALK_PATH];
};

/* The directory that arrive_by_name was in: `path` below the directory `from`. */
struct near {
	int fd; /* -1: none */
	int from;
	struct bytes path;
};

/* What the walks of one look share. */
struct walks {
	struct walk_root host;
	bool host_known;
	bool refreshed;       /* mountinfo turned out to be old, and was read afresh */
	struct spot rootfs;   /* root.path */
	bool rootfs_known;
	struct bytes bundle;  /* the bundle's directory, resolved; empty when not known */
	bool bundle_known;
	struct bytes *covers; /* the destinations of mounts, one for each entry, as the document has them ... */
	struct bytes *resolved; /* ... and resolved in the rootfs */
	size_t cover_count;
	struct sysctl_look *sysctls; /* see validate/host/sysctl.h; NULL until asked for */
	struct near near[2];  /* below the host's root; below another one */
	struct walk_text text;
};

/*
 * Walks an absolute path, following a symlink at its end as well. ret is filled whatever happens. Memory comes from the
 * look's arena.
 */
void walk(struct place_look *l, const struct walk_root *root, struct bytes path, struct spot *ret);

/* The same, but there may be no descriptor in *ret. */
void walk_look(struct place_look *l, const struct walk_root *root, struct bytes path, struct spot *ret);

/* The host's root, as a start for walks: found once in a look. */
const struct walk_root *walk_host(struct place_look *l);

/*
 * Reads mountinfo, which l->listed stood for until now, so that from now on it counts. What that has of the mount; NULL
 * when it does not have it.
 */
const struct mount *walk_by_list(struct place_look *l, const struct mount *mount);

/* Whether something is mounted below that directory. */
bool walk_submounts(struct place_look *l, const struct spot *spot);

/* Closes the spot's descriptor. */
void spot_done(struct spot *s);
