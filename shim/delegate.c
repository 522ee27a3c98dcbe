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
#include <unistd.h>

#include "config.h"
#include "shim/candidate.h"
#include "validate/base/fd.h"
#include "validate/base/scratch.h"

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

/* All that has to be so before a judged verb is handed on, asked of one descriptor. */
static int beyond_doubt(const char *path, const struct candidate *c, struct fail *reterr)
{
	const struct stat *st = &c->st;
	if (!S_ISREG(st->st_mode))
		return fail(reterr, -EACCES, CAUSE_RUNTIMES, "runtime.owner", "%s is no regular file", path);
	const enum ring ring = candidate_ring(c);
	if (ring == RING_SELF)
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"%s is runvet itself; name the real runtime in " RUNVET_SITE "/runtimes.d", path);
	if (st->st_uid != 0 && st->st_uid != geteuid() && !owner_is_root(st->st_uid, fd_writable(c->fd)))
		return fail(reterr, -EPERM, CAUSE_RUNTIMES, "runtime.owner",
			"%s belongs neither to root nor to the user who runs this", path);
	if (st->st_mode & S_IWOTH)
		return fail(reterr, -EPERM, CAUSE_RUNTIMES, "runtime.owner", "others may write to %s", path);
	if (ring == RING_COPY)
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"%s is a copy of runvet; name the real runtime in " RUNVET_SITE "/runtimes.d", path);
	return 0;
}

/* What delegate_vet asks of the entry, and of the file behind it, which is open if there is one. */
static int vet_opened(const struct delegate *d, const struct candidate *c, struct fail *reterr)
{
	if (!d->runtime.name)
		return fail(reterr, -ENOENT, CAUSE_RUNTIMES, "runtime.installed",
			"no runtime is installed; name one in " RUNVET_SITE "/runtimes.d");
	if (d->path[0] == '\0')
		return fail(reterr, -ENOENT, CAUSE_RUNTIMES, "runtime.installed",
			"%s is in none of its places; name where it is in " RUNVET_SITE "/runtimes.d/%s.json",
			d->runtime.name, d->runtime.name);
	return beyond_doubt(d->path, c, reterr);
}

int delegate_vet(const struct delegate *d, struct fail *reterr)
{
	struct candidate c = { .fd = -1 };
	const int opened = d->runtime.name && d->path[0] ? candidate_open(d->path, &c) : 0;

	if (opened < 0)
		return fail(reterr, opened, CAUSE_RUNTIMES, "runtime.installed", "%s cannot be opened: %s", d->path,
			errno_words(opened));
	const int e = vet_opened(d, &c, reterr);
	candidate_close(&c);
	return e;
}

static int vet(const struct delegate *d, const struct candidate *c, const struct note *note, struct fail *reterr)
{
	const int e = vet_opened(d, c, reterr);
	if (e == 0 && note && note->pid == getpid() && note->pid_started &&
		note->pid_started == process_started(getpid()))
		return fail(reterr, -ELOOP, CAUSE_RUNTIMES, "runtime.ring",
			"this very process has been through runvet for this container: %s leads back here", d->path);
	return e;
}

static void take(struct delegate *d, const char *path, const struct candidate *c)
{
	d->path = path ? path : "";
	if (path)
		d->identity = identity_of(&c->st);
}

/* The noted file, if it can be run: that one it is, and it stays open in *file. */
static void find_noted(const struct note *note, struct delegate *ret, struct candidate *file)
{
	*file = (struct candidate){ .fd = -1 };
	*ret = (struct delegate){ .path = "" };
	if (!note || !note->delegate || !candidate_fit(note->delegate, file))
		return;
	take(ret, note->delegate, file);
	ret->from_note = true;
}

/* Fills all but the path of an entry's own. */
static int find_entry(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
	struct delegate *ret, struct fail *reterr)
{
	const char *const names[2] = { note ? note->runtime : NULL, called_name(argv) };
	const int e = find_runtime(a, dirs, names, &ret->runtime, reterr);
	/* The entry that made the container is gone: another one's grammar would be a guess, the note knows. */
	const bool gone = note && ret->from_note && note->runtime && note->dialect &&
		!(ret->runtime.name && strcmp(ret->runtime.name, note->runtime) == 0);
	const struct dialect *spoken = gone ? dialect_find(note->dialect) : NULL;
	if (!spoken)
		return e;
	ret->runtime = (struct runtime){ .name = note->runtime, .dialect = spoken };
	return 0;
}

void delegate_at(struct delegate *d, const struct runtime *r)
{
	struct candidate c;

	*d = (struct delegate){ .runtime = *r };
	/* Ourselves among them: who looks closer names a ring and does not step over it. */
	take(d, candidate_first(r, true, &c), &c);
	candidate_close(&c);
}

int delegate_find(struct arena *a, const struct runtimes_dirs *dirs, char *const argv[], const struct note *note,
	struct delegate *ret)
{
	struct candidate noted;

	find_noted(note, ret, &noted);
	candidate_close(&noted);
	return find_entry(a, dirs, argv, note, ret, NULL);
}

void delegate_settle(struct delegate *d)
{
	struct candidate c;

	if (d->from_note)
		return;
	take(d, candidate_first(&d->runtime, false, &c), &c);
	candidate_close(&c);
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
	struct candidate c;

	find_noted(note, ret, &c);
	int e = find_entry(a, dirs, argv, note, ret, reterr);
	/* That there is none at all is what vet says better; and to a judged verb a ring is named, not stepped over. */
	if (e == 0 || e == -ENOENT) {
		if (!ret->from_note)
			take(ret, candidate_first(&ret->runtime, true, &c), &c);
		e = vet(ret, &c, note, reterr);
	}
	candidate_close(&c);
	/* A process that came round has been everywhere its delegate leads: there is nowhere left to send it. */
	if (e == -ELOOP && ret->from_note)
		ret->path = "";
	else if (e < 0)
		delegate_settle(ret);
	return e;
}

int delegate_exec(const struct delegate *d, char *const argv[], char *const envp[])
{
	size_t n = 0;
	while (argv[n])
		n++;
	struct scratch s;
	const char **words = scratch(&s, (n > 0 ? n : 1) + 1, sizeof(*words));
	if (!words)
		return -ENOMEM;
	words[0] = d->runtime.argv0 ? d->runtime.argv0 : d->path;
	for (size_t i = 1; i < n; i++)
		words[i] = argv[i];
	words[n > 0 ? n : 1] = NULL;
	/* execve takes char *const * for history's sake and writes to none of them. */
	union {
		const char **ours;
		char *const *theirs;
	} as = { .ours = words };
	(void)execve(d->path, as.theirs, envp);
	int e = -errno;
	scratch_end(&s);
	return e;
}
