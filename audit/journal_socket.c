/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking journald whether it has what was sent to it. One call of its varlink interface: the answer comes once all that
 * was queued before has been processed and stored.
 */
#include "audit/journal_socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "audit/journal.h"

#define ACK_CALL "{\"method\":\"io.systemd.Journal.Synchronize\",\"parameters\":{}}"

int journal_address(const char *path, struct sockaddr_un *ret)
{
	const size_t n = strlen(path);
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	memcpy(ret->sun_path, path, n);
	return 0;
}

int journal_socket(int type)
{
	const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return fd < 0 ? -errno : fd_high(fd);
}

int journal_connect(const char *path, int type, struct deadline until)
{
	struct sockaddr_un to;
	int r = journal_address(path, &to);
	if (r < 0)
		return r;
	const int fd = journal_socket(type);
	if (fd < 0)
		return fd;
	while (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		const struct timespec nap = { .tv_nsec = 500000 };
		r = -errno;
		if ((r != -EAGAIN && r != -EINTR) || deadline_left(until) == 0) {
			(void)fd_close(fd);
			return r;
		}
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	}
	return fd;
}

/* Waits for the socket. 0, -EAGAIN when the deadline came first. */
static int wait_for(int fd, short events, struct deadline until)
{
	struct pollfd p = { .fd = fd, .events = events };
	const int left = deadline_left(until);
	const int n = left > 0 ? poll(&p, 1, left) : 0;
	return n > 0 ? 0 : n == 0 ? -EAGAIN : errno == EINTR ? 0 : -errno;
}

int journal_push(int fd, const struct msghdr *message, struct deadline until)
{
	for (;;) {
		if (sendmsg(fd, message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return 0;
		int r = -errno;
		if (r == -EAGAIN)
			r = wait_for(fd, POLLOUT, until);
		if (r < 0 && r != -EINTR)
			return r;
	}
}

/* Reads journald's answer to its NUL. 0 when it is no error. */
static int read_answer(int fd, struct deadline until)
{
	char answer[512];
	size_t have = 0;
	while (have < sizeof(answer)) {
		const ssize_t n = recv(fd, answer + have, sizeof(answer) - have, MSG_DONTWAIT);
		if (n == 0)
			return -ECONNRESET;
		if (n > 0) {
			const bool whole = memchr(answer + have, '\0', (size_t)n);
			have += (size_t)n;
			if (whole)
				return memmem(answer, have, "\"error\"", strlen("\"error\"")) ? -EIO : 0;
			continue;
		}
		int r = -errno;
		if (r == -EAGAIN)
			r = wait_for(fd, POLLIN, until);
		if (r < 0 && r != -EINTR)
			return r;
	}
	return -EBADMSG;
}

int journal_ask(const char *socket, struct deadline until)
{
	static const char name[] = "io.systemd.journal";
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	const char *slash = strrchr(socket, '/');
	const size_t dir = slash ? (size_t)(slash + 1 - socket) : 0;
	if (dir + sizeof(name) > sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, socket, dir);
	memcpy(path + dir, name, sizeof(name));
	const int fd = journal_connect(path, SOCK_STREAM, until);
	if (fd < 0)
		return fd == -EAGAIN ? -ETIMEDOUT : fd;
	struct iovec v = { .iov_base = (char[]){ ACK_CALL }, .iov_len = sizeof(ACK_CALL) }; /* its NUL ends the call */
	const struct msghdr message = { .msg_iov = &v, .msg_iovlen = 1 };
	const int r = journal_push(fd, &message, until);
	if (r == 0)
		return fd;
	(void)fd_close(fd);
	return r == -EAGAIN ? -ETIMEDOUT : r;
}

int journal_answer(int fd, struct deadline until)
{
	const int r = read_answer(fd, until);
	(void)fd_close(fd);
	return r == -EAGAIN ? -ETIMEDOUT : r;
}

int journal_ack(const char *socket, struct deadline until)
{
	const int fd = journal_ask(socket, until);
	return fd < 0 ? fd : journal_answer(fd, until);
}
