/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standing in for a runtime: its path becomes runvet, and the real one is beside it as PATH.distrib, which runtimes.d
 * looks for first. At no moment is there nothing at the path: the real one gets its second name by a hard link, and the
 * first name is taken over, and given back, by one rename. Where dpkg is, it is told, so that an upgrade goes beside.
 */
#pragma once

#include "ctl/node/ledger.h"

/* Makes what l->path, l->binary and l->runtime say. 0 or a negative errno with *ret_why. */
int divert_make(struct ledger *l, const char **ret_why);

/* Whether it is as divert_make left it. */
bool divert_holds(const struct ledger *l);

/* Undoes it, from whatever step it was stopped at. `force`: what is at the path by now stays there. */
int divert_undo(struct ledger *l, bool force, const char **ret_why);

/* The path of a runtime that could be stood in for; NULL with *ret_why. */
const char *divert_find(const struct node *n, const char *runtime, const char **ret_why);

/* Whether dpkg keeps a database there, and can be told. */
bool divert_dpkg(const struct node *n);
