/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runvetctl check reads. It acts for its user, with the user's rights, and starts nothing: so it follows symbolic
 * links and does not care who owns a file, unlike runvet itself. It reads what has an end: regular files and standard
 * input, each up to the limit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/input.h"
#include "ctl/ctl.h"
#include "validate/base/fail.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"

#define INPUT_MOST (LIMIT_DOC_BYTES + 1)

static int read_all(struct arena *a, int fd, size_t expected, struct bytes *ret)
{
	size_t size = expected < INPUT_MOST ? expected + 1 : INPUT_MOST, len = 0;
	char *data = arena_alloc(a, size);
	while (data && len < INPUT_MOST) {
		if (len == size) {
			const size_t more = size * 2 < INPUT_MOST ? size * 2 : INPUT_MOST;
			char *larger = arena_alloc(a, more);
			if (larger)
				memcpy(larger, data, len);
			data = larger;
			size = more;
			continue;
		}
		const ssize_t n = read(fd, data + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret = (struct bytes){ data, len };
	return data ? 0 : -ENOMEM;
}

/* Opens path, or config.json in it when it is a directory. A fifo is opened without waiting, and refused. */
static int open_document(struct arena *a, const char *path, const char **ret_file, struct stat *ret_st)
{
	int fd = fd_open(AT_CWD, path, O_RDONLY | O_NONBLOCK, 0);
	*ret_file = path;
	if (fd >= 0 && fstat(fd, ret_st) < 0)
		ret_st->st_mode = 0;
	if (fd < 0 || !S_ISDIR(ret_st->st_mode))
		return fd;
	const size_t len = strlen(path);
	*ret_file = arena_printf(a, "%s%sconfig.json", path, len && path[len - 1] == '/' ? "" : "/");
	const int inner = *ret_file ? fd_open(fd, "config.json", O_RDONLY | O_NONBLOCK, 0) : -ENOMEM;
	(void)fd_close(fd);
	if (inner >= 0 && fstat(inner, ret_st) < 0)
		ret_st->st_mode = 0;
	return inner;
}

int input_get(struct arena *a, const char *given, const char **ret_file, struct bytes *ret_text)
{
	struct stat st = { 0 };
	int r;
	*ret_file = given;
	if (strcmp(given, "-") == 0) {
		r = read_all(a, STDIN_FILENO, 64 << 10, ret_text);
	} else {
		const int fd = open_document(a, given, ret_file, &st);
		if (fd < 0)
			r = fd;
		else if (!S_ISREG(st.st_mode))
			r = -ENOTSUP;
		else
			r = read_all(a, fd, st.st_size > 0 ? (size_t)st.st_size : 0, ret_text);
		(void)fd_close(fd);
	}
	if (r == -ENOTSUP)
		(void)trouble("%s is no regular file; pipe it to \"runvetctl check -\"", given);
	else if (r < 0)
		(void)trouble("%s cannot be read: %s", *ret_file ? *ret_file : given, errno_words(r));
	return r;
}

const char *input_bundle(struct arena *a, const char *file)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	const char *dir = slash ? arena_copy(a, (struct bytes){ file, (size_t)(slash - file) + 1 }) : ".";

	if (!dir || strcmp(name, "config.json") != 0)
		return NULL;
	char *real = realpath(dir, NULL);
	const char *ret = real ? arena_copy(a, bytes_of(real)) : NULL;
	free(real);
	return ret;
}
