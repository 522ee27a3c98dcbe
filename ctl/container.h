/* SPDX-License-Identifier: Apache-2.0 */
/* The one container that a word means, of all that the runtimes of this machine keep. */
#pragma once

#include "ctl/again.h"
#include "ctl/node/running.h"

/*
 * Finds it by its id; by its name, as its engine has it ("web", "shop/web-0/nginx"): runtimes know nothing of those,
 * they are in bundles and files of engines; or by the beginning of its id, as long as only one begins so. root: of the
 * runtime that keeps it, NULL any. What was found lives in the arena; *ret_why is a clause. 0; -ENOENT nothing is
 * called so; -ENOTUNIQ several are; -ENOMEM.
 */
int container_find(struct arena *a, const char *word, const char *root, struct running *ret, const char **ret_why);

/* Whether it is kept below that root; of NULL, any. */
bool container_below(const struct running *r, const char *root);

/*
 * Its config.json and who called for it, in g (again_init, live). 0; a negative errno with *ret_why, a clause: what of
 * it cannot be had.
 */
int container_open(struct again *g, const struct running *r, const char **ret_why);
