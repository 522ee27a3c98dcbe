/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the loaded SELinux policy knows a label. The question is a write to /sys/fs/selinux/context, which changes
 * nothing: what is written is looked up, and the answer is the result of the call. It is asked only where mountinfo
 * says that a selinuxfs is mounted there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/crossing.h"
#include "validate/host/place_parts.h"
#include "validate/host/read.h"

void place_label(struct place_look *l, const struct doc *value, struct doc *answer)
{
	bool mounted = false;
	if (!l->host->live || value->type != DOC_STRING || !value->string.len || value->string.len >= PATH_MAX)
		return;
	mounts_get(l->arena, l->host, &l->mounts);
	for (size_t i = 0; i < l->mounts.count; i++)
		mounted = mounted ||
			(bytes_is(l->mounts.list[i].type, "selinuxfs") &&
				bytes_is(l->mounts.list[i].point, "/sys/fs/selinux"));
	const int fd = mounted ? read_open(l->host->root, "sys/fs/selinux/context", O_WRONLY) : -1;
	const char *label = fd < 0 ? NULL : arena_copy(l->arena, value->string);
	if (label) { /* with its NUL, as libselinux asks */
		const ssize_t n = write(fd, label, value->string.len + 1);
		if (n >= 0 || errno == EINVAL)
			make_bool(l->arena, answer, "valid", n >= 0);
	}
	(void)fd_close(fd);
}
