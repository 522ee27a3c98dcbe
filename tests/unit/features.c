/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a delegate what it can: it is over in time, nothing is left of it, and only a file of ours is believed. */
#include "validate/host/delegate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/flat.h"

#define GOOD "{ \"ociVersionMin\": \"1.0.0\", \"ociVersionMax\": \"1.2.1\", \"hooks\": [\"prestart\"] }"
#define GOOD_SCRIPT                                                                                                    \
	"case $1 in --version) echo 'thing version 1.2.3+x'; echo commit: abc; echo 'spec: 1.0.2-dev';;\n"             \
	"features) echo '" GOOD "';; esac\n"

#define SLACK_MS 4000 /* a machine may be busy; what is waited for here never comes */

static struct arena arena;
static char dir[] = "/tmp/runvet-features-XXXXXX";
static char path[64], cache[64], count_file[64], told_file[64], pid_file[64];
static const char *const quirks[] = { "idmap-unlisted", NULL };
static struct delegate_want want;
static const struct doc *doc;
static bool kept;
static struct fail why;

static void write_file(const char *file, const char *text, mode_t mode)
{
	(void)unlink(file);
	FILE *f = fopen(file, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0 || chmod(file, mode) < 0)
		exit(1);
}

static const char *read_whole(const char *file)
{
	static char text[1 << 20];
	FILE *f = fopen(file, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	if (f)
		(void)fclose(f);
	text[n] = '\0';
	return text;
}

/* A delegate of that body; each run leaves its words in a file. */
static void be(const char *body)
{
	static char script[4096];
	struct stat st;
	snprintf(script, sizeof(script), "#!/bin/sh\necho \"$1\" >>%s\n%s", count_file, body);
	write_file(path, script, 0755);
	(void)unlink(count_file);
	if (stat(path, &st) < 0)
		exit(1);
	want = (struct delegate_want){ .name = "thing",
		.dialect = "runc",
		.path = path,
		.identity = identity_of(&st),
		.quirks = quirks,
		.cache = cache,
		.ask = true };
}

static const char *kept_file(const char *ending)
{
	static char file[512];
	DIR *d = opendir(cache);
	file[0] = '\0';
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		const char *dot = strrchr(e->d_name, '.');
		if (dot && e->d_name[0] != '.' && strcmp(dot, ending) == 0)
			snprintf(file, sizeof(file), "%s/%s", cache, e->d_name);
	}
	if (d)
		(void)closedir(d);
	return file;
}

static void forget(void)
{
	for (const char *f = kept_file(".flat"); *f; f = kept_file(".flat"))
		if (unlink(f) < 0)
			exit(1);
}

/* Milliseconds that it took. */
static long look(void)
{
	struct timespec a, b;
	memset(&why, 0, sizeof(why));
	doc = NULL;
	clock_gettime(CLOCK_MONOTONIC, &a);
	if (delegate_look(&arena, &want, &doc, &kept, &why) < 0)
		exit(1);
	clock_gettime(CLOCK_MONOTONIC, &b);
	return (long)(b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
}

static int asked(void)
{
	int n = 0;
	for (const char *c = read_whole(count_file); *c; c++)
		n += *c == '\n';
	return n;
}

static bool says(const char *where, const char *word)
{
	return bytes_is(doc_string(doc, where, BYTES("(none)")), word);
}

static bool has_features(void)
{
	return says("features.ociVersionMax", "1.2.1");
}

static bool settled(void)
{
	return doc_true(doc, "asked.settled");
}

static bool no_child(void)
{
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD;
}

/* Whether the process whose number stands in pid_file is gone, soon. */
static bool grandchild_gone(void)
{
	const struct timespec tick = { 0, 10000000 };
	char stat_file[64], state = 'Z';
	const int pid = (int)strtol(read_whole(pid_file), NULL, 10);
	for (int i = 0; pid > 0 && i < 200; i++) {
		snprintf(stat_file, sizeof(stat_file), "/proc/%d/stat", pid);
		const char *text = read_whole(stat_file), *after = strrchr(text, ')');
		state = after ? after[2] : 'Z';
		if (state == 'Z' || state == 'X')
			break;
		nanosleep(&tick, NULL);
	}
	return pid > 0 && (state == 'Z' || state == 'X');
}

static void usual(void)
{
	be(GOOD_SCRIPT);
	look();
	ok(has_features() && !kept, "it is asked for its features");
	ok(says("name", "thing") && says("dialect", "runc") && says("path", path), "it has its names");
	ok(says("version", "1.2.3+x"), "its version is a word of what it prints");
	ok(says("spec", "1.0.2-dev"), "so is its release of the specification");
	ok(doc_get(doc, "quirks") && doc_get(doc, "quirks")->count == 1, "its quirks are those of runtimes.d");
	is_int(doc_string(doc, "digest", BYTES("")).len, 64, "its digest is there");
	ok(settled(), "it answered");
	ok(why.says[0] == '\0', "and there is nothing to explain");
	is_int(asked(), 2, "that took two runs");
	ok(no_child(), "no child is left");
	struct stat st;
	ok(stat(kept_file(".flat"), &st) == 0 && (st.st_mode & 07777) == 0600, "what it said is kept, for us alone");
	look();
	ok(has_features() && kept && asked() == 2, "then the file is believed");
	want.ask = false;
	look();
	ok(has_features() && kept, "also by who may not ask");
	want.ask = true;
	want.name = "other";
	static const char *const others[] = { "idmap-unlisted", "time-unlisted", NULL };
	want.quirks = others;
	look();
	ok(has_features() && kept && says("name", "other") && doc_get(doc, "quirks")->count == 2 &&
			says("version", "1.2.3+x"),
		"in the words that runtimes.d has now");
	want.quirks = NULL;
	look();
	ok(has_features() && kept && doc_get(doc, "quirks")->count == 0, "with no quirk, too");
	want.argv0 = "krun";
	look();
	ok(!kept && asked() == 4, "called by another name it is another delegate");
	be(GOOD_SCRIPT "# another binary\n");
	look();
	ok(!kept && has_features() && asked() == 2, "another binary at that path is asked again");
}

static void unasked(void)
{
	be(GOOD_SCRIPT "# unasked\n");
	want.ask = false;
	look();
	ok(!doc_get(doc, "features") && asked() == 0 && says("path", path), "who may not ask does not know");
	ok(!doc_get(doc, "digest") && !doc_get(doc, "asked"), "nor the digest");
	ok(why.says[0] != '\0', "and says why");
	want.ask = true;
	want.identity = (struct identity){ 0 };
	look();
	ok(!doc_get(doc, "features") && asked() == 0, "a file that nobody could look at is not run");
	be(GOOD_SCRIPT);
	want.identity.inode++;
	look();
	ok(!doc_get(doc, "features") && asked() == 0, "nor one that is not the file that was looked at");
	be(GOOD_SCRIPT);
	want.cache = "/nonexistent/runvet";
	look();
	ok(!doc_get(doc, "features") && asked() == 0, "nor when the answer could not be kept");
	want.cache = NULL;
	look();
	look();
	ok(has_features() && asked() == 4, "who keeps nothing asks each time");
	be(GOOD_SCRIPT);
	want.path = "sh";
	look();
	ok(!doc_get(doc, "features") && asked() == 0, "a path that is not absolute is not run");
	be("case $1 in features) echo '" GOOD "'; echo '# again' >>$0;; esac\n");
	look();
	ok(!doc_get(doc, "features") && !kept, "one that changes while it is asked has said nothing");
	ok(*kept_file(".flat") == '\0' || !strstr(read_whole(kept_file(".flat")), "again"), "and nothing is kept");
}

static void surroundings(void)
{
	static char script[1024];
	const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int given = fcntl(null, F_DUPFD, 77); /* NOLINT: it is meant to be inherited */
	(void)close(null);
	snprintf(script, sizeof(script),
		"{ env | sort; ls -l /proc/$$/fd | sed -n 's/.* \\([0-9]* -> .*\\)/fd \\1/p'; cat | wc -c; "
		"grep -E '^Sig(Blk|Ign)' /proc/self/status; sed 's/.*) //' /proc/$$/stat | cut -d' ' -f3; echo $$; "
		"ulimit -c; } >%s\n",
		told_file);
	be(script);
	setenv("SECRET", "x", 1);
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	sigprocmask(SIG_BLOCK, &one, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	look();
	(void)signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	(void)close(given);
	const char *told = read_whole(told_file);
	ok(strstr(told, "PATH=/usr/local/sbin:") && !strstr(told, "SECRET"), "it gets an environment of its own");
	ok(strstr(told, "fd 0 -> /dev/null") && strstr(told, "fd 2 -> /dev/null") && strstr(told, "fd 1 -> "),
		"it has 0 to 2");
	char high[64];
	snprintf(high, sizeof(high), "fd %d -> ", given);
	ok(!strstr(told, high) && !strstr(told, cache), "and none of what we have");
	ok(strstr(told, "SigBlk:\t0000000000000000") && strstr(told, "SigIgn:\t0000000000000000"),
		"nothing is blocked or ignored");
	const char *last = told + strlen(told);
	int lines = 0, value[4] = { 0 };
	while (last > told && lines < 4)
		if (*--last == '\n' || last == told)
			if (last[1])
				value[lines++] = (int)strtol(last + (*last == '\n'), NULL, 10);
	is_int(value[0], 0, "it leaves no core file");
	ok(value[1] > 0 && value[1] == value[2], "it is a process group of its own");
}

static void trouble(void)
{
	char script[512];
	long ms;

	snprintf(script, sizeof(script),
		"case $1 in --version) echo thing version 9;; features) sleep 1000 & echo $! >%s; wait;; esac\n",
		pid_file);
	be(script);
	ms = look();
	ok(ms >= WAIT_FEATURES_MS - 100 && ms < WAIT_FEATURES_MS + SLACK_MS,
		"one that hangs is given a second (%ld ms)", ms);
	ok(!doc_get(doc, "features") && says("version", "9") && !settled(),
		"its features are unknown, its version is not");
	is_text(why.says, "it did not tell its features in time", "which is said");
	ok(no_child() && grandchild_gone(), "nothing is left of it, or of what it started");
	look();
	ok(kept && asked() == 2, "for a while it is not asked again");
	struct timespec then[2] = { { .tv_sec = time(NULL) - REST_FEATURES_S - 1 }, { 0 } };
	then[1] = then[0];
	utimensat(AT_FDCWD, kept_file(".flat"), then, 0);
	want.ask = false;
	look();
	ok(kept && asked() == 2 && says("version", "9"), "later what is known still counts for who may not ask");
	want.ask = true;
	look();
	ok(!kept && asked() == 4, "and who may asks again");
	then[0].tv_sec = then[1].tv_sec = time(NULL) + 1000;
	utimensat(AT_FDCWD, kept_file(".flat"), then, 0);
	look();
	ok(!kept && asked() == 6, "a file of the future is not waited for");

	be("sleep 1000\n");
	ms = look();
	ok(ms < WAIT_FEATURES_MS + SLACK_MS && asked() == 2,
		"one that hangs whatever is asked takes no longer (%ld ms)", ms);

	be("case $1 in --version) echo 1;; features) while :; do echo 0123456789012345678901234567890123456789; done;; "
	   "esac\n");
	ms = look();
	ok(!doc_get(doc, "features") && !settled() && ms < WAIT_FEATURES_MS + SLACK_MS,
		"one that never stops talking is stopped");
	be("case $1 in --version) echo 1;; features) head -c 1048576 /dev/zero;; esac\n");
	look();
	ok(!doc_get(doc, "features") && !settled(), "a mebibyte is too much");
	is_text(why.says, "its features have no end", "which is said");

	snprintf(script, sizeof(script),
		"case $1 in --version) echo v 7;; features) sleep 1000 & echo $! >%s; echo '" GOOD "';; esac\n",
		pid_file);
	be(script);
	ms = look();
	ok(has_features(), "a grandchild that holds the pipe is not waited for (%ld ms)", ms);
	ok(grandchild_gone(), "and is gone");
	ok(says("version", "7"), "a version without that word is the last of its line");
}

static void no_answer(void)
{
	be("[ $1 = features ] && exit 1; echo 'thing version 3'\n");
	look();
	ok(!doc_get(doc, "features") && settled() && says("version", "3"),
		"one without the command has none, for good");
	is_text(why.says, "it has no command that tells its features", "which is said");
	look();
	ok(kept && asked() == 2, "and is not asked again");
	is_text(why.says, "it has no command that tells its features", "which is said then, too");
	be("exit 1\n");
	look();
	ok(!doc_get(doc, "features") && !settled() && !doc_get(doc, "version"),
		"one that fails at all may do better later");
	be("echo rubbish\n");
	look();
	ok(!doc_get(doc, "features") && !settled(), "rubbish is no answer");
	is_text(why.says, "what it prints as its features is no JSON object", "which is said");
	be("echo '[1, 2]'\n");
	look();
	ok(!doc_get(doc, "features") && !settled(), "nor is a list");
	be("echo '{\"a\":1,\"a\":2}'\n");
	look();
	ok(!doc_get(doc, "features") && !settled(), "nor what parsers read differently");
	be("kill -9 $$\n");
	look();
	ok(!doc_get(doc, "features") && !settled(), "nor is death");
	be("case $1 in --version) printf 'version \\033[31mred\\n';; features) echo '" GOOD "';; esac\n");
	look();
	ok(has_features() && !doc_get(doc, "version"), "a version that is none is left out");
	be("case $1 in --version) printf 'kata-runtime  : 3.2.0\\n   commit: x\\n';; features) echo '" GOOD
	   "';; esac\n");
	look();
	ok(says("version", "3.2.0") && !doc_get(doc, "spec"), "kata's version is found");
	write_file(path, "no program", 0755);
	struct stat st;
	if (stat(path, &st) < 0)
		exit(1);
	want.identity = identity_of(&st);
	look();
	ok(!doc_get(doc, "features") && !settled() && doc_get(doc, "digest"), "what cannot be run says nothing");
}

static void callers(void)
{
	struct sigaction now;
	be(GOOD_SCRIPT "# ignored\n");
	(void)signal(SIGCHLD, SIG_IGN);
	look();
	sigaction(SIGCHLD, NULL, &now);
	ok(has_features() && now.sa_handler == SIG_IGN, "a caller who ignores SIGCHLD still does");
	be("[ $1 = features ] && exit 1; echo 'thing version 3'\n");
	look();
	ok(!doc_get(doc, "features"), "and has no features where there are none");
	(void)signal(SIGCHLD, SIG_DFL);
	ok(no_child(), "no child is left there");

	sigset_t one, pending;
	sigemptyset(&one);
	sigaddset(&one, SIGCHLD);
	sigprocmask(SIG_BLOCK, &one, NULL);
	be(GOOD_SCRIPT "# blocked\n");
	look();
	sigpending(&pending);
	ok(has_features() && !sigismember(&pending, SIGCHLD), "where it is blocked none is left pending");
	(void)kill(getpid(), SIGCHLD);
	be(GOOD_SCRIPT "# pending\n");
	look();
	sigpending(&pending);
	ok(has_features() && sigismember(&pending, SIGCHLD), "and one that was pending still is");
	sigprocmask(SIG_UNBLOCK, &one, NULL);

	be(GOOD_SCRIPT "# closed\n");
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		for (int fd = 0; fd < 3; fd++)
			(void)close(fd);
		look();
		bool low = false;
		for (int fd = 0; fd < 3; fd++)
			low = low || fcntl(fd, F_GETFD) >= 0;
		_exit(has_features() && !low ? 0 : 1);
	}
	int status = 1;
	(void)waitpid(pid, &status, 0);
	is_int(status, 0, "a caller whose 0 to 2 are closed gets them back closed, and an answer");

	be(GOOD_SCRIPT "# small\n");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		const struct rlimit small = { 100, 100 };
		setrlimit(RLIMIT_FSIZE, &small);
		look();
		sigaction(SIGXFSZ, NULL, &now);
		_exit(now.sa_handler == SIG_DFL ? 0 : 1);
	}
	(void)waitpid(pid, &status, 0);
	is_int(status, 0, "a limit on files kills nobody");
	look();
	ok(!kept && has_features(), "and leaves no half of an answer");
}

static void together(void)
{
	be(GOOD_SCRIPT "# together\n");
	char lock[600];
	snprintf(lock, sizeof(lock), "%s", kept_file(".lock"));
	int fd = open(lock, O_RDWR | O_CLOEXEC);
	ok(fd >= 0 && flock(fd, LOCK_EX) == 0, "somebody else is asking");
	ok(look() < SLACK_MS && asked() == 0 && !doc_get(doc, "features"), "nobody waits for him");
	is_text(why.says, "another process is asking the delegate just now", "which is said");
	(void)close(fd);

	be("sleep 0.2\n" GOOD_SCRIPT "# together\n");
	int ready[2];
	if (pipe2(ready, O_CLOEXEC) < 0)
		exit(1);
	fflush(stdout);
	for (int i = 0; i < 20; i++)
		if (fork() == 0) {
			char c;
			(void)close(ready[1]);
			(void)!read(ready[0], &c, 1);
			look();
			_exit(has_features() || strstr(why.says, "another process") ? 0 : 1);
		}
	(void)close(ready[0]);
	(void)close(ready[1]);
	int bad = 0, status;
	while (waitpid(-1, &status, 0) > 0)
		bad += status != 0;
	is_int(bad, 0, "of twenty at once each has the answer or goes on without");
	is_int(asked(), 2, "and one asked");
}

/* The bytes of the kept file, aligned as they are where it is read. */
static struct bytes kept_bytes(struct arena *a)
{
	FILE *f = fopen(kept_file(".flat"), "re");
	char *data = arena_alloc(a, 1 << 16);
	const size_t n = f && data ? fread(data, 1, 1 << 16, f) : 0;
	if (f)
		(void)fclose(f);
	return (struct bytes){ data, n };
}

static void keep_bytes(struct bytes b)
{
	FILE *f = fopen(kept_file(".flat"), "we");
	if (!f || fwrite(b.data, 1, b.len, f) != b.len || fclose(f) != 0)
		exit(1);
}

/* Writes the kept file anew, with `from` replaced in what it would be as JSON. */
static void forge(const char *from, const char *to)
{
	const struct doc_options options = { .file = "kept" };
	const struct doc *d;
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct text was = text_growing(&a), bytes = text_growing(&a);
	if (flat_read(&a, kept_bytes(&a), &d) < 0)
		exit(1);
	doc_write(d, false, &was);
	const char *at = strstr(was.data, from);
	if (!at)
		exit(1);
	const char *text = arena_printf(&a, "%.*s%s%s", (int)(at - was.data), was.data, to, at + strlen(from));
	if (doc_parse(&a, bytes_of(text), &options, &d, NULL) < 0 || !flat_write(d, &bytes))
		exit(1);
	keep_bytes((struct bytes){ bytes.data, bytes.len });
	arena_done(&a);
}

/* Leaves the first half of it. */
static void halve(void)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	const struct bytes all = kept_bytes(&a);
	keep_bytes((struct bytes){ all.data, all.len / 2 });
	arena_done(&a);
}

static void refuses_forged(const char *what)
{
	const int before = asked();
	look();
	ok(!kept && says("version", "1.2.3+x") && asked() == before + 2, "%s is not believed", what);
	look();
	ok(kept && says("version", "1.2.3+x"), "and it is put right after %s", what);
}

static void forged(void)
{
	static char aside[600];
	be(GOOD_SCRIPT "# forged\n");
	look();
	forge("1.2.3+x", "6.6.6");
	look();
	ok(kept && says("version", "6.6.6"), "what only we can have written is believed");
	forge("6.6.6", "6.6.7");
	chmod(kept_file(".flat"), 0620);
	refuses_forged("a file that a group may write to");
	forge("1.2.3+x", "6.6.6");
	chmod(kept_file(".flat"), 0644);
	refuses_forged("a file of another mode");
	forge("1.2.3+x", "6.6.6");
	snprintf(aside, sizeof(aside), "%s/aside", dir);
	if (link(kept_file(".flat"), aside) < 0)
		exit(1);
	refuses_forged("a file of two names");
	(void)unlink(aside);
	forge("1.2.3+x", "6.6.6");
	if (rename(kept_file(".flat"), aside) < 0)
		exit(1);
	look();
	char name[512];
	snprintf(name, sizeof(name), "%s", kept_file(".flat"));
	(void)unlink(name);
	if (symlink(aside, name) < 0)
		exit(1);
	refuses_forged("a symbolic link");
	(void)unlink(aside);
	if (geteuid() == 0) {
		forge("1.2.3+x", "6.6.6");
		if (chown(kept_file(".flat"), 1234, 0) < 0)
			exit(1);
		refuses_forged("another user's file");
	} else {
		ok(true, "# SKIP only root can make another user's file");
	}
	forge("\"inode\":", "\"inode\":1");
	refuses_forged("what was said of another file");
	forge("\"by\":\"", "\"by\":\"9.");
	refuses_forged("what another release wrote");
	forge("\"path\":\"/", "\"path\":\"/x");
	refuses_forged("what was said of another path");
	halve();
	refuses_forged("half a file");
	forge("\"device\":", "\"device\":-");
	refuses_forged("a number with a sign");
	write_file(kept_file(".flat"), "", 0600);
	refuses_forged("an empty file");
	write_file(kept_file(".flat"), "null", 0600);
	refuses_forged("a file that says nothing");
	write_file(kept_file(".flat"), "{\"name\":\"thing\",\"asked\":{\"settled\":true}}", 0600);
	refuses_forged("a file in another form");

	forge("1.2.3+x", "6.6.6");
	chmod(cache, 0770);
	look();
	ok(!kept && !doc_get(doc, "features"), "a directory that others may write to is not used");
	chmod(cache, 0700);
	snprintf(aside, sizeof(aside), "%s/link", dir);
	if (symlink(cache, aside) < 0)
		exit(1);
	want.cache = aside;
	look();
	ok(!kept && !doc_get(doc, "features"), "nor is a link to one");
	want.cache = cache;
	forget();
	(void)unlink(aside);
}

static void cost(void)
{
	struct timespec a, b;
	want.path = "/usr/sbin/runc";
	struct stat st;
	if (stat(want.path, &st) < 0)
		return;
	want.identity = identity_of(&st);
	want.name = "runc";
	const long cold = look();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	for (int i = 0; i < 200; i++)
		look();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	printf("# runc: cold %ld ms, kept %ld ns of processor time, features %s\n", cold,
		((long)(b.tv_sec - a.tv_sec) * 1000000000 + (b.tv_nsec - a.tv_nsec)) / 200,
		doc_get(doc, "features") ? "known" : "unknown");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/thing", dir);
	snprintf(cache, sizeof(cache), "%s/cache", dir);
	snprintf(count_file, sizeof(count_file), "%s/count", dir);
	snprintf(told_file, sizeof(told_file), "%s/told", dir);
	snprintf(pid_file, sizeof(pid_file), "%s/pid", dir);
	if (mkdir(cache, 0700) < 0)
		return 1;
	usual();
	unasked();
	surroundings();
	trouble();
	no_answer();
	callers();
	together();
	forged();
	cost();
	arena_done(&arena);
	char command[128];
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		return 1;
	return tap_done();
}
