/* SPDX-License-Identifier: Apache-2.0 */
/* Which real runtime it will be, and that it is not ourselves. */
#pragma once

#include "audit/note.h"
#include "shim/runtimes.h"

struct delegate {
	struct runtime runtime;
	const char *path;          /* absolute; "" when none is installed */
	struct identity identity;  /* of the file at path; zero when it could not be asked */
	bool from_note;
};

/*
 * Name this process was called by: basename of AT_EXECFN, then of argv[0] (when the first says nothing: "runvet"
 * itself, or a descriptor of fexecve(3)). Points into either; "runvet" when both say nothing.
 */
const char *called_name(char *const argv[]);

/*
 * For judged verbs. Chooses by note (may be NULL), else by the called name, else the default; a noted delegate that is
 * gone counts as no note. The file has to be a regular executable owned by root or us, not writable by others, and no
 * ring: not this very file (device and inode of /proc/self/exe), not a binary bearing our ELF note, not (with `note`)
 * the same process for the second time. 0, or a negative errno with *reterr (CAUSE_RUNTIMES; rules "runtime.installed",
 * "runtime.owner", "runtime.ring", -ELOOP for the latter, or those of runtimes.d); *ret then holds what delegate_guess
 * would give, for a policy that lets failures through; for a process that came round that is nothing.
 */
int delegate_choose(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
		    struct delegate *ret, struct fail *reterr);

/*
 * Whether the file at d->path is beyond doubt: what delegate_choose asks of it, but for the note. 0, or a negative
 * errno with *reterr as there.
 */
int delegate_vet(const struct delegate *d, struct fail *reterr);

/* The delegate that an entry of runtimes.d stands for; its path is "" when none of its places has one. */
void delegate_at(struct delegate *ret, const struct runtime *r);

/*
 * The first half of delegate_guess: which entry it is, and the noted file if there is one; else the path stays "".
 * delegate_settle is the other half: the first of the entry's files that can be run.
 */
int delegate_find(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
		  struct delegate *ret);
void delegate_settle(struct delegate *d);

/*
 * For the verbs that always have to work: chosen in the same order, the best there is, whatever is broken; never a
 * ring. 0, or a negative errno for what was broken on the way; ret->path is "" only when nothing at all can be run.
 */
int delegate_guess(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
		   struct delegate *ret);

/*
 * execve(2) with the caller's argv (argv[0] replaced by the runtime's argv0, else the delegate's path), environment and
 * descriptors. Returns only on failure: a negative errno.
 */
int delegate_exec(const struct delegate *d, char *const argv[], char *const envp[]);
