/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The links of /proc that are no paths: exe, cwd, root, fd/N and map_files/N of a process lead to a file whatever
 * stands at the path that they show, ns/TYPE to a namespace. Private to validate/host.
 */
#pragma once

#include "validate/base/bytes.h"

enum magic {
	MAGIC_NONE,      /* an ordinary symlink: /proc/self, /proc/mounts */
	MAGIC_PATH,      /* its text is a path in our mount namespace */
	MAGIC_NAMESPACE,
	MAGIC_UNKNOWN,   /* of another mount namespace, a pipe, a socket, a file that was deleted ... */
};

/* What the link at that resolved path of a /proc is, which says `target`; `root` is the host's. */
enum magic magic_of(int root, struct bytes link, struct bytes target);
