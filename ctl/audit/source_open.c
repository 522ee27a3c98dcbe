/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding the files of a chain, and opening them before the first is read: who rotates meanwhile renames what is open
 * here, and takes nothing away.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/sink.h"
#include "ctl/audit/point.h"
#include "ctl/audit/source_chain.h"
#include "validate/base/fd.h"

#define NAMES_MEMORY ((size_t)1 << 20)
#define OPEN_TRIES 10
#define PARTS_MOST 1024u

static bool digits_only(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static int is_rotated(const struct dirent *e)
{
	return strcmp(e->d_name, "chain") == 0 || (strncmp(e->d_name, "chain.", 6) == 0 && digits_only(e->d_name + 6));
}

static int is_merged(const struct dirent *e)
{
	const size_t len = strlen(e->d_name);
	return strncmp(e->d_name, "merged-", 7) == 0 && len > 13 && strcmp(e->d_name + len - 6, ".jsonl") == 0;
}

void parts_drop(struct parts *p, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)fd_close(p->list[i].fd);
	if (count > 0)
		memmove(p->list, p->list + count, (p->count - count) * sizeof(*p->list));
	p->count -= count;
}

void parts_done(struct parts *p)
{
	parts_drop(p, p->count);
	free(p->list);
	p->list = NULL;
	p->room = 0;
}

static int make_room(struct parts *p)
{
	const size_t room = p->room ? p->room * 2 : 16;

	if (p->count < p->room)
		return 0;
	struct part *more = room <= PARTS_MOST ? reallocarray(p->list, room, sizeof(*more)) : NULL;
	if (!more)
		return -ENOMEM;
	p->list = more;
	p->room = room;
	return 0;
}

/* Opens one file; `since`: those written last before that hold nothing. 0 also where it is gone; else complains. */
static int parts_add(struct parts *p, int dir, const char *name, const struct timespec *since)
{
	struct part one = { 0 };
	struct stat st;

	one.path = p->dir ? arena_printf(p->names, "%s/%s", p->dir, name) : arena_copy(p->names, bytes_of(name));
	if (!one.path || make_room(p) < 0)
		return trouble("no memory"), -ENOMEM;
	one.fd = fd_open(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | (p->dir ? O_NOFOLLOW : 0), 0);
	if (one.fd == -ENOENT && p->dir)
		return 0;
	if (one.fd < 0) {
		(void)trouble("%s cannot be read: %s", one.path, errno_words(one.fd));
		return one.fd;
	}
	if (fstat(one.fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)trouble("%s is no regular file", one.path);
		(void)fd_close(one.fd);
		return -ENOTSUP;
	}
	one.inode = p->newest = st.st_ino;
	if (since->tv_sec > 0 && st.st_mtim.tv_sec + 1 < since->tv_sec)
		(void)lseek(one.fd, 0, SEEK_END);
	else
		p->total += (uint64_t)st.st_size;
	p->list[p->count++] = one;
	return 0;
}

/* Whether what is called `chain` still is what was opened last. */
static bool parts_current(const struct parts *p, int dir)
{
	struct stat st;

	if (fstatat(dir, "chain", &st, AT_SYMLINK_NOFOLLOW) < 0)
		return true;
	return p->newest == st.st_ino;
}

static int add_all(struct parts *p, int dir, const struct timespec *since)
{
	struct dirent **names = NULL;
	const int n = scandirat(dir, ".", &names, is_rotated, versionsort);
	int r = n < 0 ? -errno : 0;

	if (r < 0)
		(void)trouble("%s cannot be read: %s", p->dir, errno_words(r));
	/* "chain", "chain.1", "chain.2" …: from the end. */
	for (int i = n; r == 0 && i-- > 0;)
		r = parts_add(p, dir, names[i]->d_name, since);
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return r;
}

/*
 * Opens the rotated files, oldest first, and the one that is written. A rotation meanwhile takes nothing away. 0 or a
 * negative errno, complained of.
 */
static int parts_open(struct parts *p, int dir, const struct timespec *since)
{
	int r = 0;

	for (int i = 0; i < OPEN_TRIES; i++) {
		parts_drop(p, p->count);
		p->total = 0;
		r = add_all(p, dir, since);
		if (r < 0 || parts_current(p, dir))
			break;
	}
	return r;
}

/* Hands the parts to a source of their own. */
static int add_source(const struct query *q, struct parts *p, struct arena *names, struct sources *to)
{
	const unsigned long before = q->point ? point_skip(q->point, p) : 0;
	struct source *s = chain_source(q, p, names, before);

	if (!s)
		return -ENOMEM;
	to->list[to->count++] = s;
	return 0;
}

/* One chain, with a name's memory of its own: `one` names a file, NULL is the chain with what was rotated out of it. */
static int open_chain(const struct query *q, const char *path, int dir, const char *one, struct sources *to)
{
	struct arena names;
	int r = 0;

	if (to->count == SOURCES_MOST)
		return trouble("%s holds more chains than can be read at once", path), -EMFILE;
	arena_init(&names, NAMES_MEMORY);
	struct parts p = { .names = &names };
	if (dir != AT_CWD)
		p.dir = arena_copy(&names, bytes_of(path));
	if (dir != AT_CWD && !p.dir)
		r = -ENOMEM;
	if (r == 0)
		r = one ? parts_add(&p, dir, one, &q->since) : parts_open(&p, dir, &q->since);
	if (r == 0)
		return add_source(q, &p, &names, to);
	parts_done(&p);
	arena_done(&names);
	return r;
}

static int open_directory(const struct query *q, const char *path, struct sources *to)
{
	cleanup_close int dir = fd_open(AT_CWD, path, O_RDONLY | O_DIRECTORY, 0);
	struct dirent **names = NULL;

	if (dir == -ENOTDIR && q->directory)
		return open_chain(q, path, AT_CWD, path, to);
	if (dir == -ENOENT && !q->directory)
		return 0;
	if (dir < 0) {
		(void)trouble("%s cannot be read: %s", path, errno_words(dir));
		return dir;
	}
	int r = open_chain(q, path, dir, NULL, to);
	const int n = scandirat(dir, ".", &names, is_merged, versionsort);
	for (int i = 0; i < n; i++) {
		r = r < 0 ? r : open_chain(q, path, dir, names[i]->d_name, to);
		free(names[i]);
	}
	free(names);
	return r;
}

size_t source_chain_places(const struct query *q, struct arena *a, const char *ret[static 2])
{
	struct places places;

	if (q->directory) {
		ret[0] = q->directory;
		return 1;
	}
	if (places_default(a, NULL, &places) < 0)
		return 0;
	ret[0] = places.log_dir;
	ret[1] = places.run_dir;
	return strcmp(places.log_dir, places.run_dir) == 0 ? 1 : 2;
}

int source_chain_open(const struct query *q, struct sources *to)
{
	const char *dirs[2];
	struct arena a;
	int r = 0;

	arena_init(&a, NAMES_MEMORY);
	const size_t n = source_chain_places(q, &a, dirs);
	if (n == 0)
		r = -ENOMEM;
	for (size_t i = 0; i < n && r == 0; i++)
		r = open_directory(q, dirs[i], to);
	if (r == -ENOMEM)
		(void)trouble("no memory");
	arena_done(&a);
	return r;
}

void sources_done(struct sources *all)
{
	for (size_t i = 0; i < all->count; i++)
		all->list[i]->done(all->list[i]);
	all->count = 0;
}
