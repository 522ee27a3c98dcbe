/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald by its own protocol, in a page. sd_journal_sendv would answer 0 when nobody listens, sleep for ever when
 * journald is stopped, and has no way into a journal namespace; here each of these is an errno within the deadline.
 *
 * One datagram: NAME=value and a newline per field. A value with a newline in it goes by its length instead, so that no
 * value can pass for another field. What is too long for a datagram goes as a sealed memfd.
 */
#include "audit/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "validate/base/text.h"

#define ACK_CALL "{\"method\":\"io.systemd.Journal.Synchronize\",\"parameters\":{}}"

static void write_field(struct text *t, const char *name, struct bytes value)
{
	text_add(t, name);
	if (value.len > 0 && memchr(value.data, '\n', value.len)) {
		char length[8]; /* little endian on every machine */
		for (size_t i = 0; i < sizeof(length); i++)
			length[i] = (char)(unsigned char)((uint64_t)value.len >> (8 * i) & 0xff);
		text_char(t, '\n');
		text_bytes(t, (struct bytes){ length, sizeof(length) });
	} else {
		text_char(t, '=');
	}
	text_bytes(t, value);
	text_char(t, '\n');
}

static int address(const char *path, struct sockaddr_un *ret)
{
	const size_t n = strlen(path);
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	memcpy(ret->sun_path, path, n);
	return 0;
}

/*
 * A connected socket that never blocks. A full backlog of a stream socket (EAGAIN) is tried again until the
 * deadline.
 */
static int connect_to(const char *path, int type, struct deadline until)
{
	struct sockaddr_un to;
	int r = address(path, &to);
	if (r < 0)
		return r;
	int fd = fd_high(socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	if (fd < 0)
		return -errno;
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

/* sendmsg(2), again and again while journald's queue is full and there is time. */
static int send_until(int fd, const struct msghdr *message, struct deadline until)
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

/*
 * journald takes a datagram without data but with one descriptor for a record in that file, if nobody can change
 * it any more.
 */
static int send_memfd(int fd, struct bytes data, struct deadline until)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	cleanup_close int memory = fd_high(memfd_create("runvet-record", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	if (memory < 0)
		return -errno;
	const int r = fd_write_all(memory, data, NULL);
	if (r < 0)
		return r;
	if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return -errno;
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &memory, sizeof(int));
	return send_until(fd, &message, until);
}

static int send_to(const char *path, struct bytes data, struct deadline until)
{
	struct iovec v = { .iov_base = (void *)(uintptr_t)data.data, .iov_len = data.len };
	const struct msghdr message = { .msg_iov = &v, .msg_iovlen = 1 };
	cleanup_close int fd = connect_to(path, SOCK_DGRAM, until);
	if (fd < 0)
		return fd;
	const int r = send_until(fd, &message, until);
	return r == -EMSGSIZE || r == -ENOBUFS ? send_memfd(fd, data, until) : r;
}

int journal_send(const struct record *r, const struct places *p, struct deadline until, const char **ret_socket,
	struct fail *reterr)
{
	const char *const sockets[] = { p->journal, p->journal_default };
	struct text t = text_growing(r->arena);
	int e = -ENOENT;
	const char *which = "journald";
	for (size_t i = 0; i < r->count; i++)
		if (field_row(r->entries[i].field)->journal)
			write_field(&t, field_row(r->entries[i].field)->journal, r->entries[i].value);
	if (r->truncated)
		write_field(&t, field_row(FIELD_TRUNCATED)->journal, BYTES("1"));
	if (t.cut)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		if (!sockets[i])
			continue;
		const int now = send_to(sockets[i], (struct bytes){ t.data, t.len }, until);
		if (now == 0) {
			*ret_socket = sockets[i];
			return 0;
		}
		if (e == -ENOENT ||
			now != -ENOENT) { /* that one is not there says less than what the other one answered */
			e = now;
			which = sockets[i];
		}
	}
	return fail(reterr, e, CAUSE_AUDIT, "", "%s: %s", which, errno_words(e));
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

int journal_ack(const char *socket, struct deadline until)
{
	static const char name[] = "io.systemd.journal";
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	const char *slash = strrchr(socket, '/');
	const size_t dir = slash ? (size_t)(slash + 1 - socket) : 0;
	if (dir + sizeof(name) > sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, socket, dir);
	memcpy(path + dir, name, sizeof(name));
	cleanup_close int fd = connect_to(path, SOCK_STREAM, until);
	if (fd < 0)
		return fd == -EAGAIN ? -ETIMEDOUT : fd;
	struct iovec v = { .iov_base = (char[]){ ACK_CALL }, .iov_len = sizeof(ACK_CALL) }; /* its NUL ends the call */
	const struct msghdr message = { .msg_iov = &v, .msg_iovlen = 1 };
	int r = send_until(fd, &message, until);
	if (r == 0)
		r = read_answer(fd, until);
	return r == -EAGAIN ? -ETIMEDOUT : r;
}
