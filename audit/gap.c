/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two small files in run_dir. journal-slow: its age says since when nobody has to wait for journald. audit-gap: one
 * time of a fixed width per record that journald missed, the first of which is the beginning. When journald is away for
 * hours that would be too much, and from some size on a record is a single dot: then only their number counts.
 * Who notes holds the file shared, who tells holds it alone and unlinks it: nothing noted is lost, and only one tells.
 *
 * A third one, unconfirmed, has the same marks of records that journald got while it rested, behind a line that says
 * which socket that was. One acknowledgement is good for all that was queued before it, so the next one settles them;
 * unless the socket is another by then. A journald that systemd starts anew has its socket, and its queue, from
 * systemd.
 */
#include "audit/gap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "audit/chain.h"
#include "audit/journal.h"
#include "audit/places.h"
#include "audit/upkeep.h"
#include "validate/base/limits.h"

#define GAP_LINE 31 /* "2026-11-21T22:01:42.673724228Z" and a newline */

bool journal_resting(const char *run_dir)
{
	struct stat st;
	const int dir = dir_kept(run_dir, NULL, false);
	if (dir < 0 || fstatat(dir, "journal-slow", &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	const time_t age = when_now().tv_sec - st.st_mtim.tv_sec;
	return age >= 0 && age < WAIT_JOURNAL_REST_S; /* a time to come is a clock that was set back */
}

void journal_rest(const char *run_dir)
{
	const int dir = dir_kept(run_dir, NULL, true);
	cleanup_close int fd = dir < 0 ? -1 : file_ours(dir, "journal-slow", O_WRONLY | O_CREAT, NULL);
	if (fd >= 0)
		(void)futimens(fd, NULL);
}

/* The file of that name, locked, and still the one of that name. */
static int open_marks(int dir, const char *name, int how, struct deadline until, struct stat *ret)
{
	for (;;) {
		int fd = file_ours(dir, name, O_RDWR | O_APPEND | (how == LOCK_SH ? O_CREAT : 0), NULL);
		if (fd < 0)
			return fd;
		if (flock(fd, how | LOCK_NB) == 0 && fstat(fd, ret) == 0 && ret->st_nlink > 0)
			return fd;
		(void)fd_close(fd);
		if (deadline_left(until) == 0)
			return -ETIMEDOUT;
		const struct timespec nap = { .tv_nsec = 500000 };
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
}

void gap_note(const char *run_dir, struct bytes when)
{
	char line[GAP_LINE];
	struct stat st;
	if (when.len != GAP_LINE - 1)
		return;
	memcpy(line, when.data, when.len);
	line[GAP_LINE - 1] = '\n';
	const int dir = dir_kept(run_dir, NULL, true);
	cleanup_close int fd = dir < 0 ? -1 : open_marks(dir, "audit-gap", LOCK_SH, deadline_in(WAIT_GAP_MS), &st);
	if (fd >= 0 && st.st_size < LIMIT_GAP_BYTES)
		(void)fd_write_all(fd, (struct bytes){ line, sizeof(line) }, NULL);
	else if (fd >= 0 && st.st_size < LIMIT_GAP_COUNTED)
		(void)fd_write_all(fd, BYTES("."), NULL);
}

/* How many marks there are. What several wrote at once stands in any order. */
static uint64_t count_marks(int fd, off_t size)
{
	char part[GAP_LINE * 128];
	uint64_t count = 0;
	size_t skip = 0; /* of a mark that began before */
	for (off_t at = 0; at < size;) {
		const ssize_t n = pread(fd, part, sizeof(part), at);
		if (n <= 0)
			break;
		at += n;
		for (size_t i = 0; i < (size_t)n; i++) {
			if (skip > 0)
				skip--;
			else {
				count++;
				skip = part[i] == '.' ? 0 : GAP_LINE - 1;
			}
		}
	}
	return count;
}

/* The socket, as the first line of unconfirmed has it: as long as a mark. */
static bool name_socket(const char *socket, char ret[static GAP_LINE + 1])
{
	struct stat st;
	if (stat(socket, &st) < 0)
		return false;
	const int64_t made = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
	(void)snprintf(ret, GAP_LINE + 1, "%012" PRIx64 " %017" PRIx64 "\n",
		(uint64_t)st.st_ino & UINT64_C(0xffffffffffff), (uint64_t)made);
	return true;
}

/* What is behind the first line becomes marks of what was missed. */
static void miss(int dir, int unconfirmed, off_t size)
{
	char part[GAP_LINE * 128];
	struct stat st;
	cleanup_close int to = open_marks(dir, "audit-gap", LOCK_SH, deadline_in(WAIT_GAP_MS), &st);
	for (off_t at = GAP_LINE; to >= 0 && at < size && st.st_size + at < LIMIT_GAP_COUNTED;) {
		const ssize_t n = pread(unconfirmed, part, sizeof(part), at);
		if (n <= 0)
			break;
		(void)fd_write_all(to, (struct bytes){ part, (size_t)n }, NULL);
		at += n;
	}
}

/* Whether the open file is of that socket; one of another is put with what was missed, and begun anew. */
static void settle(int dir, int fd, off_t size, const char *name)
{
	char first[GAP_LINE];
	if (size > GAP_LINE && (pread(fd, first, GAP_LINE, 0) != GAP_LINE || memcmp(first, name, GAP_LINE) != 0))
		miss(dir, fd, size);
	(void)unlinkat(dir, "unconfirmed", 0);
}

void unconfirmed_settle(const char *run_dir, const char *socket)
{
	char name[GAP_LINE + 1];
	struct stat st;
	const int dir = dir_kept(run_dir, NULL, false);
	if (dir < 0 || fd_there(dir, "unconfirmed") < 0 || !name_socket(socket, name))
		return;
	cleanup_close int fd = open_marks(dir, "unconfirmed", LOCK_EX, deadline_in(0), &st);
	if (fd >= 0)
		settle(dir, fd, st.st_size, name);
}

/* The file, held alone, of that socket: begun anew where it is of another one. */
static int open_unconfirmed(int dir, const char *name, struct stat *ret)
{
	char first[GAP_LINE];
	for (int tries = 0; tries < 3; tries++) {
		int fd = open_marks(dir, "unconfirmed", LOCK_SH, deadline_in(WAIT_GAP_MS), ret);
		if (fd < 0)
			return fd;
		if (ret->st_size < GAP_LINE || pread(fd, first, GAP_LINE, 0) != GAP_LINE ||
			memcmp(first, name, GAP_LINE) == 0)
			return fd;
		(void)fd_close(fd);
		fd = open_marks(dir, "unconfirmed", LOCK_EX, deadline_in(WAIT_GAP_MS), ret);
		if (fd >= 0)
			settle(dir, fd, ret->st_size, name);
		(void)fd_close(fd);
	}
	return -EAGAIN;
}

void unconfirmed_note(const char *run_dir, const char *socket, struct bytes when)
{
	char text[2 * GAP_LINE + 1];
	struct stat st;
	if (when.len != GAP_LINE - 1 || !name_socket(socket, text))
		return;
	memcpy(text + GAP_LINE, when.data, when.len);
	text[2 * GAP_LINE - 1] = '\n';
	const int dir = dir_kept(run_dir, NULL, true);
	cleanup_close int fd = dir < 0 ? -1 : open_unconfirmed(dir, text, &st);
	if (fd < 0 || st.st_size >= LIMIT_GAP_COUNTED)
		return;
	/* Two that begin it at once both write the first line: a mark too many, which counts one more as missed. */
	if (st.st_size == 0)
		(void)fd_write_all(fd, (struct bytes){ text, sizeof(text) - 1 }, NULL);
	else if (st.st_size < LIMIT_GAP_BYTES)
		(void)fd_write_all(fd, (struct bytes){ text + GAP_LINE, GAP_LINE }, NULL);
	else
		(void)fd_write_all(fd, BYTES("."), NULL);
}

/* Puts the record of `count` missed ones into both sinks. 0 when both have it. */
static int tell(struct arena *a, const struct places *p, uint64_t count, const char *since)
{
	struct record r;
	const char *socket;
	int e = record_init(&r, a, NULL);
	e = e < 0 ? e : record_fill_gap(&r, count, since, NULL);
	e = e < 0 ? e : chain_append(&r, p->log_dir, 0, deadline_in(WAIT_GAP_MS), NULL);
	return e < 0 ? e : journal_send(&r, p, deadline_in(0), &socket, NULL);
}

void merged_tell(struct arena *a, const struct places *p, const struct merged *merged)
{
	struct record r;
	const char *socket;
	if (merged->count == 0 || record_init(&r, a, NULL) < 0 || record_fill_merged(&r, merged) < 0 ||
		chain_append(&r, p->log_dir, 0, deadline_in(WAIT_GAP_MS), NULL) < 0)
		return;
	if (journal_send(&r, p, deadline_in(0), &socket, NULL) < 0)
		gap_note(p->run_dir, record_find(&r, FIELD_TIME)->value);
}

void gap_tell(struct arena *a, const struct places *p)
{
	char first[GAP_LINE];
	struct stat st;
	const int dir = dir_kept(p->run_dir, NULL, false);
	if (dir < 0 || fd_there(dir, "audit-gap") < 0)
		return;
	cleanup_close int fd = open_marks(dir, "audit-gap", LOCK_EX, deadline_in(0), &st);
	if (fd < 0)
		return;
	if (st.st_size < GAP_LINE || pread(fd, first, GAP_LINE, 0) != GAP_LINE) {
		(void)unlinkat(dir, "audit-gap", 0);
		return;
	}
	first[GAP_LINE - 1] = '\0';
	if (tell(a, p, count_marks(fd, st.st_size), first) == 0)
		(void)unlinkat(dir, "audit-gap", 0);
}
