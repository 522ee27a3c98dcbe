/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What linux.namespaces[].path joins. Only what is known to be of nsfs is opened, because opening anything else may
 * wait (a fifo) or be noticed (a device).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include "validate/base/fd.h"
#include "validate/host/place_parts.h"
#include "validate/rule/around.h"

/* The spec's name of the type that the descriptor is of; NULL when the kernel does not say (before 4.11). */
static const char *type_of(int fd)
{
	switch (ioctl(fd, NS_GET_NSTYPE)) {
	case CLONE_NEWNS:
		return "mount";
	case CLONE_NEWPID:
		return "pid";
	case CLONE_NEWNET:
		return "network";
	case CLONE_NEWUTS:
		return "uts";
	case CLONE_NEWIPC:
		return "ipc";
	case CLONE_NEWUSER:
		return "user";
	case CLONE_NEWCGROUP:
		return "cgroup";
	case CLONE_NEWTIME:
		return "time";
	default:
		return NULL;
	}
}

static bool is_namespace(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC;
}

/* Tells of an open namespace. */
static void tell(struct place_look *l, int fd, struct bytes path, struct doc *answer)
{
	struct stat st;
	if (fd < 0 || !is_namespace(fd) || fstat(fd, &st) < 0)
		return;
	const char *type = type_of(fd);
	make_string(l->arena, answer, "kind", BYTES("namespace"));
	make_string(l->arena, answer, "path", path);
	if (type)
		make_string(l->arena, answer, "type", bytes_of(type));
	place_tell_numbers(l, answer, "device", st.st_dev);
	make_uint(l->arena, answer, "inode", st.st_ino);
}

/* A link /proc/PID/ns/TYPE leads to nsfs and nowhere else: following it touches nothing that could wait. */
static void tell_link(struct place_look *l, const struct spot *s, struct doc *answer)
{
	const int fd = fd_open(l->host->root, s->path.data + 1, O_RDONLY | O_NONBLOCK, 0);
	tell(l, fd, s->path, answer);
	(void)fd_close(fd);
}

/* A namespace that was bound to a file. */
static void tell_bound(struct place_look *l, const struct spot *s, struct doc *answer)
{
	char path[64];
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
	const int fd = fd_open(AT_CWD, path, O_RDONLY | O_NONBLOCK, 0);
	tell(l, fd, s->path, answer);
	(void)fd_close(fd);
}

void place_namespace(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	place_walk_host(l, value->type == DOC_STRING ? value->string : around_string(value, "path"), &s);
	if (s.namespace && l->host->live)
		tell_link(l, &s, answer);
	else if (s.found == FOUND_IT && is_namespace(s.fd))
		tell_bound(l, &s, answer);
	else
		place_tell(l, &s, answer, NULL);
	spot_done(&s);
}
