/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network interfaces of this process's network namespace, and RDMA devices. The kernel is asked by netlink: /sys shows
 * the interfaces of whoever mounted it. In a tree, /proc/self/net/dev has their names.
 */
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/probe.h"
#include "validate/host/read.h"

#define REPLY_BYTES ((size_t)32 << 10)
#define REPLIES 4096u /* datagrams: some ten interfaces each */
#define WAIT_LINKS_MS 50

#ifndef IFLA_NETNS_IMMUTABLE
#define IFLA_NETNS_IMMUTABLE 67 /* since Linux 6.15 */
#endif

static void add_interface(struct probe *p, struct doc *to, struct bytes name, bool loopback, const uint8_t *immutable)
{
	const char *key = name.len && !make_found(to, name) ? arena_copy(p->arena, name) : NULL;
	struct doc *one = key ? make_object(p->arena, to, key) : NULL;
	make_bool(p->arena, one, "loopback", loopback);
	if (loopback || immutable)
		make_bool(p->arena, one, "immutable", loopback || (immutable && *immutable));
}

/* The macros of netlink know no const. */
static void add_message(struct probe *p, struct doc *to, struct nlmsghdr *h)
{
	struct ifinfomsg *info = NLMSG_DATA(h);
	const uint8_t *immutable = NULL;
	struct bytes name = { 0 };
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*info)))
		return;
	long left = (long)(h->nlmsg_len - NLMSG_LENGTH(sizeof(*info)));
	for (struct rtattr *a = IFLA_RTA(info); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		const char *data = RTA_DATA(a);
		const size_t len = RTA_PAYLOAD(a);
		if (a->rta_type == IFLA_IFNAME)
			name = (struct bytes){ data, strnlen(data, len) };
		if (a->rta_type == IFLA_NETNS_IMMUTABLE && len == 1)
			immutable = (const uint8_t *)data;
	}
	if (name.len)
		add_interface(p, to, name, info->ifi_flags & IFF_LOOPBACK, immutable);
}

/* One datagram of the answer. False when it ends in an error; *ret_done once it was the last. */
static bool take(struct probe *p, struct doc *to, char *data, size_t size, bool *ret_done)
{
	unsigned left = (unsigned)size;
	for (struct nlmsghdr *h = (void *)data; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type == NLMSG_ERROR || (h->nlmsg_flags & NLM_F_DUMP_INTR))
			return false;
		if (h->nlmsg_type == NLMSG_DONE) {
			*ret_done = true;
			return true;
		}
		if (h->nlmsg_type == RTM_NEWLINK)
			add_message(p, to, h);
	}
	return true;
}

/* All interfaces, or false. The kernel answers at once; it is not waited for longer than that takes. */
static bool ask_kernel(struct probe *p, struct doc *to)
{
	const struct {
		struct nlmsghdr head;
		struct ifinfomsg info;
	} question = { .head = { .nlmsg_len = sizeof(question),
			       .nlmsg_type = RTM_GETLINK,
			       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };
	cleanup_close int fd = fd_high(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
	char *buffer = arena_alloc(p->arena, REPLY_BYTES);
	bool done = false;
	if (fd < 0 || !buffer || send(fd, &question, sizeof(question), MSG_NOSIGNAL) != (ssize_t)sizeof(question))
		return false;
	const struct deadline end = deadline_in(WAIT_LINKS_MS);
	for (unsigned i = 0; i < REPLIES && !done; i++) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		if (poll(&ready, 1, deadline_left(end)) != 1)
			return false;
		const ssize_t n = recv(fd, buffer, REPLY_BYTES, MSG_TRUNC);
		if (n <= 0 || (size_t)n > REPLY_BYTES || !take(p, to, buffer, (size_t)n, &done))
			return false;
	}
	return done;
}

/* Two lines of heading, then "  eth0: 1296 …". The flags of an interface are a hexadecimal number in sysfs. */
static bool read_names(struct probe *p, struct doc *to)
{
	struct bytes text = probe_read(p, "proc/self/net/dev", PROBE_LIST), line;
	if (!read_line(&text, &line) || !read_line(&text, &line))
		return false;
	while (read_line(&text, &line)) {
		const char *colon = line.len ? memchr(line.data, ':', line.len) : NULL;
		if (!colon)
			continue;
		const struct bytes name = read_trimmed((struct bytes){ line.data, (size_t)(colon - line.data) });
		add_interface(p, to, name, bytes_is(name, "lo"), NULL);
	}
	return true;
}

void probe_interfaces(struct probe *p)
{
	struct doc *found = make_document(p->arena);
	if (p->host->live ? ask_kernel(p, found) : read_names(p, found))
		make_copy(p->arena, p->to, "interfaces", found);
}

static void add_name(struct probe *p, struct doc *to, struct bytes name)
{
	make_string(p->arena, to, NULL, name);
}

void probe_rdma(struct probe *p)
{
	struct doc *list = make_array(p->arena, probe_exists(p, "sys/class") ? p->to : NULL, "rdma");
	(void)probe_list(p, "sys/class/infiniband", add_name, list);
}
