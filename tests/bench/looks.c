/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holding dockerd's config.json against the host could not do without, and nothing else: the looks at what may be
 * another thing than a moment ago, each once, in the cheapest calls there are. Usage:
 *
 *	looks CACHE ROOTFS SOURCES CGROUP
 *
 * CACHE is where runvet keeps what holds for a boot, ROOTFS the container's, SOURCES the directory of the three files
 * that dockerd binds, CGROUP the container's path below a hierarchy. Nothing is decided, no rule asked, no document
 * made; it is static, and lies at a fixed address. Without words it does nothing: what it takes longer with them is the
 * floor of the host's part.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char text[1 << 16];

static int place(int at, const char *path)
{
	const struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, at, path, &how, sizeof(how));
}

static bool there(int at, const char *name)
{
	struct statx st;

	return statx(at, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &st) == 0;
}

/* A small file, whole; whether it was read. */
static bool file(int at, const char *name)
{
	const int fd = openat(at, name, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, text, sizeof(text)) > 0 && close(fd) == 0;
}

/* Of the process and the machine, as far as it is not kept. */
static bool around(int cache, int top)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2];

	return file(cache, "facts") && file(cache, "sysctls") && file(top, "proc/sys/kernel/random/boot_id") &&
		syscall(SYS_capget, &head, caps) == 0 && readlinkat(top, "proc/self/ns/user", text, sizeof(text)) > 0;
}

static bool listed(int at, const char *const *names)
{
	for (; *names; names++)
		if (!there(at, *names))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	static const char *const own[] = { "resolv.conf", "hostname", "hosts", NULL };
	static const char *const mounted[] = { "dev", "proc", "sys", NULL };
	static const char *const hierarchies[] = { "devices", "freezer", "unified", NULL };

	if (argc < 5)
		return 0;
	const int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), cache = open(argv[1], O_RDONLY | O_CLOEXEC);
	const int rootfs = place(top, argv[2] + 1), sources = place(top, argv[3] + 1);

	if (cache < 0 || !around(cache, top) || !there(rootfs, "bin/echo") || !listed(rootfs, mounted) ||
		!listed(sources, own) || !listed(place(rootfs, "etc"), own) || !there(top, "usr/bin/true"))
		return 1;
	for (const char *const *one = hierarchies; *one; one++) {
		(void)snprintf(text, sizeof(text), "sys/fs/cgroup/%s/%s", *one, argv[4]);
		(void)place(top, text);
	}
	return 0;
}
