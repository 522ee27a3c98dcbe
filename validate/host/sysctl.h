/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sysctls are in namespaces that are yet to be made: private to validate/host. A child makes such namespaces,
 * looks, and is gone; what it found writable is kept until the next boot, so that usual containers start none.
 */
#pragma once

#include "validate/host/host.h"

enum sysctl_state {
	SYSCTL_UNKNOWN,
	SYSCTL_ABSENT,
	SYSCTL_READ_ONLY,
	SYSCTL_THERE,    /* whether it may be written is not known */
	SYSCTL_WRITABLE,
};

struct sysctl_ask {
	const struct doc *value; /* its entry in linux.sysctl */
	const char *path;        /* below /proc/sys: "net/ipv4/ip_forward" */
	unsigned family;         /* the CLONE_NEW* that it is of; 0: of the host, or of a namespace that is joined */
	bool fresh;              /* that namespace will be a new one */
	enum sysctl_state state;
};

struct sysctl_look {
	struct sysctl_ask *asks;
	size_t count;
	unsigned flags; /* CLONE_NEW* of all that are fresh, and CLONE_NEWUSER when that will be new */
};

/* The path of a key in one of its spellings; NULL when it is none, or would climb (or for want of memory). */
const char *sysctl_path(struct arena *a, struct bytes key);

/* What one is here and now, below that root: for us, or (of a tree that is not live) for its owner. */
enum sysctl_state sysctl_here(int root, bool live, const char *path);

/*
 * Asks a child about all that are fresh and unknown. Those that it cannot tell stay unknown. Whether there is something
 * to be kept.
 */
bool sysctl_ask_child(struct sysctl_look *look);

/*
 * Fills in those that are fresh and known since this boot to be writable. The directory (see kept_directory) is one of
 * ours; what others could have written there is not believed.
 */
void sysctl_recall(struct arena *a, const struct host *h, int directory, struct sysctl_look *look);

/*
 * Locks the file of such answers, to ask the child and keep what it says: a descriptor, or a negative errno. -EAGAIN:
 * another process is at it, and nobody waits for it; any other: nothing can be kept.
 */
int sysctl_lock(const struct host *h);

/* Keeps what is writable, beside what is kept. */
void sysctl_keep(struct arena *a, const struct host *h, const struct sysctl_look *look);
