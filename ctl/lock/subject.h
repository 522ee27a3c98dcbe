/* SPDX-License-Identifier: Apache-2.0 */
/* The container that a word names, with all that is known beside its document: what a lock is made of. */
#pragma once

#include "ctl/again.h"
#include "validate/lock/lock.h"

struct subject_want {
	const char *word;     /* a bundle, a config.json, "-"; a running container's id or name; a record's id */
	const char *host;     /* "live", "none", or a host.json; NULL: live */
	const char *delegate; /* a name of runtimes.d; NULL: the container's own, where that is known */
};

/* .of points into .again's arena. */
struct lock_subject {
	struct again again;
	struct lock_of of;
};

/* 0, or an exit code once it has complained; ended by subject_done in either case. */
int subject_find(const struct subject_want *want, struct lock_subject *ret);
void subject_done(struct lock_subject *s);
