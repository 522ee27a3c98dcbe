/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runvet-probe: what `runvetctl compliance --probe` runs inside of its containers. It is linked statically, so that an
 * empty root file system will do, and tells what it finds around itself, a fact a line. Whatever goes wrong, it ends
 * by itself within a minute, and the container with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MOST_SECONDS 60
#define IOPRIO_WHO_PROCESS 1

/* The first line of a file; "-" when there is none. */
static const char *line_of(const char *path)
{
	static char line[4096];
	FILE *f = fopen(path, "re");

	if (!f || !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		(void)fclose(f);
	line[strcspn(line, "\n")] = '\0';
	return line[0] ? line : "-";
}

static void tell_ids(void)
{
	gid_t groups[64];
	const int n = getgroups(64, groups);
	const mode_t mask = umask(0);

	printf("uid %u\ngid %u\numask %04o\ngroups", getuid(), getgid(), mask);
	for (int i = 0; i < n; i++)
		printf(" %u", groups[i]);
	printf("\nuidmap %s\n", line_of("/proc/self/uid_map"));
}

static void tell_process(char **argv, char **envp)
{
	static const char *const wanted[] = { "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:",
		"Seccomp:" };
	char cwd[4096], line[512];
	struct rlimit files = { 0 };
	FILE *status = fopen("/proc/self/status", "re");

	for (char **a = argv; *a; a++)
		printf("arg %s\n", *a);
	for (char **e = envp; *e; e++)
		printf("env %s\n", *e);
	(void)getrlimit(RLIMIT_NOFILE, &files);
	printf("cwd %s\nnofile %ju %ju\npid %d\n", getcwd(cwd, sizeof(cwd)) ? cwd : "-", (uintmax_t)files.rlim_cur,
		(uintmax_t)files.rlim_max, getpid());
	printf("oom %s\n", line_of("/proc/self/oom_score_adj"));
	printf("policy %d\nionice %ld\npersonality %lx\n", sched_getscheduler(0),
		syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0), (unsigned long)personality(0xffffffff));
	while (status && fgets(line, sizeof(line), status))
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
				fputs(line, stdout);
	if (status)
		(void)fclose(status);
	errno = 0;
	(void)syscall(SYS_getpriority, PRIO_PROCESS, 0);
	printf("getpriority %d\n", errno);
}

static void tell_namespaces(void)
{
	static const char *const names[] = { "pid", "net", "ipc", "uts", "mnt", "user", "cgroup", "time" };
	struct utsname uts;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64], target[128] = "-";
		(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		const ssize_t n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 1] = '\0';
		printf("ns.%s %s\n", names[i], target);
	}
	if (uname(&uts) == 0)
		printf("hostname %s\ndomainname %s\n", uts.nodename, uts.domainname);
	printf("forward %s\n", line_of("/proc/sys/net/ipv4/ip_forward"));
	FILE *f = fopen("/proc/self/timens_offsets", "re");
	char line[256];
	while (f && fgets(line, sizeof(line), f)) {
		char clock[32];
		long seconds = 0;
		if (sscanf(line, "%31s %ld", clock, &seconds) == 2)
			printf("offset %s %ld\n", clock, seconds);
	}
	if (f)
		(void)fclose(f);
}

/* What comes of making a file there. */
static void tell_write(const char *name, const char *path)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	printf("write %s %s\n", name, fd >= 0 ? "works" : errno == EROFS ? "read-only" : strerror(errno));
	if (fd >= 0)
		(void)close(fd);
}

static void tell_files(void)
{
	static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty", "runvet" };
	char line[1024], target[128];

	tell_write("root", "/written");
	tell_write("readonly", "/readonly/written");
	tell_write("tmpfs", "/m-tmpfs/written");
	tell_write("ro", "/m-ro/written");
	printf("masked %s\n", line_of("/masked"));
	printf("bound %s\n", line_of("/m-bind/note"));
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		char path[64];
		struct stat st;
		(void)snprintf(path, sizeof(path), "/dev/%s", nodes[i]);
		if (lstat(path, &st) == 0)
			printf("dev %s %u:%u %o %u:%u\n", nodes[i], major(st.st_rdev), minor(st.st_rdev),
				st.st_mode & 0777, st.st_uid, st.st_gid);
	}
	const ssize_t n = readlink("/dev/fd", target, sizeof(target) - 1);
	printf("dev fd %.*s\n", (int)(n > 0 ? n : 0), target);
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	while (mounts && fgets(line, sizeof(line), mounts)) {
		char where[256], options[256];
		char *type = strstr(line, " - ");
		if (!type || sscanf(line, "%*s %*s %*s %*s %255s %255s", where, options) != 2)
			continue;
		const bool shared = strstr(line, " shared:") && strstr(line, " shared:") < type;
		printf("mount %s %.*s %s,%s\n", where, (int)strcspn(type + 3, " "), type + 3, options,
			shared ? "shared" : "private");
	}
	if (mounts)
		(void)fclose(mounts);
}

static void tell_cgroup(void)
{
	static const struct {
		const char *name, *v1, *v2;
	} files[] = {
		{ "memory", "memory/memory.limit_in_bytes", "memory.max" },
		{ "pids", "pids/pids.max", "pids.max" },
		{ "shares", "cpu/cpu.shares", "cpu.weight" },
		{ "quota", "cpu/cpu.cfs_quota_us", "cpu.max" },
		{ "cpus", "cpuset/cpuset.cpus", "cpuset.cpus" },
		{ "high", "-", "memory.high" },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[128];
		(void)snprintf(path, sizeof(path), "/sys/fs/cgroup/%s", files[i].v2);
		if (access(path, R_OK) < 0)
			(void)snprintf(path, sizeof(path), "/sys/fs/cgroup/%s", files[i].v1);
		printf("cgroup %s %s\n", files[i].name, line_of(path));
	}
}

static int report(char **argv, char **envp)
{
	struct winsize size = { 0 };

	tell_ids();
	tell_process(argv, envp);
	tell_namespaces();
	tell_files();
	tell_cgroup();
	(void)ioctl(0, TIOCGWINSZ, &size);
	printf("tty %d%d%d\nsize %u %u\nend\n", isatty(0), isatty(1), isatty(2), size.ws_row, size.ws_col);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* Copies its input to its output, and says another word on the third stream. */
static int streams(void)
{
	char text[256];
	const size_t n = fread(text, 1, sizeof(text), stdin);

	printf("in %.*s\nout\n", (int)n, text);
	fprintf(stderr, "err\n");
	return fflush(stdout) == 0 ? 0 : 1;
}

/* A hook: notes its stage, the status in the state that it is handed, and its own environment. */
static int hook(const char *stage, const char *path)
{
	char state[8192], status[32] = "-";
	size_t n = fread(state, 1, sizeof(state) - 1, stdin);
	FILE *f = fopen(path, "ae");

	state[n] = '\0';
	const char *at = strstr(state, "\"status\"");
	if (at)
		(void)sscanf(at + 8, " : \"%31[a-z]", status);
	if (!f)
		return 1;
	const char *word = NULL;
	for (char **e = environ; *e; e++)
		word = strncmp(*e, "HOOK=", 5) == 0 ? *e + 5 : word;
	fprintf(f, "%s %s %s\n", stage, status, word ? word : "-");
	return fclose(f) == 0 ? 0 : 1;
}

/* Until it is asked to end, or has waited long enough. As the first process it gets no signal that it does not take. */
static int wait_for_end(void)
{
	sigset_t both;
	int signal;

	(void)sigemptyset(&both);
	(void)sigaddset(&both, SIGALRM);
	(void)sigaddset(&both, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &both, NULL);
	(void)alarm(MOST_SECONDS);
	return sigwait(&both, &signal) == 0 ? 43 : 1;
}

int main(int argc, char **argv, char **envp)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (strcmp(word, "report") == 0)
		return report(argv, envp);
	if (strcmp(word, "streams") == 0)
		return streams();
	if (strcmp(word, "hook") == 0 && argc > 3)
		return hook(argv[2], argv[3]);
	if (strcmp(word, "exit") == 0 && argc > 2)
		return (int)strtol(argv[2], NULL, 10);
	return strcmp(word, "wait") == 0 ? wait_for_end() : 2;
}
