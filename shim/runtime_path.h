/* SPDX-License-Identifier: Apache-2.0 */
/*
 * containerd's `runtime_path`, and `ctr run --runtime /path`, name a shim rather than a runtime. Called as one, runvet
 * becomes containerd-shim-runc-v2 with our own directory of runtimes first in PATH: the `runc` that shim calls is
 * runvet again.
 */
#pragma once

#include "shim/runtimes.h"

/* Whether the line is one that containerd gives to its shims; `name` is what we were called by. */
bool runtime_path_asked(int argc, char *const argv[], const char *name);

/*
 * Becomes the shim. PATH is the one variable that changes; argv[0] becomes the shim's path. Returns only on failure:
 * the exit code, having said why on stderr, which containerd shows.
 */
int runtime_path_exec(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], char *const envp[]);
