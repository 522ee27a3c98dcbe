/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which user namespace this process lives. The machine's own has the same inode on every Linux, and since 6.11 a
 * process that asks for its namespaces by a descriptor of itself gets them without /proc, where each file of a process
 * that is new has to be made before it can be read.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/file.h"

#define USER_NAMESPACE _IO(0xff, 9) /* <linux/pidfd.h>: PIDFD_GET_USER_NAMESPACE, later than the headers of 2023 */

bool user_namespace_initial(void)
{
	static enum { UNKNOWN, YES, NO } known;
	if (known != UNKNOWN)
		return known == YES;
	struct stat st;
	cleanup_close int self = fd_high((int)syscall(SYS_pidfd_open, getpid(), 0));
	cleanup_close int namespace = self < 0 ? -1 : fd_high(ioctl(self, USER_NAMESPACE, 0));
	known = namespace >= 0 && fstat(namespace, &st) == 0 && st.st_ino == USER_NAMESPACE_INODE ? YES : NO;
	return known == YES;
}

/* Whether one line of a uid_map, "inside outside count", covers outside id 0. By hand: sscanf alone is nine pages. */
static bool maps_root(const char *line)
{
	unsigned long numbers[3];
	for (size_t i = 0; i < 3; i++) {
		char *end;
		numbers[i] = strtoul(line, &end, 10);
		if (end == line)
			return false;
		line = end;
	}
	return numbers[1] == 0 && numbers[2] > 0;
}

bool rootless(void)
{
	static enum { UNKNOWN, YES, NO } known;
	if (known != UNKNOWN)
		return known == YES;
	known = NO; /* the machine's own; no user namespaces, or no /proc: then uid 0 means uid 0 */
	if (user_namespace_initial())
		return false;
	char map[4096];
	int fd = fd_open(AT_CWD, "/proc/self/uid_map", O_RDONLY, 0);
	ssize_t n = fd < 0 ? -1 : read(fd, map, sizeof(map) - 1);
	(void)fd_close(fd);
	if (n < 0)
		return false;
	map[n] = '\0';
	known = YES; /* also while the map is empty still */
	for (const char *line = map; line && *line && known == YES;) {
		if (maps_root(line))
			known = NO;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return known == YES;
}
