/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A delegate that runs nothing and tells everything: what a runtime receives from its caller, as one JSON object on
 * one line, appended to the file named like itself with ".out" behind. Two runs, one direct and one through runvet,
 * have to give the same line but for the pid. It exits with the number in "PATH.rc" (0 without one) and copies
 * "PATH.stdout" and "PATH.stderr" to its standard output and error where they exist.
 *
 * What runvet asks before it makes a container is no run: that leaves a line in "PATH.asked", is answered from
 * "PATH.--version" and "PATH.features" where they exist, and fails where they do not.
 *
 * Strings hold bytes, not characters: a byte above 0x7e is written \u00XX, so that nothing is lost. Statically linked
 * and free of getenv(3), so that it works without an environment, without /proc mounted elsewhere, with 0 to 2 closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define STUB_FDS 256         /* descriptors looked at */
#define STUB_STDIN (1 << 20) /* bytes of stdin kept */
#define STUB_WAIT_MS 150     /* of silence on stdin that counts as its end */

extern char **environ;

static void put_bytes(FILE *to, const char *s, size_t len)
{
	fputc('"', to);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fprintf(to, "\\u%04x", c);
		else
			fputc(c, to);
	}
	fputc('"', to);
}

static void put_words(FILE *to, const char *name, char *const words[])
{
	fprintf(to, ",\"%s\":[", name);
	for (size_t i = 0; words[i]; i++) {
		if (i)
			fputc(',', to);
		put_bytes(to, words[i], strlen(words[i]));
	}
	fputc(']', to);
}

/* By asking for each number, so that no descriptor of ours stands in the list. */
static void put_fds(FILE *to)
{
	bool comma = false;

	fprintf(to, ",\"fds\":[");
	for (int fd = 0; fd < STUB_FDS; fd++) {
		char name[64], target[4096];
		int flags = fcntl(fd, F_GETFL);
		if (flags < 0)
			continue;
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		ssize_t n = readlink(name, target, sizeof(target));
		fprintf(to, "%s{\"fd\":%d,\"flags\":%d,\"offset\":%lld,\"target\":", comma ? "," : "", fd, flags,
			(long long)lseek(fd, 0, SEEK_CUR));
		put_bytes(to, target, n < 0 ? 0 : (size_t)n);
		fputc('}', to);
		comma = true;
	}
	fputc(']', to);
}

static void put_signals(FILE *to)
{
	sigset_t blocked;
	bool comma = false;

	sigemptyset(&blocked);
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	fprintf(to, ",\"blocked\":[");
	for (int s = 1; s <= SIGRTMAX; s++)
		if (sigismember(&blocked, s) == 1) {
			fprintf(to, "%s%d", comma ? "," : "", s);
			comma = true;
		}
	fprintf(to, "],\"ignored\":[");
	comma = false;
	for (int s = 1; s <= SIGRTMAX; s++) {
		struct sigaction sa;
		if (sigaction(s, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN) {
			fprintf(to, "%s%d", comma ? "," : "", s);
			comma = true;
		}
	}
	fputc(']', to);
}

static void put_limits(FILE *to)
{
	fprintf(to, ",\"rlimits\":[");
	for (int r = 0; r < (int)RLIM_NLIMITS; r++) {
		struct rlimit l = { 0 };
		(void)getrlimit((__rlimit_resource_t)r, &l);
		fprintf(to, "%s[%llu,%llu]", r ? "," : "", (unsigned long long)l.rlim_cur,
			(unsigned long long)l.rlim_max);
	}
	fputc(']', to);
}

/* One line of a file below /proc, or null. */
static void put_file_line(FILE *to, const char *name, const char *path)
{
	char line[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line));

	if (fd >= 0)
		(void)close(fd);
	fprintf(to, ",\"%s\":", name);
	if (n < 0) {
		fprintf(to, "null");
		return;
	}
	if (n > 0 && line[n - 1] == '\n')
		n--;
	put_bytes(to, line, (size_t)n);
}

/* What stands on 0, unless it is a terminal: read to its end, or until nothing came for a while. */
static void put_stdin(FILE *to)
{
	static char text[STUB_STDIN];
	size_t len = 0;
	bool eof = false;

	fprintf(to, ",\"stdin\":");
	if (fcntl(0, F_GETFL) < 0 || isatty(0)) {
		fprintf(to, "null");
		return;
	}
	while (!eof && len < sizeof(text)) {
		struct pollfd p = { .fd = 0, .events = POLLIN };
		if (poll(&p, 1, STUB_WAIT_MS) <= 0)
			break;
		ssize_t n = read(0, text + len, sizeof(text) - len);
		if (n < 0 && errno == EINTR)
			continue;
		eof = n <= 0;
		len += n > 0 ? (size_t)n : 0;
	}
	put_bytes(to, text, len);
	fprintf(to, ",\"stdin_eof\":%s", eof ? "true" : "false");
}

static void put_process(FILE *to)
{
	char cwd[4096];
	int pdeathsig = 0;
	mode_t mask = umask(0);

	(void)umask(mask);
	(void)prctl(PR_GET_PDEATHSIG, &pdeathsig);
	fprintf(to, ",\"pid\":%d,\"ppid\":%d,\"pgid\":%d,\"sid\":%d,\"uid\":%d,\"gid\":%d", getpid(), getppid(),
		getpgrp(), getsid(0), (int)geteuid(), (int)getegid());
	fprintf(to, ",\"umask\":%u,\"pdeathsig\":%d,\"no_new_privs\":%d,\"seccomp\":%d,\"dumpable\":%d,\"nice\":%d",
		(unsigned)mask, pdeathsig, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_SECCOMP, 0, 0, 0, 0),
		prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), getpriority(PRIO_PROCESS, 0));
	fprintf(to, ",\"cwd\":");
	if (getcwd(cwd, sizeof(cwd)))
		put_bytes(to, cwd, strlen(cwd));
	else
		fprintf(to, "null");
}

static void copy_out(const char *own, const char *suffix, int to)
{
	char path[4200], text[65536];

	snprintf(path, sizeof(path), "%s%s", own, suffix);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	for (ssize_t n; (n = read(fd, text, sizeof(text))) > 0;)
		if (write(to, text, (size_t)n) != n)
			break;
	(void)close(fd);
}

static int exit_code(const char *own)
{
	char path[4200], text[16] = "";

	snprintf(path, sizeof(path), "%s.rc", own);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	return n <= 0 ? 0 : (int)strtol(text, NULL, 10);
}

/* One write, so that parallel runs do not mix; the soft RLIMIT_FSIZE, told already, must not cut it. */
static int append(const char *own, const char *line, size_t len)
{
	char path[4200];
	struct rlimit l;

	if (getrlimit(RLIMIT_FSIZE, &l) == 0) {
		l.rlim_cur = l.rlim_max;
		(void)setrlimit(RLIMIT_FSIZE, &l);
	}
	(void)signal(SIGXFSZ, SIG_IGN);
	snprintf(path, sizeof(path), "%s.out", own);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, line, len);
	(void)close(fd);
	return n == (ssize_t)len ? 0 : -1;
}

/* Whether this is no call of an engine: it would not have us killed when it dies. */
static bool is_question(int argc, char **argv)
{
	int pdeathsig = 0;

	return argc == 2 && (strcmp(argv[1], "features") == 0 || strcmp(argv[1], "--version") == 0) &&
		prctl(PR_GET_PDEATHSIG, &pdeathsig) == 0 && pdeathsig == SIGKILL;
}

static int answer(const char *own, const char *question)
{
	char path[4200], suffix[32], line[64];

	snprintf(path, sizeof(path), "%s.asked", own);
	int len = snprintf(line, sizeof(line), "%s\n", question);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, line, (size_t)len) != len)
		return 113;
	(void)close(fd);
	snprintf(suffix, sizeof(suffix), ".%s", question);
	snprintf(path, sizeof(path), "%s%s", own, suffix);
	copy_out(own, suffix, 1);
	return access(path, R_OK) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	char own[4096], *line = NULL;
	size_t len = 0;
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (n <= 0)
		return 111;
	own[n] = '\0';
	if (is_question(argc, argv))
		return answer(own, argv[1]);
	FILE *to = open_memstream(&line, &len);
	if (!to)
		return 112;
	fprintf(to, "{\"exe\":");
	put_bytes(to, own, (size_t)n);
	put_words(to, "argv", argv);
	put_words(to, "env", environ);
	put_process(to);
	put_fds(to);
	put_signals(to);
	put_limits(to);
	put_file_line(to, "oom_score_adj", "/proc/self/oom_score_adj");
	put_file_line(to, "children", "/proc/thread-self/children");
	put_stdin(to);
	fprintf(to, "}\n");
	if (fclose(to) != 0 || append(own, line, len) != 0)
		return 113;
	copy_out(own, ".stdout", 1);
	copy_out(own, ".stderr", 2);
	free(line);
	return exit_code(own);
}
