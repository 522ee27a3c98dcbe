/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/fd.h"

#define TRIES 8

static int fill(int fd, struct bytes b, mode_t mode, bool sync)
{
	int r = fchmod(fd, mode) < 0 ? -errno : fd_write_all(fd, b, NULL);
	if (r == 0 && sync && fsync(fd) < 0)
		r = -errno;
	return r;
}

/* A new file of a name that nobody can have laid there before. */
static int open_beside(int dir, const char *name, char *temp, size_t size)
{
	for (int i = 0; i < TRIES; i++) {
		unsigned long long random;
		if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
			return -EIO;
		if (snprintf(temp, size, ".%s.%016llx", name, random) >= (int)size)
			return -ENAMETOOLONG;
		const int fd = fd_open(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
		if (fd != -EEXIST)
			return fd;
	}
	return -EEXIST;
}

int replace_file(const char *path, struct bytes b, mode_t mode, bool sync)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char temp[256], parent[4096];
	const size_t len = slash ? (slash == path ? 1 : (size_t)(slash - path)) : 0;

	if (!*name || len >= sizeof(parent))
		return *name ? -ENAMETOOLONG : -EISDIR;
	memcpy(parent, slash ? path : ".", slash ? len : 1);
	parent[slash ? len : 1] = '\0';
	cleanup_close int dir = fd_open(AT_CWD, parent, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return dir;
	cleanup_close int fd = open_beside(dir, name, temp, sizeof(temp));
	if (fd < 0)
		return fd;
	int r = fill(fd, b, mode, sync);
	if (r == 0 && renameat(dir, temp, dir, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(dir, temp, 0);
	return r;
}

int option_value(const struct verb *v, int argc, char **argv, int *at, const char *name, const char **ret)
{
	const char *word = argv[*at];
	const size_t len = strlen(name);

	if (strncmp(word, name, len) != 0 || (word[len] != '\0' && word[len] != '='))
		return 0;
	*ret = word[len] == '=' ? word + len + 1 : *at + 1 < argc ? argv[++*at] : NULL;
	if (*ret && **ret)
		return 1;
	return -usage(v, "%s needs a value", name);
}

unsigned long option_number(const char *word, unsigned long most)
{
	char *end = NULL;
	if (*word < '0' || *word > '9')
		return 0;
	errno = 0;
	const unsigned long n = strtoul(word, &end, 10);
	return errno || *end || n > most ? 0 : n;
}

bool option_mode(const char *word, mode_t *ret)
{
	char *end = NULL;
	if (*word < '0' || *word > '7' || strlen(word) > 4)
		return false;
	const unsigned long n = strtoul(word, &end, 8);
	*ret = (mode_t)n;
	return !*end && n <= 0777;
}
