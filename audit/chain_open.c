/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All files of a chain, opened while its lock is held, for a moment only: writers go on meanwhile, and what they append
 * or rotate later is not looked at. Spilled chains that were merged are chains of their own.
 */
#include "audit/chain_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "validate/base/limits.h"
#include "validate/base/listing.h"

/*
 * Waits for a moment without a writer. The lock is shared and read-only, so that an auditor who may only read
 * can hold it.
 */
static int lock_for_reading(int dir, struct deadline until)
{
	int fd = fd_open(dir, "head", O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	while (fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0) {
		const struct timespec nap = { .tv_nsec = 200000 };
		if (deadline_left(until) == 0) {
			(void)fd_close(fd);
			return -ETIMEDOUT;
		}
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
	return fd;
}

static void open_one(struct examination *e, int dir, const char *name, unsigned number, bool merged)
{
	struct chain_file f = { .number = number, .merged = merged };
	struct stat st;
	if (e->file_count == CHAIN_FILES_MOST || strlen(name) >= sizeof(f.name))
		return;
	(void)snprintf(f.name, sizeof(f.name), "%s", name);
	f.fd = fd_open(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	if (f.fd >= 0 && fstat(f.fd, &st) == 0 && S_ISREG(st.st_mode)) {
		f.size = st.st_size;
		e->files[e->file_count++] = f;
	} else {
		(void)fd_close(f.fd);
	}
}

/* What is being written and what was rotated out of it, oldest first. */
static void open_rotated(struct examination *e, int dir)
{
	char name[24];
	for (unsigned i = LIMIT_CHAIN_KEEP; i > 0; i--) {
		(void)snprintf(name, sizeof(name), "chain.%u", i);
		open_one(e, dir, name, i, false);
	}
	open_one(e, dir, "chain", 0, false);
}

static void open_merged(struct examination *e, int dir)
{
	uint64_t room[LISTING_MANY];
	cleanup_close int again = fd_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);
	struct listing l = { .fd = again, .room = room, .size = sizeof(room) };
	for (const char *name = again < 0 ? NULL : listing_next(&l); name; name = listing_next(&l))
		if (strncmp(name, "merged-", strlen("merged-")) == 0)
			open_one(e, dir, name, 0, true);
}

int chain_open(struct examination *e, const char *path, struct head *ret_head, bool *ret_known, struct fail *reterr)
{
	cleanup_close int dir = fd_open(AT_CWD, path, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return fail(reterr, dir, CAUSE_AUDIT, "", "%s: %s", path, errno_words(dir));
	cleanup_close int lock = lock_for_reading(dir, deadline_in(WAIT_VERIFY_LOCK_MS));
	if (lock == -ETIMEDOUT)
		return fail(reterr, lock, CAUSE_AUDIT, "", "%s: %s", path, errno_words(lock));
	*ret_known = lock >= 0 && head_read(lock, ret_head);
	open_rotated(e, dir);
	open_merged(e, dir);
	return 0;
}
