/* SPDX-License-Identifier: Apache-2.0 */
/* The policy file's switches, what is refused in it, and the whole table of decisions. */
#include "validate/policy/decide.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

static struct arena arena;

static int parse(const char *text, struct policy *p, struct fail *why)
{
	const struct file f = { .fd = -1, .path = "policy.json", .bytes = bytes_of(text), .digest = "abc" };
	*why = (struct fail){ 0 };
	return policy_parse(&arena, &f, p, why);
}

static void is_default(const struct policy *p, const char *name)
{
	bool strict = p->mode == MODE_ENFORCE && p->rules == RELEASE_0_1 && !p->pass_unknown_verb && p->audit_chain &&
		p->audit_journal && p->audit_synced && !p->audit_fdatasync && p->ack_ms == WAIT_JOURNAL_ACK_MS;
	for (int c = 0; c < CAUSE_MAX; c++)
		strict = strict && !p->allow_on[c];
	ok(strict, "%s: everything strict", name);
}

static void test_good(void)
{
	struct policy p;
	struct fail why;

	is_int(parse("{ \"version\": 1 }", &p, &why), 0, "the smallest policy: %s", why.says);
	is_default(&p, "the smallest policy");
	ok(p.present && strcmp(p.digest, "abc") == 0 && strcmp(p.path, "policy.json") == 0,
		"it is known by its digest");

	is_int(parse("// who: platform team\n{ \"version\": 1, /* for now */ \"mode\": \"audit\", \"unknownVerb\": "
		     "\"pass\", \"rules\": \"0.1\", \"kubelet\": \"/data/kubelet\",\n"
		     "\"onError\": { \"commandLine\": \"allow\", \"bundle\": \"allow\", \"runtimes\": \"allow\", "
		     "\"audit\": \"allow\","
		     "\"clock\": \"allow\", \"internal\": \"allow\" }, \"audit\": { \"chain\": true, \"journal\": "
		     "false, \"commit\": \"sent\", \"fdatasync\": true, \"ackMs\": 7 } }",
		       &p, &why),
		0, "all that can be said, with comments: %s", why.says);
	ok(p.mode == MODE_AUDIT && p.pass_unknown_verb && p.audit_chain && !p.audit_journal && p.ack_ms == 7 &&
			!p.audit_synced && p.audit_fdatasync && strcmp(p.kubelet, "/data/kubelet") == 0,
		"is read");
	for (int c = 0; c < CAUSE_MAX; c++)
		is_int(p.allow_on[c], c != CAUSE_POLICY, "onError.%s", cause_name((enum cause)c));

	static const char *const one[] = { "commandLine", "bundle", "runtimes", "audit", "clock", "internal" };
	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		char text[128];
		(void)snprintf(text, sizeof(text), "{\"version\":1,\"onError\":{\"%s\":\"allow\"}}", one[i]);
		is_int(parse(text, &p, &why), 0, "onError.%s alone", one[i]);
		for (int c = 0; c < CAUSE_MAX; c++)
			is_int(p.allow_on[c], strcmp(cause_name((enum cause)c), one[i]) == 0, "gives %s",
				cause_name((enum cause)c));
	}
}

static void test_bad(void)
{
	static const struct {
		const char *text;
		int code;
		uint32_t line;
		const char *pointer;
	} bad[] = {
		{ "", -EBADMSG, 0, NULL },
		{ "{ \"version\": 1", -EBADMSG, 0, NULL },
		{ "{ \"version\": 1, \"version\": 1 }", -EBADMSG, 1, NULL },
		{ "{}", -EINVAL, 0, NULL },
		{ "[]", -EINVAL, 0, NULL },
		{ "{ \"version\": 2 }", -EINVAL, 1, "/version" },
		{ "{ \"version\": \"1\" }", -EINVAL, 1, "/version" },
		{ "{ \"version\": 1,\n \"mode\": \"off\" }", -EINVAL, 2, "/mode" },
		{ "{ \"version\": 1,\n \"mode\": true }", -EINVAL, 2, "/mode" },
		{ "{ \"version\": 1,\n \"Mode\": \"audit\" }", -EINVAL, 2, NULL },
		{ "{ \"version\": 1,\n\n \"onErorr\": {} }", -EINVAL, 3, NULL },
		{ "{ \"version\": 1,\n \"onError\": { \"bundel\": \"allow\" } }", -EINVAL, 2, NULL },
		{ "{ \"version\": 1,\n \"onError\": { \"policy\": \"allow\" } }", -EINVAL, 2, NULL },
		{ "{ \"version\": 1,\n \"onError\": { \"bundle\": \"warn\" } }", -EINVAL, 2, "/onError/bundle" },
		{ "{ \"version\": 1,\n \"onError\": \"allow\" }", -EINVAL, 2, "/onError" },
		{ "{ \"version\": 1,\n \"unknownVerb\": \"allow\" }", -EINVAL, 2, "/unknownVerb" },
		{ "{ \"version\": 1,\n \"audit\": { \"chain\": false, \"journal\": false } }", -EINVAL, 0, NULL },
		{ "{ \"version\": 1,\n \"audit\": { \"chain\": \"no\" } }", -EINVAL, 2, "/audit/chain" },
		{ "{ \"version\": 1,\n \"audit\": { \"commit\": \"verified\" } }", -EINVAL, 2, "/audit/commit" },
		{ "{ \"version\": 1,\n \"audit\": { \"fdatasync\": 1 } }", -EINVAL, 2, "/audit/fdatasync" },
		{ "{ \"version\": 1,\n \"audit\": { \"ackMs\": -1 } }", -EINVAL, 2, "/audit/ackMs" },
		{ "{ \"version\": 1,\n \"audit\": { \"ackMs\": 1e3 } }", -EINVAL, 2, "/audit/ackMs" },
		{ "{ \"version\": 1,\n \"audit\": { \"ackMs\": 3600000 } }", -EINVAL, 2, "/audit/ackMs" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct policy p;
		struct fail why;
		char name[128];
		struct text to = text_over(name, sizeof(name)); /* a test's name has one line */
		text_shown(&to, bytes_of(bad[i].text), sizeof(name) - 1);
		is_int(parse(bad[i].text, &p, &why), bad[i].code, "refused: %s", name);
		is_int(why.cause, CAUSE_POLICY, "as a fault of the policy");
		ok(why.says[0] != '\0' && strcmp(why.file, "policy.json") == 0, "named: %s: %s", why.file, why.says);
		if (bad[i].line)
			is_int(why.place.line, bad[i].line, "with its line");
		if (bad[i].pointer)
			is_text(why.pointer, bad[i].pointer, "with its place");
		is_default(&p, "what a broken policy leaves");
	}
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ok(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0, "%s", path);
	(void)close(fd);
}

static void test_load(void)
{
	char dir[] = "/tmp/runvet-policy-XXXXXX", path[64];
	struct policy p;
	struct fail why = { 0 };

	ok(mkdtemp(dir) != NULL, "a directory");
	(void)snprintf(path, sizeof(path), "%s/policy.json", dir);
	is_int(policy_load(&arena, path, &p, &why), 0, "no file is no fault");
	ok(!p.present && p.digest[0] == '\0', "and is known as none");
	is_default(&p, "no file");
	write_file(path, "{\"version\":1,\"mode\":\"audit\"}", 0644);
	const int r = policy_load(&arena, path, &p, &why);
	if (geteuid() == 0) {
		is_int(r, 0, "root's file: %s", why.says);
		ok(p.present && p.mode == MODE_AUDIT && strlen(p.digest) == 64, "is read");
		ok(chown(path, 1, 1) == 0, "given to another user");
	}
	is_int(policy_load(&arena, path, &p, &why), -EPERM, "another's file");
	is_default(&p, "another's file");
	ok(geteuid() != 0 || chown(path, 0, 0) == 0, "given back");
	ok(chmod(path, 0664) == 0 && policy_load(&arena, path, &p, &why) == -EPERM, "one that a group may write");
	write_file(path, "{", 0644);
	ok(policy_load(&arena, path, &p, &why) < 0 && why.cause == CAUSE_POLICY, "a broken one");
	is_default(&p, "a broken one");
	ok(unlink(path) == 0 && symlink("/dev/null", path) == 0 && policy_load(&arena, path, &p, &why) == -ELOOP,
		"a symbolic link");
	(void)unlink(path);
	(void)rmdir(dir);
}

#define YES true
#define NO false

/* The table of decide.h, written out: why -1 is a clean report, -2 one with an error, else a cause. */
static const struct {
	int why;
	enum mode mode;
	bool on_error, bypass;
	enum decision_kind kind;
	bool may_run;
	const char *reason;
} table[] = {
	{ -1, MODE_ENFORCE, NO, NO, DECISION_ALLOW, YES, NULL },
	{ -1, MODE_ENFORCE, YES, NO, DECISION_ALLOW, YES, NULL },
	{ -1, MODE_ENFORCE, NO, YES, DECISION_ALLOW, YES, NULL },
	{ -1, MODE_AUDIT, NO, NO, DECISION_ALLOW, YES, NULL },
	{ -1, MODE_AUDIT, YES, YES, DECISION_ALLOW, YES, NULL },
	{ -2, MODE_ENFORCE, NO, NO, DECISION_DENY, NO, "rule-violation" },
	{ -2, MODE_ENFORCE, YES, NO, DECISION_DENY, NO, "rule-violation" },
	{ -2, MODE_ENFORCE, NO, YES, DECISION_BYPASS, YES, "break-glass" },
	{ -2, MODE_AUDIT, NO, NO, DECISION_WOULD_DENY, YES, "rule-violation" },
	{ -2, MODE_AUDIT, NO, YES, DECISION_WOULD_DENY, YES, "rule-violation" },
	{ CAUSE_BUNDLE, MODE_ENFORCE, NO, NO, DECISION_ERROR, NO, "bundle-unreadable" },
	{ CAUSE_BUNDLE, MODE_ENFORCE, YES, NO, DECISION_BYPASS, YES, "bundle-unreadable" },
	{ CAUSE_BUNDLE, MODE_ENFORCE, YES, YES, DECISION_BYPASS, YES, "bundle-unreadable" },
	{ CAUSE_BUNDLE, MODE_ENFORCE, NO, YES, DECISION_BYPASS, YES, "break-glass" },
	{ CAUSE_BUNDLE, MODE_AUDIT, NO, NO, DECISION_WOULD_DENY, YES, "bundle-unreadable" },
	{ CAUSE_BUNDLE, MODE_AUDIT, YES, YES, DECISION_WOULD_DENY, YES, "bundle-unreadable" },
	{ CAUSE_COMMAND_LINE, MODE_ENFORCE, NO, NO, DECISION_ERROR, NO, "command-line" },
	{ CAUSE_COMMAND_LINE, MODE_ENFORCE, YES, NO, DECISION_BYPASS, YES, "command-line" },
	{ CAUSE_COMMAND_LINE, MODE_ENFORCE, NO, YES, DECISION_BYPASS, YES, "break-glass" },
	{ CAUSE_COMMAND_LINE, MODE_AUDIT, NO, NO, DECISION_WOULD_DENY, YES, "command-line" },
	{ CAUSE_RUNTIMES, MODE_ENFORCE, NO, NO, DECISION_ERROR, NO, "runtimes-unreadable" },
	{ CAUSE_RUNTIMES, MODE_ENFORCE, YES, NO, DECISION_BYPASS, YES, "runtimes-unreadable" },
	{ CAUSE_RUNTIMES, MODE_AUDIT, NO, NO, DECISION_WOULD_DENY, YES, "runtimes-unreadable" },
	{ CAUSE_AUDIT, MODE_ENFORCE, NO, NO, DECISION_ERROR, NO, "audit-unavailable" },
	{ CAUSE_AUDIT, MODE_ENFORCE, YES, NO, DECISION_BYPASS, YES, "audit-unavailable" },
	{ CAUSE_AUDIT, MODE_ENFORCE, NO, YES, DECISION_BYPASS, YES, "break-glass" },
	{ CAUSE_AUDIT, MODE_AUDIT, NO, NO, DECISION_WOULD_DENY, YES, "audit-unavailable" },
	{ CAUSE_INTERNAL, MODE_ENFORCE, NO, NO, DECISION_ERROR, NO, "internal" },
	{ CAUSE_INTERNAL, MODE_ENFORCE, YES, NO, DECISION_BYPASS, YES, "internal" },
	{ CAUSE_INTERNAL, MODE_ENFORCE, NO, YES, DECISION_BYPASS, YES, "break-glass" },
	{ CAUSE_INTERNAL, MODE_AUDIT, NO, NO, DECISION_WOULD_DENY, YES, "internal" },
	{ CAUSE_POLICY, MODE_ENFORCE, NO, NO, DECISION_ERROR, NO, "policy-unreadable" },
	{ CAUSE_POLICY, MODE_ENFORCE, YES, NO, DECISION_ERROR, NO, "policy-unreadable" },
	{ CAUSE_POLICY, MODE_AUDIT, NO, NO, DECISION_ERROR, NO, "policy-unreadable" },
	{ CAUSE_POLICY, MODE_AUDIT, YES, NO, DECISION_ERROR, NO, "policy-unreadable" },
	{ CAUSE_POLICY, MODE_ENFORCE, NO, YES, DECISION_BYPASS, YES, "break-glass" },
	{ CAUSE_POLICY, MODE_AUDIT, YES, YES, DECISION_BYPASS, YES, "break-glass" },
};

static void test_decide(void)
{
	struct finding findings[] = { { .id = "a", .severity = SEV_INFO }, { .id = "b", .severity = SEV_WARNING },
		{ .id = "c", .severity = SEV_ERROR }, { .id = "d", .severity = SEV_ERROR } };
	const struct report clean = { .findings = findings, .count = 2, .infos = 1, .warnings = 1 };
	const struct report dirty = { .findings = findings, .count = 4, .infos = 1, .warnings = 1, .errors = 2 };
	/* Errors beyond what a report keeps are errors still. */
	const struct report full = { .findings = findings, .count = 2, .infos = 1, .warnings = 1, .errors = 1 };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct policy p;
		policy_default(&p);
		p.mode = table[i].mode;
		const struct fail why = { .cause = table[i].why < 0 ? CAUSE_MAX : (enum cause)table[i].why };
		for (int c = 0; c < CAUSE_MAX; c++) /* the other switches must not count */
			p.allow_on[c] = (c == (int)why.cause) == table[i].on_error;
		const struct decision d = table[i].why < 0
			? decide(&p, table[i].why == -1 ? &clean : &dirty, NULL, table[i].bypass)
			: decide(&p, NULL, &why, table[i].bypass);
		ok(d.kind == table[i].kind, "row %zu: %s", i, decision_name(d.kind));
		is_int(d.may_run, table[i].may_run, "row %zu: may run", i);
		is_text(d.reason, table[i].reason, "row %zu: reason", i);
		ok(d.because == (table[i].why == -2 ? &findings[2] : NULL), "row %zu: the first error", i);
	}
	struct policy p;
	policy_default(&p);
	const struct decision d = decide(&p, &full, NULL, false);
	ok(d.kind == DECISION_DENY && !d.may_run && !d.because, "an error that was only counted denies");
	is_text(decision_name(DECISION_WOULD_DENY), "would-deny", "names");
	is_text(decision_name(DECISION_DENY), "deny", "names");
	is_text(decision_name(DECISION_BYPASS), "bypass", "names");
	is_text(decision_name(DECISION_ERROR), "error", "names");
	is_text(decision_name(DECISION_ALLOW), "allow", "names");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	test_decide();
	test_good();
	test_bad();
	test_load();
	arena_done(&arena);
	return tap_done();
}
