/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a create could not do without, and nothing else: below this no runvet can be, on the machine at hand. Usage:
 *
 *	floor UPTO CONFIG DIRECTORY PROGRAM [ARGUMENT...]
 *
 * UPTO is how far it goes: `read` reads CONFIG and adds up its bytes, `chain` appends a line of a record's size to a
 * file in DIRECTORY under the lock of another, as the chain does, `sent` also sends as much to journald, `synced`
 * also waits for journald to say that it has it. Then it becomes PROGRAM. No document is parsed, no rule asked, no
 * host looked at, nothing hashed and nothing checked; it is static, and lies at a fixed address.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKETS "/run/systemd/journal/"
#define FIELDS 80 /* what the record of a create with nothing to say against it has */

extern char **environ;

static char text[1 << 16], line[1 << 13];

static int read_config(const char *path)
{
	volatile unsigned char sum = 0;
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 || fstat(fd, &st) < 0 ? -1 : read(fd, text, sizeof(text));

	for (ssize_t i = 0; i < n; i++)
		sum = (unsigned char)(sum + (unsigned char)text[i]);
	return n > 0 ? 0 : -1;
}

/* A line of as many fields, of the length that a record's datagram has. */
static size_t compose(void)
{
	size_t len = 0;

	for (int i = 0; i < FIELDS; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, "RUNVET_FIELD_%02d=value %02d of this entry\n",
			i, i);
	return len;
}

static int append(const char *path, size_t len)
{
	char head[220];
	struct stat st;
	const int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int lock = dir < 0 ? -1 : openat(dir, "floor.head", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	const int fd = lock < 0 ? -1 : openat(dir, "floor", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 || flock(lock, LOCK_EX) < 0 || pread(lock, head, sizeof(head), 0) < 0 || fstat(fd, &st) < 0 ||
		write(fd, line, len) != (ssize_t)len || pwrite(lock, line, sizeof(head), 0) < 0)
		return -1;
	return close(lock) + close(fd) + close(dir);
}

static int speak(const char *path, int type, const char *what, size_t len)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0 ||
		send(fd, what, len, MSG_NOSIGNAL) != (ssize_t)len)
		return -1;
	return fd;
}

static int synchronize(void)
{
	static const char call[] = "{\"method\":\"io.systemd.Journal.Synchronize\",\"parameters\":{}}";
	char answer[512];
	const int fd = speak(SOCKETS "io.systemd.journal", SOCK_STREAM, call, sizeof(call));

	return fd < 0 || recv(fd, answer, sizeof(answer), 0) <= 0 ? -1 : close(fd);
}

int main(int argc, char **argv)
{
	const char *upto = argc > 4 ? argv[1] : "";
	const int steps = strcmp(upto, "read") == 0 ? 1
		: strcmp(upto, "chain") == 0        ? 2
		: strcmp(upto, "sent") == 0         ? 3
						    : 4;

	if (argc < 5 || read_config(argv[2]) < 0)
		return 2;
	const size_t len = compose();
	if (steps > 1 && append(argv[3], len) < 0)
		return 3;
	const int fd = steps > 2 ? speak(SOCKETS "socket", SOCK_DGRAM, line, len) : -1;
	if ((steps > 2 && fd < 0) || (steps > 3 && synchronize() < 0))
		return 4;
	(void)execve(argv[4], argv + 4, environ);
	return 127;
}
