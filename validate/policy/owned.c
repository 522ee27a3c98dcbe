/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk, one step at a time, because every step has an owner. A symlink (/var/run is one) is put in place of its name
 * and the walk begins again: what lies before it has been walked and holds none, so that ".." in it can be taken
 * literally. The sticky bit counts, since what root has in /var/tmp nobody else can rename.
 */
#include "validate/policy/owned.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/text.h"

#define LINKS_MOST 8u

static bool roots(const struct stat *st)
{
	const bool shared = (st->st_mode & S_IWOTH) || ((st->st_mode & S_IWGRP) && st->st_gid != 0);

	return st->st_uid == 0 && (S_ISLNK(st->st_mode) || !shared || (st->st_mode & S_ISVTX));
}

/* The next name of *path; empty at its end. */
static struct bytes next_name(struct bytes *path)
{
	struct bytes name;

	while (path->len > 0 && path->data[0] == '/')
		*path = (struct bytes){ path->data + 1, path->len - 1 };
	const char *slash = path->len ? memchr(path->data, '/', path->len) : NULL;
	name = (struct bytes){ path->data, slash ? (size_t)(slash - path->data) : path->len };
	*path = (struct bytes){ path->data + name.len, path->len - name.len };
	return name;
}

static void drop_name(struct text *t)
{
	while (t->len > 0 && t->data[t->len - 1] != '/')
		t->len--;
	if (t->len > 0)
		t->len--;
	t->data[t->len] = '\0';
}

/* `walked` (no symlink in it), then what a link there says, then the rest: as one path without "." and "..". */
static const char *with_link(struct arena *a, const char *walked, struct bytes link, struct bytes rest)
{
	struct text t = text_growing(a);

	if (link.data[0] != '/')
		text_add(&t, walked);
	struct bytes name;
	while ((name = next_name(&link)).len > 0) {
		if (bytes_is(name, ".."))
			drop_name(&t);
		else if (!bytes_is(name, ".")) {
			text_char(&t, '/');
			text_bytes(&t, name);
		}
	}
	text_bytes(&t, rest);
	return t.cut ? NULL : t.data;
}

/* What the link `name` in `dir` says; empty when it cannot be read. */
static struct bytes read_link(struct arena *a, int dir, const char *name)
{
	char *to = arena_alloc(a, PATH_MAX);
	const ssize_t n = to ? readlinkat(dir, name, to, PATH_MAX) : -1;

	return (struct bytes){ to, n > 0 && n < PATH_MAX ? (size_t)n : 0 };
}

/*
 * One walk. 0 with *ret_again NULL: ret->path leads where `path` does, over no symlink; or 0 with another path to walk
 * instead; or a negative errno. Each name is looked at by its whole path: what somebody exchanges meanwhile lies in a
 * directory that is his to write, and then nothing is proved in any case.
 */
static int walk(struct arena *a, int root, const char *path, struct owned *ret, const char **ret_again)
{
	struct bytes rest = bytes_of(path), name;
	struct text walked = text_growing(a);
	struct stat st;

	if (fstat(root, &st) < 0)
		return -errno;
	ret->own = roots(&st);
	while ((name = next_name(&rest)).len > 0) {
		const size_t before = walked.len;
		if (bytes_is(name, "."))
			continue;
		if (bytes_is(name, ".."))
			return -EINVAL;
		text_char(&walked, '/');
		text_bytes(&walked, name);
		ret->place = ret->place && ret->own;
		if (walked.cut)
			return -ENOMEM;
		if (fstatat(root, walked.data + 1, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		ret->own = roots(&st);
		if (!S_ISLNK(st.st_mode))
			continue;
		const struct bytes link = read_link(a, root, walked.data + 1);
		ret->place = ret->place && ret->own;
		walked.data[before] = '\0';
		*ret_again = link.len > 0 ? with_link(a, walked.data, link, rest) : NULL;
		return *ret_again ? 0 : -EINVAL;
	}
	ret->path = walked.len ? walked.data : "/";
	return 0;
}

int owned_open(struct arena *a, int root, const char *path, struct owned *ret)
{
	int r = -ELOOP;

	*ret = (struct owned){ .place = true };
	if (root < 0 || !path || path[0] != '/' || strlen(path) >= PATH_MAX)
		return -EINVAL;
	for (unsigned links = 0; links < LINKS_MOST; links++) {
		const char *again = NULL;
		r = walk(a, root, path, ret, &again);
		if (r < 0 || !again)
			break;
		path = again;
		r = -ELOOP;
	}
	if (r == 0)
		r = fd_open(root, ret->path[1] ? ret->path + 1 : ".", O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
	if (r < 0)
		*ret = (struct owned){ 0 };
	ret->own = ret->own && ret->place;
	return r;
}
