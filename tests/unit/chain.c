/* SPDX-License-Identifier: Apache-2.0 */
/* The chain: what many writers, killed writers, full disks and vandals do to it, and what it says of them. */
#include "audit/chain.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "audit/chain_examine.h"
#include "audit/places.h"
#include "tests/unit/audit.h"

#define DIR_ "/run/log"

static const struct chain_bounds small_bounds = { .rotate = 1500, .keep = LIMIT_CHAIN_KEEP };
static struct fail why;

static int append(const char *dir, const char *id)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct record r = some_record(&a, id);
	const int e = chain_append(&r, dir, 0, deadline_in(2000), &why);
	arena_done(&a);
	return e;
}

static int append_small(const char *dir, const char *id)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct record r = some_record(&a, id);
	const int e = chain_append_within(&r, dir, &small_bounds, deadline_in(2000), &why);
	arena_done(&a);
	return e;
}

/* Lines found by chain_verify, or its negative errno. */
static long verify(const char *dir)
{
	uint64_t n = 0;
	why = (struct fail){ 0 };
	const int e = chain_verify(fresh_arena(), dir, &n, &why);
	return e < 0 ? e : (long)n;
}

static void fresh(const char *dir)
{
	char command[128];
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		abort();
}

/* A chain of n lines. */
static void fill(const char *dir, unsigned n)
{
	fresh(dir);
	for (unsigned i = 0; i < n; i++)
		if (append(dir, "web") != 0)
			abort();
}

static void test_first(void)
{
	struct arena *a = fresh_arena();
	struct stat st;
	struct record r = some_record(a, "web");
	is_int(chain_append(&r, DIR_, 0, deadline_in(100), &why), 0, "a first line, and no directory yet");
	ok(stat(DIR_, &st) == 0 && (st.st_mode & 07777) == 0700, "the directory is 0700");
	ok(stat(DIR_ "/chain", &st) == 0 && (st.st_mode & 07777) == 0600, "the file is 0600");
	is_text(value_of(&r, FIELD_SEQ), "1", "it is number 1");
	is_text(value_of(&r, FIELD_PREV), CHAIN_NONE, "it follows nothing");
	is_int(strlen(value_of(&r, FIELD_CHAIN)), 32, "the chain has an id");
	struct record s = some_record(a, "web");
	is_int(chain_append(&s, DIR_, 0, deadline_in(100), &why), 0, "a second line");
	is_text(value_of(&s, FIELD_SEQ), "2", "it is number 2");
	is_text(value_of(&s, FIELD_PREV), value_of(&r, FIELD_HASH), "it follows the first");
	is_text(value_of(&s, FIELD_CHAIN), value_of(&r, FIELD_CHAIN), "in the same chain");
	const char *text = slurp(DIR_ "/chain", NULL);
	ok(strstr(text, value_of(&s, FIELD_HASH)) && count_of(text, "\n") == 2, "the file has two lines");
	char body[LIMIT_RECORD], sum[DIGEST_HEX];
	const char *line = strchr(text, '\n') + 1, *hash = strstr(line, "\"hash\":\"");
	snprintf(body, sizeof(body), "%.*s%.*s", (int)(hash - line), line, (int)strcspn(hash + 74, "\n"), hash + 74);
	digest_hex(bytes_of(value_of(&r, FIELD_HASH)), bytes_of(body), sum);
	is_text(sum, value_of(&s, FIELD_HASH), "the hash is over prev and the line without it");
	is_int(verify(DIR_), 2, "the chain is unbroken");
}

/* Forks n children that each run `work` for their number, waits for all; how many said 0. */
static unsigned together(unsigned n, int (*work)(unsigned))
{
	unsigned good = 0;
	int gate[2];
	if (pipe(gate) < 0)
		abort();
	for (unsigned i = 0; i < n; i++)
		if (fork() == 0) {
			char c;
			close(gate[1]);
			(void)!read(gate[0], &c, 1); /* all start when the gate falls */
			_exit(work(i) == 0 ? 0 : 1);
		}
	close(gate[0]);
	close(gate[1]);
	for (unsigned i = 0; i < n; i++) {
		int status;
		if (wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
			good++;
	}
	return good;
}

static int write_one(unsigned i)
{
	char id[32];
	snprintf(id, sizeof(id), "container-%u", i);
	return append(DIR_, id);
}

static int write_ten_small(unsigned i)
{
	for (int n = 0; n < 10; n++)
		if (append_small(DIR_, "web") != 0)
			return -1;
	return i == UINT32_MAX;
}

static void test_parallel(void)
{
	fresh(DIR_);
	struct timespec began = now();
	is_int(together(200, write_one), 200, "200 writers at once all write");
	printf("# 200 writers took %.1f ms\n", ms_since(began));
	is_int(verify(DIR_), 200, "200 lines, unbroken, each number once");
	const char *text = slurp(DIR_ "/chain", NULL);
	bool each = true;
	for (unsigned i = 0; i < 200; i++) {
		char id[40];
		snprintf(id, sizeof(id), "\"container-%u\"", i);
		each = each && count_of(text, id) == 1;
	}
	ok(each, "each writer's line is there once");
	fresh(DIR_);
	is_int(together(10, write_ten_small), 10, "10 writers of 10 lines, rotating all the time");
	const long n = verify(DIR_);
	ok(n > 20 && n <= 100, "what is kept is unbroken: %ld lines, %s", n, why.says);
	is_int(count_of(slurp(DIR_ "/head", NULL), "00000000000000000100 "), 1, "the head counts 100");
}

static void test_rotation(void)
{
	fresh(DIR_);
	for (int i = 0; i < 8; i++)
		if (append_small(DIR_, "web") != 0)
			ok(false, "append %d: %s", i, why.says);
	ok(access(DIR_ "/chain.1", F_OK) == 0, "the file was rotated");
	is_int(verify(DIR_), 8, "the chain goes on over it");
	for (int i = 0; i < 100; i++)
		(void)append_small(DIR_, "web");
	ok(access(DIR_ "/chain.8", F_OK) == 0 && access(DIR_ "/chain.9", F_OK) < 0, "eight are kept");
	const long before = verify(DIR_);
	ok(before > 20 && before < 108, "the oldest lines are gone, the others unbroken: %ld %s", before, why.says);

	unlink(DIR_ "/head");
	is_int(append_small(DIR_, "web"), 0, "appending without a head");
	ok(verify(DIR_) > 0, "goes on where the last line was");
	while (access(DIR_ "/chain.8", F_OK) == 0 && rename(DIR_ "/chain", DIR_ "/aside") == 0 &&
		unlink(DIR_ "/aside") == 0)
		break;
	is_int(append_small(DIR_, "web"), 0, "appending once the file is gone");
	is_int(verify(DIR_), -EBADMSG, "does not hide that lines are missing");

	/* A rotation that died between two renames leaves a hole in the numbers. */
	fresh(DIR_);
	for (int i = 0; i < 12; i++)
		(void)append_small(DIR_, "web");
	is_int(rename(DIR_ "/chain.3", DIR_ "/chain.4") | rename(DIR_ "/chain.2", DIR_ "/chain.3"), 0,
		"a hole in the numbers");
	is_int(verify(DIR_), 12, "is no fault");
	for (int i = 0; i < 4; i++)
		(void)append_small(DIR_, "web");
	is_int(verify(DIR_), 16, "and is closed by the next rotation, without a loss");
	is_int(rename(DIR_ "/chain", DIR_ "/chain.2") | rename(DIR_ "/chain.1", DIR_ "/chain.6"), 0, "(other order)");
	is_int(verify(DIR_), -EBADMSG, "files in the wrong order are found");

	/* A rotation that died before the new file was there. */
	fresh(DIR_);
	for (int i = 0; i < 8; i++)
		(void)append_small(DIR_, "web");
	for (int i = 4; i > 0; i--) {
		char from[64], to[64];
		snprintf(from, sizeof(from), DIR_ "/chain.%d", i);
		snprintf(to, sizeof(to), DIR_ "/chain.%d", i + 1);
		(void)rename(from, to);
	}
	is_int(rename(DIR_ "/chain", DIR_ "/chain.1"), 0, "rotated away, no new file yet");
	unlink(DIR_ "/head");
	is_int(append_small(DIR_, "web"), 0, "the next one makes it");
	is_int(verify(DIR_), 9, "and links to the last line of the rotated file, head or no head");
}

static void test_repair(void)
{
	size_t len;
	fill(DIR_, 5);
	char *head = strdup(slurp(DIR_ "/head", NULL));
	(void)append(DIR_, "web");
	spill_to(DIR_ "/head", head, strlen(head));
	is_int(verify(DIR_), 6, "a head that lags by a line is no fault");
	is_int(append(DIR_, "web"), 0, "appending then");
	is_int(verify(DIR_), 7, "recovers from the last line");

	spill_to(DIR_ "/head", "garbage", 7);
	is_int(append(DIR_, "web"), 0, "appending with garbage for a head");
	is_int(verify(DIR_), 8, "recovers");
	head[40] ^= 1;
	spill_to(DIR_ "/head", head, strlen(head));
	is_int(append(DIR_, "web"), 0, "appending with a torn head");
	is_int(verify(DIR_), 9, "recovers");
	unlink(DIR_ "/head");
	is_int(append(DIR_, "web"), 0, "appending without a head");
	is_int(verify(DIR_), 10, "recovers");
	free(head);

	const int fd = open(DIR_ "/chain", O_WRONLY | O_APPEND | O_CLOEXEC);
	(void)!write(fd, "{\"action\":\"create\",\"chain\":\"", 28);
	is_int(verify(DIR_), 10, "half a line that the head never knew is a killed writer's");
	is_int(append(DIR_, "web"), 0, "appending behind half a line");
	is_int(verify(DIR_), 11, "cuts it off");
	close(fd);
	unlink(DIR_ "/head");
	char *text = slurp(DIR_ "/chain", &len);
	is_int(truncate(DIR_ "/chain", (off_t)len - 5), 0, "half a line and no head");
	is_int(append(DIR_, "web"), 0, "appending then");
	is_int(verify(DIR_), 11, "cuts it off too");

	fresh(DIR_);
	mkdir(DIR_, 0700);
	spill_to(DIR_ "/chain", "{\"half", 6);
	is_int(append(DIR_, "web"), 0, "nothing but half a line");
	is_int(verify(DIR_), 1, "begins anew");
	(void)text;
}

/* Writes lines until it is killed. */
static void writer_until_killed(void)
{
	for (unsigned i = 0;; i++)
		if (i % 3 ? append_small(DIR_, "web") : append(DIR_, "web"))
			_exit(1);
}

static void test_killed(void)
{
	fresh(DIR_);
	mkdir(DIR_, 0700);
	unsigned broken = 0, locked = 0;
	srand(7);
	for (int round = 0; round < 150; round++) {
		pid_t p[2];
		for (int i = 0; i < 2; i++) {
			p[i] = fork();
			if (p[i] == 0)
				writer_until_killed();
		}
		usleep((useconds_t)(rand() % 4000));
		for (int i = 0; i < 2; i++)
			kill(p[i], SIGKILL);
		while (wait(NULL) > 0)
			;
		if (verify(DIR_) < 0 && broken++ < 5)
			printf("# after a kill: %s: %s\n", why.file, why.says);
		locked += append(DIR_, "web") != 0;
		if (verify(DIR_) < 0 && broken++ < 5)
			printf("# after the next line: %s: %s\n", why.file, why.says);
	}
	is_int(broken, 0, "150 times two writers killed at any moment: never broken, before and after the next line %s",
		why.says);
	is_int(locked, 0, "and the next one always writes");
}

struct damage {
	const char *what, *says;
	void (*make)(char *text, size_t *len);
};

static char *nth_line(char *text, int n)
{
	for (; n > 1; n--)
		text = strchr(text, '\n') + 1;
	return text;
}

static void edit(char *text, size_t *len)
{
	(void)len;
	char *at = strstr(nth_line(text, 3), "\"web\"");
	memcpy(at, "\"wob\"", 5);
}

static void edit_hash(char *text, size_t *len)
{
	(void)len;
	char *at = strstr(nth_line(text, 3), "\"hash\":\"") + 10;
	*at = *at == '0' ? '1' : '0';
}

/* An edited line with a hash that fits again: only the link to the next line tells. */
static void reseal(char *text, size_t *len)
{
	char body[LIMIT_RECORD], sum[DIGEST_HEX];
	edit(text, len);
	char *line = nth_line(text, 3), *hash = strstr(line, "\"hash\":\""), *prev = strstr(line, "\"prev\":\"") + 8;
	snprintf(body, sizeof(body), "%.*s%.*s", (int)(hash - line), line, (int)strcspn(hash + 74, "\n"), hash + 74);
	digest_hex((struct bytes){ prev, 64 }, bytes_of(body), sum);
	memcpy(hash + 8, sum, 64);
}

static void drop(char *text, size_t *len)
{
	char *from = nth_line(text, 3), *to = nth_line(text, 4);
	memmove(from, to, strlen(to) + 1);
	*len = strlen(text);
}

static void drop_first(char *text, size_t *len)
{
	memmove(text, nth_line(text, 2), strlen(nth_line(text, 2)) + 1);
	*len = strlen(text);
}

static void drop_last(char *text, size_t *len)
{
	*len = (size_t)(nth_line(text, 5) - text);
}

static void cut_last(char *text, size_t *len)
{
	(void)text;
	*len -= 30;
}

static void swap(char *text, size_t *len)
{
	char *two = nth_line(text, 2), *three = nth_line(text, 3), *four = nth_line(text, 4);
	char *copy = strndup(two, (size_t)(three - two));
	const size_t n = (size_t)(three - two), m = (size_t)(four - three);
	memmove(two, three, m);
	memcpy(two + m, copy, n);
	free(copy);
	(void)len;
}

static void twice(char *text, size_t *len)
{
	char *two = nth_line(text, 2), *three = nth_line(text, 3);
	const size_t n = (size_t)(three - two);
	memmove(three + n, three, strlen(three) + 1);
	memcpy(three, two, n);
	*len += n;
}

static void nonsense(char *text, size_t *len)
{
	memset(nth_line(text, 3), 'x', 20);
	(void)len;
}

static void zeros(char *text, size_t *len)
{
	memset(nth_line(text, 4), 0, (size_t)(nth_line(text, 5) - nth_line(text, 4) - 1));
	(void)len;
}

static void nothing_left(char *text, size_t *len)
{
	(void)text;
	*len = 0;
}

static const struct damage damages[] = {
	{ "an edited line", "line 3: record 3 was changed after it was written", edit },
	{ "an edited hash", "line 3: record 3 was changed after it was written", edit_hash },
	{ "an edited line with a fitting hash",
		"line 4: record 4 does not follow the line before it: one of them was replaced", reseal },
	{ "a missing line", "line 3: record 3 is missing before it", drop },
	{ "a missing first line", "line 1: record 1 is missing before it", drop_first },
	{ "a missing last line", "line 4: record 5 is missing after it: the chain was longer", drop_last },
	{ "a last line cut short", "line 5: record 5 is cut short", cut_last },
	{ "lines that changed places", "line 3: record 2 is out of order: it stands behind a later one", swap },
	{ "a line twice", "line 3: record 2 stands there a second time", twice },
	{ "a line overwritten", "line 3: where record 3 was stands no record", nonsense },
	{ "a line of zeros", "line 4: where record 4 was stands no record", zeros },
	{ "an empty file", "line 0: records 1 to 5 are missing after it: the chain was longer", nothing_left },
};

static void test_damage(void)
{
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const struct damage *d = &damages[i];
		fill(DIR_, 5);
		size_t len;
		char *text = slurp(DIR_ "/chain", &len), *copy = calloc(1, 2 * len + 1);
		memcpy(copy, text, len);
		d->make(copy, &len);
		spill_to(DIR_ "/chain", copy, len);
		free(copy);
		is_int(verify(DIR_), -EBADMSG, "%s is found", d->what);
		is_text(why.says, d->says, "and said to be what it is");
		is_text(why.file, DIR_ "/chain", "with its file");
		struct examination all;
		is_int(chain_examine(fresh_arena(), DIR_, &all, &why), 0, "%s: looked at as a whole", d->what);
		is_int(all.fault_count, 1, "it is one fault and no more");
		examination_done(&all);
		is_int(append(DIR_, "web"), 0, "writing goes on behind %s", d->what);
		is_int(verify(DIR_), -EBADMSG, "which does not hide it");
	}
	/* The last line spoilt: it cannot be linked to, so it is put aside, whole. */
	fill(DIR_, 5);
	size_t len;
	char *text = slurp(DIR_ "/chain", &len);
	memset(nth_line(text, 5) + 3, 'x', 50);
	spill_to(DIR_ "/chain", text, len);
	unlink(DIR_ "/head");
	is_int(append(DIR_, "web"), 0, "a spoilt last line and no head: writing goes on");
	ok(access(DIR_ "/chain.1", F_OK) == 0, "beside the evidence");
	is_int(verify(DIR_), -EBADMSG, "which is found");
}

static void test_not_ours(void)
{
	struct stat st;
	fresh(DIR_);
	mkdir(DIR_, 0700);
	chmod(DIR_, 0777);
	is_int(append(DIR_, "web"), -EPERM, "a directory that others may write to is not written to");
	chmod(DIR_, 0720);
	is_int(append(DIR_, "web"), -EPERM, "nor one of a group");
	chmod(DIR_, 0750);
	is_int(append(DIR_, "web"), 0, "a group may read");
	fresh("/run/elsewhere");
	mkdir("/run/elsewhere", 0700);
	fresh(DIR_);
	is_int(symlink("/run/elsewhere", DIR_), 0, "(a link)");
	ok(append(DIR_, "web") < 0 && access("/run/elsewhere/chain", F_OK) < 0, "a link is not followed");
	fresh(DIR_);
	mkdir(DIR_, 0700);
	spill_to("/run/victim", "precious", 8);
	is_int(symlink("/run/victim", DIR_ "/chain"), 0, "(a link)");
	ok(append(DIR_, "web") < 0, "nor is one for the chain");
	unlink(DIR_ "/chain");
	unlink(DIR_ "/head");
	is_int(symlink("/run/victim", DIR_ "/head"), 0, "(a link)");
	ok(append(DIR_, "web") < 0, "nor one for the head");
	is_text(slurp("/run/victim", NULL), "precious", "where they lead nothing was written");
	unlink(DIR_ "/head");
	mkfifo(DIR_ "/chain", 0600);
	is_int(append(DIR_, "web"), -EPERM, "a fifo is no chain");
	unlink(DIR_ "/chain");
	(void)append(DIR_, "web");
	chmod(DIR_ "/chain", 0622);
	is_int(append(DIR_, "web"), -EPERM, "a chain that others may write to is not written to");
	chmod(DIR_ "/chain", 0640);
	is_int(append(DIR_, "web"), 0, "a group may read it");
	if (geteuid() == 0) {
		(void)!chown(DIR_ "/chain", 65534, 65534);
		is_int(append(DIR_, "web"), -EPERM, "another's file is not written to");
		(void)!chown(DIR_ "/chain", 0, 0);
		(void)!chown(DIR_, 65534, 65534);
		is_int(append(DIR_, "web"), -EPERM, "nor one in another's directory");
	}
	is_int(append("/run/a/b", "web"), -ENOENT, "no directory is made below one that is missing");
	fresh("/run/narrow");
	const mode_t was = umask(0777);
	is_int(append("/run/narrow", "web"), 0, "a umask that takes everything away");
	ok(umask(was) == 0777, "stays");
	ok(stat("/run/narrow", &st) == 0 && (st.st_mode & 07777) == 0700 && stat("/run/narrow/chain", &st) == 0 &&
			(st.st_mode & 07777) == 0600,
		"and does not lock us out");
	fresh("/run/narrow");
	umask(0);
	is_int(append("/run/narrow", "web"), 0, "(umask 0)");
	umask(was);
	ok(stat("/run/narrow", &st) == 0 && (st.st_mode & 07777) == 0700 && stat("/run/narrow/chain", &st) == 0 &&
			(st.st_mode & 07777) == 0600,
		"never widen");
}

static void test_lock(void)
{
	fill(DIR_, 2);
	const int held = open(DIR_ "/head", O_RDWR | O_CLOEXEC);
	flock(held, LOCK_EX);
	struct arena *a = fresh_arena();
	struct record r = some_record(a, "web");
	const size_t count = r.count;
	const struct timespec began = now();
	is_int(chain_append(&r, DIR_, 0, deadline_in(150), &why), -ETIMEDOUT,
		"a held lock is waited for until the deadline");
	const double ms = ms_since(began);
	ok(ms >= 149 && ms < 5000, "which was after %.0f ms", ms);
	is_int(r.count, count, "the record has no links then");
	ok(strstr(why.says, DIR_), "and it says where: %s", why.says);
	close(held);
	is_int(chain_append(&r, DIR_, 0, deadline_in(150), &why), 0, "once it is free the same record goes in");
	is_int(verify(DIR_), 3, "unbroken");
}

/* A merge takes chain and head away while a writer waits for the lock: it has to notice, or two would write at once. */
static void test_taken_away(void)
{
	fill(DIR_, 2);
	const int held = open(DIR_ "/head", O_RDWR | O_CLOEXEC);
	flock(held, LOCK_EX);
	fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		close(held); /* or else it would wait for itself */
		_exit(append(DIR_, "web") != 0);
	}
	usleep(50000);
	unlink(DIR_ "/chain");
	unlink(DIR_ "/head");
	close(held);
	int status = -1;
	waitpid(child, &status, 0);
	is_int(status, 0, "a chain is taken away while a writer waits: it writes all the same");
	ok(access(DIR_ "/head", F_OK) == 0, "under a lock that others see");
	is_int(verify(DIR_), 1, "to a chain of its own");
}

static void test_limits(void)
{
	struct arena *a = fresh_arena();
	fresh(DIR_);
	int e = 0;
	unsigned n = 0;
	for (; e == 0 && n < 100; n++) {
		struct record r = some_record(a, "web");
		e = chain_append(&r, DIR_, 5000, deadline_in(100), &why);
	}
	is_int(e, -EFBIG, "a chain with a limit refuses beyond it");
	is_int(verify(DIR_), n - 1, "and keeps what it has");
	ok(access(DIR_ "/chain.1", F_OK) < 0, "without rotating");

	/* A limit on file sizes in the middle of a line. */
	fill(DIR_, 3);
	struct stat st;
	struct rlimit old, cut;
	stat(DIR_ "/chain", &st);
	getrlimit(RLIMIT_FSIZE, &old);
	cut = (struct rlimit){ (rlim_t)st.st_size + 100, old.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &cut);
	is_int(append(DIR_, "web"), -EFBIG, "RLIMIT_FSIZE in the middle of a line");
	setrlimit(RLIMIT_FSIZE, &old);
	struct stat after;
	stat(DIR_ "/chain", &after);
	is_int(after.st_size, st.st_size, "nothing of it stays");
	is_int(append(DIR_, "web"), 0, "then goes on");
	is_int(verify(DIR_), 4, "unbroken");
}

static void test_full(void)
{
	mkdir("/run/small", 0700);
	if (mount("tmpfs", "/run/small", "tmpfs", 0, "size=64k,mode=700") < 0) {
		ok(true, "a full disk # SKIP no tmpfs");
		return;
	}
	int e = 0;
	long n = 0;
	for (; e == 0 && n < 1000; n++)
		e = append("/run/small/log", "web");
	is_int(e, -ENOSPC, "a full disk refuses");
	is_int(verify("/run/small/log"), n - 1, "and keeps the %ld lines it took", n - 1);
	is_int(append("/run/small/log", "web"), -ENOSPC, "again and again");
	is_int(verify("/run/small/log"), n - 1, "unbroken");
	umount("/run/small");
	is_int(mount("tmpfs", "/run/small", "tmpfs", MS_RDONLY, NULL), 0, "(read-only)");
	is_int(append("/run/small/log", "web"), -EROFS, "a read-only disk refuses");
	umount("/run/small");
}

static int spill_one(unsigned i)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct record r = some_record(&a, "web");
	int e = chain_append(&r, "/run/runvet", LIMIT_SPILL_BYTES, deadline_in(2000), &why);
	if (i % 5 == 0)
		e |= chain_merge(&a, "/run/runvet", DIR_, deadline_in(2000), NULL) < 0;
	arena_done(&a);
	return e;
}

static void test_merge(void)
{
	struct arena *a = fresh_arena();
	fill(DIR_, 3);
	fresh("/run/runvet");
	is_int(chain_merge(a, "/run/runvet", DIR_, deadline_in(100), NULL), 0, "nothing was spilled");
	for (unsigned i = 1; i < 5; i++)
		(void)spill_one(i);
	const int fd = open("/run/runvet/chain", O_WRONLY | O_APPEND | O_CLOEXEC);
	(void)!write(fd, "{\"half", 6);
	close(fd);
	struct merged m;
	char path[sizeof(DIR_) + sizeof(m.name)];
	is_int(chain_merge(a, "/run/runvet", DIR_, deadline_in(100), &m), 1, "a spilled chain comes home");
	snprintf(path, sizeof(path), DIR_ "/%s", m.name);
	const char *home = slurp(path, NULL);
	ok(m.count == 4 && m.seq == 4 && strstr(home, m.hash) && strstr(home, m.chain) && strstr(home, m.since),
		"and is described: %s of %s", m.name, m.since);
	ok(access("/run/runvet/chain", F_OK) < 0 && access("/run/runvet/head", F_OK) < 0,
		"and is gone from where it was");
	is_int(verify(DIR_), 7, "its lines count: %s", why.says);
	is_int(append(DIR_, "web"), 0, "the chain itself goes on");
	is_int(verify(DIR_), 8, "unbroken");
	is_int(together(60, spill_one), 60, "60 spill while others bring home");
	is_int(chain_merge(a, "/run/runvet", DIR_, deadline_in(100), NULL) >= 0, true, "the rest");
	is_int(verify(DIR_), 8 + 60, "unbroken: %s", why.says);
	size_t lines = 0, files = 0;
	FILE *list = popen("cat " DIR_ "/merged-* | wc -l; ls " DIR_ "/merged-* | wc -l", "re");
	ok(list && fscanf(list, "%zu %zu", &lines, &files) == 2, "(counted)");
	pclose(list);
	ok(lines == 64 && files <= LIMIT_MERGED_KEEP, "none of the 64 is lost: %zu lines in %zu files", lines, files);
	for (unsigned i = 1; i < 2 * LIMIT_MERGED_KEEP; i++) {
		(void)spill_one(1);
		(void)chain_merge(a, "/run/runvet", DIR_, deadline_in(100), NULL);
	}
	list = popen("ls " DIR_ "/merged-* | wc -l", "re");
	ok(list && fscanf(list, "%zu", &files) == 1 && files == LIMIT_MERGED_KEEP, "%zu are kept", files);
	pclose(list);
	(void)spill_one(1);
	chmod(DIR_, 0777);
	ok(chain_merge(a, "/run/runvet", DIR_, deadline_in(100), NULL) < 0 && access("/run/runvet/chain", F_OK) == 0,
		"nothing is brought to a place that is not ours");
	chmod(DIR_, 0700);
}

static void test_descriptors(void)
{
	const int before = open_descriptors();
	fill(DIR_, 2);
	(void)append("/run/a/b", "web");
	(void)append_small(DIR_, "web");
	(void)verify(DIR_);
	(void)spill_one(0);
	is_int(open_descriptors(), before, "every descriptor is closed again");
}

int main(void)
{
	private_run("mode=755,size=256m");
	test_first();
	test_rotation();
	test_repair();
	test_damage();
	test_not_ours();
	test_lock();
	test_taken_away();
	test_limits();
	test_full();
	test_merge();
	test_parallel();
	test_killed();
	test_descriptors();
	arena_done(fresh_arena());
	return tap_done();
}
