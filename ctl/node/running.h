/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The containers of this node, as the runtimes themselves keep them: each has a directory below its --root, with a
 * document in it that says where its bundle is and which process is its first. Asking the runtimes would run them;
 * asking the engines would miss what they do not know of. Docker, containerd, CRI-O and Podman differ in their roots
 * only; what no runtime of these has (a virtual machine's container) is found by containerd's own bundles.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "validate/base/arena.h"
#include "validate/doc/doc.h"

enum running_state {
	RUNNING_UNKNOWN, /* nothing could be read of it: see .trouble */
	RUNNING_CREATED, /* its process waits for start */
	RUNNING_YES,
	RUNNING_STOPPED, /* not deleted yet, its process is gone */
};

struct running {
	const char *id;
	const char *root;        /* --root of its runtime, "/run/runc"; of containerd alone, where its bundles are */
	const char *runtime;     /* "runc", "crun", "youki", "runsc": whose state it is; "": no runtime's */
	const char *engine;      /* "docker", "containerd-cri", "podman" …, by its places; NULL: none known */
	const char *bundle;      /* absolute; NULL: not known */
	pid_t pid;               /* of its first process, 0: not known; in another tree no process is asked for */
	uint64_t started;        /* start time of that process, clock ticks since boot; 0: not known */
	struct timespec created; /* zero: not known */
	enum running_state state;
	uid_t owner;             /* of the state: what a user keeps is that user's word */
	const char *record;      /* of its create, by runvet's note on it; NULL: there is no note */
	const char *delegate;    /* by that note; NULL likewise */
	const char *noted_root;  /* .root as the note has it; NULL likewise, and where create was told none */
	const char *trouble;     /* why nothing is known of it; NULL: no trouble */
};

struct running_list {
	struct running *of; /* by engine, then id */
	size_t count;
	size_t left_out;    /* beyond RUNNING_MOST */
};

#define RUNNING_MOST 4096u

/*
 * All containers that have a state, running or not. `top` is a descriptor of "/" or of a tree that stands for it;
 * `live`: it is this machine, so that processes can be asked for. What cannot be read is listed with its trouble; a
 * root that may not be looked into is passed over (an ordinary user sees his own). 0 or -ENOMEM; the list lives in the
 * arena.
 */
int running_list(struct arena *a, int top, bool live, struct running_list *ret);

/* What its runtime was told, as a record would have it: id, root, user. NULL once memory is used up. */
const struct doc *running_record(struct arena *a, const struct running *r);

/* "unknown", "created", "running", "stopped": the words of the runtime specification. */
const char *running_state_name(enum running_state s);
