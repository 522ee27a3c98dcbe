/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lacking WHAT CMD...: runs CMD, and all that it starts, on a kernel that lacks what that release of Linux lacked, or
 * as below the filter of an engine that does not know newer calls. A filter answers calls that came later with ENOSYS
 * (or EPERM), and requests of ioctl(2) about processes with ENOTTY. What a call that is there did not say yet, or did
 * not take, no filter can look into: there the process is stopped (ptrace(2)), and the answer is cut down to what it
 * was. What goes on when CMD has ended, a container, is let go.
 *
 * The numbers of calls since 5.1 are the same on all architectures, so one table does. All else, what uname(2) says,
 * /proc, cgroups, stays today's.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <linux/stat.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__aarch64__)
#define ARCH_HERE AUDIT_ARCH_AARCH64
#else
#define ARCH_HERE AUDIT_ARCH_X86_64
#endif

#define HELD_MOST 256u
#define NO_CALL UINT32_MAX
#define REQUESTS 0xff00u /* PIDFD_GET_*, since 6.11 */
#define NOT_TAKEN (UINT64_C(1) << 63)

static const struct lack {
	const char *name;
	uint32_t first, last, code; /* calls that are not there, and what is said of them */
	uint32_t fields;            /* what statx(2) can say: STATX_* and STATX_ATTR_* */
	uint64_t attributes;
	uint64_t resolve; /* what openat2(2) takes: RESOLVE_* */
} lacks[] = {
	{ "4.18", 424, INT32_MAX, ENOSYS, 0x0fff, 0x1fff, UINT64_MAX }, /* RHEL 8, but for what came back to it */
	{ "5.10", 441, INT32_MAX, ENOSYS, 0x1fff, UINT64_MAX, 0x1f },   /* Debian 11 */
	{ "6.1", 451, INT32_MAX, ENOSYS, 0x3fff, UINT64_MAX, UINT64_MAX },
	/* Engines before 2021; clone3(2) is let in, as no C library of today goes on where that is forbidden. */
	{ "filter", 436, INT32_MAX, EPERM, UINT32_MAX, UINT64_MAX, UINT64_MAX },
};

/* A call that was let in, and has to be looked at when it ends: what was handed over, and of openat2(2) as it was. */
static struct held {
	pid_t pid;
	uint64_t call, at, resolve;
} all[HELD_MOST];

static int set_filter(const struct lack *l)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH_HERE, 0, 9),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, l->fields == UINT32_MAX ? NO_CALL : SYS_statx, 8, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, l->resolve == UINT64_MAX ? NO_CALL : SYS_openat2, 7, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff00u),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, REQUESTS, 4, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, l->first, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, l->last, 0, 3),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOTTY),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | l->code),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static bool move(pid_t pid, uint64_t at, void *what, size_t n, bool in)
{
	const struct iovec here = { what, n }, there = { (void *)(uintptr_t)at, n };
	const ssize_t moved = in ? process_vm_writev(pid, &here, 1, &there, 1, 0)
				 : process_vm_readv(pid, &here, 1, &there, 1, 0);
	return moved == (ssize_t)n;
}

/* Also where the process itself may only read. */
static void set_resolve(pid_t pid, uint64_t at, uint64_t to)
{
	(void)ptrace(PTRACE_POKEDATA, pid, at + offsetof(struct open_how, resolve), to);
}

static struct held *held_of(pid_t pid, pid_t or)
{
	for (size_t i = 0; i < HELD_MOST; i++)
		if (all[i].pid == pid)
			return &all[i];
	return or < 0 ? NULL : held_of(or, -1);
}

/* Whether its end is to be seen. */
static bool enter(pid_t pid, const struct lack *l)
{
	struct __ptrace_syscall_info info = { 0 };
	struct open_how how;
	struct held *h = held_of(pid, 0);
	if (!h || ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
		return false;
	*h = (struct held){ pid, info.seccomp.nr, info.seccomp.args[info.seccomp.nr == SYS_statx ? 4 : 2], 0 };
	if (h->call == SYS_statx)
		return true;
	if (!move(pid, h->at, &how, sizeof(how), false) || !(how.resolve & ~l->resolve)) {
		h->pid = 0;
		return false;
	}
	h->resolve = how.resolve;
	set_resolve(pid, h->at, how.resolve | NOT_TAKEN);
	return true;
}

static void leave(pid_t pid, const struct lack *l)
{
	struct held *h = held_of(pid, -1);
	struct statx sx;
	if (!h)
		return;
	if (h->call == SYS_openat2) {
		set_resolve(pid, h->at, h->resolve);
	} else if (move(pid, h->at, &sx, sizeof(sx), false)) {
		sx.stx_mask &= l->fields;
		sx.stx_attributes &= l->attributes;
		sx.stx_attributes_mask &= l->attributes;
		if (!(l->fields & STATX_MNT_ID))
			memset((char *)&sx + offsetof(struct statx, stx_mnt_id), 0, sizeof(sx.stx_mnt_id));
		(void)move(pid, h->at, &sx, sizeof(sx), true);
	}
	h->pid = 0;
}

static void go_on(pid_t pid, int status, const struct lack *l)
{
	const int event = status >> 16, signal = WSTOPSIG(status);
	const bool stop = signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
	if (event == PTRACE_EVENT_SECCOMP)
		(void)ptrace(enter(pid, l) ? PTRACE_SYSCALL : PTRACE_CONT, pid, 0, 0);
	else if (event == PTRACE_EVENT_STOP)
		(void)ptrace(stop ? PTRACE_LISTEN : PTRACE_CONT, pid, 0, 0);
	else if (signal == (SIGTRAP | 0x80)) {
		leave(pid, l);
		(void)ptrace(PTRACE_CONT, pid, 0, 0);
	} else
		(void)ptrace(PTRACE_CONT, pid, 0, event ? 0 : signal);
}

/* Until the command has ended: its status. */
static int watch(pid_t command, const struct lack *l)
{
	for (;;) {
		int status;
		const pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno != EINTR)
			return 125;
		if (pid > 0 && WIFSTOPPED(status))
			go_on(pid, status, l);
		else if (pid == command)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

static void become(const struct lack *l, int go, char **argv)
{
	char said;
	if (read(go, &said, 1) != 1 || close(go) < 0 || set_filter(l) < 0)
		perror("lacking");
	else if (execvp(argv[0], argv) < 0)
		perror(argv[0]);
	_exit(125);
}

int main(int argc, char **argv)
{
	const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
	const struct lack *l = NULL;
	int go[2];
	for (size_t i = 0; argc > 2 && i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (strcmp(lacks[i].name, argv[1]) == 0)
			l = &lacks[i];
	if (!l || pipe2(go, O_CLOEXEC) < 0) {
		fputs("usage: lacking 4.18|5.10|6.1|filter CMD...\n", stderr);
		return 125;
	}
	const pid_t child = fork();
	if (child == 0) {
		(void)close(go[1]);
		become(l, go[0], argv + 2);
	}
	(void)close(go[0]);
	if (child < 0 || ptrace(PTRACE_SEIZE, child, 0, options) < 0 || write(go[1], "", 1) != 1) {
		perror("lacking");
		return 125;
	}
	(void)close(go[1]);
	return watch(child, l);
}
