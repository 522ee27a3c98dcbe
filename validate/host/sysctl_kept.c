/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of sysctls in new namespaces: a file of lines, the first of which names the boot. Only what is
 * writable is kept, because what is not there may come with the next module.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/file.h>

#include "validate/base/fd.h"
#include "validate/base/text.h"
#include "validate/host/kept.h"
#include "validate/host/read.h"
#include "validate/host/sysctl.h"

#define NAME "sysctls"
#define NAME_LOCK "sysctls.lock"
#define FORMAT "runvet-sysctls 1"

/* "user net/ipv4/ip_forward": in a user namespace of its own other sysctls are there. */
static void write_line(const struct sysctl_look *look, const struct sysctl_ask *ask, struct text *to)
{
	text_add(to, look->flags & CLONE_NEWUSER ? "user " : "- ");
	text_add(to, ask->path);
}

static bool is_in(struct bytes lines, struct bytes wanted)
{
	for (struct bytes line; read_line(&lines, &line);)
		if (bytes_equal(line, wanted))
			return true;
	return false;
}

void sysctl_recall(struct arena *a, const struct host *h, int directory, struct sysctl_look *look)
{
	const struct bytes lines = kept_read(a, h, directory, NAME, FORMAT);
	for (size_t i = 0; lines.len && i < look->count; i++) {
		char line[1024];
		struct text t = text_over(line, sizeof(line));
		write_line(look, &look->asks[i], &t);
		if (look->asks[i].fresh && !t.cut && is_in(lines, (struct bytes){ t.data, t.len }))
			look->asks[i].state = SYSCTL_WRITABLE;
	}
}

int sysctl_lock(const struct host *h)
{
	const int directory = kept_directory(h);
	if (directory < 0)
		return directory;
	const int fd = kept_open(directory, NAME_LOCK, O_RDWR | O_CREAT);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		const int r = errno == EWOULDBLOCK ? -EAGAIN : -errno;
		(void)fd_close(fd);
		return r;
	}
	return fd;
}

void sysctl_keep(struct arena *a, const struct host *h, const struct sysctl_look *look)
{
	const int directory = kept_directory(h);
	struct text t = text_growing(a);
	const struct bytes lines = kept_read(a, h, directory, NAME, FORMAT);
	text_bytes(&t, lines);
	for (size_t i = 0; i < look->count; i++) {
		const size_t start = t.len;
		if (!look->asks[i].fresh || look->asks[i].state != SYSCTL_WRITABLE)
			continue;
		write_line(look, &look->asks[i], &t);
		if (is_in(lines, (struct bytes){ t.data + start, t.len - start }))
			t.len = start;
		else
			text_char(&t, '\n');
	}
	if (!t.cut)
		kept_write(a, h, directory, NAME, FORMAT, (struct bytes){ t.data, t.len });
}
