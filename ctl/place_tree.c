/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/place_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/listing.h"

#define DEPTH_MOST 8u
#define COUNT_MOST 4096u

struct copying {
	bool (*skip)(const char *name);
	unsigned depth, count;
	struct fail *reterr;
};

static int refused(const struct copying *c, int code, const char *name, const char *says)
{
	return fail(c->reterr, code, CAUSE_POLICY, "", "%s %s", name, says);
}

static int copy_bytes(int from, int to)
{
	char buffer[1 << 14];
	size_t sum = 0;
	ssize_t n;

	while ((n = read(from, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		sum += (size_t)n;
		const int r = sum > LIMIT_DOC_BYTES ? -EFBIG
						    : fd_write_all(to, (struct bytes){ buffer, (size_t)n }, NULL);
		if (r < 0)
			return r;
	}
	return 0;
}

static int copy_file(const struct copying *c, int from, int to, const char *name)
{
	cleanup_close int in = fd_open(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	cleanup_close int out = in < 0 ? in : fd_open(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
	int r = out;

	if (out == -EEXIST)
		return 0;
	if (r >= 0)
		r = copy_bytes(in, out);
	if (r == 0 && (fchmod(out, 0644) < 0 || fsync(out) < 0))
		r = -errno;
	return r < 0 ? refused(c, r, name, errno_words(r)) : 0;
}

static int copy_directory(struct copying *c, int from, int to);

static int copy_below(struct copying *c, int from, int to, const char *name)
{
	if (mkdirat(to, name, 0755) < 0 && errno != EEXIST)
		return refused(c, -errno, name, "cannot be made");
	cleanup_close int in = fd_open(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	cleanup_close int out = in < 0 ? in : fd_open(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (out < 0)
		return refused(c, out, name, errno_words(out));
	if (fchmod(out, 0755) < 0)
		return refused(c, -errno, name, "cannot be given its mode");
	return copy_directory(c, in, out);
}

static int copy_entry(struct copying *c, int from, int to, const char *name)
{
	struct stat st;

	if (++c->count > COUNT_MOST)
		return refused(c, -EFBIG, name, "is one file too many");
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return refused(c, -errno, name, "cannot be looked at");
	if (S_ISREG(st.st_mode))
		return copy_file(c, from, to, name);
	if (!S_ISDIR(st.st_mode))
		return refused(c, -ENOTSUP, name, "is neither a regular file nor a directory");
	return c->depth >= DEPTH_MOST ? refused(c, -EFBIG, name, "lies too deep") : copy_below(c, from, to, name);
}

/* NOLINTNEXTLINE(misc-no-recursion): DEPTH_MOST deep. */
static int copy_directory(struct copying *c, int from, int to)
{
	cleanup_close int again = fd_open(from, ".", O_RDONLY | O_DIRECTORY, 0);
	uint64_t room[LISTING_FEW];
	struct listing l = { .fd = again, .room = room, .size = sizeof(room) };
	const char *name;
	int r = 0;

	if (again < 0)
		return refused(c, -EIO, "a directory", "cannot be read");
	c->depth++;
	while (r == 0 && (name = listing_next(&l)))
		if (!(c->depth == 1 && c->skip && c->skip(name)))
			r = copy_entry(c, from, to, name);
	c->depth--;
	if (r == 0 && l.code < 0)
		r = refused(c, l.code, "a directory", "cannot be read");
	if (r == 0 && fsync(to) < 0)
		r = refused(c, -errno, "a directory", "cannot be brought to disk");
	return r;
}

int tree_copy(int from, int to, bool (*skip)(const char *name), struct fail *reterr)
{
	struct copying c = { .skip = skip, .reterr = reterr };
	return copy_directory(&c, from, to);
}

/* NOLINTNEXTLINE(misc-no-recursion): what is removed was copied, and is DEPTH_MOST deep. */
static int remove_below(int at, const char *name, unsigned depth)
{
	cleanup_close int dir = fd_open(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	uint64_t room[LISTING_FEW];
	struct listing l = { .fd = dir, .room = room, .size = sizeof(room) };
	const char *each;
	int r = 0;

	if (dir < 0)
		return dir;
	if (depth > 2 * DEPTH_MOST)
		r = -EIO;
	while (r == 0 && (each = listing_next(&l))) {
		r = unlinkat(dir, each, 0) < 0 ? -errno : 0;
		if (r == -EISDIR)
			r = remove_below(dir, each, depth + 1);
	}
	if (r == 0 && unlinkat(at, name, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

int tree_remove(int at, const char *name)
{
	const int r = remove_below(at, name, 0);
	return r == -ENOENT ? 0 : r;
}
