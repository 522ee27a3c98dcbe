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
#include <sys/mman.h>
#include <sys/un.h>
#include <unistd.h>

#include "audit/journal_fields.h"
#include "audit/journal_socket.h"
#include "validate/base/text.h"

const bool journal_reaches_namespaces = true;

static void write_field(void *data, const char *name, struct bytes value)
{
	struct text *t = data;
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
	return journal_push(fd, &message, until);
}

/* By a connected socket: only that can be waited for, and only there a descriptor has one place to go. */
static int send_connected(const char *path, struct bytes data, struct deadline until)
{
	struct iovec v = { .iov_base = (void *)(uintptr_t)data.data, .iov_len = data.len };
	const struct msghdr message = { .msg_iov = &v, .msg_iovlen = 1 };
	cleanup_close int fd = journal_connect(path, SOCK_DGRAM, until);
	if (fd < 0)
		return fd;
	const int r = journal_push(fd, &message, until);
	return r == -EMSGSIZE || r == -ENOBUFS ? send_memfd(fd, data, until) : r;
}

/* What is usual takes one call: a datagram with its address, from a socket that serves for each address in turn. */
static int send_to(int fd, const char *path, struct bytes data, struct deadline until)
{
	struct sockaddr_un to;
	struct iovec v = { .iov_base = (void *)(uintptr_t)data.data, .iov_len = data.len };
	const struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &v, .msg_iovlen = 1 };
	const int r = journal_address(path, &to);
	if (r < 0)
		return r;
	if (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		return 0;
	return errno == ENOENT || errno == ECONNREFUSED || errno == EACCES ? -errno : send_connected(path, data, until);
}

int journal_send(const struct record *r, const struct places *p, struct deadline until, const char **ret_socket,
	struct fail *reterr)
{
	const char *const sockets[] = { p->journal, p->journal_default };
	struct text t = text_growing(r->arena);
	int e = -ENOENT;
	const char *which = "journald";
	if (journal_fields(r, write_field, &t) < 0 || t.cut)
		return fail(reterr, -ENOMEM, CAUSE_AUDIT, "", "memory is used up");
	cleanup_close int fd = journal_socket(SOCK_DGRAM);
	if (fd < 0)
		return fail(reterr, fd, CAUSE_AUDIT, "", "%s: %s", which, errno_words(fd));
	for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
		if (!sockets[i])
			continue;
		const int now = send_to(fd, sockets[i], (struct bytes){ t.data, t.len }, until);
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
