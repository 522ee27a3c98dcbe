/* SPDX-License-Identifier: Apache-2.0 */
/* The one line and its two channels: word for word, whatever was quoted, and never waiting for long. */
#include "shim/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/unit/leave.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/doc.h"

#define RECORD "0199aabb-0000-7000-8000-000000000001"

static const char *const triggers[] = {
	"permission denied",
	"operation not permitted",
	"not found",
	"no such file or directory",
	"no such file",
	"is a directory",
	"not a directory",
	"executable",
	"does not exist",
	"no such process",
	"not running",
	"container not running",
	"invalid process",
	"already finished",
	"os: process already finished",
	"open executable",
	"failed to run runc create/exec call",
};

static char line[LIMIT_REFUSAL + 1];
static char dir[] = "/tmp/runvet-refuse-XXXXXX";

static const char *compose(const struct request *q, const struct decision *d, const struct report *r,
	const struct fail *why, const char *record)
{
	struct text to = text_over(line, sizeof(line));
	refuse_compose(q, d, r, why, record, &to);
	return line;
}

static struct finding finding(const char *id, const char *says, const char *found)
{
	return (struct finding){ .id = id,
		.severity = SEV_ERROR,
		.place = { 12, 10 },
		.pointer = "/process/cwd",
		.says = says,
		.found = "found \"a secret\"",
		.found_safe = found };
}

static const char *of_finding(enum oci_verb verb, struct finding *f, size_t errors)
{
	const struct request q = { .verb = verb };
	const struct report r = { .file = "config.json", .findings = f, .count = 1, .errors = errors };
	const struct decision d = { .kind = DECISION_DENY, .reason = "rule-violation", .because = f };
	return compose(&q, &d, &r, NULL, RECORD);
}

static const char *of_failure(struct fail *why, const char *record)
{
	const struct request q = { .verb = VERB_CREATE };
	const struct decision d = { .kind = DECISION_ERROR, .reason = "bundle-unreadable" };
	return compose(&q, &d, NULL, why, record);
}

static void test_words(void)
{
	struct finding f = finding("spec.process.cwd-absolute", "process.cwd must be an absolute path", NULL);
	is_text(of_finding(VERB_CREATE, &f, 1),
		"runvet: config.json:12:10: process.cwd must be an absolute path "
		"[spec.process.cwd-absolute]; record " RECORD,
		"one finding");
	is_text(of_finding(VERB_CREATE, &f, 3),
		"runvet: config.json:12:10: process.cwd must be an absolute path "
		"[spec.process.cwd-absolute] and 2 more; record " RECORD " (runvetctl check BUNDLE shows all)",
		"three");
	is_text(of_finding(VERB_EXEC, &f, 3),
		"runvet: config.json:12:10: process.cwd must be an absolute path "
		"[spec.process.cwd-absolute] and 2 more; record " RECORD,
		"exec has no bundle to check");
	f = finding("spec.process.cwd-absolute", "process.cwd must be an absolute path", "found \"rootfs\"");
	is_text(of_finding(VERB_RUN, &f, 1),
		"runvet: config.json:12:10: process.cwd must be an absolute path, found \"rootfs\" "
		"[spec.process.cwd-absolute]; record " RECORD,
		"only what is safe is quoted");
	f = finding("baseline.privileged", "the container must not be privileged", NULL);
	is_text(of_finding(VERB_CREATE, &f, 1),
		"runvet: permission denied: config.json:12:10: the container must not be "
		"privileged [baseline.privileged]; record " RECORD,
		"a policy's no says so");

	struct fail why = { .code = -EBADMSG,
		.cause = CAUSE_BUNDLE,
		.rule = "json.duplicate-name",
		.file = "config.json",
		.place = { 2, 7 },
		.says = "the name \"hooks\" stands here twice" };
	is_text(of_failure(&why, RECORD),
		"runvet: config.json:2:7: the name \"hooks\" stands here twice "
		"[json.duplicate-name]; record " RECORD,
		"a document that does not parse");
	(void)fail(&why, -ENOENT, CAUSE_BUNDLE, "bundle.config-present", "%s", errno_words(ENOENT));
	memcpy(why.file, "config.json", 12);
	is_text(of_failure(&why, RECORD), "runvet: config.json: it is missing [bundle.config-present]; record " RECORD,
		"a missing file");
	(void)fail(&why, -EINVAL, CAUSE_COMMAND_LINE, "argv.id", "the container id holds a slash");
	is_text(of_failure(&why, NULL), "runvet: the container id holds a slash [argv.id]; no record",
		"without a record");
	(void)fail(&why, -ENOSPC, CAUSE_AUDIT, "audit.recorded", "no record could be kept: the disk is full");
	is_text(of_failure(&why, NULL), "runvet: no record could be kept: the disk is full [audit.recorded]; no record",
		"audit");
	(void)fail(&why, -ENOMEM, CAUSE_INTERNAL, "", "memory is used up");
	is_text(of_failure(&why, RECORD), "runvet: internal fault: memory is used up; record " RECORD, "internal");
}

static const char *trigger_in(const char *s, size_t from)
{
	for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++)
		if (strcasestr(s + from, triggers[i]))
			return triggers[i];
	return NULL;
}

static void test_triggers(void)
{
	char said[256];

	for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
		(void)snprintf(said, sizeof(said), "found \"%s%s/%s\"", triggers[i], triggers[i], triggers[i]);
		for (size_t k = 0; said[k]; k += 2)
			if (said[k] >= 'a' && said[k] <= 'z')
				said[k] = (char)(said[k] - 'a' + 'A');
		struct finding f = finding("spec.process.cwd-absolute", said, said);
		is_text(trigger_in(of_finding(VERB_CREATE, &f, 2), 0), NULL, "broken bundle, quoting '%s'",
			triggers[i]);
		f = finding("baseline.x", said, said);
		const char *got = of_finding(VERB_CREATE, &f, 2);
		ok(strncmp(got, "runvet: permission denied: ", 27) == 0, "denied, quoting '%s'", triggers[i]);
		is_text(trigger_in(got, 27), NULL, "denied once, quoting '%s'", triggers[i]);
		struct fail why = { .cause = CAUSE_BUNDLE };
		(void)snprintf(why.says, sizeof(why.says), "%s", said);
		(void)snprintf(why.file, sizeof(why.file), "/%s/config.json", triggers[i]);
		is_text(trigger_in(of_failure(&why, triggers[i]), 0), NULL, "failure, quoting '%s'", triggers[i]);
	}
	/* Docker lowers U+0130 to i, Podman's (?i) takes U+017F for s. */
	struct fail folded = { .cause = CAUSE_BUNDLE, .says = "it is missing" };
	(void)snprintf(folded.file, sizeof(folded.file), "/\xc4\xb0s a Directory/permi\xc5\xbfsion denied/\xc5\xbf");
	is_text(of_failure(&folded, RECORD),
		"runvet: /\xc4\xb0s_a Directory/permi\xc5\xbfsion_denied/\xc5\xbf: it is missing; record " RECORD,
		"what engines fold to a trigger is broken up, and nothing else");
	(void)snprintf(folded.file, sizeof(folded.file), "/permis\xc5\xbf\xc4\xb0on Denied");
	is_text(of_failure(&folded, RECORD), "runvet: /permis\xc5\xbf\xc4\xb0on_Denied: it is missing; record " RECORD,
		"in any of its letters");
	(void)snprintf(said, sizeof(said), "holds \"a\nb\x1b[31m%c%c%c%c\"", 0xe2, 0x80, 0xae, 0xff);
	struct finding f = finding("spec.x", said, NULL);
	is_text(of_finding(VERB_CREATE, &f, 1),
		"runvet: config.json:12:10: holds \"a\\x0ab\\x1b[31m\\xe2\\x80\\xae\\xff\" [spec.x]; "
		"record " RECORD,
		"nothing disturbs a terminal");
}

static void test_lengths(void)
{
	char says[4096];
	const char *tail = " [spec.x] and 2 more; record " RECORD " (runvetctl check BUNDLE shows all)";
	static const char whale[] = "\xf0\x9f\x90\xb3";

	memset(says, 'x', sizeof(says) - 1);
	says[sizeof(says) - 1] = '\0';
	struct finding f = finding("spec.x", says, NULL);
	const char *got = of_finding(VERB_CREATE, &f, 3);
	is_int(strlen(got), LIMIT_REFUSAL, "exactly the limit");
	is_text(got + strlen(got) - strlen(tail), tail, "the tail is whole");
	for (size_t shift = 0; shift < 4; shift++) {
		memset(says, 'x', shift);
		for (size_t i = shift; i + 4 < sizeof(says); i++)
			says[i] = whale[(i - shift) % 4];
		got = of_finding(VERB_CREATE, &f, 3);
		const char *dots = strstr(got, "... [");
		ok(dots && dots - got > 100 && (dots[-1] == '\xb3' || dots[-1] == 'x' || dots[-1] == '.'),
			"cut on a character's edge, %zu", shift);
	}
	f.id = says;
	got = of_finding(VERB_CREATE, &f, 3);
	ok(strlen(got) <= LIMIT_REFUSAL, "an endless rule id fits too");
}

/* refuse() with stderr going to `err` (-1: closed) in a child; its exit code, or 1000 + signal; *ret_ms its time. */
static int run(const struct request *q, const char *text, int err, rlim_t fsize, long *ret_ms)
{
	struct timespec from, to;
	int status = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	const pid_t pid = fork();
	if (pid == 0) {
		const struct rlimit l = { fsize, fsize };
		(void)setrlimit(RLIMIT_FSIZE, &l);
		(void)close(2);
		if (err >= 0)
			(void)dup2(err, 2);
		_exit(refuse(q, text));
	}
	(void)waitpid(pid, &status, 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	*ret_ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static const char *path(const char *name)
{
	static char whole[128];
	(void)snprintf(whole, sizeof(whole), "%s/%s", dir, name);
	return whole;
}

static const char *slurp(const char *name)
{
	static char text[65536];
	const int fd = open(path(name), O_RDONLY | O_NONBLOCK);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return n < 0 ? NULL : text;
}

static struct request to_log(enum oci_verb verb, const char *name, const char *format)
{
	static char log[128];
	(void)snprintf(log, sizeof(log), "%s", strchr(name, ':') ? name : path(name));
	struct request q = { .verb = verb };
	q.value[SLOT_LOG] = log;
	q.value[SLOT_LOG_FORMAT] = format;
	return q;
}

/* Parses one JSON line and compares its three members. */
static void is_json_entry(const char *text, const char *msg)
{
	struct arena a;
	const struct doc *root = NULL;
	struct fail why = { 0 };
	const struct doc_options options = { .file = "log", .cause = CAUSE_INTERNAL };
	struct timespec t;

	arena_init(&a, LIMIT_ARENA);
	ok(text && doc_parse(&a, bytes_of(text), &options, &root, &why) == 0, "the log is one JSON value: %s",
		why.says);
	ok(bytes_is(doc_string(root, "level", BYTES("")), "error"), "level");
	ok(bytes_is(doc_string(root, "msg", BYTES("")), msg), "msg");
	ok(when_read(doc_string(root, "time", BYTES("")), &t) == 0, "time");
	is_int(root ? root->count : 0, 3, "and nothing else");
	ok(text && strchr(text, '\n') == text + strlen(text) - 1, "on one line");
	arena_done(&a);
}

static void test_channels(void)
{
	const char *text = "runvet: a \"quoted\" \\ line with \xc3\xa9";
	char got[1024] = "";
	int ends[2];
	long ms;

	ok(pipe(ends) == 0, "pipe");
	struct request q = to_log(VERB_CREATE, "log.json", "json");
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "create exits 1");
	ssize_t n = read(ends[0], got, sizeof(got) - 1);
	ok(n > 0 && got[n - 1] == '\n' && strncmp(got, text, strlen(text)) == 0 && (size_t)n == strlen(text) + 1,
		"stderr has the line");
	is_json_entry(slurp("log.json"), text);

	q = to_log(VERB_EXEC, "log.txt", NULL);
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 255, "exec exits 255");
	ok(read(ends[0], got, sizeof(got)) > 0, "and on stderr");
	const char *entry = slurp("log.txt");
	ok(entry && strncmp(entry, "time=\"20", 8) == 0 &&
			strstr(entry,
				"\" level=error msg=\"runvet: a \\\"quoted\\\" \\\\ line with "
				"\\u00e9\"\n"),
		"text is the default format");

	int fd = open(path("old.json"), O_WRONLY | O_CREAT | O_APPEND, 0644);
	ok(write(fd, "{\"level\":\"info\"}\n", 17) == 17, "an older line");
	(void)close(fd);
	q = to_log(VERB_RUN, "old.json", "json");
	(void)run(&q, text, ends[1], RLIM_INFINITY, &ms);
	ok(read(ends[0], got, sizeof(got)) > 0, "and on stderr");
	entry = slurp("old.json");
	ok(entry && strncmp(entry, "{\"level\":\"info\"}\n{\"level\":\"error\"", 32) == 0, "is appended to");

	char prefixed[160];
	(void)snprintf(prefixed, sizeof(prefixed), "file:%s", path("prefixed"));
	q = to_log(VERB_CREATE, prefixed, "json");
	(void)run(&q, text, -1, RLIM_INFINITY, &ms);
	is_json_entry(slurp("prefixed"), text);
	static const char *const left_alone[] = { "journald:x", "syslog:x" };
	for (size_t i = 0; i < 2; i++) {
		q = to_log(VERB_CREATE, left_alone[i], "json");
		ok(chdir(dir) == 0 && run(&q, text, -1, RLIM_INFINITY, &ms) == 1 && access(left_alone[i], F_OK) != 0,
			"%s is no file", left_alone[i]);
	}
	(void)close(ends[0]);
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "nobody reads stderr: no SIGPIPE");
	(void)close(ends[1]);
}

static void test_trouble(void)
{
	const char *text = "runvet: no";
	char got[64] = "", fill[4096] = "";
	int ends[2] = { -1, -1 }, full[2] = { -1, -1 };
	long ms;

	ok(pipe(ends) == 0 && pipe(full) == 0, "pipes");
	(void)fcntl(full[1], F_SETFL, O_NONBLOCK);
	while (write(full[1], fill, sizeof(fill)) > 0)
		;
	(void)fcntl(full[1], F_SETFL, 0);
	struct request q = { .verb = VERB_CREATE };
	is_int(run(&q, text, full[1], RLIM_INFINITY, &ms), 1, "a full stderr");
	ok(ms >= 50 && ms < 5000, "is waited for, and not for long: %ld ms", ms);
	is_int(run(&q, text, -1, RLIM_INFINITY, &ms), 1, "a closed stderr");

	ok(mkfifo(path("fifo"), 0600) == 0, "fifo");
	q = to_log(VERB_CREATE, "fifo", "json");
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "a fifo that nobody reads");
	for (int i = 0; i < 5 && ms >= 90; i++) /* a busy machine takes that long now and then */
		(void)run(&q, text, ends[1], RLIM_INFINITY, &ms);
	ok(ms < 90, "is not waited for: %ld ms", ms);
	int reader = open(path("fifo"), O_RDONLY | O_NONBLOCK);
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "a fifo with a reader");
	ssize_t n = read(reader, got, sizeof(got));
	ok(n > 0 && got[0] == '{', "gets the entry");
	int writer = open(path("fifo"), O_WRONLY | O_NONBLOCK);
	while (write(writer, fill, sizeof(fill)) > 0)
		;
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "a full fifo");
	ok(ms >= 50 && ms < 5000, "is waited for, and not for long: %ld ms", ms);

	ok(mkdir(path("d"), 0700) == 0, "directory");
	q = to_log(VERB_CREATE, "d", "json");
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "a directory as log");
	q = to_log(VERB_CREATE, "missing/log", "json");
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "a log below nothing");
	q = to_log(VERB_CREATE, "limited", "json");
	is_int(run(&q, text, ends[1], 0, &ms), 1, "RLIMIT_FSIZE 0");
	n = 0;
	for (ssize_t one; n < 1 && (one = read(ends[0], got, sizeof(got))) > 0; n += one)
		;
	ok(strncmp(got, text, strlen(text)) == 0, "stderr got the line all the same");
	q = to_log(VERB_CREATE, "", "json");
	is_int(run(&q, text, ends[1], RLIM_INFINITY, &ms), 1, "an empty --log");
}

int main(void)
{
	ok(mkdtemp(dir) != NULL, "a directory of its own");
	test_words();
	test_triggers();
	test_lengths();
	test_channels();
	test_trouble();
	ok(leave_nothing(dir), "nothing is left behind");
	return tap_done();
}
