/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All states of both sinks against all ways of waiting: who has the record then, how long it took, and what is
 * left behind.
 */
#include "audit/sink.h"

#include <sys/file.h>
#include <sys/resource.h>

#include "audit/chain.h"
#include "tests/unit/journald.h"

#define LOG "/run/t/log"
#define RUN_ "/run/t/run"
#define ACK_MS WAIT_JOURNAL_ACK_MOST_MS /* as much patience as there is: the machine may be busy with other things */

static struct fail why;
static double took;

static const struct places plain = { .log_dir = LOG,
	.run_dir = RUN_,
	.journal = JOURNAL_NONE,
	.journal_default = JOURNAL_DEFAULT };

/* Everything as on a fresh machine. */
static void fresh(void)
{
	if (system("rm -rf /run/t; mkdir -p /run/t; chmod 755 /run/t") != 0)
		abort();
}

/* A directory that is not ours to write to. */
static void spoil(const char *dir)
{
	char command[100];
	snprintf(command, sizeof(command), "rm -rf %s; ln -s /run/elsewhere %s", dir, dir);
	if (system(command) != 0)
		abort();
}

struct want {
	bool wait, rootless, no_chain, no_journal, sent, later;
};

static char last_id[40], last_commit[32];
static struct sink_later later;
static bool left;      /* journald's answer was left for later */
static double settled; /* how long that took then, in ms */

static int write_one(const struct want *w, enum commit *ret)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct record r = some_record(&a, "web");
	const struct sink_want want = { .places = &plain,
		.chain = !w->no_chain,
		.journal = !w->no_journal,
		.wait = w->wait,
		.synced = !w->sent,
		.ack_ms = ACK_MS,
		.rootless = w->rootless,
		.later = w->later ? &later : NULL };
	why = (struct fail){ 0 };
	*ret = COMMIT_NONE;
	const struct timespec began = now();
	const int e = sink_write(&r, &want, ret, &why);
	took = ms_since(began);
	snprintf(last_id, sizeof(last_id), "%s", r.id);
	snprintf(last_commit, sizeof(last_commit), "%s", value_of(&r, FIELD_COMMIT) ? value_of(&r, FIELD_COMMIT) : "");
	left = later.waits;
	const struct timespec settles = now();
	sink_settle(&later);
	settled = ms_since(settles);
	arena_done(&a);
	return e;
}

static size_t in_journal(const char *id)
{
	char arguments[120];
	snprintf(arguments, sizeof(arguments), "-o cat RUNVET_RECORD=%s", id);
	return count_of(journalctl(arguments), "\n");
}

static size_t in_file(const char *path, const char *id)
{
	const char *text = slurp(path, NULL);
	return text ? count_of(text, id) : 0;
}

enum chains { CHAINS_OK, CHAINS_SPILL, CHAINS_NONE };
enum journals { J_OK, J_STOPPED, J_DEAD, J_MISSING, J_FLOODED };
static const char *const chain_words[] = { "chain", "spill", "no chain" };
static const char *const journal_words[] = { "journald well", "stopped", "dead", "without a socket", "flooded" };

static void set_chains(enum chains c)
{
	fresh();
	if (c != CHAINS_OK)
		spoil(LOG);
	if (c == CHAINS_NONE)
		spoil(RUN_);
}

static pid_t set_journal(enum journals j)
{
	switch (j) {
	case J_OK:
		break;
	case J_STOPPED:
		journald_signal(SIGSTOP);
		break;
	case J_DEAD:
		journald_kill();
		break;
	case J_MISSING:
		rename(JOURNAL_DEFAULT, "/run/systemd/journal/aside");
		break;
	case J_FLOODED:
		return flood();
	}
	return -1;
}

static void heal_journal(enum journals j, pid_t flooder)
{
	switch (j) {
	case J_OK:
		break;
	case J_STOPPED:
		journald_signal(SIGCONT);
		break;
	case J_DEAD:
		journald_start();
		break;
	case J_MISSING:
		rename("/run/systemd/journal/aside", JOURNAL_DEFAULT);
		break;
	case J_FLOODED:
		end(flooder);
		break;
	}
	if (system("timeout 20 journalctl --sync") != 0)
		printf("# journalctl --sync failed\n");
}

/* One state of chains and journald, one way of waiting. */
static void check(enum chains c, enum journals j, const struct want *w)
{
	char name[128];
	enum commit commit;
	snprintf(name, sizeof(name), "%s, %s, %s%s", chain_words[c], journal_words[j], w->wait ? "create" : "exec",
		w->rootless ? ", rootless" : "");
	/* Bounds of the design, and a generous share for a machine that is busy with other things; and three tries. */
	const double most = c == CHAINS_NONE ? WAIT_JOURNAL_ALONE_MS + 400 : w->wait ? ACK_MS + 150 : 100;
	int e = 0, tries = 0;
	do {
		set_chains(c);
		e = write_one(w, &commit);
	} while (took >= most && ++tries < 3);
	ok(took < most, "%s: %.1f ms", name, took);
	if (c == CHAINS_OK) {
		is_int(commit, COMMIT_CHAINED, "%s: the chain has it", name);
		is_int(in_file(LOG "/chain", last_id), 1, "%s: it is in the file", name);
	} else if (c == CHAINS_SPILL) {
		is_int(commit, COMMIT_SPILLED, "%s: the chain in memory has it", name);
		is_int(in_file(RUN_ "/chain", last_id), 1, "%s: it is in the file", name);
		is_text(last_commit, "spilled", "%s: and says so", name);
	} else if (j == J_OK) {
		is_int(commit, COMMIT_UNPROVED, "%s: the journal has it", name);
		is_text(last_commit, "unproved", "%s: and says so", name);
	} else if (j == J_FLOODED) {
		ok(commit == (e == 0 ? COMMIT_UNPROVED : COMMIT_NONE), "%s: the journal has it, or nobody", name);
	} else if (j == J_STOPPED && w->rootless) {
		ok(e == 0 || commit == COMMIT_NONE, "%s: having sent is enough", name);
	} else {
		is_int(commit, COMMIT_NONE, "%s: nobody has it", name);
		ok(e < 0 && strstr(why.says, LOG) && strstr(why.says, RUN_) && strstr(why.says, "journal/socket"),
			"%s: refused, naming each: %s", name, why.says);
		is_int(why.cause, CAUSE_AUDIT, "%s: owed to the audit", name);
	}
	if (commit != COMMIT_NONE)
		is_int(e, 0, "%s: so it may go on", name);
}

static void test_states(void)
{
	static const struct want wants[] = { { .wait = true }, { .wait = false }, { .wait = true, .rootless = true } };
	for (int j = J_OK; j <= J_FLOODED; j++) {
		const pid_t flooder = set_journal((enum journals)j);
		for (int c = CHAINS_OK; c <= CHAINS_NONE; c++)
			for (size_t w = 0; w < sizeof(wants) / sizeof(wants[0]); w++)
				check((enum chains)c, (enum journals)j, &wants[w]);
		heal_journal((enum journals)j, flooder);
	}
}

/* A stopped journald whose queue is full: what a send meets after a while. */
static void stop_and_fill(void)
{
	enum commit commit;
	const struct want w = { .wait = false, .no_chain = false };
	journald_signal(SIGSTOP);
	for (int i = 0; i < 2000 && access(RUN_ "/audit-gap", F_OK) < 0; i++)
		(void)write_one(&w, &commit);
	unlink(RUN_ "/audit-gap");
}

/* What can be done meanwhile is the caller's; whether, and what it means, is decided all the same. */
static void test_later(void)
{
	enum commit commit;
	struct stat st;
	const struct want create = { .wait = true, .later = true };
	int e = 0, tries = 0;
	do { /* a journald that was late has stored it later */
		fresh();
		e = write_one(&create, &commit);
	} while (access(RUN_ "/journal-slow", F_OK) == 0 && ++tries < 5);
	is_int(e, 0, "a record whose answer may come later");
	ok(commit == COMMIT_CHAINED && left && !later.waits, "is in the chain, and settled once");
	is_int(in_journal(last_id), 1, "journald has stored it by then");
	(void)write_one(&(struct want){ .later = true }, &commit);
	ok(!left, "who does not wait leaves nothing");
	(void)write_one(&(struct want){ .wait = true, .no_chain = true, .later = true }, &commit);
	ok(!left && commit == COMMIT_UNPROVED, "nor does who has only journald's word");
	journald_signal(SIGSTOP);
	tries = 0;
	do {
		fresh();
		(void)write_one(&create, &commit);
	} while (took >= ACK_MS - 5 && ++tries < 5);
	ok(left && took < ACK_MS - 5, "a stopped journald: nothing is waited for at first, %.1f ms", took);
	ok(took + settled >= ACK_MS - 1 && settled < ACK_MS + 2000, "then to the deadline: %.1f ms", settled);
	ok(stat(RUN_ "/journal-slow", &st) == 0 && stat(RUN_ "/audit-gap", &st) == 0, "and it is noted as slow");
	journald_signal(SIGCONT);
	(void)!system("timeout 20 journalctl --sync");
}

static void test_rest(void)
{
	enum commit commit;
	struct stat st;
	const struct want create = { .wait = true }, exec = { .wait = false };
	fresh();
	stop_and_fill();
	int tries = 0;
	do {
		unlink(RUN_ "/audit-gap");
		(void)write_one(&exec, &commit);
	} while (took >= 50 && ++tries < 5);
	ok(took < 50, "full queue: an exec waits for nothing: %.1f ms", took);
	ok(access(RUN_ "/journal-slow", F_OK) < 0, "which proves nothing about journald");
	(void)write_one(&create, &commit);
	ok(took >= ACK_MS - 1 && took < ACK_MS + 2000, "the first create waits: %.1f ms", took);
	ok(stat(RUN_ "/journal-slow", &st) == 0 && (st.st_mode & 07777) == 0600, "and notes that journald is slow");
	double least = ACK_MS;
	for (int i = 0; i < 3; i++) {
		(void)write_one(&create, &commit);
		least = took < least ? took : least;
		is_int(commit, COMMIT_CHAINED, "the chain has the next ones");
	}
	ok(least < ACK_MS - 5, "which do not wait: %.1f ms", least);
	ok(stat(RUN_ "/audit-gap", &st) == 0 && st.st_size == (off_t)5 * 31, "five records are marked as missed");
	journald_signal(SIGCONT);
	(void)!system("timeout 20 journalctl --sync");

	(void)write_one(&create, &commit);
	ok(access(RUN_ "/audit-gap", F_OK) == 0, "while it rests nobody tells");
	const struct timespec old[2] = { { .tv_sec = time(NULL) - WAIT_JOURNAL_REST_S },
		{ .tv_sec = time(NULL) - WAIT_JOURNAL_REST_S } };
	utimensat(AT_FDCWD, RUN_ "/journal-slow", old, 0);
	(void)write_one(&create, &commit);
	ok(access(RUN_ "/audit-gap", F_OK) < 0, "once it is rested and takes records, the gap is told");
	is_int(count_of(slurp(LOG "/chain", NULL), "\"code\":\"audit.gap\""), 1, "in one record of the chain");
	ok(count_of(slurp(LOG "/chain", NULL), "\"gap\":{\"count\":5,") == 1, "that counts five");
	(void)!system("timeout 20 journalctl --sync");
	is_int(count_of(journalctl("-o cat MESSAGE_ID=" ID_AUDIT_GAP " RUNVET_GAP_COUNT=5 PRIORITY=2"), "\n"), 1,
		"and in one of the journal");
	(void)write_one(&create, &commit);
	is_int(count_of(slurp(LOG "/chain", NULL), "\"code\":\"audit.gap\""), 1, "once");
	is_int(in_journal(last_id), 1, "the journal has the record too");
	uint64_t n;
	is_int(chain_verify(fresh_arena(), LOG, &n, &why), 0, "the chain is unbroken");
}

static size_t checkpoints(void)
{
	(void)!system("timeout 20 journalctl --sync");
	return count_of(journalctl("-o cat MESSAGE_ID=" ID_CHECKPOINT), "\n");
}

/* Where the chain stands is told at the first record of a boot and of a file, and every so many records. */
static void test_checkpoints(void)
{
	enum commit commit;
	const struct want create = { .wait = true };
	char field[200];
	fresh();
	const size_t before = checkpoints();
	(void)write_one(&create, &commit);
	is_int(checkpoints(), before + 1, "the first record: a checkpoint");
	(void)write_one(&create, &commit);
	is_int(checkpoints(), before + 1, "the second: none");
	unlink(RUN_ "/checkpoint"); /* as after a boot */
	(void)write_one(&create, &commit);
	is_int(checkpoints(), before + 2, "the first of a boot: one");
	const char *hash = NULL;
	for (const char *at = slurp(LOG "/chain", NULL); (at = strstr(at, "\"hash\":\"")); at++)
		hash = at + 8;
	snprintf(field, sizeof(field), "-o cat RUNVET_CHECKPOINT_SEQ=3 RUNVET_CHECKPOINT_HASH=%.64s", hash);
	is_int(count_of(journalctl(field), "\n"), 1, "with number and hash of the line");
	rename(LOG "/chain", LOG "/chain.1"); /* as a rotation does */
	spill_to(LOG "/chain", "", 0);
	(void)write_one(&create, &commit);
	is_int(checkpoints(), before + 3, "the first of a file: one");
	for (size_t i = 0; i + 1 < LIMIT_CHECKPOINT; i++) {
		struct arena a;
		arena_init(&a, LIMIT_ARENA);
		struct record r = some_record(&a, "web");
		(void)chain_append(&r, LOG, 0, deadline_in(1000), NULL);
		arena_done(&a);
	}
	is_int(checkpoints(), before + 3, "(a chain may go on without the sink)");
	(void)write_one(&create, &commit);
	is_int(checkpoints(), before + 4, "after a thousand records: one");
	/* It could not be told: it is due again. */
	unlink(RUN_ "/checkpoint");
	rename(JOURNAL_DEFAULT, "/run/systemd/journal/aside");
	(void)write_one(&create, &commit);
	rename("/run/systemd/journal/aside", JOURNAL_DEFAULT);
	(void)write_one(&create, &commit);
	is_int(checkpoints(), before + 5, "one that could not be told is told by the next record");
}

static void test_sent(void)
{
	enum commit commit;
	fresh();
	journald_signal(SIGSTOP);
	is_int(write_one(&(struct want){ .wait = true, .sent = true }, &commit), 0, "\"sent\", journald stopped");
	ok(took < ACK_MS - 10, "nothing waits: %.1f ms", took);
	ok(access(RUN_ "/journal-slow", F_OK) < 0 && access(RUN_ "/audit-gap", F_OK) < 0, "and nothing is missing");
	journald_signal(SIGCONT);
	(void)!system("timeout 20 journalctl --sync");
	is_int(in_journal(last_id), 1, "it is there later");
}

/* journald away for hours: the marks grow into a number. */
static void test_gap_long(void)
{
	enum commit commit;
	struct stat st;
	fresh();
	mkdir(RUN_, 0700);
	char *marks = calloc(1, LIMIT_GAP_BYTES + 64);
	size_t len = 0;
	for (; len < (size_t)LIMIT_GAP_BYTES; len += 31)
		memcpy(marks + len, "2026-11-21T22:01:42.673724228Z\n", 31);
	spill_to(RUN_ "/audit-gap", marks, len);
	rename(JOURNAL_DEFAULT, "/run/systemd/journal/aside");
	for (int i = 0; i < 3; i++)
		(void)write_one(&(struct want){ .wait = true }, &commit);
	rename("/run/systemd/journal/aside", JOURNAL_DEFAULT);
	ok(stat(RUN_ "/audit-gap", &st) == 0 && st.st_size == (off_t)len + 3, "beyond its size a mark is a dot");
	(void)write_one(&(struct want){ .wait = true }, &commit);
	char want[64];
	snprintf(want, sizeof(want), "\"gap\":{\"count\":%zu,", len / 31 + 3);
	is_int(count_of(slurp(LOG "/chain", NULL), want), 1, "and all are counted: %zu", len / 31 + 3);
	free(marks);
}

/* While it rests nobody asks; the next acknowledgement is good for all, if it is still the same journald. */
static void test_unconfirmed(void)
{
	enum commit commit;
	struct stat st;
	const struct want create = { .wait = true }, exec = { .wait = false };
	fresh();
	mkdir(RUN_, 0700);
	spill_to(RUN_ "/journal-slow", "", 0);
	for (int i = 0; i < 3; i++)
		(void)write_one(&create, &commit);
	(void)write_one(&exec, &commit);
	ok(stat(RUN_ "/unconfirmed", &st) == 0 && st.st_size == (off_t)4 * 31 && (st.st_mode & 07777) == 0600,
		"three creates while it rests are not confirmed: %ld bytes", (long)st.st_size);
	unlink(RUN_ "/journal-slow");
	(void)write_one(&exec, &commit);
	ok(access(RUN_ "/unconfirmed", F_OK) == 0, "an exec asks nobody");
	(void)write_one(&create, &commit);
	ok(access(RUN_ "/unconfirmed", F_OK) < 0 && access(RUN_ "/audit-gap", F_OK) < 0,
		"a create does: all are there");
	is_int(count_of(slurp(LOG "/chain", NULL), "audit.gap"), 0, "and nothing is told");

	spill_to(RUN_ "/journal-slow", "", 0);
	for (int i = 0; i < 3; i++)
		(void)write_one(&create, &commit);
	journald_kill();
	journald_start();
	for (int i = 0; i < 2; i++)
		(void)write_one(&create, &commit);
	ok(stat(RUN_ "/unconfirmed", &st) == 0 && st.st_size == (off_t)3 * 31, "another journald: two are of that one");
	ok(stat(RUN_ "/audit-gap", &st) == 0 && st.st_size == (off_t)3 * 31, "and the three before may be lost");
	unlink(RUN_ "/journal-slow");
	(void)write_one(&create, &commit);
	ok(access(RUN_ "/unconfirmed", F_OK) < 0 && access(RUN_ "/audit-gap", F_OK) < 0, "it confirms the two");
	is_int(count_of(slurp(LOG "/chain", NULL), "\"gap\":{\"count\":3,"), 1, "and the three are told");
}

static void test_to_disk(void)
{
	struct arena *a = fresh_arena();
	enum commit commit = COMMIT_NONE;
	struct record r = some_record(a, "disk");
	const struct sink_want want = { .places = &plain, .chain = true, .to_disk = true };
	fresh();
	is_int(sink_write(&r, &want, &commit, &why), 0, "to the disk");
	ok(commit == COMMIT_CHAINED && in_file(LOG "/chain", r.id) == 1, "the chain has it");
}

/* Many notes and tellers at once: every missed record is told in exactly one gap record. */
static void test_gap_together(void)
{
	enum commit commit;
	fresh();
	rename(JOURNAL_DEFAULT, "/run/systemd/journal/aside");
	for (int i = 0; i < 40; i++)
		if (fork() == 0)
			_exit(write_one(&(struct want){ .wait = i % 2 }, &commit) != 0);
	while (wait(NULL) > 0)
		;
	rename("/run/systemd/journal/aside", JOURNAL_DEFAULT);
	for (int i = 0; i < 20; i++)
		if (fork() == 0)
			_exit(write_one(&(struct want){ .wait = i % 2 }, &commit) != 0);
	while (wait(NULL) > 0)
		;
	(void)write_one(&(struct want){ .wait = true }, &commit);
	const char *text = slurp(LOG "/chain", NULL);
	unsigned long told = 0;
	for (const char *at = text; (at = strstr(at, "\"gap\":{\"count\":")); at++)
		told += strtoul(at + strlen("\"gap\":{\"count\":"), NULL, 10);
	/* A mark that could not be made in time is not counted; of the 20 after them some may meet a full queue. */
	ok(told > 30 && told <= 60, "of 40 records missed together, and some of 20, %lu are told", told);
	ok(access(RUN_ "/audit-gap", F_OK) < 0, "and none waits to be told");
}

/* Who tells holds the marks alone: nobody else tells then, and nobody adds to what is about to be forgotten. */
static void test_gap_locked(void)
{
	static const char mark[] = "2026-11-21T22:01:42.673724228Z\n";
	enum commit commit;
	struct stat st;
	fresh();
	mkdir(RUN_, 0700);
	spill_to(RUN_ "/audit-gap", mark, sizeof(mark) - 1);
	const int held = open(RUN_ "/audit-gap", O_RDWR | O_CLOEXEC);
	flock(held, LOCK_EX);
	(void)write_one(&(struct want){ .wait = true }, &commit);
	is_int(count_of(slurp(LOG "/chain", NULL), "audit.gap"), 0, "while somebody tells, nobody else does");
	rename(JOURNAL_DEFAULT, "/run/systemd/journal/aside");
	(void)write_one(&(struct want){ .wait = true }, &commit);
	rename("/run/systemd/journal/aside", JOURNAL_DEFAULT);
	ok(fstat(held, &st) == 0 && st.st_size == (off_t)sizeof(mark) - 1, "nor is anything added");
	ok(commit == COMMIT_CHAINED && took < WAIT_GAP_MS + 100, "which holds nobody up: %.1f ms", took);
	close(held);
	(void)write_one(&(struct want){ .wait = true }, &commit);
	is_int(count_of(slurp(LOG "/chain", NULL), "\"since\":\"2026-11-21T22:01:42.673724228Z\""), 1,
		"then it is told");
}

static void test_spill_home(void)
{
	enum commit commit;
	uint64_t n;
	set_chains(CHAINS_SPILL);
	(void)write_one(&(struct want){ .wait = true }, &commit);
	is_int(commit, COMMIT_SPILLED, "spilled");
	unlink(LOG);
	(void)write_one(&(struct want){ .wait = false }, &commit);
	ok(commit == COMMIT_CHAINED && access(RUN_ "/chain", F_OK) == 0, "an exec brings nothing home");
	(void)write_one(&(struct want){ .wait = true }, &commit);
	ok(commit == COMMIT_CHAINED && access(RUN_ "/chain", F_OK) < 0, "a create does");
	is_int(chain_verify(fresh_arena(), LOG, &n, &why), 0, "unbroken");
	is_int(n, 4, "all three, and one that tells of it");
	const char *text = slurp(LOG "/chain", NULL);
	is_int(count_of(text, "\"code\":\"audit.spilled\""), 1, "in the chain that lacks them");
	ok(strstr(text, "\"gap\":{\"chain\":\"") && strstr(text, "\"count\":1,\"since\":\"20"),
		"with their number and chain");
	(void)!system("timeout 20 journalctl --sync");
	is_int(count_of(journalctl("-o cat RUNVET_EVENT=audit.spilled PRIORITY=2"), "\n"), 1, "and in the journal");

	/* A writer that holds the lock and never gives it back. */
	const int held = open(LOG "/head", O_RDWR | O_CLOEXEC);
	flock(held, LOCK_EX);
	(void)write_one(&(struct want){ .wait = false }, &commit);
	is_int(commit, COMMIT_SPILLED, "a lock that is held for ever: spilled");
	ok(took >= WAIT_CHAIN_LOCK_MS - 1 && took < WAIT_CHAIN_LOCK_MS + 100, "after %.1f ms", took);
	close(held);
}

static void test_switches(void)
{
	enum commit commit;
	fresh();
	is_int(write_one(&(struct want){ .wait = true, .no_journal = true }, &commit), 0, "the chain alone");
	is_int(commit, COMMIT_CHAINED, "has it");
	is_int(in_journal(last_id), 0, "the journal does not");
	is_int(write_one(&(struct want){ .wait = false, .no_chain = true }, &commit), 0, "the journal alone");
	is_int(commit, COMMIT_UNPROVED, "has it, confirmed even for an exec");
	is_int(in_journal(last_id), 1, "it is there");
	is_int(in_file(LOG "/chain", last_id), 0, "the chain does not");
	ok(write_one(&(struct want){ .no_chain = true, .no_journal = true }, &commit) < 0 && commit == COMMIT_NONE,
		"neither: refused: %s", why.says);
}

static void on_signal(int n)
{
	(void)n;
}

static void test_leaves_nothing(void)
{
	enum commit commit;
	struct sigaction mine = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, found;
	sigset_t mask = { 0 }, mask_found = { 0 };
	fresh();
	sigemptyset(&mine.sa_mask);
	sigaddset(&mine.sa_mask, SIGUSR2);
	sigaction(SIGXFSZ, &mine, NULL);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	const mode_t was = umask(027);
	const int before = open_descriptors();
	for (int c = CHAINS_OK; c <= CHAINS_NONE; c++) {
		set_chains((enum chains)c);
		(void)write_one(&(struct want){ .wait = true }, &commit);
	}
	is_int(open_descriptors(), before, "descriptors as found");
	ok(umask(was) == 027, "umask as found");
	sigaction(SIGXFSZ, NULL, &found);
	ok(found.sa_handler == on_signal && (found.sa_flags & SA_RESTART) && sigismember(&found.sa_mask, SIGUSR2),
		"SIGXFSZ as found");
	sigaction(SIGPIPE, NULL, &found);
	ok(found.sa_handler == SIG_DFL, "SIGPIPE as found");
	sigprocmask(SIG_SETMASK, NULL, &mask_found);
	ok(memcmp(&mask, &mask_found, sizeof(mask)) == 0, "signal mask as found");
	signal(SIGXFSZ, SIG_DFL);

	fresh();
	struct rlimit old, none;
	getrlimit(RLIMIT_FSIZE, &old);
	none = (struct rlimit){ 0, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &none);
	const int e = write_one(&(struct want){ .wait = true }, &commit);
	setrlimit(RLIMIT_FSIZE, &old);
	ok(e == 0 && commit == COMMIT_UNPROVED, "RLIMIT_FSIZE 0: nobody dies of it, the journal has it (%s)", why.says);
}

int main(void)
{
	need_journald();
	test_switches();
	test_later();
	test_rest();
	test_sent();
	test_unconfirmed();
	test_to_disk();
	test_checkpoints();
	test_gap_long();
	test_gap_together();
	test_gap_locked();
	test_spill_home();
	test_leaves_nothing();
	test_states();
	arena_done(fresh_arena());
	return tap_done();
}
