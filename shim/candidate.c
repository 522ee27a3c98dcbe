/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The places of a runtime are root's words, so that one is opened before it is asked what it is does no harm. Whether
 * it is ourselves its ELF note tells: the file that runs bears it like every copy of it. Only of what may not be read
 * device and inode have to say that, and else which words a refusal takes.
 */
#include "shim/candidate.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "shim/elfnote.h"
#include "validate/base/fd.h"

int candidate_open(const char *path, struct candidate *ret)
{
	struct candidate c = { .fd = fd_open(AT_CWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0) };

	/* A binary may be --x only: then its owner is asked all the same, and it bears no note that we could read. */
	c.unreadable = c.fd < 0 && c.fd != -ENOENT && c.fd != -ENOTDIR;
	if (c.unreadable)
		c.fd = fd_open(AT_CWD, path, O_PATH, 0);
	int r = c.fd < 0 ? c.fd : fstat(c.fd, &c.st) < 0 ? -errno : 0;
	if (r < 0)
		c.fd = fd_close(c.fd);
	*ret = c;
	return r;
}

void candidate_close(struct candidate *c)
{
	c->fd = fd_close(c->fd);
}

enum ring candidate_ring(const struct candidate *c)
{
	struct stat own;

	if (!c->unreadable && !elfnote_present(c->fd))
		return RING_NONE;
	if (stat("/proc/self/exe", &own) == 0 && own.st_dev == c->st.st_dev && own.st_ino == c->st.st_ino)
		return RING_SELF;
	return c->unreadable ? RING_NONE : RING_COPY;
}

/* Where /proc is missing as well, a kernel before 5.8 cannot answer for a descriptor: then the path is asked. */
static bool executable(const struct candidate *c, const char *path)
{
	return S_ISREG(c->st.st_mode) && (fd_may(c->fd, X_OK) == 0 || access(path, X_OK) == 0);
}

static bool fit(const char *path, bool rings, struct candidate *ret)
{
	*ret = (struct candidate){ .fd = -1 };
	if (path[0] != '/' || candidate_open(path, ret) < 0)
		return false;
	if (executable(ret, path) && (rings || candidate_ring(ret) == RING_NONE))
		return true;
	candidate_close(ret);
	return false;
}

bool candidate_fit(const char *path, struct candidate *ret)
{
	return fit(path, false, ret);
}

const char *candidate_first(const struct runtime *r, bool rings, struct candidate *ret)
{
	*ret = (struct candidate){ .fd = -1 };
	for (const char *const *path = r->paths; path && *path; path++)
		if (fit(*path, rings, ret))
			return *path;
	return NULL;
}
