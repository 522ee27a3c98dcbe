/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bringing a spilled chain home. It is copied whole, byte for byte, under a name of its own: its links stay what they
 * were, and the chain beside it is not interrupted. Only when the copy has its name is the original removed; dying in
 * between means that it is copied again, to the same name.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/places.h"
#include "validate/base/limits.h"
#include "validate/base/listing.h"

#define MERGED_NAME sizeof(((struct merged *)NULL)->name)

/* What the first line says; the rest of *ret is known already. */
static void describe(struct merged *ret, struct bytes line, const struct links *first)
{
	static const char time[] = "\"time\":\""; /* within a string its quotes would be escaped */
	const char *at = memmem(line.data, line.len, time, sizeof(time) - 1);
	const size_t len = at ? strcspn(at + sizeof(time) - 1, "\"\n") : 0;
	if (len > 0 && len < sizeof(ret->since))
		(void)snprintf(ret->since, sizeof(ret->since), "%.*s", (int)len, at + sizeof(time) - 1);
	if (ret->chain[0] && memcmp(ret->chain, first->chain.data, first->chain.len) == 0 && ret->seq >= first->seq)
		ret->count = ret->seq - first->seq + 1;
}

/*
 * The links of the first line name the copy: a chain that spilled twice still gives two names. A damaged one
 * comes home as well.
 */
static int merged_name(struct arena *a, int fd, const struct stat *st, struct merged *ret)
{
	char *text = arena_alloc(a, LIMIT_RECORD + 1);
	if (!text)
		return -ENOMEM;
	const ssize_t n = pread(fd, text, LIMIT_RECORD + 1, 0);
	const char *end = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;
	struct links l;
	const bool sound = end && line_links((struct bytes){ text, (size_t)(end - text) }, &l);
	if (!sound || strspn(l.chain.data, "0123456789abcdef") != l.chain.len)
		(void)snprintf(ret->name, MERGED_NAME, "merged-damaged-%" PRIu64 ".jsonl", (uint64_t)st->st_ino);
	else if (l.seq == 1)
		(void)snprintf(ret->name, MERGED_NAME, "merged-%.32s.jsonl", l.chain.data);
	else
		(void)snprintf(ret->name, MERGED_NAME, "merged-%.32s-%" PRIu64 ".jsonl", l.chain.data, l.seq);
	if (sound)
		describe(ret, (struct bytes){ text, (size_t)(end - text) }, &l);
	return 0;
}

/* Removes the oldest of the merged chains, should there be as many as are kept. */
static void make_place(int dir)
{
	uint64_t room[LISTING_MANY];
	cleanup_close int again = fd_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);
	struct listing l = { .fd = again, .room = room, .size = sizeof(room) };
	char oldest[NAME_MAX + 1] = "";
	struct timespec when = { 0 };
	unsigned count = 0;
	for (const char *name = again < 0 ? NULL : listing_next(&l); name; name = listing_next(&l)) {
		struct stat st;
		if (strncmp(name, "merged-", strlen("merged-")) != 0 ||
			fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		count++;
		if (!oldest[0] || st.st_mtim.tv_sec < when.tv_sec ||
			(st.st_mtim.tv_sec == when.tv_sec && st.st_mtim.tv_nsec < when.tv_nsec)) {
			(void)snprintf(oldest, sizeof(oldest), "%s", name);
			when = st.st_mtim;
		}
	}
	if (count >= LIMIT_MERGED_KEEP)
		(void)unlinkat(dir, oldest, 0);
}

static int copy_whole(struct arena *a, int from, int to, off_t size, struct deadline until)
{
	static const size_t step = (size_t)64 << 10;
	char *buffer = arena_alloc(a, step);
	int r = buffer ? 0 : -ENOMEM;
	for (off_t at = 0; at < size && r == 0;) {
		const size_t want = size - at < (off_t)step ? (size_t)(size - at) : step;
		const ssize_t n = pread(from, buffer, want, at);
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		r = fd_write_all(to, (struct bytes){ buffer, (size_t)n }, NULL);
		at += n;
		if (r == 0 && at < size && deadline_left(until) == 0)
			r = -ETIMEDOUT;
	}
	return r;
}

/* The part of the spill that consists of whole lines; half a line was never written. */
static int merge_locked(struct arena *a, int from, int to, struct deadline until, struct merged *ret)
{
	struct stat st;
	struct tail tail;
	struct head last = { 0 };
	cleanup_close int spill = file_ours(from, "chain", O_RDONLY, &st);
	if (spill < 0)
		return spill == -ENOENT ? 0 : spill;
	int r = st.st_size > 0 ? tail_read(a, spill, st.st_size, &tail, &last) : 0;
	if (r == 0 && st.st_size > 0 && tail.end > 0) {
		cleanup_close int copy = file_ours(to, "merge.tmp", O_WRONLY | O_CREAT | O_TRUNC, NULL);
		if (tail.readable) {
			memcpy(ret->chain, last.chain, sizeof(ret->chain));
			memcpy(ret->hash, last.hash, sizeof(ret->hash));
			ret->seq = last.seq;
		}
		r = copy < 0 ? copy : merged_name(a, spill, &st, ret);
		r = r < 0 ? r : copy_whole(a, spill, copy, tail.end, until);
		if (r == 0) {
			make_place(to);
			r = renameat(to, "merge.tmp", to, ret->name) < 0 ? -errno : 0;
		}
		if (r < 0 && copy >= 0)
			(void)unlinkat(to, "merge.tmp", 0);
	}
	if (r == 0 && (unlinkat(from, "chain", 0) < 0 || unlinkat(from, "head", 0) < 0))
		r = -errno;
	return r < 0 ? r : ret->name[0] != '\0';
}

int chain_merge(struct arena *a, const char *run_dir, const char *log_dir, struct deadline until, struct merged *ret)
{
	struct merged unused;
	if (!ret)
		ret = &unused;
	*ret = (struct merged){ 0 };
	const int from = dir_kept(run_dir, NULL, false);
	if (from < 0)
		return from == -ENOENT ? 0 : from;
	const int there = fd_there(from, "chain");
	if (there < 0)
		return there == -ENOENT ? 0 : there;
	cleanup_close int to = dir_ours(AT_CWD, log_dir, false);
	if (to < 0)
		return to;
	cleanup_close int lock = head_lock(from, until);
	return lock < 0 ? lock : merge_locked(a, from, to, until, ret);
}
