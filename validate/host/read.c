/* SPDX-License-Identifier: Apache-2.0 */
/* One way to read, so that there is one place that must not hang. */
#include "validate/host/read.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "validate/base/fd.h"

#define READ_FIRST ((size_t)4 << 10) /* what most files of /proc and /sys fit into */

int read_open(int root, const char *path, int flags)
{
	const int all = flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY);
	const struct open_how how = { .flags = (unsigned)all, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	long fd;
	do
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EINTR);
	if (fd >= 0)
		return fd_high((int)fd);
	/* Before Linux 5.6, and under filters that do not know the call. */
	return errno == ENOSYS || errno == EPERM ? fd_open(root, path, all, 0) : -errno;
}

/* Reads on into larger and larger memory. The length, or a negative errno. */
static ssize_t read_growing(struct arena *a, int fd, size_t most, char **data, size_t size)
{
	size_t len = 0;
	for (;;) {
		const ssize_t n = read(fd, *data + len, size - len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return (ssize_t)len;
		len += (size_t)n;
		if (len > most)
			return -EFBIG;
		if (len < size - 1)
			continue;
		char *larger = arena_alloc(a, size * 4);
		if (!larger)
			return -ENOMEM;
		memcpy(larger, *data, len);
		*data = larger;
		size *= 4;
	}
}

struct bytes read_closing(struct arena *a, int fd, size_t most)
{
	struct bytes ret = { 0 };
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)fd_close(fd);
		return ret;
	}
	const size_t size = most < READ_FIRST ? most + 2 : READ_FIRST;
	char *data = arena_alloc(a, size);
	const ssize_t n = data ? read_growing(a, fd, most, &data, size) : -ENOMEM;
	(void)fd_close(fd);
	if (n >= 0)
		ret = (struct bytes){ data, (size_t)n };
	return ret;
}

struct bytes read_below(struct arena *a, int root, const char *path, size_t most)
{
	return read_closing(a, read_open(root, path, O_RDONLY), most);
}

bool read_line(struct bytes *text, struct bytes *ret)
{
	if (text->len == 0)
		return false;
	const char *newline = memchr(text->data, '\n', text->len);
	const size_t n = newline ? (size_t)(newline - text->data) : text->len, used = n + (newline != NULL);
	*ret = (struct bytes){ text->data, n };
	*text = (struct bytes){ text->data + used, text->len - used };
	return true;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool read_word(struct bytes *text, struct bytes *ret)
{
	size_t i = 0, n;
	while (i < text->len && blank(text->data[i]))
		i++;
	for (n = i; n < text->len && !blank(text->data[n]);)
		n++;
	if (n == i)
		return false;
	*ret = (struct bytes){ text->data + i, n - i };
	*text = (struct bytes){ text->data + n, text->len - n };
	return true;
}

bool read_number(struct bytes b, uint64_t *ret)
{
	uint64_t n = 0;
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9' || __builtin_mul_overflow(n, UINT64_C(10), &n) ||
			__builtin_add_overflow(n, (uint64_t)(b.data[i] - '0'), &n))
			return false;
	if (b.len == 0)
		return false;
	*ret = n;
	return true;
}

struct bytes read_trimmed(struct bytes b)
{
	while (b.len && blank(b.data[b.len - 1]))
		b.len--;
	while (b.len && blank(b.data[0]))
		b = (struct bytes){ b.data + 1, b.len - 1 };
	return b;
}

bool read_number_below(int root, const char *path, uint64_t *ret)
{
	char text[64];
	const int fd = read_open(root, path, O_RDONLY);
	struct stat st;
	const bool regular = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	const ssize_t n = regular ? read(fd, text, sizeof(text)) : -1;
	(void)fd_close(fd);
	return n > 0 && (size_t)n < sizeof(text) && read_number(read_trimmed((struct bytes){ text, (size_t)n }), ret);
}

struct bytes read_link(int root, const char *path, char *to, size_t size)
{
	const int fd = read_open(root, path, O_PATH | O_NOFOLLOW);
	const ssize_t n = fd < 0 ? -1 : readlinkat(fd, "", to, size);
	(void)fd_close(fd);
	return n > 0 && (size_t)n < size ? (struct bytes){ to, (size_t)n } : (struct bytes){ 0 };
}
