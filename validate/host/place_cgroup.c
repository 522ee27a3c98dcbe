/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where linux.cgroupsPath would be: below the mount of cgroup v2, and of the two v1 hierarchies by which delegates tell
 * whether a cgroup is there and at rest (the others are made and removed with them). Only an absolute path says where
 * that is; the other spellings ("slice:prefix:name", relative ones) each delegate reads its own way.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/host/place_parts.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define CGROUP_FILE ((size_t)64 << 10)

struct cgroup_look {
	bool any, exists, populated, frozen, writable, unsure;
};

/* Whether a line of the flat-keyed file at fd says that. */
static bool file_says(struct place_look *l, int directory, const char *name, const char *wanted)
{
	struct bytes text = read_closing(l->arena, fd_open(directory, name, O_RDONLY | O_NONBLOCK, 0), CGROUP_FILE);
	for (struct bytes line; read_line(&text, &line);)
		if (bytes_is(line, wanted))
			return true;
	return false;
}

static bool has_processes(int directory)
{
	const int fd = fd_open(directory, "cgroup.procs", O_RDONLY | O_NONBLOCK, 0);
	char first;
	const bool has = fd >= 0 && read(fd, &first, 1) == 1;
	(void)fd_close(fd);
	return has;
}

/* Whether we could make something in that directory; *unsure when the kernel does not say. */
static bool can_write(int directory, bool *unsure)
{
	const int may = fd_may(directory, W_OK | X_OK);
	*unsure = *unsure || (may < 0 && may != -EACCES && may != -EPERM && may != -EROFS);
	return may == 0;
}

/* The same of the nearest directory above a cgroup that is not there yet; its mount's point is `least` bytes long. */
static bool can_make(struct place_look *l, char *path, size_t least, bool *unsure)
{
	for (char *slash; (slash = strrchr(path, '/')) && (size_t)(slash - path) >= least;) {
		*slash = '\0';
		const int fd = read_open(l->host->root, path + 1, O_PATH | O_DIRECTORY);
		const bool can = fd >= 0 && can_write(fd, unsure);
		(void)fd_close(fd);
		if (fd >= 0)
			return can;
		if (fd != -ENOENT)
			break;
	}
	*unsure = true;
	return false;
}

static bool is_read_only(struct place_look *l, const struct mount *m, bool *unsure)
{
	bool is = false;
	if (!m->number)
		return mount_option(m->options, "ro", NULL);
	*unsure = *unsure || !listed_read_only(l->arena, l->listed, m, &is);
	return is;
}

static void look_in(struct place_look *l, const struct mount *m, struct bytes path, struct cgroup_look *to)
{
	char *whole = arena_printf(l->arena, "%.*s%.*s", (int)m->point.len, m->point.data, (int)path.len, path.data);
	const int fd = whole ? read_open(l->host->root, whole + 1, O_PATH | O_DIRECTORY) : -ENOMEM;
	to->any = true;
	if (fd >= 0) {
		to->exists = true;
		to->frozen = to->frozen || file_says(l, fd, "cgroup.events", "frozen 1") ||
			file_says(l, fd, "freezer.state", "FROZEN");
		to->populated = to->populated || file_says(l, fd, "cgroup.events", "populated 1") || has_processes(fd);
		to->writable = can_write(fd, &to->unsure) && to->writable;
	} else if (fd == -ENOENT && geteuid() == 0 && (l->initial || !rootless())) {
		to->writable = to->writable && !is_read_only(l, m, &to->unsure);
	} else if (fd == -ENOENT) {
		to->writable = can_make(l, whole, m->point.len, &to->unsure) && to->writable;
	} else {
		to->unsure = true;
	}
	(void)fd_close(fd);
}

/* Names below a cgroup mount and nothing that climbs. */
static bool is_plain(struct bytes path)
{
	size_t at = 0;
	struct bytes part;
	if (path.len < 2 || path.data[0] != '/' || memchr(path.data, ':', path.len))
		return false;
	while (path_part(path, &at, &part))
		if (bytes_is(part, ".."))
			return false;
	return true;
}

void place_cgroups_path(struct place_look *l, const struct doc *value, struct doc *answer)
{
	const struct bytes path = value->type == DOC_STRING ? value->string : around_string(value, "cgroupsPath");
	struct cgroup_look look = { .writable = true };
	if (!is_plain(path))
		return;
	const struct mounts *all = &l->mounts;
	if (l->listed && l->listed->cgroups.read)
		all = &l->listed->cgroups;
	else
		mounts_get(l->arena, l->host, &l->mounts);
	for (size_t i = 0; i < all->count; i++) {
		const struct mount *m = &all->list[i];
		if (bytes_start(m->point, "/sys/fs/cgroup") &&
			(bytes_is(m->type, "cgroup2") ||
				(bytes_is(m->type, "cgroup") &&
					(mount_option(m->super, "devices", NULL) ||
						mount_option(m->super, "freezer", NULL)))))
			look_in(l, m, path, &look);
	}
	if (!look.any || look.unsure)
		return;
	make_string(l->arena, answer, "kind", look.exists ? BYTES("directory") : BYTES("absent"));
	if (look.exists) {
		make_bool(l->arena, answer, "populated", look.populated);
		make_bool(l->arena, answer, "frozen", look.frozen);
	}
	if (l->host->live)
		make_bool(l->arena, answer, "writable", look.writable);
}
