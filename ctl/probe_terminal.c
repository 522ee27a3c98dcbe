/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal: its master comes over the console socket, and what the container writes comes out of it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/probe.h"

#define PATCH "{'process':{'terminal':true,'consoleSize':{'height':33,'width':99}}}"

static const struct seen handed = { .section = COMPLY_STREAMS,
	.line = "a terminal is handed over on the console socket",
	.spec = "config.md#process" };
static const struct seen terminal = { .place = "process.terminal", .wants = "tty 111" };
static const struct seen height = { .place = "process.consoleSize.height", .wants = "size 33 *" };
static const struct seen width = { .place = "process.consoleSize.width", .wants = "size * 99" };

static int listen_at(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct text to = text_over(at.sun_path, sizeof(at.sun_path));

	text_add(&to, path);
	if (to.cut)
		return -ENAMETOOLONG;
	const int fd = fd_high(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, 1) < 0) {
		const int r = -errno;
		(void)fd_close(fd);
		return r;
	}
	return fd;
}

/* The descriptor that a message brings; negative when there is none in time. */
static int receive(int listener)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char text[4096];
	struct iovec part = { .iov_base = text, .iov_len = sizeof(text) };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	int ret = -1;

	if (poll(&ready, 1, PROBE_STATE_MS) <= 0)
		return -ETIMEDOUT;
	cleanup_close int peer = fd_high(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	ready.fd = peer;
	if (peer < 0 || poll(&ready, 1, PROBE_STATE_MS) <= 0 || recvmsg(peer, &message, MSG_CMSG_CLOEXEC) < 0)
		return -ETIMEDOUT;
	const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
		memcpy(&ret, CMSG_DATA(head), sizeof(ret));
	return fd_high(ret);
}

/* All that comes until the other side is closed, or nothing comes for a while. */
static void read_terminal(int master, char *to, size_t size)
{
	struct pollfd ready = { .fd = master, .events = POLLIN };
	size_t len = 0;

	while (len + 1 < size && !strstr(to, "end\r\n") && poll(&ready, 1, PROBE_STATE_MS) > 0) {
		const ssize_t n = read(master, to + len, size - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		to[len] = '\0';
	}
}

static void try_terminal(struct probe *p, const char *socket, struct probed *ran)
{
	const char *const create[] = { "create", "--bundle", p->bundle, "--console-socket", socket, p->id, NULL },
			  *const start[] = { "start", p->id, NULL };
	static const struct seen *const shown[] = { &terminal, &height, &width };
	cleanup_close int listener = listen_at(socket);

	int r = listener < 0 ? listener : probe_bundle(p, PATCH);
	if (r == 0)
		r = probe_run(p, create, NULL, ran);
	if (r < 0 || ran->code != 0) {
		probe_line(p, &handed, r < 0 ? COMPLY_UNKNOWN : COMPLY_NONE, "create with a console socket fails: %s",
			probe_fault(p, ran));
		return;
	}
	cleanup_close int master = receive(listener);
	probe_line(p, &handed, master >= 0 ? COMPLY_FULL : COMPLY_NONE,
		master >= 0 ? "its master came" : "no descriptor came");
	if (master < 0 || probe_run(p, start, NULL, ran) < 0)
		return;
	ran->out[0] = '\0';
	read_terminal(master, ran->out, sizeof(ran->out));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const bool good = probe_matches(ran->out, shown[i]->wants);
		probe_line(p, shown[i], good ? COMPLY_FULL : COMPLY_NONE, "%s: its output has %s",
			good ? "seen" : "not found", shown[i]->wants);
	}
}

void probe_terminal(struct probe *p)
{
	struct probed *ran = arena_new(p->arena, struct probed);
	const char *socket = arena_printf(p->arena, "%s/console", p->dir);
	const char *why = p->idle                  ? p->idle
		: p->broken                        ? p->broken
		: !ran || !socket || probe_over(p) ? "not reached"
						   : NULL;

	if (why) {
		probe_line(p, &handed, COMPLY_UNKNOWN, "%s", why);
		return;
	}
	try_terminal(p, socket, ran);
	probe_clear(p);
}
