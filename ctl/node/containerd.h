/* SPDX-License-Identifier: Apache-2.0 */
/* containerd's configuration: the file, what it imports, and where in them the CRI plugin's part is. */
#pragma once

#include "ctl/node/node.h"

#define CONTAINERD_CONFIG "/etc/containerd/config.toml"
#define CONTAINERD_FILES 33u

struct containerd_conf {
	struct conf files[CONTAINERD_FILES]; /* the first is the file itself */
	size_t count;
	int version;                /* 1, 2, 3; of no file at all 2, which every release reads */
	const char *plugin;         /* "io.containerd.grpc.v1.cri" */
	const struct doc *cri;      /* its section, of the last file that has one; NULL: none has */
	const struct conf *cri_in;  /* that file */
};

void containerd_read(const struct node *n, const char *path, struct containerd_conf *ret);
