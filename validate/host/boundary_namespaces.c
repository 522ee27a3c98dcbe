/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which namespaces the process is, by the links of its /proc/PID/ns; whose they are as well, and whether the ones
 * that config.json names by a path were joined. Where a path leads is asked of the kernel only if it knows by heart
 * (RESOLVE_CACHED), or where the path is one of /proc: no server is waited for.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/boundary_parts.h"
#include "validate/host/probe.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define LINK_TEXT 64u
#define PATH_BYTES 4096u

static const struct {
	const char *type, *link;
} kinds[] = {
	{ "pid", "pid" }, { "network", "net" }, { "mount", "mnt" }, { "ipc", "ipc" }, { "uts", "uts" },
	{ "user", "user" }, { "cgroup", "cgroup" },
	{ "time", "time_for_children" }, /* that its program will be in: an execve changes over */
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The number in "pid:[4026531836]". */
static bool inode_at(int directory, const char *link, uint64_t *ret)
{
	char text[LINK_TEXT];
	const ssize_t n = directory < 0 ? -1 : readlinkat(directory, link, text, sizeof(text));
	const char *open = n > 0 ? memchr(text, '[', (size_t)n) : NULL;
	if (!open || text[n - 1] != ']')
		return false;
	return read_number((struct bytes){ open + 1, (size_t)(text + n - 1 - (open + 1)) }, ret);
}

/* "/proc/PID/ns/TYPE" and "/proc/PID/task/TID/ns/TYPE": symlinks of /proc to namespaces, and to nothing else. */
static bool is_link(struct bytes path)
{
	struct bytes part[7];
	size_t count = 0;
	for (size_t at = 0; count < 7 && path_part(path, &at, &part[count]);)
		count++;
	for (size_t i = 0; i < count; i++)
		if (bytes_is(part[i], "..") || bytes_is(part[i], "root"))
			return false;
	return bytes_start(path, "/proc/") && (count == 4 || count == 6) && bytes_is(part[count - 2], "ns");
}

static int open_named(const struct boundary *b, struct bytes path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_CACHED | RESOLVE_NO_MAGICLINKS };
	char text[PATH_BYTES];
	if (path.len < 2 || path.len >= sizeof(text) || path.data[0] != '/')
		return -ENOENT;
	memcpy(text, path.data, path.len);
	text[path.len] = '\0';
	if (is_link(path))
		return fd_open(b->of->top, text + 1, O_PATH, 0);
	const long fd = syscall(SYS_openat2, b->of->top, text + 1, &how, sizeof(how));
	return fd < 0 ? -errno : fd_high((int)fd);
}

/* The namespace that config.json names for that type; false when it names none, or where it leads is not known. */
static bool named(const struct boundary *b, const char *type, uint64_t *ret)
{
	const struct bytes path = around_string(around_namespace(b->of->config, type), "path");
	struct statfs fs;
	struct stat st;
	cleanup_close int fd = path.len ? open_named(b, path) : -ENOENT;
	if (fd < 0 || fstatfs(fd, &fs) < 0 || fs.f_type != NSFS_MAGIC || fstat(fd, &st) < 0)
		return false;
	*ret = st.st_ino;
	return true;
}

/* Whether two links are the same one's; nothing is added when the other is not known. */
static void add_same(struct boundary *b, struct doc *to, const char *key, uint64_t inode, int other, const char *link)
{
	uint64_t theirs;
	if (inode_at(other, link, &theirs))
		make_bool(b->arena, to, key, inode == theirs);
}

static int open_links(const struct boundary *b, const char *path)
{
	return read_open(b->of->top, path, O_PATH | O_DIRECTORY);
}

void boundary_namespaces(struct boundary *b)
{
	cleanup_close int own = fd_open(b->process, "ns", O_PATH | O_DIRECTORY, 0);
	cleanup_close int first = open_links(b, "proc/1/ns");
	cleanup_close int ours = open_links(b, "proc/self/ns");
	struct doc *to = NULL;
	char device[LINK_TEXT] = "";
	for (size_t i = 0; own >= 0 && i < KINDS; i++) {
		uint64_t inode, asked;
		struct stat st;
		if (!inode_at(own, kinds[i].link, &inode))
			continue;
		/* All namespaces are files of one file system. */
		if (!*device && fstatat(own, kinds[i].link, &st, 0) == 0)
			(void)snprintf(device, sizeof(device), "%u:%u", major(st.st_dev), minor(st.st_dev));
		to = to ? to : make_object(b->arena, b->to, "namespaces");
		struct doc *one = make_object(b->arena, to, kinds[i].type);
		if (*device)
			make_string(b->arena, one, "device", bytes_of(device));
		make_uint(b->arena, one, "inode", inode);
		add_same(b, one, "hosts", inode, first, kinds[i].link);
		add_same(b, one, "ours", inode, ours, kinds[i].link);
		if (named(b, kinds[i].type, &asked))
			make_bool(b->arena, one, "asked", inode == asked);
	}
}

/* Whether every id is itself in it. */
static bool is_identity(struct bytes text)
{
	struct bytes line, word;
	uint64_t numbers[3];
	if (!read_line(&text, &line) || text.len)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (!read_word(&line, &word) || !read_number(word, &numbers[i]))
			return false;
	return numbers[0] == 0 && numbers[1] == 0 && numbers[2] == UINT32_MAX;
}

/*
 * The second column of the maps is of the namespace of who reads them, unless that is the very one: of its parent then,
 * and ids are as they are.
 */
void boundary_user_read(struct boundary *b)
{
	uint64_t theirs, ours;
	b->uids.text = boundary_read(b, "uid_map");
	b->gids.text = boundary_read(b, "gid_map");
	b->uids.same = is_identity(b->uids.text);
	b->gids.same = is_identity(b->gids.text);
	if (!b->uids.same || !b->gids.same) {
		cleanup_close int self = open_links(b, "proc/self/ns");
		const bool same = inode_at(b->process, "ns/user", &theirs) && inode_at(self, "user", &ours) &&
			theirs == ours;
		b->uids.same = b->uids.same || same;
		b->gids.same = b->gids.same || same;
	}
	probe_map_text(b->arena, b->to, "uidMap", b->uids.text);
	probe_map_text(b->arena, b->to, "gidMap", b->gids.text);
}
