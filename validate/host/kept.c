/* SPDX-License-Identifier: Apache-2.0 */
/* Small files in a directory of ours, of which the first line is "FORMAT BOOT". */
#include "validate/host/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/ours.h"
#include "validate/host/read.h"

#define NAME_MOST 64
#define BOOT_SIZE 64
#define DEAD_AFTER_S 10 /* a file under way that is older was left by one that died */

/* Nobody but us may write it, or put another in its place. */
static bool is_ours(int fd, mode_t kind, struct stat *st)
{
	return fstat(fd, st) == 0 && (st->st_mode & S_IFMT) == kind && st->st_uid == geteuid() &&
		!(st->st_mode & (S_IWGRP | S_IWOTH));
}

int kept_open(int directory, const char *name, int flags)
{
	struct stat st;
	const int fd = fd_open(directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0 || is_ours(fd, S_IFREG, &st))
		return fd;
	(void)fd_close(fd);
	return -EPERM;
}

int kept_directory(const struct host *h)
{
	return h->cache ? dir_kept(h->cache, NULL, false) : -ENOENT;
}

int kept_once(const struct host *h, int *directory)
{
	if (*directory == KEPT_UNASKED)
		*directory = kept_directory(h);
	return *directory;
}

/*
 * The id of this boot, into `to`; empty when there is none. Read as it is: this is done for every container. Of this
 * machine it stays what it is.
 */
static struct bytes boot_of(const struct host *h, char to[static BOOT_SIZE])
{
	static char live[BOOT_SIZE];
	static size_t live_len;
	if (h->live && h->boot)
		return bytes_of(h->boot);
	if (h->live && live_len)
		return (struct bytes){ live, live_len };
	const int fd = read_open(h->root, "proc/sys/kernel/random/boot_id", O_RDONLY);
	const ssize_t n = fd < 0 ? -1 : read(fd, to, BOOT_SIZE);
	const struct bytes id = read_trimmed((struct bytes){ to, n > 0 ? (size_t)n : 0 });
	(void)fd_close(fd);
	if (h->live && id.len) {
		memcpy(live, id.data, id.len);
		live_len = id.len;
	}
	return id;
}

struct bytes kept_read(struct arena *a, const struct host *h, int directory, const char *name, const char *format)
{
	char id[BOOT_SIZE];
	struct stat st;
	const struct bytes none = { 0 };
	const size_t n = strlen(format);
	if (directory < 0)
		return none;
	cleanup_close int fd = fd_open(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0 || !is_ours(fd, S_IFREG, &st) || st.st_size > (off_t)LIMIT_KEPT_BYTES)
		return none;
	char *data = arena_alloc(a, (size_t)st.st_size + 1); /* it never changes: another takes its place */
	const ssize_t got = data ? read(fd, data, (size_t)st.st_size) : -1;
	struct bytes text = { data, got > 0 ? (size_t)got : 0 }, line;
	if (got != st.st_size || !read_line(&text, &line) || !bytes_start(line, format) || line.len <= n ||
		line.data[n] != ' ')
		return none;
	const struct bytes said = { line.data + n + 1, line.len - n - 1 }, boot = boot_of(h, id);
	return boot.len && bytes_equal(said, boot) ? text : none;
}

/* The file under way, for us alone; a negative errno while another process has it. */
static int open_new(int directory, const char *name)
{
	struct stat st;
	struct timespec now = { 0 };
	const int fd = kept_open(directory, name, O_WRONLY | O_CREAT | O_EXCL);
	if (fd != -EEXIST || fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fd;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (st.st_mtim.tv_sec + DEAD_AFTER_S < now.tv_sec || st.st_mtim.tv_sec > now.tv_sec + DEAD_AFTER_S)
		(void)unlinkat(directory, name, 0); /* for the next one */
	return fd;
}

void kept_write(struct arena *a, const struct host *h, int directory, const char *name, const char *format,
	struct bytes lines)
{
	char id[BOOT_SIZE];
	const struct bytes boot = boot_of(h, id);
	struct text t = text_growing(a);
	char under_way[NAME_MOST];
	(void)snprintf(under_way, sizeof(under_way), "%s.new", name);
	text_printf(&t, "%s %.*s\n", format, (int)boot.len, boot.data ? boot.data : "");
	text_bytes(&t, lines);
	if (directory < 0 || !boot.len || t.cut || t.len > LIMIT_KEPT_BYTES)
		return;
	cleanup_close int fd = open_new(directory, under_way);
	if (fd >= 0 &&
		(fd_write_all(fd, (struct bytes){ t.data, t.len }, NULL) < 0 ||
			renameat(directory, under_way, directory, name) < 0))
		(void)unlinkat(directory, under_way, 0);
}
