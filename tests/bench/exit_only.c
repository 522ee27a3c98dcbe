/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A delegate that does nothing: what remains of a measurement when the work is taken away. Asked what it can it says
 * what stands in the file "features" beside it, so that judging by that is measured as well.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int tell(void)
{
	static char path[4096], text[1 << 16];
	const ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - sizeof("features"));
	if (len <= 0)
		return 1;
	path[len] = '\0';
	memcpy(strrchr(path, '/') + 1, "features", sizeof("features"));
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	return n > 0 && write(STDOUT_FILENO, text, (size_t)n) == n ? 0 : 1;
}

int main(int argc, char **argv)
{
	return argc == 2 && strcmp(argv[1], "features") == 0 ? tell() : 0;
}
