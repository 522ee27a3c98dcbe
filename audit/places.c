/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where things are kept, and that the place is ours. /run and /var/log belong to root; below $XDG_RUNTIME_DIR it is the
 * user's own. Only what the effective user owns and nobody else may write to is written to: so no link that somebody
 * laid out can turn an audit record into a write elsewhere.
 */
#include "audit/places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "audit/sink.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"

int file_check(int fd, int flags, struct stat *ret)
{
	if (fstat(fd, ret) < 0)
		return -errno;
	if (!S_ISREG(ret->st_mode) || !stat_ours(ret))
		return -EPERM;
	/* A umask that takes our own rights away would lock us out for good. */
	return (flags & O_CREAT) && (ret->st_mode & 0600) != 0600 && fchmod(fd, 0600) < 0 ? -errno : 0;
}

int file_ours(int dir, const char *name, int flags, struct stat *ret)
{
	struct stat st;
	const int fd = fd_open(dir, name, flags | FILE_OURS, 0600);
	const int r = fd < 0 ? fd : file_check(fd, flags, &st);
	if (r < 0) {
		(void)fd_close(fd);
		return r;
	}
	if (ret)
		*ret = st;
	return fd;
}

/*
 * The host's id for our effective user id, as far as /proc/self/uid_map says. Rootless engines run us as 0 of a
 * namespace.
 */
static unsigned long outer_uid(void)
{
	char map[4096];
	unsigned long inside, outside, count;
	const unsigned long uid = geteuid();
	cleanup_close int fd = fd_open(AT_CWD, "/proc/self/uid_map", O_RDONLY, 0);
	ssize_t n = fd < 0 ? -1 : read(fd, map, sizeof(map) - 1);
	if (n <= 0)
		return uid;
	map[n] = '\0';
	for (const char *line = map; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
		if (sscanf(line, "%lu %lu %lu", &inside, &outside, &count) == 3 && uid >= inside &&
			uid - inside < count)
			return outside + (uid - inside);
	return uid;
}

/* Whether the user's runtime directory can be believed: absolute, a directory of ours, nobody else's to write to. */
static bool runtime_dir_ours(const char *path)
{
	struct stat st;
	return path && path[0] == '/' && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && stat_ours(&st);
}

/*
 * Root of a user namespace may have a machine of its own around it: a container of a daemon with remapped ids, in which
 * engines run. There /run is as much its own as on a host, and nobody makes it a runtime directory.
 */
static bool machine_ours(const char *runtime_dir)
{
	return geteuid() == 0 && !runtime_dir_ours(runtime_dir) && runtime_dir_ours("/run");
}

int places_default(struct arena *a, const char *xdg_runtime_dir, struct places *ret)
{
	struct places p = {
		.log_dir = "/var/log/runvet",
		.run_dir = "/run/runvet",
		.journal = "/run/systemd/journal.runvet/socket",
		.journal_default = "/run/systemd/journal/socket",
	};
	if (geteuid() != 0 || rootless()) {
		const char *dir = runtime_dir_ours(xdg_runtime_dir) ? xdg_runtime_dir
								    : arena_printf(a, "/run/user/%lu", outer_uid());
		if (!dir)
			return -ENOMEM;
		if (!machine_ours(dir)) {
			p.run_dir = arena_printf(a, "%s/runvet", dir);
			p.log_dir = p.run_dir ? arena_printf(a, "%s/log", p.run_dir) : NULL;
		}
	}
	if (!p.log_dir)
		return -ENOMEM;
	*ret = p;
	return 0;
}
