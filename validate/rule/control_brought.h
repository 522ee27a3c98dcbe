/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an entry of mounts brings into the container from the host: a bind mount its source, an overlay its layers, and
 * whatever is no file system of the container's own (a disk, a share, FUSE) itself. Private to the controls of mounts.
 */
#pragma once

#include "validate/rule/control.h"

struct brought {
	const struct doc *at;  /* what says so: the source, the option, the type */
	struct bytes path;     /* on the host, as resolved where that is known; empty: a file system */
	const struct doc *found; /* the host's answer about the path; NULL when there is none */
	bool clean;            /* resolved, or without ".." */
};

/* A walk over what one word of a mount brings; starts zeroed but for .from: its source, its type, or an option. */
struct bringing {
	const struct doc *from;
	size_t at; /* of an option: how far it is read */
	bool begun;
};

/* The next of it; false at the end. */
bool next_brought(struct bringing *b, const struct facts *f, struct brought *ret);

/* The source of a bind mount; false for another, or without one. */
bool bind_brought(const struct doc *mount, const struct facts *f, struct brought *ret);

/* The mount that has the word. */
const struct doc *brought_mount(const struct doc *word);

bool mount_is_bind(const struct doc *mount);

/* Whether it can be written to: neither ro nor rro. */
bool mount_is_writable(const struct doc *mount);

/*
 * The next path of the host by which it goes: its own, then those that it has without an earlier mount (a bind copy).
 * *at starts at 0; false at the end.
 */
bool brought_path(const struct brought *b, unsigned *at, struct bytes *ret);

/*
 * Whether the engine itself gives the container this path (context.managed), or it lies in the bundle; not where it was
 * made to mount files of the host there, as a volume with options of its own. UNKNOWN when nothing is known of who
 * calls.
 */
enum known brought_by_engine(const struct facts *f, const struct brought *b);

/* /sys of the host as /sys, where the kernel lets nobody mount a new one: what rootless engines do. */
bool brought_for_rootless(const struct facts *f, const struct doc *mount, const struct brought *b);

/*
 * "on this host it is /etc, and ", "its layers are the host's, and ": what the place does not say itself; nothing where
 * it does.
 */
void brought_write(const struct doc *at, const struct facts *f, struct text *to);
