/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who called. journald looks this up too, but after the fact, when the delegate has taken this process over or it is
 * gone; so the record says it in its own words. Never from a command line: those hold passwords.
 */
#include "audit/caller.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "validate/base/fd.h"

/* Reads what fits; files of /proc come in one read. Nothing when it cannot be read. */
static struct bytes read_small(const char *path, char *buffer, size_t size)
{
	cleanup_close int fd = fd_open(AT_CWD, path, O_RDONLY, 0);
	ssize_t n = fd < 0 ? -1 : read(fd, buffer, size);
	struct bytes b = { buffer, n > 0 ? (size_t)n : 0 };
	while (b.len > 0 && b.data[b.len - 1] == '\n')
		b.len--;
	return b;
}

static uint32_t read_number(const char *path)
{
	char digits[16];
	struct bytes b = read_small(path, digits, sizeof(digits) - 1);
	digits[b.len] = '\0';
	char *end;
	unsigned long n = strtoul(digits, &end, 10);
	return b.len > 0 && *end == '\0' && n < UINT32_MAX ? (uint32_t)n : LOGIN_NONE;
}

static bool ends(struct bytes b, const char *suffix)
{
	const size_t n = strlen(suffix);
	return b.len > n && memcmp(b.data + b.len - n, suffix, n) == 0;
}

static bool is_unit(struct bytes name)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket", ".mount", ".swap" };
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (ends(name, suffixes[i]))
			return true;
	return false;
}

static struct bytes unit_of_path(struct bytes path)
{
	while (path.len > 0) {
		while (path.len > 0 && path.data[0] == '/')
			path = (struct bytes){ path.data + 1, path.len - 1 };
		const char *slash = path.len ? memchr(path.data, '/', path.len) : NULL;
		struct bytes part = { path.data, slash ? (size_t)(slash - path.data) : path.len };
		path = (struct bytes){ path.data + part.len, path.len - part.len };
		if (ends(part, ".slice"))
			continue;
		if (bytes_start(part, "_")) /* systemd's escape for names that a controller could have */
			part = (struct bytes){ part.data + 1, part.len - 1 };
		return is_unit(part) ? part : (struct bytes){ 0 };
	}
	return (struct bytes){ 0 };
}

/* "1:name=systemd:/system.slice/a.service": what follows the second colon, if the middle is `hierarchy`. */
static struct bytes path_in(struct bytes line, const char *hierarchy)
{
	const char *first = line.len ? memchr(line.data, ':', line.len) : NULL;
	const char *end = line.data + line.len;
	const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;
	if (!second || !bytes_is((struct bytes){ first + 1, (size_t)(second - first - 1) }, hierarchy))
		return (struct bytes){ 0 };
	return (struct bytes){ second + 1, (size_t)(end - second - 1) };
}

struct bytes unit_of_cgroup(struct bytes cgroup)
{
	struct bytes unified = { 0 };
	while (cgroup.len > 0) {
		const char *end = memchr(cgroup.data, '\n', cgroup.len);
		const struct bytes line = { cgroup.data, end ? (size_t)(end - cgroup.data) : cgroup.len };
		const size_t gone = end ? line.len + 1 : line.len;
		cgroup = (struct bytes){ cgroup.data + gone, cgroup.len - gone };
		const struct bytes named = unit_of_path(path_in(line, "name=systemd"));
		if (named.len > 0)
			return named;
		if (unified.len == 0)
			unified = unit_of_path(path_in(line, ""));
	}
	return unified;
}

bool caller_is_monitor(const char *exe)
{
	const char *slash = exe ? strrchr(exe, '/') : NULL;
	struct bytes name = bytes_of(slash ? slash + 1 : NULL);
	if (ends(name, " (deleted)")) /* upgraded while it runs */
		name.len -= strlen(" (deleted)");
	return bytes_is(name, "conmon") || bytes_is(name, "crio") || bytes_start(name, "containerd-shim-");
}

/* The second number of the line "Uid:". */
static uid_t effective_uid(struct bytes status)
{
	static const char name[] = "\nUid:\t";
	const char *at = status.len ? memmem(status.data, status.len, name, sizeof(name) - 1) : NULL;
	char *real_ends = NULL, *effective_ends = NULL;

	/* What was read ends in a NUL, see uid_of. */
	if (at)
		(void)strtoul(at + sizeof(name) - 1, &real_ends, 10);
	const unsigned long effective = at ? strtoul(real_ends, &effective_ends, 10) : 0;
	if (!at || effective_ends == real_ends || effective >= UINT32_MAX)
		return (uid_t)-1;
	return (uid_t)effective;
}

/* PIDFD_GET_INFO's answer, since Linux 6.13; <linux/pidfd.h> has it later than that. */
struct process_info {
	uint64_t mask, cgroup;
	uint32_t pid, thread_group, parent, real_uid, real_gid, effective_uid, effective_gid, rest[5];
};
#define PROCESS_INFO _IOWR(0xff, 11, struct process_info)
#define PROCESS_INFO_CREDENTIALS (UINT64_C(1) << 1)

/* The effective user of a process, asked of the kernel in so many words; a fifth of what writing a status takes it. */
static bool asked_uid(pid_t pid, uid_t *ret)
{
	struct process_info info = { .mask = PROCESS_INFO_CREDENTIALS };
	cleanup_close int fd = fd_high((int)syscall(SYS_pidfd_open, pid, 0));
	if (fd < 0 || ioctl(fd, PROCESS_INFO, &info) < 0 || !(info.mask & PROCESS_INFO_CREDENTIALS))
		return false;
	*ret = info.effective_uid;
	return true;
}

static uid_t uid_of(pid_t pid)
{
	char path[64], text[4096];
	uid_t uid;
	if (asked_uid(pid, &uid))
		return uid;
	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	const struct bytes status = read_small(path, text, sizeof(text) - 1);
	text[status.len] = '\0';
	return effective_uid(status);
}

void caller_read(struct arena *a, struct caller *ret)
{
	char path[64], buffer[4096];
	*ret = (struct caller){ .pid = getpid(), .parent = getppid() };
	ret->uid = uid_of(ret->parent);
	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)ret->parent);
	ssize_t n = readlink(path, buffer, sizeof(buffer));
	if (n > 0)
		ret->exe = arena_copy(a, (struct bytes){ buffer, (size_t)n });
	(void)snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)ret->parent);
	const struct bytes unit = unit_of_cgroup(read_small(path, buffer, sizeof(buffer)));
	if (unit.len > 0)
		ret->unit = arena_copy(a, unit);
	ret->loginuid = read_number("/proc/self/loginuid");
	ret->session = read_number("/proc/self/sessionid");
}

/* A process has one boot: it is asked for once, although record, note and chain each want it. */
bool boot_id(char ret[static BOOT_ID])
{
	static char known[BOOT_ID];
	char text[BOOT_ID];

	if (known[0] == '\0') {
		const struct bytes b = read_small("/proc/sys/kernel/random/boot_id", text, sizeof(text));
		if (b.len == BOOT_ID - 1)
			memcpy(known, text, b.len);
	}
	memcpy(ret, known, BOOT_ID);
	return ret[0] != '\0';
}

void machine_read(struct arena *a, struct machine *ret)
{
	char buffer[64], boot[BOOT_ID];
	struct utsname names;
	*ret = (struct machine){ 0 };
	struct bytes b = read_small("/etc/machine-id", buffer, sizeof(buffer));
	if (b.len == 32)
		ret->id = arena_copy(a, b);
	if (boot_id(boot))
		ret->boot_id = arena_copy(a, bytes_of(boot));
	if (uname(&names) < 0)
		return;
	ret->name = arena_copy(a, bytes_of(names.nodename));
	ret->kernel = arena_copy(a, bytes_of(names.release));
}
