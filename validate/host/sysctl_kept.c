/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of sysctls in new namespaces: a file of lines, the first of which names the boot. Only what is
 * writable is kept, because what is not there may come with the next module. It is read in one go, is believed only
 * when nobody but us could have written it, and is replaced by rename, so that nobody meets half of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"
#include "validate/host/read.h"
#include "validate/host/sysctl.h"

#define NAME "sysctls"
#define NAME_NEW "sysctls.new"
#define NAME_LOCK "sysctls.lock"
#define BOOT_SIZE 64
#define FIRST "runvet-sysctls 1 "

/* Nobody but us may write it, or put another in its place. */
static bool is_ours(int fd, mode_t kind, struct stat *st)
{
	return fstat(fd, st) == 0 && (st->st_mode & S_IFMT) == kind && st->st_uid == geteuid() &&
		!(st->st_mode & (S_IWGRP | S_IWOTH));
}

static int open_ours(int directory, const char *name, int flags)
{
	struct stat st;
	const int fd = fd_open(directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0 || is_ours(fd, S_IFREG, &st))
		return fd;
	(void)fd_close(fd);
	return -EPERM;
}

static int open_directory(const struct host *h)
{
	const int fd = h->cache ? fd_open(AT_CWD, h->cache, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0) : -ENOENT;
	struct stat st;
	if (fd < 0 || is_ours(fd, S_IFDIR, &st))
		return fd;
	(void)fd_close(fd);
	return -EPERM;
}

/* The id of this boot, into `to`; empty when there is none. Read as it is: this is done for every container. */
static struct bytes boot_id(const struct host *h, char to[static BOOT_SIZE])
{
	const int fd = read_open(h->root, "proc/sys/kernel/random/boot_id", O_RDONLY);
	const ssize_t n = fd < 0 ? -1 : read(fd, to, BOOT_SIZE);
	(void)fd_close(fd);
	return read_trimmed((struct bytes){ to, n > 0 ? (size_t)n : 0 });
}

/* The lines behind the first one; nothing when it is of another boot, or not ours. */
static struct bytes kept(struct arena *a, const struct host *h, int directory)
{
	char id[BOOT_SIZE];
	struct stat st;
	const struct bytes none = { 0 };
	cleanup_close int fd = fd_open(directory, NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0 || !is_ours(fd, S_IFREG, &st) || st.st_size > (off_t)LIMIT_SYSCTL_NOTES)
		return none;
	char *data = arena_alloc(a, (size_t)st.st_size + 1); /* it never changes: another takes its place */
	const ssize_t n = data ? read(fd, data, (size_t)st.st_size) : -1;
	struct bytes text = { data, n > 0 ? (size_t)n : 0 }, line;
	if (n != st.st_size || !read_line(&text, &line) || !bytes_start(line, FIRST))
		return none;
	const struct bytes said = { line.data + strlen(FIRST), line.len - strlen(FIRST) }, boot = boot_id(h, id);
	return boot.len && bytes_equal(said, boot) ? text : none;
}

/* "user net/ipv4/ip_forward": in a user namespace of its own other sysctls are there. */
static void write_line(const struct sysctl_look *look, const struct sysctl_ask *ask, struct text *to)
{
	text_add(to, look->flags & CLONE_NEWUSER ? "user " : "- ");
	text_add(to, ask->path);
}

static bool is_in(struct bytes lines, struct bytes wanted)
{
	for (struct bytes line; read_line(&lines, &line);)
		if (bytes_equal(line, wanted))
			return true;
	return false;
}

void sysctl_recall(struct arena *a, const struct host *h, struct sysctl_look *look)
{
	const int directory = open_directory(h);
	const struct bytes lines = directory < 0 ? (struct bytes){ 0 } : kept(a, h, directory);
	(void)fd_close(directory);
	for (size_t i = 0; lines.len && i < look->count; i++) {
		char line[1024];
		struct text t = text_over(line, sizeof(line));
		write_line(look, &look->asks[i], &t);
		if (look->asks[i].fresh && !t.cut && is_in(lines, (struct bytes){ t.data, t.len }))
			look->asks[i].state = SYSCTL_WRITABLE;
	}
}

int sysctl_lock(const struct host *h)
{
	const int directory = open_directory(h);
	if (directory < 0)
		return directory;
	int fd = open_ours(directory, NAME_LOCK, O_RDWR | O_CREAT);
	(void)fd_close(directory);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		const int r = errno == EWOULDBLOCK ? -EAGAIN : -errno;
		(void)fd_close(fd);
		return r;
	}
	return fd;
}

void sysctl_keep(struct arena *a, const struct host *h, const struct sysctl_look *look)
{
	cleanup_close int directory = open_directory(h);
	char id[BOOT_SIZE];
	const struct bytes boot = boot_id(h, id);
	struct text t = text_growing(a);
	if (directory < 0 || !boot.len)
		return;
	const struct bytes lines = kept(a, h, directory);
	text_add(&t, FIRST);
	text_bytes(&t, boot);
	text_char(&t, '\n');
	text_bytes(&t, lines);
	for (size_t i = 0; i < look->count; i++) {
		const size_t start = t.len;
		if (!look->asks[i].fresh || look->asks[i].state != SYSCTL_WRITABLE)
			continue;
		write_line(look, &look->asks[i], &t);
		if (is_in(lines, (struct bytes){ t.data + start, t.len - start }))
			t.len = start;
		else
			text_char(&t, '\n');
	}
	(void)unlinkat(directory, NAME_NEW, 0); /* of one that died: who writes has the lock */
	cleanup_close int fd = t.cut || t.len > LIMIT_SYSCTL_NOTES
		? -1
		: open_ours(directory, NAME_NEW, O_WRONLY | O_CREAT | O_EXCL);
	if (fd >= 0 &&
		(fd_write_all(fd, (struct bytes){ t.data, t.len }, NULL) < 0 ||
			renameat(directory, NAME_NEW, directory, NAME) < 0))
		(void)unlinkat(directory, NAME_NEW, 0);
}
