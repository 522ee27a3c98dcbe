/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of the listing: running.c knows the places, running_state.c what a runtime writes there. */
#pragma once

#include "ctl/node/running.h"

/* The entries of a directory in the order of their names, "." and ".." left out, closed by NULL; NULL: none at all. */
const char *const *names_in(struct arena *a, int top, const char *path);

/*
 * What the runtime that keeps `name` below `root` (a path without its leading slash) says of it. false: no runtime
 * keeps a container there.
 */
bool running_read(struct arena *a, int top, const char *root, const char *name, struct running *ret);

/* Its state, by its process; nothing is asked of another machine's. */
void running_ask(struct running *r, bool live);
