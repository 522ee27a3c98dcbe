/* SPDX-License-Identifier: Apache-2.0 */
/* Device nodes, and the block devices that resources name by their numbers. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "validate/base/fd.h"
#include "validate/host/place_parts.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

void place_node(struct place_look *l, const struct doc *value, struct doc *answer)
{
	const struct bytes path = around_string(place_owner(value, "path"), "path");
	struct spot s;
	place_walk_below(l, path, SIZE_MAX, false, &s);
	if (s.found == FOUND_IT) {
		spot_done(&s);
		place_walk_below(l, path, SIZE_MAX, true, &s);
	}
	place_tell_below(l, &s, answer, "node");
	spot_done(&s);
	/* Who may not make a node binds the host's of the same path. */
	place_look_host(l, path, &s);
	place_tell(l, &s, answer, "host");
	spot_done(&s);
}

void place_block_device(struct place_look *l, const struct doc *value, struct doc *answer)
{
	const struct doc *device = place_owner(value, "major");
	const int64_t major = around_int(device, "major", -1), minor = around_int(device, "minor", -1);
	char path[96];
	if (major < 0 || minor < 0)
		return;
	const int all = read_open(l->host->root, "sys/dev/block", O_PATH | O_DIRECTORY);
	if (all < 0)
		return; /* no /sys: nothing is known */
	(void)fd_close(all);
	(void)snprintf(path, sizeof(path), "sys/dev/block/%lld:%lld", (long long)major, (long long)minor);
	const int fd = read_open(l->host->root, path, O_PATH);
	if (fd == -ENOENT) {
		make_string(l->arena, answer, "kind", BYTES("absent"));
	} else if (fd >= 0) {
		const int part = read_open(fd, "partition", O_PATH);
		make_string(l->arena, answer, "kind", BYTES("block"));
		if (part >= 0 || part == -ENOENT)
			make_bool(l->arena, answer, "whole", part < 0);
		(void)fd_close(part);
	}
	(void)fd_close(fd);
}
