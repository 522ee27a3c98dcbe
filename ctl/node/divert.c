/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/node/divert.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "shim/runtimes.h"
#include "validate/base/fd.h"

#define DPKG_MS 20000 /* dpkg waits for its lock as long as it likes; we do not */

/* --- dpkg ------------------------------------------------------------------------------------------------------ */

bool divert_dpkg(const struct node *n)
{
	/* Of another tree only its database is needed; the program is this machine's. */
	return node_stat(n, "/var/lib/dpkg/status", NULL) && access("/usr/bin/dpkg-divert", X_OK) == 0;
}

/* Waits for a child, at most so long; its exit code, or a negative errno. */
static int reap(pid_t pid)
{
	const struct deadline until = deadline_in(DPKG_MS);
	int status;

	for (;;) {
		const pid_t r = waitpid(pid, &status, WNOHANG);
		if (r == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -EIO;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (deadline_left(until) == 0)
			break;
		(void)poll(NULL, 0, 10);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
	return -ETIME;
}

/* dpkg-divert --add or --remove; no file is touched by it. */
static int tell_dpkg(const struct ledger *l, bool add)
{
	const struct node *n = l->node;
	char program[] = "/usr/bin/dpkg-divert", quiet[] = "--quiet", local[] = "--local", how[] = "--no-rename";
	char admin[] = "--admindir", instead[] = "--divert", word_add[] = "--add", word_remove[] = "--remove";
	char path_value[] = "PATH=" NODE_PATH, locale[] = "LC_ALL=C.UTF-8";
	char *directory = arena_printf(n->a, "%s/var/lib/dpkg", n->root),
	     *to = arena_printf(n->a, "%s.distrib", l->path);
	char *path = arena_copy(n->a, bytes_of(l->path));
	char *const argv[] = { program, admin, directory, quiet, local, how, instead, to, add ? word_add : word_remove,
		path, NULL };
	char *const envp[] = { path_value, locale, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	if (!directory || !to || !path || posix_spawn_file_actions_init(&actions) != 0)
		return -ENOMEM;
	int r = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	r = r ? r : posix_spawn(&pid, program, &actions, NULL, argv, envp);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (r != 0)
		return -r;
	r = reap(pid);
	return r > 0 ? -EIO : r;
}

/* --- files ----------------------------------------------------------------------------------------------------- */

static const char *real_path(const struct ledger *l)
{
	return arena_printf(l->node->a, "%s.distrib", l->path);
}

bool divert_holds(const struct ledger *l)
{
	const char *name, *real = real_path(l);
	char says[4096];
	cleanup_close int in = place_parent(l->node, l->path, &name);
	const ssize_t n = in < 0 ? -1 : readlinkat(in, name, says, sizeof(says) - 1);

	if (n <= 0 || !real || !node_stat(l->node, real, NULL))
		return false;
	says[n] = '\0';
	return strcmp(says, l->binary) == 0;
}

const char *divert_find(const struct node *n, const char *runtime, const char **ret_why)
{
	const struct runtimes_dirs dirs = {
		.site = arena_printf(n->a, "%s" RUNVET_SITE "/runtimes.d", n->root),
		.vendor = arena_printf(n->a, "%s" RUNVET_VENDOR "/runtimes.d", n->root),
	};
	struct program p;
	struct runtime r = { 0 };
	struct fail why = { 0 };

	program_find(n, runtime, NODE_PATH, &p);
	if (p.through != THROUGH_OTHER) {
		*ret_why = arena_printf(n->a, p.path ? "%s is runvet already" : "there is no %s in " NODE_PATH,
			p.path ? p.path : runtime);
		return NULL;
	}
	const char *real = arena_printf(n->a, "%s.distrib", p.path);
	if (!dirs.site || !dirs.vendor || !real)
		return NULL;
	if (runtime_find(n->a, &dirs, runtime, &r, &why) == 0)
		for (const char *const *path = r.paths; *path; path++)
			if (strcmp(*path, real) == 0)
				return p.path;
	*ret_why = arena_printf(n->a, "add \"%s\" to the \"paths\" of " RUNVET_SITE "/runtimes.d/%s.json first", real,
		runtime);
	return NULL;
}

static bool same_file(int in, const char *name, const char *other)
{
	struct stat a, b;

	return fstatat(in, name, &a, AT_SYMLINK_NOFOLLOW) == 0 && fstatat(in, other, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
		a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/* The path becomes a link to runvet. */
static int take_over(int in, const char *name, const char *binary, const char *new)
{
	(void)unlinkat(in, new, 0);
	if (symlinkat(binary, in, new) < 0)
		return -errno;
	if (renameat(in, new, in, name) < 0 || fsync(in) < 0)
		return -errno;
	return 0;
}

int divert_make(struct ledger *l, const char **ret_why)
{
	const char *name, *real;
	cleanup_close int in = place_parent(l->node, l->path, &name);
	const char *new = arena_printf(l->node->a, ".%s.runvet-new", name);

	real = arena_printf(l->node->a, "%s.distrib", name);
	*ret_why = "its directory cannot be opened";
	if (in < 0 || !new || !real)
		return in < 0 ? in : -ENOMEM;
	if (divert_holds(l))
		return 0;
	*ret_why = "dpkg-divert could not be told";
	int r = l->dpkg ? tell_dpkg(l, true) : 0;
	if (r < 0)
		return r;
	*ret_why = arena_printf(l->node->a, "%s.distrib could not be made", l->path);
	if (linkat(in, name, in, real, 0) < 0) {
		const int code = -errno;
		if (code != -EEXIST)
			return code;
		/* From an earlier try it is the same file; anything else is somebody's own. */
		if (!same_file(in, name, real)) {
			*ret_why = arena_printf(l->node->a, "there is another %s.distrib already", l->path);
			return code;
		}
	}
	if (fsync(in) < 0)
		return -errno;
	*ret_why = "the link could not be put in its place";
	return take_over(in, name, l->binary, new);
}

int divert_undo(struct ledger *l, bool force, const char **ret_why)
{
	const char *name;
	struct stat other;
	cleanup_close int in = place_parent(l->node, l->path, &name);
	const char *real = arena_printf(l->node->a, "%s.distrib", name);
	const char *new = arena_printf(l->node->a, ".%s.runvet-new", name);

	*ret_why = "its directory cannot be opened";
	if (in < 0 || !real || !new)
		return in < 0 ? in : -ENOMEM;
	(void)unlinkat(in, new, 0);
	if (divert_holds(l)) {
		*ret_why = "the real one could not be put back";
		if (renameat(in, real, in, name) < 0)
			return -errno;
	} else if (fstatat(in, real, &other, AT_SYMLINK_NOFOLLOW) == 0) {
		/* Stopped before the path was taken over: one file with two names. Else somebody put another there. */
		const bool same = same_file(in, name, real);
		*ret_why = arena_printf(l->node->a,
			"%s is no longer the link that install put there; --force leaves it and removes %s.distrib",
			l->path, l->path);
		if (!same && !force)
			return -EBUSY;
		if (unlinkat(in, real, 0) < 0)
			return -errno;
	}
	if (fsync(in) < 0)
		return -errno;
	*ret_why = "dpkg-divert could not be told";
	return l->dpkg ? tell_dpkg(l, false) : 0;
}
