/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choice is made from files of root's, the note of the container and the name we were called by; never from PATH,
 * the environment or an option. A judged verb gets a delegate that is beyond doubt or none. The other verbs get the
 * best that can be had, whatever is broken, except ourselves: that would never end.
 */
#include "shim/delegate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "shim/elfnote.h"
#include "validate/base/fd.h"

#define OURS "runvet"

static const char *base_of(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	return slash ? slash + 1 : path;
}

const char *called_name(char *const argv[])
{
	const char *file = (const char *)getauxval(AT_EXECFN); /* NOLINT(performance-no-int-to-ptr): the kernel's way */
	const bool descriptor = file && (strncmp(file, "/dev/fd/", 8) == 0 || strncmp(file, "/proc/", 6) == 0);
	const char *name = descriptor ? NULL : base_of(file);
	if (name && *name && strcmp(name, OURS) != 0)
		return name;
	name = base_of(argv[0]);
	return name && *name ? name : OURS;
}

/* By the noted name, the called one, the default. The first that exists decides, broken or not. */
static int find_runtime(struct arena *a, const struct runtimes_dirs *dirs, const char *const names[2],
	struct runtime *ret, struct fail *reterr)
{
	for (size_t i = 0; i < 2; i++) {
		if (!names[i] || strcmp(names[i], OURS) == 0)
			continue;
		int e = runtime_find(a, dirs, names[i], ret, reterr);
		if (e != -ENOENT)
			return e;
	}
	return runtime_default(a, dirs, ret, reterr);
}

static bool is_ourselves(const struct stat *st)
{
	struct stat own;
	return stat("/proc/self/exe", &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

/* The first candidate that is there, ourselves among them: to a judged verb a ring is named, not stepped over. */
static const char *first_candidate(const struct runtime *r)
{
	struct stat st;
	for (const char *const *path = r->paths; path && *path; path++)
		if (stat(*path, &st) == 0 && S_ISREG(st.st_mode) && access(*path, X_OK) == 0)
			return *path;
	return NULL;
}

/* All that has to be so before a judged verb is handed on, asked of one descriptor. */
static int beyond_doubt(const char *path, int fd, struct fail *reterr)
{
	struct stat st;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return fail(reterr, -EACCES, CAUSE_RUNTIMES, "runtime.owner", "%s is no regular file", path);
	if (is_ourselves(&st))
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"%s is runvet itself; name the real runtime in " RUNVET_SITE "/runtimes.d", path);
	const bool writable = !(faccessat(fd, "", W_OK, AT_EACCESS | AT_EMPTY_PATH) < 0);
	if (st.st_uid != geteuid() && !owner_is_root(st.st_uid, st.st_uid != 0 && writable))
		return fail(reterr, -EPERM, CAUSE_RUNTIMES, "runtime.owner",
			"%s belongs neither to root nor to the user who runs this", path);
	if (st.st_mode & S_IWOTH)
		return fail(reterr, -EPERM, CAUSE_RUNTIMES, "runtime.owner", "others may write to %s", path);
	if (elfnote_present(fd))
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"%s is a copy of runvet; name the real runtime in " RUNVET_SITE "/runtimes.d", path);
	return 0;
}

int delegate_vet(const struct delegate *d, struct fail *reterr)
{
	if (!d->runtime.name)
		return fail(reterr, -ENOENT, CAUSE_RUNTIMES, "runtime.installed",
			"no runtime is installed; name one in " RUNVET_SITE "/runtimes.d");
	if (d->path[0] == '\0')
		return fail(reterr, -ENOENT, CAUSE_RUNTIMES, "runtime.installed",
			"%s is in none of its places; name where it is in " RUNVET_SITE "/runtimes.d/%s.json",
			d->runtime.name, d->runtime.name);
	int fd = fd_open(AT_CWD, d->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	/* A binary may be --x only: then its owner is asked all the same, and it bears no note that we could read. */
	if (fd == -EACCES)
		fd = fd_open(AT_CWD, d->path, O_PATH, 0);
	if (fd < 0)
		return fail(reterr, fd, CAUSE_RUNTIMES, "runtime.installed", "%s cannot be opened: %s", d->path,
			errno_words(fd));
	const int e = beyond_doubt(d->path, fd, reterr);
	(void)fd_close(fd);
	return e;
}

static int vet(const struct delegate *d, const struct note *note, struct fail *reterr)
{
	const int e = delegate_vet(d, reterr);
	if (e == 0 && note && note->pid == getpid() && note->pid_started &&
		note->pid_started == process_started(getpid()))
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"this very process has been through runvet for this container: %s leads back here", d->path);
	return e;
}

/* Fills all but the path of an entry's own. */
static int find(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
	struct delegate *ret, struct fail *reterr)
{
	const bool noted = note && note->delegate && runtime_can_run(note->delegate);
	const char *const names[2] = { note ? note->runtime : NULL, called_name(argv) };

	*ret = (struct delegate){ .path = noted ? note->delegate : "", .from_note = noted };
	const int e = find_runtime(a, dirs, names, &ret->runtime, reterr);
	/* The entry that made the container is gone: another one's grammar would be a guess, the note knows. */
	const bool gone = noted && note->runtime && note->dialect &&
		!(ret->runtime.name && strcmp(ret->runtime.name, note->runtime) == 0);
	const struct dialect *spoken = gone ? dialect_find(note->dialect) : NULL;
	if (!spoken)
		return e;
	ret->runtime = (struct runtime){ .name = note->runtime, .dialect = spoken };
	return 0;
}

static void set_path(struct delegate *d, const char *path)
{
	struct stat st;

	if (!d->from_note)
		d->path = path ? path : "";
	if (d->path[0] && stat(d->path, &st) == 0)
		d->identity = identity_of(&st);
}

void delegate_at(struct delegate *d, const struct runtime *r)
{
	*d = (struct delegate){ .runtime = *r, .path = "" };
	set_path(d, first_candidate(r));
}

int delegate_find(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
	struct delegate *ret)
{
	return find(a, dirs, argv, note, ret, NULL);
}

void delegate_settle(struct delegate *d)
{
	/* The note's was looked at when it was found. */
	set_path(d, d->from_note ? NULL : runtime_installed(&d->runtime));
}

int delegate_guess(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
	struct delegate *ret)
{
	const int e = delegate_find(a, dirs, argv, note, ret);

	delegate_settle(ret);
	return e == 0 && ret->path[0] == '\0' ? -ENOENT : e;
}

int delegate_choose(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
	struct delegate *ret, struct fail *reterr)
{
	int e = find(a, dirs, argv, note, ret, reterr);

	/* That there is none at all is what vet says better. */
	if (e == 0 || e == -ENOENT) {
		set_path(ret, first_candidate(&ret->runtime));
		e = vet(ret, note, reterr);
	}
	/* A process that came round has been everywhere its delegate leads: there is nowhere left to send it. */
	if (e == -ELOOP && ret->from_note)
		ret->path = "";
	else if (e < 0)
		set_path(ret, runtime_installed(&ret->runtime));
	return e;
}

int delegate_exec(const struct delegate *d, char *const argv[], char *const envp[])
{
	size_t n = 0;
	while (argv[n])
		n++;
	const char **words = calloc((n > 0 ? n : 1) + 1, sizeof(*words));
	if (!words)
		return -ENOMEM;
	words[0] = d->runtime.argv0 ? d->runtime.argv0 : d->path;
	for (size_t i = 1; i < n; i++)
		words[i] = argv[i];
	/* execve takes char *const * for history's sake and writes to none of them. */
	union {
		const char **ours;
		char *const *theirs;
	} as = { .ours = words };
	(void)execve(d->path, as.theirs, envp);
	int e = -errno;
	free(words);
	return e;
}
