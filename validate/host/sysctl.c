/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child. It has no descriptor of ours, no signal tells of its end (a delegate that waits for its children does not
 * meet it either), it dies with us, and it answers in a page that both see.
 */
#include "validate/host/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/read.h"

#define SYSCTL_PATH 512

const char *sysctl_path(struct arena *a, struct bytes key)
{
	const char *first = NULL;
	for (size_t i = 0; i < key.len && !first; i++)
		if (key.data[i] == '/' || key.data[i] == '.')
			first = &key.data[i];
	char *path = first && key.len < SYSCTL_PATH ? arena_copy(a, key) : NULL;
	for (char *c = path; c && *c && *first == '.'; c++) {
		if (*c == '.')
			*c = '/';
		else if (*c == '/')
			*c = '.';
	}
	/* A part has a name, and does not climb. */
	for (const char *part = path; part;) {
		const size_t len = strcspn(part, "/");
		if (len == 0 || (len <= 2 && strspn(part, ".") == len))
			return NULL;
		part = part[len] ? part + len + 1 : NULL;
	}
	return path;
}

enum sysctl_state sysctl_here(int root, bool live, const char *path)
{
	char whole[SYSCTL_PATH + 16];
	(void)snprintf(whole, sizeof(whole), "proc/sys/%s", path);
	const int fd = read_open(root, whole, O_PATH);
	if (fd < 0)
		return fd == -ENOENT ? SYSCTL_ABSENT : SYSCTL_UNKNOWN;
	struct stat st;
	int may = fstat(fd, &st) == 0 && (st.st_mode & S_IWUSR) ? 0 : -EACCES;
	if (live)
		may = fd_may(fd, W_OK);
	(void)fd_close(fd);
	if (may == 0)
		return SYSCTL_WRITABLE;
	return may == -EACCES || may == -EPERM ? SYSCTL_READ_ONLY : SYSCTL_THERE;
}

static bool put(const char *path, const char *text)
{
	const int fd = fd_open(AT_CWD, path, O_WRONLY, 0);
	const bool done = fd >= 0 && fd_write_all(fd, bytes_of(text), NULL) == 0;
	(void)fd_close(fd);
	return done;
}

/* The root of the new user namespace is who asks. */
static bool become_root(uid_t uid, gid_t gid)
{
	char map[64];
	(void)snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)uid);
	if (!put("/proc/self/uid_map", map))
		return false;
	(void)put("/proc/self/setgroups", "deny");
	(void)snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)gid);
	return put("/proc/self/gid_map", map);
}

__attribute__((noreturn)) static void be_child(const struct sysctl_look *look, pid_t parent, volatile char *answers)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	if (syscall(SYS_close_range, 0U, ~0U, 0U) < 0)
		_exit(1);
	const int root = fd_open(AT_CWD, "/", O_PATH | O_DIRECTORY, 0);
	if ((look->flags & CLONE_NEWUSER) && (unshare(CLONE_NEWUSER) < 0 || !become_root(uid, gid)))
		_exit(1);
	if (unshare((int)(look->flags & ~(unsigned)CLONE_NEWUSER)) < 0)
		_exit(1);
	for (size_t i = 0; i < look->count; i++)
		if (look->asks[i].fresh && !look->asks[i].state)
			answers[i] = (char)sysctl_here(root, true, look->asks[i].path);
	_exit(0);
}

/* Until it has ended, for a while. Whether it ended by itself. */
static bool ends(int child, long ms)
{
	const struct deadline until = deadline_in(ms);
	struct pollfd p = { .fd = child, .events = POLLIN };
	int ready;
	do
		ready = poll(&p, 1, deadline_left(until));
	while (ready < 0 && errno == EINTR);
	return ready == 1;
}

bool sysctl_ask_child(struct sysctl_look *look)
{
	char *answers = mmap(NULL, look->count + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (answers == MAP_FAILED)
		return false;
	bool found = false;
	int child = -1;
	const pid_t parent = getpid();
	const struct clone_args how = { .flags = CLONE_PIDFD, .pidfd = (uintptr_t)&child };
	const long pid = syscall(SYS_clone3, &how, sizeof(how));
	if (pid == 0)
		be_child(look, parent, answers);
	if (pid > 0) {
		siginfo_t info = { 0 };
		child = fd_high(child);
		if (!ends(child, WAIT_SYSCTL_MS)) {
			(void)kill((pid_t)pid, SIGKILL); /* ours to reap: the number is still its own */
			(void)ends(child, WAIT_SYSCTL_MS);
		}
		const bool well = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | __WALL) == 0 &&
			info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 0;
		for (size_t i = 0; well && i < look->count; i++)
			if (answers[i]) {
				look->asks[i].state = (enum sysctl_state)answers[i];
				found = found || look->asks[i].state == SYSCTL_WRITABLE;
			}
		(void)fd_close(child);
	}
	(void)munmap(answers, look->count + 1);
	return found;
}
