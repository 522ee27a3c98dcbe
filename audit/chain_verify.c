/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the chain as a doubter. All files are opened while the lock is held, for a moment only: writers go on
 * meanwhile, and what they append or rotate later is not looked at. Spilled chains that were merged are chains of their
 * own.
 *
 * What this cannot see: a chain that somebody rewrote as a whole, hashes and head included. That takes a copy
 * elsewhere.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/places.h"
#include "validate/base/limits.h"

#define READ_SIZE (4 * LIMIT_RECORD)

struct reader {
	const char *dir, *name; /* of the file under way */
	char *buffer;
	uint64_t number; /* of the line */
	uint64_t total;
	bool begun;      /* last is known */
	bool from_start; /* the first line has to be the chain's first */
	struct head last;
};

struct part {
	unsigned number; /* of a rotated file; 0 is the one being written */
	char name[24];
	int fd;
	off_t size;
};

static int broken(const struct reader *v, struct fail *reterr, const char *says)
{
	(void)fail(reterr, -EBADMSG, CAUSE_AUDIT, "audit.chain-unbroken", "line %" PRIu64 ": %s", v->number, says);
	if (reterr) {
		(void)snprintf(reterr->file, sizeof(reterr->file), "%s/%s", v->dir, v->name);
		reterr->place.line = v->number < UINT32_MAX ? (uint32_t)v->number : UINT32_MAX;
	}
	return -EBADMSG;
}

static int check_line(struct reader *v, struct bytes line, struct fail *reterr)
{
	struct links l;
	v->number++;
	if (!line_links(line, &l))
		return broken(v, reterr, "it is no record, or it was changed after it was written");
	if (v->begun && memcmp(l.chain.data, v->last.chain, CHAIN_ID - 1) != 0)
		return broken(v, reterr, "another chain begins here");
	if (v->begun && l.seq != v->last.seq + 1)
		return broken(v, reterr, l.seq > v->last.seq ? "lines are missing before it" : "it is out of order");
	if (v->begun && memcmp(l.prev.data, v->last.hash, 64) != 0)
		return broken(v, reterr, "it does not follow the line before it");
	if (!v->begun && l.seq == 1 && !bytes_is(l.prev, CHAIN_NONE))
		return broken(v, reterr, "it claims to be the first line but follows another");
	if (!v->begun && v->from_start && l.seq != 1)
		return broken(v, reterr, "lines are missing before it");
	v->begun = true;
	v->last.seq = l.seq;
	memcpy(v->last.chain, l.chain.data, CHAIN_ID - 1);
	memcpy(v->last.hash, l.hash.data, DIGEST_HEX - 1);
	v->total++;
	return 0;
}

/* Checks every line within the first `size` bytes. *ret_half: bytes behind the last newline. */
static int check_file(struct reader *v, int fd, off_t size, size_t *ret_half, struct fail *reterr)
{
	size_t have = 0;
	v->number = 0;
	for (off_t at = 0; at < size;) {
		size_t room = READ_SIZE - have;
		if ((off_t)room > size - at)
			room = (size_t)(size - at);
		const ssize_t n = pread(fd, v->buffer + have, room, at);
		if (n <= 0)
			return broken(v, reterr, "what follows cannot be read");
		at += n;
		have += (size_t)n;
		size_t used = 0;
		const char *end;
		while ((end = memchr(v->buffer + used, '\n', have - used))) {
			const size_t len = (size_t)(end - v->buffer) - used;
			const int r = check_line(v, (struct bytes){ v->buffer + used, len }, reterr);
			if (r < 0)
				return r;
			used += len + 1;
		}
		memmove(v->buffer, v->buffer + used, have - used);
		have -= used;
		if (have == READ_SIZE) {
			v->number++;
			return broken(v, reterr, "it is no record, or it was changed after it was written");
		}
	}
	*ret_half = have;
	return 0;
}

/* What the head knows better than the file: lines that once were there. */
static int check_head(struct reader *v, const struct head *h, bool known, size_t half, struct fail *reterr)
{
	if (half > 0 && !(known && h->seq == v->last.seq)) {
		v->number++;
		return broken(v, reterr, "it is cut short");
	}
	if (!known || (v->begun && memcmp(h->chain, v->last.chain, CHAIN_ID - 1) != 0))
		return 0;
	if (h->seq > v->last.seq)
		return broken(v, reterr, "lines are missing after it");
	if (v->begun && h->seq == v->last.seq && memcmp(h->hash, v->last.hash, 64) != 0)
		return broken(v, reterr, "it is not the line that was written last");
	return 0;
}

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

/* Opens what there is, oldest first. The number of parts. */
static size_t open_parts(int dir, struct part parts[static LIMIT_CHAIN_KEEP + 1])
{
	size_t n = 0;
	for (unsigned i = LIMIT_CHAIN_KEEP + 1; i-- > 0;) {
		struct part p = { .number = i, .fd = -1 };
		struct stat st;
		if (i > 0)
			(void)snprintf(p.name, sizeof(p.name), "chain.%u", i);
		else
			(void)snprintf(p.name, sizeof(p.name), "chain");
		p.fd = fd_open(dir, p.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
		if (p.fd >= 0 && fstat(p.fd, &st) == 0 && S_ISREG(st.st_mode)) {
			p.size = st.st_size;
			parts[n++] = p;
		} else {
			(void)fd_close(p.fd);
		}
	}
	return n;
}

static int check_parts(struct reader *v, int dir, struct fail *reterr)
{
	struct part parts[LIMIT_CHAIN_KEEP + 1];
	struct head h = { 0 };
	size_t half = 0;
	const int lock = lock_for_reading(dir, deadline_in(WAIT_VERIFY_LOCK_MS));
	if (lock == -ETIMEDOUT)
		return fail(reterr, lock, CAUSE_AUDIT, "", "%s: %s", v->dir, errno_words(lock));
	const bool known = lock >= 0 && head_read(lock, &h);
	const size_t n = open_parts(dir, parts);
	(void)fd_close(lock);

	int r = 0;
	/* Once the highest number is taken, the oldest lines are rotated out for good. */
	v->from_start = n == 0 || parts[0].number != LIMIT_CHAIN_KEEP;
	v->name = "chain";
	for (size_t i = 0; i < n; i++) {
		v->name = parts[i].name;
		if (r == 0)
			r = check_file(v, parts[i].fd, parts[i].size, &half, reterr);
		if (r == 0 && half > 0 && i + 1 < n) {
			v->number++;
			r = broken(v, reterr, "it is cut short");
		}
		(void)fd_close(parts[i].fd);
	}
	if (n > 0)
		v->name = parts[n - 1].name;
	r = r < 0 ? r : check_head(v, &h, known, half, reterr);
	v->name = "chain"; /* the names of the parts end with this function */
	return r;
}

/* The spilled chains that came home. Their lines count too. */
static int check_merged(struct reader *v, int dir, struct fail *reterr)
{
	const int again = fd_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);
	DIR *list = again < 0 ? NULL : fdopendir(again);
	if (!list) {
		(void)fd_close(again);
		return 0;
	}
	int r = 0;
	for (struct dirent *e = readdir(list); e && r == 0; e = readdir(list)) {
		struct stat st;
		size_t half = 0;
		if (strncmp(e->d_name, "merged-", strlen("merged-")) != 0)
			continue;
		cleanup_close int fd = fd_open(dir, e->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
		if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		v->name = e->d_name;
		v->begun = v->from_start = false;
		r = check_file(v, fd, st.st_size, &half, reterr);
		if (r == 0 && half > 0) {
			v->number++;
			r = broken(v, reterr, "it is cut short");
		}
	}
	(void)closedir(list);
	return r;
}

int chain_verify(struct arena *a, const char *dir, uint64_t *ret_count, struct fail *reterr)
{
	struct reader v = { .dir = dir, .buffer = arena_alloc(a, READ_SIZE) };
	if (!v.buffer)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	cleanup_close int fd = fd_open(AT_CWD, dir, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fail(reterr, fd, CAUSE_AUDIT, "", "%s: %s", dir, errno_words(fd));
	int r = check_parts(&v, fd, reterr);
	if (r == 0)
		r = check_merged(&v, fd, reterr);
	if (r == 0)
		*ret_count = v.total;
	return r;
}
