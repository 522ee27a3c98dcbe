/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps of a container's life: told where that can be done at once, left untold where not, and never in anybody's way;
 * and the policy that was seen last, whose change is told once.
 */
#include "audit/lifecycle.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "audit/chain.h"
#include "audit/policy_seen.h"
#include "tests/unit/audit.h"
#include "validate/doc/doc.h"

#define LOG "/run/t/log"
#define RUN_ "/run/t/run"
#define CREATE "0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e7a"
#define AT_ONCE 100.0 /* milliseconds, on a machine that has others to serve; a wait for the chain's lock is 200 */

static const struct places plain = { .log_dir = LOG,
	.run_dir = RUN_,
	.journal = "/run/t/none",
	.journal_default = "/run/t/journal" };

static void fresh(void)
{
	if (system("rm -rf /run/t; mkdir -p /run/t; chmod 755 /run/t") != 0)
		abort();
}

static const char *chain_text(const char *dir)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/chain", dir);
	const char *text = slurp(path, NULL);
	return text ? text : "";
}

/* journald as far as a sender can see: a socket that is read from, or not. */
static int listen_as_journald(void)
{
	const struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/run/t/journal" };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)
		abort();
	return fd;
}

/* What came to it since; "" for nothing. */
static const char *heard(int fd)
{
	static char text[65536];
	const ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static const struct doc *parsed(struct arena *a, const char *text)
{
	const struct doc_options options = { .file = "test" };
	const struct doc *d = NULL;
	struct fail why;
	if (doc_parse(a, bytes_of(text), &options, &d, &why) < 0)
		abort();
	return d;
}

static void tell(const char *verb, const char *signal)
{
	struct arena *a = fresh_arena();
	const struct note note = {
		.record = CREATE,
		.identity = parsed(a,
			"{\"engine\":\"cri-o\",\"source\":\"cri-o\",\"pod\":{\"namespace\":\"pay\",\"name\":\"web\"},"
			"\"trust\":{\"pod\":\"engine\",\"engine\":\"place\"}}"),
	};
	const struct step s = { .verb = verb,
		.id = "c1",
		.root = "/run/x",
		.signal = signal,
		.delegate = "/usr/bin/runc",
		.note = &note };
	lifecycle_tell(a, &plain, &s);
}

static void test_signals(void)
{
	static const struct {
		const char *said, *word;
	} rows[] = {
		{ "9", "SIGKILL" },
		{ "KILL", "SIGKILL" },
		{ "SIGKILL", "SIGKILL" },
		{ "sigterm", "SIGTERM" },
		{ "15", "SIGTERM" },
		{ "1", "SIGHUP" },
		{ "WINCH", "SIGWINCH" },
		{ "iot", "SIGABRT" },
		{ "cld", "SIGCHLD" },
		{ "31", "SIGSYS" },
		{ "34", "SIGRTMIN" },
		{ "37", "SIGRTMIN+3" },
		{ "SIGRTMIN+3", "SIGRTMIN+3" },
		{ "RTMIN", "SIGRTMIN" },
		{ "rtmax", "SIGRTMIN+30" },
		{ "RTMAX-30", "SIGRTMIN" },
		{ "64", "SIGRTMIN+30" },
		{ "0", NULL },
		{ "32", NULL },
		{ "33", NULL },
		{ "65", NULL },
		{ "-9", NULL },
		{ "", NULL },
		{ "SIG", NULL },
		{ "9x", NULL },
		{ "hunter2", NULL },
		{ "RTMIN+31", NULL },
		{ "RTMAX-31", NULL },
		{ "RTMIN-1", NULL },
		{ "99999999999999999999", NULL },
		{ "SIGSIGKILL", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *word = signal_word(fresh_arena(), rows[i].said);
		is_text(word ? word : "(none)", rows[i].word ? rows[i].word : "(none)", "kill %s", rows[i].said);
	}
}

static void test_told(void)
{
	fresh();
	const int journald = listen_as_journald(), open_before = open_descriptors();
	struct arena *a;
	tell("kill", "SIGKILL");
	is_int(open_descriptors(), open_before, "no descriptor more, none less");
	is_int(count_of(chain_text(LOG), "\n"), 1, "one line");
	const char *sent = heard(journald);
	ok(strstr(sent, "MESSAGE_ID=" ID_LIFECYCLE "\n") && strstr(sent, "RUNVET_SIGNAL=SIGKILL\n") &&
			strstr(sent, "RUNVET_CREATE_RECORD=" CREATE "\n") && strstr(sent, "PRIORITY=6\n") &&
			strstr(sent, "MESSAGE=kill of container c1 (pay/web) with SIGKILL\n") &&
			strstr(sent, "RUNVET_SEQ=1\n") && !strstr(sent, "OBJECT_PID"),
		"the journal is told, where it stands in the chain as well");
	a = fresh_arena();
	const struct doc *d = parsed(a, chain_text(LOG));
	static const char *const strings[][2] = { { "event.code", "container.kill" }, { "action", "kill" },
		{ "container.id", "c1" }, { "root", "/run/x" }, { "create_id", CREATE }, { "signal", "SIGKILL" },
		{ "severity", "info" }, { "k8s.pod.name", "web" }, { "identity_source", "cri-o" },
		{ "identity_trust", "engine" }, { "engine.name", "cri-o" }, { "runtime.path", "/usr/bin/runc" } };
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		ok(bytes_is(doc_string(d, strings[i][0], (struct bytes){ 0 }), strings[i][1]), "%s is %s",
			strings[i][0], strings[i][1]);
	ok(!doc_get(d, "decision") && !doc_get(d, "policy") && !doc_get(d, "facts"), "nothing was decided");
	is_int(doc_find(d, "process.parent_pid")->integer.magnitude, getppid(), "who asked for it");

	const struct step unknown = { .verb = "start", .id = "c2", .delegate = "/usr/bin/runc" };
	lifecycle_tell(a, &plain, &unknown);
	ok(strstr(chain_text(LOG), "\"message\":\"start of container c2\"") &&
			!strstr(heard(journald), "CREATE_RECORD"),
		"a container without a note");
	const struct step nameless = { .verb = "start", .delegate = "/usr/bin/runc" };
	lifecycle_tell(a, &plain, &nameless);
	is_int(count_of(chain_text(LOG), "\n"), 2, "no id, no step");
	uint64_t count;
	is_int(chain_verify(a, LOG, &count, NULL), 0, "the chain is whole");
	close(journald);
}

/* Held up by nobody: neither by who has the lock, nor by a journald that does not read. */
static void test_held_up(void)
{
	fresh();
	const int journald = listen_as_journald();
	tell("start", NULL);
	(void)heard(journald);
	const int head = open(LOG "/head", O_RDWR | O_CLOEXEC);
	ok(head >= 0 && flock(head, LOCK_EX) == 0, "somebody has the lock");
	struct timespec from = now();
	tell("kill", NULL);
	ok(ms_since(from) < AT_ONCE, "nobody waits for it");
	is_int(count_of(chain_text(LOG), "\n"), 1, "the chain is not written to");
	ok(strstr(heard(journald), "RUNVET_EVENT=container.kill\n"), "the journal is told all the same");
	ok(access(RUN_ "/chain", F_OK) < 0, "and no other chain is begun");
	close(head);
	unsigned sent = 0;
	from = now();
	for (; sent < 1000 && ms_since(from) < 5000; sent++)
		tell("pause", NULL);
	is_int(sent, 1000, "1000 steps while journald does not read");
	is_int(count_of(chain_text(LOG), "\n"), 1001, "are in the chain");
	close(journald);
}

static void test_places(void)
{
	fresh();
	if (symlink("/run/elsewhere", LOG) < 0)
		abort();
	tell("start", NULL);
	ok(strstr(chain_text(RUN_), "\"commit\":\"spilled\""), "without /var/log: the chain in memory");
	fresh();
	if (symlink("/run/elsewhere", LOG) < 0 || symlink("/run/elsewhere", RUN_) < 0)
		abort();
	tell("start", NULL);
	ok(access("/run/elsewhere", F_OK) < 0, "with neither: nothing happens");
	const struct places none = { 0 };
	const struct step s = { .verb = "start", .id = "c1", .delegate = "/usr/bin/runc" };
	lifecycle_tell(fresh_arena(), &none, &s);

	/* A file that may not grow kills who writes to it, by default. */
	fresh();
	tell("start", NULL);
	const struct rlimit small = { 10, 10 };
	const pid_t child = fork();
	if (child == 0) {
		(void)signal(SIGXFSZ, SIG_DFL);
		(void)setrlimit(RLIMIT_FSIZE, &small);
		tell("kill", NULL);
		struct sigaction found;
		(void)sigaction(SIGXFSZ, NULL, &found);
		_exit(found.sa_handler == SIG_DFL ? 0 : 1);
	}
	int status = -1;
	(void)waitpid(child, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "RLIMIT_FSIZE kills nobody, and SIGXFSZ is as it was");
	is_int(count_of(chain_text(LOG), "\n"), 1, "no half a line stays");
}

/* The lines of the chain that tell of a change. */
static size_t changes(void)
{
	return count_of(chain_text(LOG), "\"policy.changed\"");
}

static struct policy policy_of(char letter, bool lifecycle)
{
	struct policy p = { .mode = MODE_AUDIT,
		.audit_chain = true,
		.audit_journal = true,
		.audit_lifecycle = lifecycle };
	if (letter)
		memset(p.digest, letter, sizeof(p.digest) - 1);
	return p;
}

static void see(char letter, bool lifecycle)
{
	const struct policy p = policy_of(letter, lifecycle);
	const struct sink_want want = { .places = &plain, .chain = true };
	policy_seen_tell(fresh_arena(), &p, &want);
}

static void test_policy(void)
{
	fresh();
	struct policy_seen seen;
	ok(!policy_seen_read(&plain, &seen) && seen.lifecycle && seen.chain && seen.journal,
		"nothing is known at first");
	see('\0', true);
	is_int(changes(), 0, "the first to be seen is no change");
	see('\0', true);
	see('a', true);
	is_int(changes(), 1, "from none to one");
	ok(strstr(chain_text(LOG), "\"policy\":{\"before\":\"none\",\"digest\":\"sha256:aaaa") &&
			strstr(chain_text(LOG), "\"mode\":\"audit\""),
		"told as such");
	see('a', true);
	is_int(changes(), 1, "once");
	see('b', false);
	see('\0', false);
	is_int(changes(), 3, "to another, to none");
	ok(policy_seen_read(&plain, &seen) && seen.digest[0] == '\0' && !seen.lifecycle, "the switches are known");
	tell("kill", NULL);
	ok(!strstr(chain_text(LOG), "container.kill"), "a policy that wants no steps gets none");
	see('\0', true);
	is_int(changes(), 3, "a switch alone is no other policy");
	tell("kill", NULL);
	ok(strstr(chain_text(LOG), "container.kill"), "and what it wants now holds");

	/* Another boot, another run_dir. */
	see('c', true);
	if (unlink(RUN_ "/policy") < 0)
		abort();
	see('c', true);
	is_int(changes(), 4, "the same after a boot");
	if (unlink(RUN_ "/policy") < 0)
		abort();
	see('d', true);
	is_int(changes(), 5, "another after a boot is a change");
	spill_to(RUN_ "/policy", "sha256:zz 111\n", 14);
	see('d', true);
	is_int(changes(), 5, "what is no line is not believed, and the copy is");

	/* Nobody has the record: it is told as soon as somebody takes it. */
	if (rename(LOG, LOG ".away") < 0 || symlink("/run/elsewhere", LOG) < 0 ||
		symlink("/run/elsewhere", RUN_ "/chain") < 0)
		abort();
	see('e', true);
	if (unlink(LOG) < 0 || rename(LOG ".away", LOG) < 0 || unlink(RUN_ "/chain") < 0)
		abort();
	is_int(changes(), 5, "no sink, no record");
	see('e', true);
	is_int(changes(), 6, "the next call tells");
}

static void test_policy_at_once(void)
{
	fresh();
	see('a', true);
	for (unsigned i = 0; i < 12; i++)
		if (fork() == 0) {
			see('b', true);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	is_int(changes(), 1, "twelve at once tell once");
	const int fd = open(RUN_ "/policy", O_RDWR | O_CLOEXEC);
	ok(fd >= 0 && flock(fd, LOCK_EX) == 0, "somebody has the lock");
	const struct timespec from = now();
	see('c', true);
	ok(ms_since(from) < AT_ONCE && changes() == 1, "nobody waits for who tells");
	close(fd);
}

int main(void)
{
	private_run("mode=755,size=64m");
	test_signals();
	test_told();
	test_held_up();
	test_places();
	test_policy();
	test_policy_at_once();
	arena_done(fresh_arena());
	return tap_done();
}
