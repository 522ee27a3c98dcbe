/* SPDX-License-Identifier: Apache-2.0 */
/* The ways in which probes look. */
#include "validate/host/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/listing.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

bool probe_wants(const struct probe *p, const char *path)
{
	const size_t n = strlen(p->below);
	if (!p->config)
		return true;
	if (strncmp(path, p->below, n) != 0 || (n && path[n] != '.'))
		return false;
	return !around_unset(doc_find(p->config, path + n + (n > 0)));
}

struct bytes probe_read(struct probe *p, const char *path, size_t most)
{
	return read_below(p->arena, p->host->root, path, most);
}

/*
 * lxcfs mounts a file system of a process of its own over /sys/devices/system/cpu and /proc/cpuinfo. One mount is not
 * crossed; what is mounted elsewhere is not asked, and unknown.
 */
int probe_open(struct probe *p, const char *mount, const char *path)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	cleanup_close int top = read_open(p->host->root, mount, O_PATH | O_DIRECTORY);
	if (top < 0)
		return top;
	const long fd = syscall(SYS_openat2, top, path, &how, sizeof(how));
	return fd < 0 ? -errno : fd_high((int)fd);
}

struct bytes probe_sysfs(struct probe *p, const char *path)
{
	return read_closing(p->arena, probe_open(p, "sys", path), PROBE_FILE);
}

void probe_add_text(struct probe *p, struct doc *to, const char *key, const char *path)
{
	const struct bytes b = read_trimmed(probe_read(p, path, PROBE_FILE));
	if (b.len)
		make_string(p->arena, to, key, b);
}

void probe_add_uint(struct probe *p, struct doc *to, const char *key, const char *path)
{
	uint64_t n;
	if (read_number_below(p->host->root, path, &n))
		make_uint(p->arena, to, key, n);
}

void probe_add_int(struct probe *p, struct doc *to, const char *key, const char *path)
{
	struct bytes b = read_trimmed(probe_read(p, path, PROBE_FILE));
	const bool negative = b.len && b.data[0] == '-';
	uint64_t n;
	if (negative)
		b = (struct bytes){ b.data + 1, b.len - 1 };
	if (read_number(b, &n) && n <= INT64_MAX)
		make_int(p->arena, to, key, negative ? -(int64_t)n : (int64_t)n);
}

bool probe_bool(struct probe *p, const char *path, bool *ret)
{
	const struct bytes b = read_trimmed(probe_read(p, path, PROBE_FILE));
	if (b.len != 1 || !strchr("01YyNn", b.data[0]))
		return false;
	*ret = strchr("1Yy", b.data[0]) != NULL;
	return true;
}

bool probe_exists(struct probe *p, const char *path)
{
	const int fd = read_open(p->host->root, path, O_PATH);
	(void)fd_close(fd);
	return fd >= 0;
}

bool probe_list(struct probe *p, const char *path, void (*each)(struct probe *p, struct doc *to, struct bytes name),
	struct doc *to)
{
	cleanup_close int fd = read_open(p->host->root, path, O_RDONLY | O_DIRECTORY);
	uint64_t room[LISTING_MANY];
	struct listing l = { .fd = fd, .room = room, .size = sizeof(room) };
	unsigned count = 0;
	if (fd < 0)
		return false;
	for (const char *name = listing_next(&l); name; name = listing_next(&l)) {
		if (name[0] == '.')
			continue;
		if (++count > PROBE_ENTRIES)
			return false;
		each(p, to, bytes_of(name));
	}
	return l.code == 0;
}

struct bytes probe_status(struct probe *p, const char *name)
{
	const size_t n = strlen(name);
	if (!p->status_read)
		p->status = probe_read(p, "proc/self/status", PROBE_FILE);
	p->status_read = true;
	struct bytes text = p->status, line;
	while (read_line(&text, &line))
		if (bytes_start(line, name) && line.len > n && line.data[n] == ':')
			return read_trimmed((struct bytes){ line.data + n + 1, line.len - n - 1 });
	return (struct bytes){ 0 };
}

void probe_add_set(struct probe *p, struct doc *to, const char *key, const unsigned long *bits, size_t count)
{
	const size_t width = 8 * sizeof(*bits);
	struct text list = text_growing(p->arena);
	for (size_t i = 0; i < count; i++) {
		if (!(bits[i / width] >> i % width & 1))
			continue;
		size_t last = i;
		while (last + 1 < count && (bits[(last + 1) / width] >> (last + 1) % width & 1))
			last++;
		text_printf(&list, last > i ? "%s%zu-%zu" : "%s%zu", list.len ? "," : "", i, last);
		i = last;
	}
	make_string(p->arena, to, key, (struct bytes){ list.data, list.len });
}
