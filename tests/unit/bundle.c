/* SPDX-License-Identifier: Apache-2.0 */
/* What is read, from where, whose it may be, that it is still the same, and that standard input comes back. */
#include "shim/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim/bypass.h"
#include "tests/tap.h"
#include "tests/unit/leave.h"
#include "validate/base/digest.h"
#include "validate/base/limits.h"
#include "validate/doc/doc.h"

static struct arena arena;
static char dir[] = "/tmp/runvet-bundle-XXXXXX";

static const char *path(const char *name)
{
	static char whole[64][256];
	static int next;
	next = (next + 1) % 64;
	(void)snprintf(whole[next], sizeof(whole[next]), "%s/%s", dir, name);
	return whole[next];
}

static void put(const char *name, const char *text, mode_t mode)
{
	const int fd = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fchmod(fd, mode) < 0)
		ok(false, "cannot write %s", name);
	(void)close(fd);
}

static struct request request(enum oci_verb verb, enum slot slot, const char *value)
{
	struct request q = { .verb = verb, .id = "c1" };
	q.value[slot] = value;
	return q;
}

/* Reads and closes again. */
static int try_read(const struct request *q, struct input *in, struct fail *why)
{
	*why = (struct fail){ 0 };
	const int r = input_read(&arena, q, in, why);
	if (r < 0)
		is_int(why->cause, CAUSE_BUNDLE, "a failure is the bundle's: %s: %s [%s]", why->file, why->says,
			why->rule);
	input_close(in);
	return r;
}

static void test_config(void)
{
	struct input in;
	struct fail why;
	struct request q = request(VERB_CREATE, SLOT_BUNDLE, dir);

	is_int(try_read(&q, &in, &why), -ENOENT, "no config.json");
	is_text(why.rule, "bundle.config-present", "by its rule");
	is_text(why.file, "config.json", "and name");
	put("config.json", "{\"a\":1}", 0600);
	is_int(input_read(&arena, &q, &in, &why), 0, "config.json of --bundle");
	ok(in.kind == INPUT_CONFIG && bytes_is(in.file.bytes, "{\"a\":1}") && strcmp(in.name, "config.json") == 0,
		"is read");
	is_text(in.bundle, dir, "the bundle is named");
	char digest[DIGEST_HEX];
	digest_hex(BYTES("{\"a\":1}"), BYTES(""), digest);
	is_text(in.file.digest, digest, "and known by its digest");
	ok(in.file.fd > 2 && in.root.fd > 2 && (fcntl(in.file.fd, F_GETFD) & FD_CLOEXEC) &&
			(fcntl(in.root.fd, F_GETFD) & FD_CLOEXEC),
		"no descriptor reaches the delegate");
	is_int(input_unchanged(&in, &why), 0, "unchanged");
	input_close(&in);
	ok(in.file.fd == -1 && in.root.fd == -1 && in.dir.fd == -1, "closed");

	char slashes[64], dotted[64];
	(void)snprintf(slashes, sizeof(slashes), "%s//", dir);
	q.value[SLOT_BUNDLE] = slashes;
	is_int(try_read(&q, &in, &why), 0, "slashes at the end");
	(void)snprintf(dotted, sizeof(dotted), "%s/.", dir);
	q.value[SLOT_BUNDLE] = dotted;
	is_int(try_read(&q, &in, &why), 0, "a dot at the end");
	q = request(VERB_RUN, SLOT_BUNDLE, NULL);
	ok(chdir(dir) == 0 && try_read(&q, &in, &why) == 0, "the working directory is the default");
	is_text(in.bundle, dir, "under its name");
	(void)mkdir(path("sub"), 0755);
	put("sub/config.json", "{}", 0644);
	q = request(VERB_RESTORE, SLOT_BUNDLE, "sub");
	is_int(try_read(&q, &in, &why), 0, "a relative bundle counts from there");
	ok(in.bundle && strncmp(in.bundle, dir, strlen(dir)) == 0 && strcmp(in.bundle + strlen(dir), "/sub") == 0,
		"and gets its full name");

	q = request(VERB_CREATE, SLOT_BUNDLE, dir);
	q.value[SLOT_CONFIG] = "config.json";
	is_int(try_read(&q, &in, &why), 0, "crun --config config.json is the bundle's");
	ok(bytes_is(in.file.bytes, "{\"a\":1}"), "indeed");
	q.value[SLOT_CONFIG] = "sub/config.json";
	is_int(try_read(&q, &in, &why), 0, "crun --config elsewhere");
	ok(bytes_is(in.file.bytes, "{}"), "counts from the working directory");
	q.value[SLOT_CONFIG] = "sub/";
	is_int(try_read(&q, &in, &why), -EISDIR, "a path that ends in a slash");
	ok(chdir("/") == 0, "back");
}

static void test_config_refused(void)
{
	struct input in;
	struct fail why;
	struct request q = request(VERB_CREATE, SLOT_BUNDLE, path("link"));

	ok(symlink(dir, path("link")) == 0, "a link to the bundle");
	ok(try_read(&q, &in, &why) < 0 && strcmp(why.rule, "bundle.directory") == 0,
		"a symlink at the end of --bundle");
	is_text(why.says, "it is a symbolic link; name the folder that it points to", "says so");
	char slash[64];
	(void)snprintf(slash, sizeof(slash), "%s/link/", dir);
	q.value[SLOT_BUNDLE] = slash;
	ok(try_read(&q, &in, &why) < 0, "also with a slash behind");
	q.value[SLOT_BUNDLE] = path("link/sub");
	is_int(try_read(&q, &in, &why), 0, "a symlink on the way is the engine's business");
	q.value[SLOT_BUNDLE] = path("config.json");
	ok(try_read(&q, &in, &why) < 0, "a file as bundle");
	q.value[SLOT_BUNDLE] = path("missing");
	ok(try_read(&q, &in, &why) == -ENOENT && strstr(why.file, "/missing"), "a bundle that is missing, by name: %s",
		why.file);

	const char *sub = path("sub"), *config = path("sub/config.json");
	q.value[SLOT_BUNDLE] = sub;
	(void)unlink(config);
	ok(symlink("../config.json", config) == 0, "config.json as a link");
	ok(try_read(&q, &in, &why) == -ELOOP && strcmp(why.rule, "bundle.config-regular-file") == 0, "is refused");
	(void)unlink(config);
	ok(mkfifo(config, 0600) == 0, "config.json as a fifo");
	is_int(try_read(&q, &in, &why), -ENOTSUP, "is refused at once");
	(void)unlink(config);
	ok(mkdir(config, 0700) == 0, "config.json as a directory");
	is_int(try_read(&q, &in, &why), -ENOTSUP, "is refused");
	(void)rmdir(config);
	put("sub/config.json", "{}", 0666);
	is_int(try_read(&q, &in, &why), -EPERM, "one that everybody may write");
	put("sub/config.json", "{}", 0644);
	ok(truncate(config, (off_t)LIMIT_DOC_BYTES + 1) == 0 && try_read(&q, &in, &why) == -EFBIG,
		"one over the limit");
	put("sub/config.json", "{}", 0644);
	if (geteuid() == 0)
		ok(chown(config, 1, 1) == 0 && try_read(&q, &in, &why) == -EPERM, "another user's");
	put("sub/config.json", "{}", 0644);
	ok(chown(config, geteuid(), getegid()) == 0, "ours again");
}

static const struct doc *doc_of(const char *text)
{
	const struct doc *root = NULL;
	struct fail why = { 0 };
	const struct doc_options options = { .file = "config.json", .cause = CAUSE_BUNDLE };
	ok(doc_parse(&arena, bytes_of(text), &options, &root, &why) == 0, "%s %s", text, why.says);
	return root;
}

static int owner_of(const char *text, mode_t mode, uid_t uid, bool *ret_mapped)
{
	struct input in;
	struct fail why = { 0 };
	const struct request q = request(VERB_CREATE, SLOT_BUNDLE, path("sub"));

	ok(chown(path("sub"), uid, getegid()) == 0 && chmod(path("sub"), mode) == 0, "sub: %u %04o", uid, mode);
	is_int(input_read(&arena, &q, &in, &why), 0, "is read: %s", why.says);
	const int r = input_owner(&in, doc_of(text), &why);
	if (r < 0)
		is_text(why.rule, "bundle.owner", "%s", why.says);
	*ret_mapped = in.mapped_owner;
	input_close(&in);
	return r;
}

static void test_owner(void)
{
	static const char mapped[] = "{\"linux\":{\"uidMappings\":[{\"containerID\":1,\"hostID\":7,\"size\":5},"
				     "{\"containerID\":0,\"hostID\":100000,\"size\":65536}]}}";
	bool is_mapped;

	is_int(owner_of("{}", 0700, geteuid(), &is_mapped), 0, "ours");
	ok(!is_mapped, "plainly");
	is_int(owner_of("{}", 0775, geteuid(), &is_mapped), 0, "a group may write: umask 002 makes such");
	is_int(owner_of("{}", 0777, geteuid(), &is_mapped), -EPERM, "others may write");
	is_int(owner_of("{}", 01777, geteuid(), &is_mapped), 0, "others may write, sticky, as /tmp");
	if (geteuid() != 0)
		return;
	is_int(owner_of("{}", 0700, 1, &is_mapped), -EPERM, "another's");
	is_int(owner_of("{\"linux\":{\"uidMappings\":\"x\"}}", 0700, 1, &is_mapped), -EPERM,
		"another's, with a strange document");
	is_int(owner_of("{\"linux\":{\"uidMappings\":[{\"hostID\":1},1,{\"containerID\":0,\"hostID\":1,\"size\":0}]}}",
		       0700, 1, &is_mapped),
		-EPERM, "an empty mapping maps nobody");
	is_int(owner_of(mapped, 0700, 7, &is_mapped), -EPERM, "another user of the container's");
	is_int(owner_of(mapped, 0700, 100001, &is_mapped), -EPERM, "id 1 of the container");
	is_int(owner_of(mapped, 0700, 100000, &is_mapped), 0, "the container's root");
	ok(is_mapped, "which is noted");
	is_int(owner_of(mapped, 0777, 100000, &is_mapped), -EPERM, "but not when others may write");
	(void)owner_of("{}", 0755, 0, &is_mapped);
}

static void test_named(void)
{
	struct input in;
	struct fail why;
	struct request q = request(VERB_EXEC, SLOT_PROCESS, NULL);

	is_int(try_read(&q, &in, &why), 0, "exec without --process");
	is_int(in.kind, INPUT_NONE, "has nothing to read");
	put("p.json", "{\"cwd\":\"/\"}", 0644);
	q.value[SLOT_PROCESS] = path("p.json");
	is_int(input_read(&arena, &q, &in, &why), 0, "exec --process");
	ok(in.kind == INPUT_PROCESS && strcmp(in.name, "process.json") == 0 && !in.bundle && in.file.digest[0],
		"is read");
	is_int(input_owner(&in, doc_of("{}"), &why), 0, "and its folder is ours");
	is_int(input_unchanged(&in, &why), 0, "and it is unchanged");
	input_close(&in);
	ok(chdir(dir) == 0, "cd");
	q.value[SLOT_PROCESS] = "p.json";
	is_int(try_read(&q, &in, &why), 0, "relative to the working directory");
	ok(symlink("p.json", path("q.json")) == 0, "a link");
	q.value[SLOT_PROCESS] = "q.json";
	ok(try_read(&q, &in, &why) == -ELOOP && strcmp(why.rule, "bundle.process-file") == 0, "no link");
	is_text(why.file, "process.json", "named alike wherever it lies");
	q = request(VERB_UPDATE, SLOT_RESOURCES, "p.json");
	is_int(try_read(&q, &in, &why), 0, "update --resources FILE");
	is_int(in.kind, INPUT_RESOURCES, "is read");
	q.value[SLOT_RESOURCES] = NULL;
	ok(try_read(&q, &in, &why) == 0 && in.kind == INPUT_NONE, "update by options has nothing to read");
	ok(chdir("/") == 0, "back");
}

static void test_unchanged(void)
{
	struct input in;
	struct fail why = { 0 };
	const struct request q = request(VERB_CREATE, SLOT_BUNDLE, path("sub"));
	const char *config = path("sub/config.json"), *sub = path("sub");

	for (int i = 0; i < 6; i++) {
		static const char *const what[] = { "a pid file beside it", "touched", "written to", "replaced",
			"removed", "a new bundle" };
		put("sub/config.json", "{}", 0644);
		ok(input_read(&arena, &q, &in, &why) == 0, "read");
		const struct timespec other[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
		if (i == 0)
			put("sub/pid", "1", 0644);
		if (i == 1)
			(void)utimensat(AT_FDCWD, config, other, 0);
		if (i == 2)
			put("sub/config.json", "[]", 0644);
		if (i == 3) {
			put("sub/new", "{}", 0644);
			(void)rename(path("sub/new"), config);
		}
		if (i == 4)
			(void)unlink(config);
		if (i == 5) {
			(void)rename(sub, path("old"));
			(void)mkdir(sub, 0755);
			(void)rename(path("old/config.json"), path("sub/config.json"));
		}
		const int r = input_unchanged(&in, &why);
		is_int(r, i == 0 ? 0 : -ESTALE, "%s: %s", what[i], i ? why.says : "");
		if (i)
			is_text(why.rule, "bundle.unchanged", "by its rule");
		input_close(&in);
	}
}

/*
 * Runs input_read and input_replay in a child with stdin from `text` (NULL: held open by nobody who writes). Its
 * findings.
 */
static int with_stdin(const char *text, bool hang, rlim_t fsize)
{
	int ends[2], status = 0;

	if (pipe(ends) < 0)
		return -1;
	const pid_t feeder = fork();
	if (feeder == 0) {
		(void)close(ends[0]);
		(void)signal(SIGPIPE, SIG_IGN);
		for (size_t done = 0, len = strlen(text); done < len;) {
			const ssize_t n = write(ends[1], text + done, len - done);
			if (n <= 0)
				break;
			done += (size_t)n;
		}
		if (hang)
			(void)pause();
		_exit(0);
	}
	(void)close(ends[1]);
	const pid_t pid = fork();
	if (pid == 0) {
		const struct rlimit l = { fsize, fsize };
		struct request q = request(VERB_UPDATE, SLOT_RESOURCES, "-");
		static char back[LIMIT_DOC_BYTES + 1];
		struct input in;
		struct fail why;
		(void)dup2(ends[0], 0);
		(void)close(ends[0]);
		(void)setrlimit(RLIMIT_FSIZE, &l);
		const int r = input_read(&arena, &q, &in, &why);
		if (r < 0)
			_exit(100 + (in.cut ? 50 : 0) + (r == -ETIMEDOUT ? 1 : r == -EFBIG ? 2 : r == -EBADF ? 3 : 0));
		if (!in.from_stdin || in.cut || !bytes_is(in.file.bytes, text) || !in.file.digest[0])
			_exit(1);
		if (input_unchanged(&in, &why) != 0 || input_replay(&in, &why) != 0)
			_exit(2);
		size_t got = 0;
		for (ssize_t n; (n = read(0, back + got, sizeof(back) - got)) > 0;)
			got += (size_t)n;
		if (got != strlen(text) || memcmp(back, text, got) != 0)
			_exit(3);
		if (fcntl(0, F_GETFD) & FD_CLOEXEC)
			_exit(4);
		const int seals = fcntl(0, F_GET_SEALS);
		_exit(seals > 0 && (seals & F_SEAL_WRITE) ? 0 : 9);
	}
	(void)close(ends[0]);
	(void)waitpid(pid, &status, 0);
	(void)kill(feeder, SIGKILL);
	(void)waitpid(feeder, NULL, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void test_stdin(void)
{
	static char big[LIMIT_DOC_BYTES + 2];
	struct timespec from, to;

	is_int(with_stdin("{\"memory\":{}}", false, RLIM_INFINITY), 0, "stdin is read and comes back, sealed");
	is_int(with_stdin("", false, RLIM_INFINITY), 0, "an empty one too");
	is_int(with_stdin("{\"memory\":{}}", false, 0), 9, "under RLIMIT_FSIZE 0 it comes back by a pipe");
	memset(big, ' ', sizeof(big) - 1);
	big[200000] = '\0';
	is_int(with_stdin(big, false, RLIM_INFINITY), 0, "200 kB");
	is_int(with_stdin(big, false, 0), 9, "200 kB by a pipe");
	big[200000] = ' ';
	is_int(with_stdin(big, false, RLIM_INFINITY), 152, "over the limit: taken in part");
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	is_int(with_stdin("", true, RLIM_INFINITY), 101, "nobody writes: nothing was taken");
	is_int(with_stdin("{", true, RLIM_INFINITY), 151, "nobody ends it: taken in part");
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	const long ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
	ok(ms >= 2 * WAIT_STDIN_MS - 100 && ms < 2 * WAIT_STDIN_MS + 10000, "both bounded: %ld ms", ms);

	int status = 0;
	const pid_t pid = fork();
	if (pid == 0) {
		struct request q = request(VERB_UPDATE, SLOT_RESOURCES, "-");
		struct input in;
		(void)close(0);
		_exit(input_read(&arena, &q, &in, NULL) == -EBADF && !in.cut ? 0 : 1);
	}
	(void)waitpid(pid, &status, 0);
	is_int(status, 0, "a closed stdin");
}

static bool glass(const char *text, long age, struct timespec now)
{
	const struct timespec written = { .tv_sec = now.tv_sec - age }, both[2] = { written, written };
	put("bypass", text, 0644);
	(void)utimensat(AT_FDCWD, path("bypass"), both, 0);
	return bypass_in_force(&arena, path("bypass"), now);
}

static void test_bypass(void)
{
	struct timespec now;

	ok(when_read(BYTES("2026-11-21T22:00:00Z"), &now) == 0, "now");
	if (geteuid() != 0) {
		ok(!glass("2026-11-21T22:30:00Z\n", 5, now), "a user's file is no break-glass");
		return;
	}
	ok(!bypass_in_force(&arena, path("none"), now), "no file");
	ok(glass("2026-11-21T22:30:00Z\n", 5, now), "until half past");
	ok(glass("  2026-11-21T22:30:00.5Z", 5, now), "white space does not matter");
	ok(!glass("2026-11-21T22:00:00Z\n", 5, now), "until now is over");
	ok(!glass("2026-11-21T21:59:59Z\n", 5, now), "over");
	ok(glass("2027-11-21T22:30:00Z\n", 3599, now), "never longer than an hour: not yet");
	ok(!glass("2027-11-21T22:30:00Z\n", 3600, now), "never longer than an hour: over");
	ok(glass("2026-11-21T22:30:00Z\n", 0, now), "written this very second");
	ok(!glass("2026-11-21T22:30:00Z\n", -1, now), "from the future");
	ok(!glass("", 5, now), "an empty one");
	ok(!glass("yes\n", 5, now), "words");
	ok(!glass("2026-11-21T22:30:00+01:00\n", 5, now), "another zone");
	ok(!glass("2026-11-21T22:30:00Z\n2026-11-21T22:30:00Z\n", 5, now), "two times");
	ok(!glass("2026-11-21T22:30:00Z                                                                    ", 5, now),
		"too long");
	(void)glass("2026-11-21T22:30:00Z\n", 5, now);
	ok(chmod(path("bypass"), 0664) == 0 && !bypass_in_force(&arena, path("bypass"), now), "a group may write");
	ok(chmod(path("bypass"), 0644) == 0 && chown(path("bypass"), 1, 0) == 0 &&
			!bypass_in_force(&arena, path("bypass"), now),
		"another's");
	ok(chown(path("bypass"), 0, 0) == 0, "given back");
	ok(bypass_in_force(&arena, path("bypass"), now), "all well again");
	ok(symlink("bypass", path("bypass-link")) == 0, "a link");
	ok(!bypass_in_force(&arena, path("bypass-link"), now), "no link");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA * 4);
	(void)umask(022);
	ok(mkdtemp(dir) != NULL, "a directory");
	test_config();
	test_config_refused();
	test_owner();
	test_named();
	test_unchanged();
	test_stdin();
	test_bypass();
	arena_done(&arena);
	ok(leave_nothing(dir), "nothing is left behind");
	return tap_done();
}
