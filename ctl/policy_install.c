/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvetctl policy install: from one policy to the next, in one step. All of the new directory is written beside the
 * old one, brought to disk and read as runvet will read it; then the two change places by one system call. So a call
 * that comes at any moment, or a machine that stops at any moment, has the old policy or the new one, never parts of
 * both and never none.
 *
 * What lies beside the policy in the old directory (runtimes.d) is taken along. MARK tells, after a stop, whether the
 * directory of the STAGED name is one that never got into place (it has the mark, and is removed) or the old one that
 * was put out of it (it has none, and becomes the previous one).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "ctl/option.h"
#include "ctl/place_tree.h"
#include "ctl/policy.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"

#define MARK ".runvet-staged"

struct install {
	const char *from, *to; /* directories */
	bool force, undo;
	struct arena arena;
	int parent;                           /* where `to` is, and is changed */
	const char *name, *staged, *previous; /* in there */
	const char *staged_path;
};

static bool is_there(const struct install *x, const char *name)
{
	struct stat st;
	return fstatat(x->parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static const char *mark_of(struct install *x, const char *name)
{
	return arena_printf(&x->arena, "%s/" MARK, name);
}

static int exchange(const struct install *x, const char *a, const char *b)
{
	if (renameat2(x->parent, a, x->parent, b, RENAME_EXCHANGE) == 0 && fsync(x->parent) == 0)
		return 0;
	const int r = -errno;
	if (r == -EINVAL || r == -ENOSYS || r == -EXDEV)
		(void)trouble("the file system of %s cannot exchange two directories, and anything else would leave a "
			      "moment without a policy",
			x->to);
	else
		(void)trouble("%s and %s cannot change places: %s", a, b, errno_words(r));
	return r;
}

/* The directory that was put out of its place becomes the previous one, and the one before that goes. */
static int keep_previous(struct install *x)
{
	const char *mark = mark_of(x, x->previous);

	if (!mark)
		return -ENOMEM;
	if (!is_there(x, x->previous))
		return renameat2(x->parent, x->staged, x->parent, x->previous, RENAME_NOREPLACE) < 0 ? -errno : 0;
	cleanup_close int fd = fd_open(x->parent, mark, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);
	int r = fd < 0 ? fd : exchange(x, x->staged, x->previous);
	if (r == 0)
		r = tree_remove(x->parent, x->staged);
	return r;
}

/* Finishes what an install that was stopped has left. */
static int recover(struct install *x)
{
	const char *in_place = mark_of(x, x->name), *staged = mark_of(x, x->staged);
	int r = in_place && staged ? 0 : -ENOMEM;

	if (r == 0 && unlinkat(x->parent, in_place, 0) < 0 && errno != ENOENT && errno != ENOTDIR)
		r = -errno;
	if (r == 0 && is_there(x, x->staged))
		r = is_there(x, staged) ? tree_remove(x->parent, x->staged) : keep_previous(x);
	return r < 0
		? trouble("what an earlier install left beside %s cannot be put in order: %s", x->to, errno_words(r))
		: CTL_GOOD;
}

/* Everything but the policy itself, and cases for it: runtimes.d, and what else a site keeps there. */
static bool of_policy(const char *name)
{
	static const char end[] = ".test.json";
	const size_t n = strlen(name), m = sizeof(end) - 1;
	return strcmp(name, "policy.json") == 0 || strcmp(name, "policy.d") == 0 || strcmp(name, MARK) == 0 ||
		(n > m && strcmp(name + n - m, end) == 0);
}

static bool is_mark(const char *name)
{
	return strcmp(name, MARK) == 0;
}

static int fill(struct install *x, int staged)
{
	cleanup_close int from = fd_open(AT_CWD, x->from, O_RDONLY | O_DIRECTORY, 0);
	cleanup_close int old = fd_open(x->parent, x->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	struct fail why = { 0 };

	if (from < 0)
		return trouble("%s cannot be read: %s", x->from, errno_words(from));
	if (old < 0 && old != -ENOENT)
		return trouble("%s: %s", x->to,
			old == -ENOTDIR || old == -ELOOP ? "it is no directory" : errno_words(old));
	if (tree_copy(from, staged, is_mark, &why) < 0)
		return trouble("%s: %s", x->from, why.says);
	if (old >= 0 && tree_copy(old, staged, of_policy, &why) < 0)
		return trouble("%s: %s", x->to, why.says);
	return CTL_GOOD;
}

/* The new directory, whole, beside the old one; marked before anything else is in it. */
static int stage(struct install *x)
{
	const char *mark = mark_of(x, x->staged);

	if (!mark || mkdirat(x->parent, x->staged, 0700) < 0)
		return trouble("%s cannot be made: %s", x->staged_path, errno_words(mark ? -errno : -ENOMEM));
	cleanup_close int dir = fd_open(x->parent, x->staged, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	cleanup_close int fd = dir < 0 ? dir : fd_open(dir, MARK, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return trouble("%s cannot be written: %s", x->staged_path, errno_words(fd));
	const int code = fill(x, dir);
	if (code != CTL_GOOD)
		return code;
	if (fchmod(dir, 0755) < 0 || fsync(dir) < 0)
		return trouble("%s cannot be brought to disk: %s", x->staged_path, errno_words(-errno));
	return CTL_GOOD;
}

/* Whether runvet would take it: as it is there, root's. */
static int sound(const char *directory)
{
	struct opened o = { 0 };
	const struct policy_fault *faults;
	struct policy p;
	int code = CTL_GOOD;

	arena_init(&o.arena, LIMIT_ARENA);
	o.path = arena_printf(&o.arena, "%s/policy.json", directory);
	if (!o.path || policy_look(&o.arena, o.path, false, &p, &faults) < 0) {
		o.faults = o.path ? faults : NULL;
		(void)policy_print_faults(&o);
		code = trouble("%s is not what runvet could use", directory);
	}
	policy_close(&o);
	return code;
}

/* Reads the policy as its author left it, and runs its cases. */
static int try_out(struct install *x)
{
	char verb[] = "test", *dir = arena_copy(&x->arena, bytes_of(x->from));
	char *argv[] = { verb, dir, NULL };
	struct opened o;

	if (!dir)
		return trouble("no memory");
	int code = policy_open(x->from, &o) < 0 ? CTL_FOUND : CTL_GOOD;
	if (code == CTL_FOUND)
		(void)policy_print_faults(&o);
	else if (!o.policy.present)
		code = trouble("there is no policy.json in %s", x->from);
	policy_close(&o);
	if (code != CTL_GOOD)
		return code;
	code = policy_test.run(2, argv);
	if (code == CTL_GOOD || x->force)
		return CTL_GOOD;
	(void)trouble("its own cases fail: nothing was installed (--force installs it all the same)");
	return code;
}

static int switch_over(struct install *x)
{
	if (!is_there(x, x->name)) {
		if (renameat2(x->parent, x->staged, x->parent, x->name, RENAME_NOREPLACE) < 0 || fsync(x->parent) < 0)
			return trouble("%s cannot be put in place: %s", x->to, errno_words(-errno));
	} else if (exchange(x, x->staged, x->name) < 0) {
		return CTL_USAGE;
	}
	return recover(x);
}

static int install(struct install *x)
{
	int code = try_out(x);
	if (code == CTL_GOOD)
		code = recover(x);
	if (code != CTL_GOOD)
		return code;
	code = stage(x);
	if (code == CTL_GOOD)
		code = sound(x->staged_path);
	if (code == CTL_GOOD)
		code = switch_over(x);
	if (code != CTL_GOOD) {
		(void)recover(x);
		return code;
	}
	return put(arena_printf(&x->arena, "installed in %s%s%s%s\n", x->to,
		is_there(x, x->previous) ? "; the previous one is " : "", is_there(x, x->previous) ? x->to : "",
		is_there(x, x->previous) ? ".previous (--undo)" : ""));
}

static int undo(struct install *x)
{
	int code = recover(x);
	if (code != CTL_GOOD)
		return code;
	if (!is_there(x, x->previous))
		return trouble("there is no previous policy beside %s", x->to);
	const char *path = arena_printf(&x->arena, "%s.previous", x->to);
	if (!x->force)
		code = path ? sound(path) : trouble("no memory");
	if (code == CTL_GOOD && exchange(x, x->previous, x->name) < 0)
		code = CTL_USAGE;
	return code != CTL_GOOD
		? code
		: put(arena_printf(&x->arena, "%s is what it was before; --undo again undoes that\n", x->to));
}

/* Names, and the parent directory locked: two installs at once would take each other's staging for rubbish. */
static int prepare(struct install *x)
{
	char *to = arena_copy(&x->arena, bytes_of(x->to)), *slash;

	while (to && strlen(to) > 1 && to[strlen(to) - 1] == '/')
		to[strlen(to) - 1] = '\0';
	slash = to ? strrchr(to, '/') : NULL;
	const char *parent = !slash ? "."
		: slash == to       ? "/"
				    : arena_copy(&x->arena, (struct bytes){ to, (size_t)(slash - to) });
	x->name = slash ? slash + 1 : to;
	if (!to || !parent)
		return trouble("no memory");
	if (!*x->name || strcmp(x->name, ".") == 0 || strcmp(x->name, "..") == 0)
		return usage(&verb_policy, "%s cannot be exchanged: name a directory", x->to);
	x->to = to;
	x->staged = arena_printf(&x->arena, ".%s.staged", x->name);
	x->previous = arena_printf(&x->arena, "%s.previous", x->name);
	x->staged_path = arena_printf(&x->arena, "%s/%s", parent, x->staged);
	if (!x->staged || !x->previous || !x->staged_path)
		return trouble("no memory");
	x->parent = fd_open(AT_CWD, parent, O_RDONLY | O_DIRECTORY, 0);
	if (x->parent < 0)
		return trouble("%s cannot be opened: %s", parent, errno_words(x->parent));
	return flock(x->parent, LOCK_EX | LOCK_NB) < 0 ? trouble("another install is under way in %s", parent)
						       : CTL_GOOD;
}

static int run(int argc, char **argv)
{
	struct install x = { .to = RUNVET_SITE, .parent = -1 };
	const struct option options[] = {
		{ .name = "--to", .value = &x.to },
		{ .name = "--force", .flag = &x.force },
		{ .name = "--undo", .flag = &x.undo },
		{ 0 },
	};
	const int count = options_read(&verb_policy, options, argc, argv);

	if (count < 0)
		return CTL_USAGE;
	if (count > 1)
		return usage(&verb_policy, "install takes one directory, got %s as well", argv[2]);
	x.from = count > 0 ? argv[1] : NULL;
	if (x.undo == (x.from != NULL))
		return usage(&verb_policy, x.undo ? "--undo takes no directory" : "install takes a directory");
	if (geteuid() != 0)
		return trouble("a policy is root's: only root can install one");
	arena_init(&x.arena, LIMIT_ARENA);
	int code = prepare(&x);
	if (code == CTL_GOOD)
		code = x.undo ? undo(&x) : install(&x);
	(void)fd_close(x.parent);
	arena_done(&x.arena);
	return code;
}

const struct subverb policy_install = { .name = "install", .summary = "put a policy in place in one step", .run = run };
