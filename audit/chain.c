/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Appending to the chain. Under the lock: find out where the chain stands (the head says it; when it does not fit the
 * file, the last line does), compose the line that links to it, write it in one write, note the new head.
 *
 * Whatever dies in between leaves one of three things, and each is put right by the next one to come. Half a line: it
 * is cut off; its writer died before its container began. A line that the head does not know: it is the last line, and
 * holds. A rotation half done: the numbers have a hole, which the next rotation closes. What nobody can put right (a
 * last line that is none of ours) is rotated out of the way, whole, and the chain goes on; chain_verify will name it.
 */
#include "audit/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/places.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

/* One append under way. */
struct writer {
	struct arena *arena;
	const struct chain_bounds *bounds;
	int dir, file;
	off_t found; /* the file's size when it was opened, under the lock: nobody else writes until that ends */
	struct head head;
};

static void chain_name(char ret[static 24], unsigned n)
{
	(void)snprintf(ret, 24, "chain.%u", n);
}

/*
 * chain.1 becomes chain.2 and so on, up to the first number that is free or else over the oldest; chain becomes
 * chain.1.
 */
static int rotate(struct writer *w)
{
	char from[24], to[24];
	unsigned gap = 1;
	for (; gap < w->bounds->keep; gap++) {
		chain_name(to, gap);
		if (fd_there(w->dir, to) == -ENOENT)
			break;
	}
	for (; gap > 1; gap--) {
		chain_name(from, gap - 1);
		chain_name(to, gap);
		if (renameat(w->dir, from, w->dir, to) < 0)
			return -errno;
	}
	if (renameat(w->dir, "chain", w->dir, "chain.1") < 0)
		return -errno;
	const int fd = file_ours(w->dir, "chain", O_RDWR | O_APPEND | O_CREAT | O_EXCL, NULL);
	if (fd < 0)
		return fd;
	(void)fd_close(w->file);
	w->file = fd;
	w->head.size = 0;
	return 0;
}

/* Where the chain stood when its file was rotated: an empty file links to the last line of chain.1. */
static bool stood_before(struct writer *w, struct head *ret)
{
	struct stat st;
	struct tail tail;
	cleanup_close int fd = file_ours(w->dir, "chain.1", O_RDONLY, &st);
	if (fd < 0 || tail_read(w->arena, fd, st.st_size, &tail, ret) < 0 || !tail.readable)
		return false;
	ret->size = 0;
	return true;
}

/* The head does not fit the file, or there is none. `known`: w->head at least is what some append left behind. */
static int recover(struct writer *w, off_t size, bool known)
{
	struct tail tail = { 0 };
	struct head last = { 0 };
	bool found = false;
	int r = size > 0 ? tail_read(w->arena, w->file, size, &tail, &last) : 0;
	if (r < 0)
		return r;
	const bool damaged = tail.end > 0 && !tail.readable;
	if (!damaged && tail.end < size && ftruncate(w->file, tail.end) < 0)
		return -errno;
	if (tail.readable)
		found = true;
	else if (!damaged)
		found = stood_before(w, &last);

	/* A head that ran ahead means that lines are gone: going on from it keeps the hole visible. */
	if (found && !(known && strcmp(w->head.chain, last.chain) == 0 && w->head.seq >= last.seq))
		w->head = last;
	else if (!found && !known)
		r = head_begin(&w->head);
	w->head.size = tail.end;
	return r == 0 && damaged ? rotate(w) : r;
}

/* Fills w->head with where the chain stands. */
static int find_head(struct writer *w, int head)
{
	char last = '\n';
	const bool known = head_read(head, &w->head);
	if (w->found > 0 && pread(w->file, &last, 1, w->found - 1) != 1)
		return -EIO;
	if (known && w->head.size == w->found && last == '\n')
		return 0;
	return recover(w, w->found, known);
}

/* Links the record to the head and gives its line, newline included. */
static int compose(struct writer *w, struct record *r, struct text *line)
{
	char hash[DIGEST_HEX];
	if (record_add(r, FIELD_CHAIN, bytes_of(w->head.chain)) < 0 ||
		record_number(r, FIELD_SEQ, w->head.seq + 1) < 0 ||
		record_add(r, FIELD_PREV, bytes_of(w->head.hash)) < 0 ||
		record_json_hashed(r, bytes_of(w->head.hash), hash, line) < 0 ||
		record_add(r, FIELD_HASH, bytes_of(hash)) < 0)
		return -ENOMEM;
	text_char(line, '\n');
	memcpy(w->head.hash, hash, sizeof(hash));
	w->head.seq++;
	return line->cut ? -ENOMEM : 0;
}

/* Writes all of it, or nothing: what a full disk or a limit cut short is taken back. */
static int write_whole(struct writer *w, struct bytes line)
{
	const int r = fd_write_all(w->file, line, NULL);
	if (r == 0)
		w->head.size += (off_t)line.len;
	else if (ftruncate(w->file, w->head.size) < 0)
		return r; /* half a line stays, and the next one cuts it off */
	return r;
}

static int append_locked(struct writer *w, struct record *r, int head)
{
	struct text line = text_growing(w->arena);
	int e = find_head(w, head);
	if (e == 0)
		e = compose(w, r, &line);
	if (e < 0)
		return e;
	const off_t size = w->head.size + (off_t)line.len;
	if (w->bounds->refuse > 0 && size > w->bounds->refuse)
		return -EFBIG;
	if (w->bounds->refuse == 0 && size > w->bounds->rotate && w->head.size > 0)
		e = rotate(w);
	if (e == 0)
		e = write_whole(w, (struct bytes){ line.data, line.len });
	if (e == 0)
		(void)head_write(head, &w->head); /* a cache: the line is what counts */
	r->opens = e == 0 && w->head.size == (off_t)line.len;
	return e;
}

/*
 * To the disk, outside of the lock: who comes meanwhile writes and syncs beside us, and a file system makes one turn of
 * the disk serve several. A file's name has to be there as well.
 */
static int sync_line(const struct writer *w, bool opens)
{
	if (fdatasync(w->file) < 0 || (opens && fsync(w->dir) < 0))
		return -errno;
	return 0;
}

int chain_append_within(struct record *r, const char *dir, const struct chain_bounds *bounds, struct deadline until,
	struct fail *reterr)
{
	const size_t count = r->count;
	struct writer w = { .arena = r->arena, .bounds = bounds, .dir = -1, .file = -1 };
	struct stat st = { 0 };
	int head = -1;
	w.dir = dir_ours(AT_CWD, dir, true);
	int e = w.dir;
	if (e >= 0)
		e = head = head_lock(w.dir, until);
	if (e >= 0)
		e = w.file = file_ours(w.dir, "chain", O_RDWR | O_APPEND | O_CREAT, &st);
	w.found = st.st_size;
	if (e >= 0)
		e = append_locked(&w, r, head);
	(void)fd_close(head);
	if (e == 0 && bounds->sync)
		e = sync_line(&w, r->opens);
	(void)fd_close(w.file);
	(void)fd_close(w.dir);
	if (e >= 0)
		return 0;
	r->count = count; /* links to a chain that does not have it would be a lie in the next sink */
	return fail(reterr, e, CAUSE_AUDIT, "", "%s: %s", dir, errno_words(e));
}

int chain_append(struct record *r, const char *dir, off_t limit, struct deadline until, struct fail *reterr)
{
	const struct chain_bounds bounds = { .rotate = LIMIT_CHAIN_BYTES, .refuse = limit, .keep = LIMIT_CHAIN_KEEP };
	return chain_append_within(r, dir, &bounds, until, reterr);
}
