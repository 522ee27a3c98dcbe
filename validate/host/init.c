/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which process a container's first one is. Its number alone may be another's by now: so it has to have begun when the
 * runtime says that it did, or, where only a pid file tells, after its create began and before that file was written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/boundary.h"
#include "validate/host/read.h"
#include "validate/host/state.h"
#include "validate/rule/around.h"

#define STAT_BYTES ((size_t)4 << 10)
#define PID_BYTES ((size_t)64)

/* What a file says, and when the first process began at the latest (ticks since boot; 0: not known). */
struct said {
	pid_t pid;
	uint64_t started; /* exactly; 0: not known */
	uint64_t before;
};

/* A time of the clock on the wall as ticks since boot, rounded up by a second: clocks are adjusted. */
static uint64_t ticks_at(const struct timespec *when)
{
	struct timespec wall, boot;
	const long hertz = sysconf(_SC_CLK_TCK);
	if (hertz <= 0 || clock_gettime(CLOCK_REALTIME, &wall) < 0 || clock_gettime(CLOCK_BOOTTIME, &boot) < 0)
		return 0;
	const int64_t seconds = (int64_t)boot.tv_sec - ((int64_t)wall.tv_sec - (int64_t)when->tv_sec) + 2;
	return seconds > 0 ? (uint64_t)seconds * (uint64_t)hertz : 1; /* of another boot */
}

static int started_of(struct arena *a, int top, pid_t pid, uint64_t *ret)
{
	char path[32];
	(void)snprintf(path, sizeof(path), "proc/%d/stat", (int)pid);
	const struct bytes text = read_below(a, top, path, STAT_BYTES);
	return text.data && state_started(text, ret) ? 0 : -ESRCH;
}

/* Whether that is the process that was meant: there, begun when it has to have begun, and not who asks. */
static int is_it(struct arena *a, int top, const struct said *said, uint64_t since, uint64_t *ret_started)
{
	if (said->pid <= 0)
		return -ENOENT;
	if (said->pid == getpid())
		return -ESTALE;
	uint64_t started;
	const int r = started_of(a, top, said->pid, &started);
	if (r < 0)
		return r;
	if (started < since || (said->started && started != said->started) || (said->before && started > said->before))
		return -ESTALE;
	*ret_started = started;
	return 0;
}

static int say_pid_file(int top, const char *path, struct said *ret)
{
	char text[PID_BYTES];
	struct stat st;
	uint64_t pid;
	if (!path || path[0] != '/' || !path[1])
		return -ENOENT;
	cleanup_close int fd = read_open(top, path + 1, O_RDONLY);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -EBADMSG;
	const ssize_t n = read(fd, text, sizeof(text));
	if (n <= 0 || (size_t)n == sizeof(text) ||
		!read_number(read_trimmed((struct bytes){ text, (size_t)n }), &pid) || pid > INT32_MAX)
		return -EBADMSG;
	*ret = (struct said){ .pid = (pid_t)pid, .before = ticks_at(&st.st_mtim) };
	return 0;
}

/* Where runtimes keep it. */
static const struct {
	const char *dialect, *file;
} places[] = { { "runc", "state.json" }, { "crun", "status" }, { "youki", "state.json" } };

static const char *state_path(struct arena *a, const struct init_of *of)
{
	const bool own = !of->root || !*of->root;
	size_t i = 0;
	while (i < sizeof(places) / sizeof(places[0]) && strcmp(places[i].dialect, of->dialect ? of->dialect : "") != 0)
		i++;
	if (i == sizeof(places) / sizeof(places[0]) || !of->id || !*of->id || strchr(of->id, '/') ||
		strcmp(of->id, ".") == 0 || strcmp(of->id, "..") == 0 || (!own && of->root[0] != '/'))
		return NULL;
	if (!own)
		return arena_printf(a, "%s/%s/%s", of->root + 1, of->id, places[i].file);
	if (of->rootless)
		return arena_printf(a, "run/user/%u/%s/%s/%s", (unsigned)geteuid(), places[i].dialect, of->id,
			places[i].file);
	return arena_printf(a, "run/%s/%s/%s", places[i].dialect, of->id, places[i].file);
}

static int say_state(struct arena *a, int top, const struct init_of *of, struct said *ret)
{
	const struct doc_options options = { .file = "state", .cause = CAUSE_BUNDLE };
	const char *path = state_path(a, of);
	const struct bytes text = path ? read_below(a, top, path, LIMIT_DOC_BYTES) : (struct bytes){ 0 };
	const struct doc *root;
	struct state state;
	struct fail why;
	if (!text.data)
		return -ENOENT;
	if (doc_parse(a, text, &options, &root, &why) < 0 || !state_tell(a, root, &state))
		return -EBADMSG;
	*ret = (struct said){ .pid = state.pid, .started = state.started };
	return 0;
}

int init_find(struct arena *a, int top, const struct init_of *of, uint64_t since, pid_t *ret, uint64_t *ret_started)
{
	/* What it calls the first process is the sandbox, which is no container. */
	if (of->dialect && strcmp(of->dialect, "runsc") == 0)
		return -ENOTSUP;
	struct said said;
	int r = say_pid_file(top, of->pid_file, &said);
	if (r == 0)
		r = is_it(a, top, &said, since, ret_started);
	if (r < 0) {
		const int code = say_state(a, top, of, &said);
		if (code < 0)
			return code == -ENOENT ? r : code;
		r = is_it(a, top, &said, since, ret_started);
	}
	if (r == 0)
		*ret = said.pid;
	return r;
}
