/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a delegate to hear what it prints. We are about to become that very delegate, for a caller who waits: so the
 * child gets nothing of what we were given (no descriptor, no environment, no standard input), it dies with us, it is
 * over in a second or it is killed with all that it started, and it is reaped before we go on. Nothing that we hand on
 * is changed by it: no disposition of a signal, no SIGCHLD left behind.
 *
 * The caller may ignore SIGCHLD; then the kernel takes the child away, and its exit code with it. What it printed has
 * to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "validate/base/limits.h"
#include "validate/host/delegate_parts.h"

#define CODE_NOT_RUN 127
#define TICK_MS 5               /* how often it is asked whether a child lives that no descriptor tells of */
#define CLOSED_ONE_BY_ONE 65536 /* descriptors, where the kernel cannot close them all at once */

struct child {
	pid_t pid;
	int pidfd, out; /* -1: the kernel (before 5.3) has no such thing; what it prints, not waiting */
};

static int open_null(void)
{
	struct stat st;
	const int fd = fd_open(AT_CWD, "/dev/null", O_RDWR | O_NOCTTY | O_NONBLOCK, 0);

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)))
		return fd;
	(void)fd_close(fd);
	return -ENXIO;
}

/* Both ends above 2. 0 or a negative errno. */
static int make_pipe(int ret[2])
{
	int ends[2];

	ret[0] = ret[1] = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ret[0] = fd_high(ends[0]);
	ret[1] = fd_high(ends[1]);
	return ret[0] < 0 ? ret[0] : ret[1] < 0 ? ret[1] : 0;
}

static void close_pipe(int ends[2])
{
	ends[0] = fd_close(ends[0]);
	ends[1] = fd_close(ends[1]);
}

/* Closes all but 0 to 2: what our caller meant for the container is not meant for this child. */
static void close_inherited(void)
{
	struct rlimit most;

	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return;
	const bool known = getrlimit(RLIMIT_NOFILE, &most) == 0 && most.rlim_cur < CLOSED_ONE_BY_ONE;
	const int end = known ? (int)most.rlim_cur : CLOSED_ONE_BY_ONE;
	for (int fd = 3; fd < end; fd++)
		(void)close(fd);
}

/* What a program may expect: nothing blocked, nothing ignored, and no core file. */
static void be_ordinary(void)
{
	const struct rlimit none = { 0, 0 };
	sigset_t empty;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	(void)sigemptyset(&empty);
	(void)sigprocmask(SIG_SETMASK, &empty, NULL);
	(void)setrlimit(RLIMIT_CORE, &none);
}

/* The child. It goes on only when its parent says so: by then it is known by a descriptor, and its parent lives. */
__attribute__((noreturn)) static void become(const struct delegate_want *want, const char *word, int null, int out,
	int go)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *const env[] = { path, NULL };
	/* execve takes char *const * for history's sake and writes to none of them. */
	const union {
		const char *ours[3];
		char *theirs[3];
	} argv = { .ours = { want->argv0 ? want->argv0 : want->path, word, NULL } };
	char said;

	be_ordinary();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || setpgid(0, 0) < 0 || read(go, &said, 1) != 1)
		_exit(CODE_NOT_RUN);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		_exit(CODE_NOT_RUN);
	close_inherited();
	(void)execve(want->path, argv.theirs, env);
	_exit(CODE_NOT_RUN);
}

/* Lets it go on, once nothing can be lost of it. 0, or -ECHILD: then it is gone again. */
static int release(struct child *c, int go)
{
	/* Until the word is given it waits, so its number cannot have passed to another process. */
	c->pidfd = fd_high((int)syscall(SYS_pidfd_open, c->pid, 0U));
	if (write(go, "", 1) == 1)
		return 0;
	(void)kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	c->pidfd = fd_close(c->pidfd);
	return -ECHILD;
}

static int start(const struct delegate_want *want, const char *word, struct child *ret)
{
	int out[2], go[2] = { -1, -1 };
	cleanup_close int null = open_null();
	int r = null < 0 ? null : make_pipe(out);

	*ret = (struct child){ .pidfd = -1, .out = -1 };
	if (null < 0)
		return r;
	if (r == 0)
		r = make_pipe(go);
	if (r == 0 && fcntl(out[0], F_SETFL, O_NONBLOCK) < 0)
		r = -errno;
	ret->pid = r == 0 ? fork() : -1;
	if (ret->pid == 0)
		become(want, word, null, out[1], go[0]);
	if (r == 0)
		r = ret->pid < 0 ? -errno : release(ret, go[1]);
	/* Both ends of `go` were ours until here: giving the word cannot have raised SIGPIPE. */
	close_pipe(go);
	if (r == 0) {
		ret->out = out[0];
		out[0] = -1;
	}
	close_pipe(out);
	return r;
}

/* Reads what is there. False once there is no more to come, or too much came. */
static bool take(int fd, char *text, size_t *len)
{
	for (;;) {
		const ssize_t n = read(fd, text + *len, LIMIT_FEATURES_BYTES + 1 - *len);
		if (n > 0)
			*len += (size_t)n;
		else if (n == 0 || errno != EINTR)
			return n < 0 && errno == EAGAIN;
		if (*len > LIMIT_FEATURES_BYTES)
			return false;
	}
}

/* Whether it has ended: it may be reaped then, or is already where the kernel does that. */
static bool has_ended(const struct child *c)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == c->pid;
}

/* Waits until there is something to do, at most until then. False when time is up. */
static bool wait_for(const struct child *c, int out, struct deadline until)
{
	struct pollfd at[2] = { { .fd = c->pidfd, .events = POLLIN }, { .fd = out, .events = POLLIN } };
	const int left = deadline_left(until), ms = c->pidfd < 0 && left > TICK_MS ? TICK_MS : left;
	const int ready = poll(at, 2, ms);

	return left > 0 && (ready > 0 || (ready == 0 && ms < left) || (ready < 0 && errno == EINTR));
}

/* Until it has ended, is late, or says too much. What it started may hold its end of the pipe; nobody waits for it. */
static void listen_to(const struct child *c, struct deadline until, char *text, struct delegate_heard *ret)
{
	size_t len = 0;
	int out = c->out;
	bool more = true;

	while (!ret->ended && more && len <= LIMIT_FEATURES_BYTES) {
		more = wait_for(c, out, until);
		ret->ended = has_ended(c);
		if (!take(c->out, text, &len))
			out = -1;
	}
	ret->ended = ret->ended && len <= LIMIT_FEATURES_BYTES;
	ret->text = (struct bytes){ text, len };
}

/*
 * Kills it and what is left of its group. While its first process is ours to reap, the number is nobody else's. It may
 * have been too late even to make the group.
 */
static void end_group(const struct child *c)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return;
	(void)kill(-c->pid, SIGKILL);
	(void)kill(c->pid, SIGKILL);
}

/* Its exit code. One that the kernel cannot kill (it waits for a dead server) is left after a while. */
static int reap(const struct child *c)
{
	const struct deadline until = deadline_in(WAIT_REAP_MS);
	siginfo_t info = { 0 };

	while (!has_ended(c) && wait_for(c, -1, until))
		;
	const int r = waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG);
	return r == 0 && info.si_pid == c->pid && info.si_code == CLD_EXITED ? info.si_status : CODE_UNKNOWN;
}

/* Where SIGCHLD is blocked, that of our child would stay for the delegate to wonder about. */
static bool child_signal_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, SIGCHLD) == 1;
}

static void take_child_signal(void)
{
	const struct timespec at_once = { 0 };
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, SIGCHLD);
	(void)sigtimedwait(&one, NULL, &at_once);
}

int delegate_run(struct arena *a, const struct delegate_want *want, const char *word, struct deadline until,
	struct delegate_heard *ret)
{
	const bool pending = child_signal_pending();
	char *text = arena_alloc(a, LIMIT_FEATURES_BYTES + 1);
	struct child c;

	*ret = (struct delegate_heard){ .code = CODE_UNKNOWN };
	const int r = text ? start(want, word, &c) : -ENOMEM;
	if (r == 0) {
		listen_to(&c, until, text, ret);
		end_group(&c);
		ret->code = reap(&c);
		(void)fd_close(c.pidfd);
		(void)fd_close(c.out);
	}
	if (!pending && child_signal_pending())
		take_child_signal();
	return r == 0 || r == -ENOMEM ? r : -ECHILD;
}
