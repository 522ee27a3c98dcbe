/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory of our own, and commands of a delegate in it. What they print goes to files, because a container that
 * outlives the command that made it keeps its streams; a command that is late is killed with its process group, and
 * whatever containers are left are ended in the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "ctl/probe.h"
#include "validate/base/limits.h"

#define HELPER "runvet-probe"
#define TICK_MS 5
#define NOT_RUN 127

static volatile sig_atomic_t came;
static const int watched[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[3];

static void note_signal(int signal)
{
	came = signal;
}

bool probe_over(const struct probe *p)
{
	return came != 0 || deadline_left(p->until) == 0;
}

const char *probe_file(struct probe *p, const char *name)
{
	return arena_printf(p->arena, "%s/%s", p->bundle, name);
}

/* 0, or a negative errno. */
static int write_file(const char *path, struct bytes text, mode_t mode)
{
	cleanup_close int fd = path ? fd_open(AT_CWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode) : -ENOMEM;

	return fd < 0 ? fd : fd_write_all(fd, text, NULL);
}

/* What lies beside runvetctl, in a build tree, or where it is installed. */
static int open_helper(struct arena *a)
{
	char self[4096];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	const char *beside = arena_printf(a, "%s/" HELPER, self);
	const int fd = beside ? fd_open(AT_CWD, beside, O_RDONLY, 0) : -ENOMEM;
	return fd >= 0 ? fd : fd_open(AT_CWD, RUNVET_LIBEXEC "/" HELPER, O_RDONLY, 0);
}

static int copy_helper(struct probe *p)
{
	const char *path = probe_file(p, "rootfs/" HELPER);
	cleanup_close int from = open_helper(p->arena);
	cleanup_close int to = path ? fd_open(AT_CWD, path, O_WRONLY | O_CREAT | O_EXCL, 0755) : -ENOMEM;
	char block[65536];

	if (from < 0 || to < 0)
		return from < 0 ? from : to;
	for (;;) {
		const ssize_t n = read(from, block, sizeof(block));
		if (n == 0)
			return fchmod(to, 0755) < 0 ? -errno : 0;
		const int r = n < 0 ? -errno : fd_write_all(to, (struct bytes){ block, (size_t)n }, NULL);
		if (r < 0)
			return r;
	}
}

/* The first place where programs may run. */
static int make_dir(struct probe *p)
{
	const char *const tops[] = { geteuid() == 0 ? "/run" : secure_getenv("XDG_RUNTIME_DIR"),
		secure_getenv("TMPDIR"), "/tmp", "/var/tmp" };

	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		struct statvfs fs;
		if (!tops[i] || tops[i][0] != '/' || strlen(tops[i]) > 150 || statvfs(tops[i], &fs) < 0 ||
			(fs.f_flag & (ST_NOEXEC | ST_RDONLY)))
			continue;
		struct text dir = text_over(p->dir, sizeof(p->dir));
		text_printf(&dir, "%s/runvet-compliance-XXXXXX", tops[i]);
		if (mkdtemp(p->dir))
			return 0;
	}
	p->dir[0] = '\0';
	return -EACCES;
}

static int make_files(struct probe *p)
{
	static const char *const dirs[] = { "", "rootfs", "rootfs/proc", "rootfs/sys", "rootfs/dev", "rootfs/work",
		"rootfs/readonly", "bound" };
	static const struct {
		const char *name, *text;
	} files[] = { { "rootfs/masked", "secret\n" }, { "bound/note", "yes\n" }, { "rootfs/hooks.log", "" } };
	int r = 0;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]) && r == 0; i++) {
		const char *path = probe_file(p, dirs[i]);
		r = !path ? -ENOMEM : mkdir(path, 0755) < 0 || chmod(path, 0755) < 0 ? -errno : 0;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && r == 0; i++)
		r = write_file(probe_file(p, files[i].name), bytes_of(files[i].text), 0644);
	return r == 0 ? copy_helper(p) : r;
}

int probe_begin(struct probe *p, struct fail *reterr)
{
	const struct sigaction note = { .sa_handler = note_signal };

	came = 0;
	for (size_t i = 0; i < 3; i++)
		(void)sigaction(watched[i], &note, &before[i]);
	p->until = deadline_in(PROBE_ALL_MS);
	int r = make_dir(p);
	struct text bundle = text_over(p->bundle, sizeof(p->bundle));
	text_printf(&bundle, "%s/bundle", p->dir);
	if (r == 0)
		r = make_files(p);
	return r == 0
		? 0
		: fail(reterr, r, CAUSE_INTERNAL, "", "no container can be laid out for the probe: %s", errno_words(r));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	(void)remove(path);
	return 0;
}

/* A container that did not start may leave its cgroup behind; nothing is in it, and its name is ours. */
static void remove_cgroups(void)
{
	static const char *const above[] = { "", "*/", "*/*/" };

	for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++) {
		char pattern[128];
		glob_t found = { 0 };
		(void)snprintf(pattern, sizeof(pattern), "/sys/fs/cgroup/%srunvet-compliance-%d-*", above[i],
			(int)getpid());
		if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc; k++)
				(void)rmdir(found.gl_pathv[k]);
		globfree(&found);
	}
}

void probe_end(struct probe *p)
{
	probe_clear(p);
	remove_cgroups();
	if (p->dir[0])
		(void)nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	for (size_t i = 0; i < 3; i++)
		(void)sigaction(watched[i], &before[i], NULL);
	p->signal = came;
}

int probe_bundle(struct probe *p, const char *patch)
{
	struct bytes text;

	int r = comply_patched(p->arena, probe_config, patch, &text, NULL);
	struct text id = text_over(p->id, sizeof(p->id));
	text_printf(&id, "runvet-compliance-%d-%u", (int)getpid(), ++p->count);
	return r == 0 ? write_file(probe_file(p, "config.json"), text, 0644) : r;
}

static int open_output(struct probe *p, const char *name)
{
	const char *path = arena_printf(p->arena, "%s/%s", p->dir, name);

	(void)(path && unlink(path));
	return path ? fd_open(AT_CWD, path, O_RDWR | O_CREAT | O_EXCL, 0600) : -ENOMEM;
}

static int open_input(struct probe *p, const char *input)
{
	const int fd = input ? open_output(p, "in") : fd_open(AT_CWD, "/dev/null", O_RDONLY, 0);

	if (fd >= 0 && input && (fd_write_all(fd, bytes_of(input), NULL) < 0 || lseek(fd, 0, SEEK_SET) < 0))
		return fd_close(fd);
	return fd;
}

/* The child: a process group of its own, which ends with us. */
__attribute__((noreturn)) static void become(const struct probe *p, const char *const *words, const int streams[3])
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *const env[] = { path, NULL };
	const union {
		const char *const *ours;
		char *const *theirs;
	} argv = { .ours = words };

	for (size_t i = 0; i < 3; i++)
		(void)signal(watched[i], SIG_DFL);
	if (argv.theirs && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && setpgid(0, 0) == 0 && dup2(streams[0], 0) == 0 &&
		dup2(streams[1], 1) == 1 && dup2(streams[2], 2) == 2 && chdir(p->dir) == 0)
		(void)execve(p->path, argv.theirs, env);
	_exit(NOT_RUN);
}

/* Its exit code; -1 when it was late, or we are asked to end. */
static int wait_end(const struct probe *p, pid_t pid)
{
	const struct deadline until = deadline_in(PROBE_COMMAND_MS);
	int status = 0;
	pid_t r = 0;

	while ((r = waitpid(pid, &status, WNOHANG)) == 0 && deadline_left(until) > 0 && !probe_over(p))
		(void)poll(NULL, 0, TICK_MS);
	if (r == 0) {
		(void)kill(-pid, SIGKILL);
		(void)kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void read_back(int fd, char *to, size_t size)
{
	const ssize_t n = pread(fd, to, size - 1, 0);

	to[n > 0 ? n : 0] = '\0';
}

int probe_run(struct probe *p, const char *const *words, const char *input, struct probed *ret)
{
	const char *root = arena_printf(p->arena, "%s/state", p->dir);
	const char *argv[PROBE_WORDS + 1] = { p->argv0 ? p->argv0 : p->path, "--root", root };
	cleanup_close int in = open_input(p, input);
	cleanup_close int out = open_output(p, "out");
	cleanup_close int err = open_output(p, "err");
	const int streams[3] = { in, out, err };

	for (size_t i = 0; words[i] && i + 3 < PROBE_WORDS; i++)
		argv[i + 3] = words[i];
	*ret = (struct probed){ .code = -1 };
	if (!root || in < 0 || out < 0 || err < 0)
		return -EIO;
	const pid_t pid = fork();
	if (pid == 0)
		become(p, argv, streams);
	if (pid < 0)
		return -errno;
	ret->code = wait_end(p, pid);
	read_back(out, ret->out, sizeof(ret->out));
	read_back(err, ret->err, sizeof(ret->err));
	return 0;
}

void probe_clear(struct probe *p)
{
	const char *const words[] = { "delete", "--force", p->id, NULL };
	struct probe last = *p;
	struct probed *ran = p->arena && p->id[0] ? arena_new(p->arena, struct probed) : NULL;
	const sig_atomic_t kept = came;

	if (!ran)
		return;
	/* Also when time is up or a signal came. */
	came = 0;
	last.until = deadline_in(PROBE_COMMAND_MS);
	(void)probe_run(&last, words, NULL, ran);
	came = came ? came : kept;
	p->id[0] = '\0';
}
