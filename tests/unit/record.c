/* SPDX-License-Identifier: Apache-2.0 */
/* The record: its id, its table of fields, its line, and that nothing hostile or secret comes through it. */
#include "audit/record.h"

#include <ctype.h>
#include <sys/prctl.h>

#include "audit/caller.h"
#include "tests/unit/audit.h"
#include "validate/base/text.h"
#include "validate/doc/doc.h"

static const char *line_of(struct arena *a, const struct record *r)
{
	struct text t = text_growing(a);
	is_int(record_json(r, &t), 0, "the record has a line");
	return t.data;
}

static const struct doc *doc_of(struct arena *a, const char *line)
{
	const struct doc *d = NULL;
	struct fail f = { 0 };
	const struct doc_options options = { .file = "line" };
	is_int(doc_parse(a, bytes_of(line), &options, &d, &f), 0, "the line is strict JSON %s", f.says);
	return d;
}

static void is_at(const struct doc *d, const char *path, const char *want)
{
	ok(bytes_is(doc_string(d, path, BYTES("(absent)")), want), "%s is %s", path, want);
}

/* Keys sorted in every object, no byte outside printable ASCII, no white space between tokens. */
static bool sorted(const struct doc *d)
{
	for (const struct doc *m = d->first; m; m = m->next) {
		if (d->type == DOC_OBJECT && m->next) {
			const size_t n = m->key.len < m->next->key.len ? m->key.len : m->next->key.len;
			const int c = memcmp(m->key.data, m->next->key.data, n);
			if (c > 0 || (c == 0 && m->key.len >= m->next->key.len))
				return false;
		}
		if ((m->type == DOC_OBJECT || m->type == DOC_ARRAY) && !sorted(m))
			return false;
	}
	return true;
}

static bool ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e)
			return false;
	return true;
}

static void test_table(void)
{
	for (unsigned f = 0; f < FIELD_MAX; f++) {
		const struct field_row *row = field_row((enum field)f);
		const char *name = row->journal ? row->journal : row->json;
		if (!ok(name && row->cap > 0 && row->cap <= LIMIT_FIELD, "field %u (%s) has a name and a cap", f,
			    name ? name : "-"))
			continue;
		bool spelt = true;
		for (const char *c = row->journal; c && *c; c++)
			spelt = spelt && (isupper((unsigned char)*c) || (*c == '_' && c > row->journal));
		ok(spelt && (!row->journal || strlen(row->journal) <= 64),
			"%s: journald and its catalog accept the name", name);
		for (unsigned g = 0; g < FIELD_MAX; g++) {
			const struct field_row *other = field_row((enum field)g);
			if (g == f)
				continue;
			if (row->journal && other->journal && strcmp(row->journal, other->journal) == 0)
				ok(false, "%s stands twice", row->journal);
			const size_t n = row->json ? strlen(row->json) : 0;
			if (n && other->json && strncmp(row->json, other->json, n) == 0 &&
				(other->json[n] == '\0' || other->json[n] == '.'))
				ok(false, "%s is a value and %s", row->json, other->json);
		}
		for (const struct field_part *p = row->parts; p && p->name && p[1].name; p++)
			ok(strcmp(p->name, p[1].name) < 0, "%s: parts are sorted", name);
		if (row->journal)
			ok(strncmp(row->journal, "CONTAINER_", 10) != 0, "%s is no name of the log drivers", name);
	}
}

/* A field that has a name in JSON is in the line, and where it belongs. */
static void test_order(void)
{
	struct arena *a = fresh_arena();
	struct record r = some_record(a, "x");
	r.truncated = true;
	for (unsigned f = 0; f < FIELD_MAX; f++)
		if (f != FIELD_TRUNCATED && !record_find(&r, (enum field)f))
			(void)record_add(&r, (enum field)f, BYTES("1"));
	const struct doc *d = doc_of(a, line_of(a, &r));
	ok(sorted(d), "a line with every field is sorted");
	for (unsigned f = 0; f < FIELD_MAX; f++) {
		const char *path = field_row((enum field)f)->json;
		if (path && !doc_find(d, path))
			ok(false, "%s is in it", path);
	}
	struct record none = { .arena = a, .truncated = true };
	is_text(line_of(a, &none), "{\"truncated\":1}", "a record of nothing");
}

static void test_id(void)
{
	struct arena *a = fresh_arena();
	char before[40] = "";
	for (int i = 0; i < 50; i++) {
		struct record r;
		is_int(record_init(&r, a, NULL), 0, "a record begins");
		const char *id = r.id;
		const bool shape = strlen(id) == 36 && id[8] == '-' && id[13] == '-' && id[14] == '7' &&
			id[18] == '-' && strchr("89ab", id[19]) && id[23] == '-' &&
			strspn(id, "0123456789abcdef-") == 36;
		ok(shape, "%s is a UUIDv7", id);
		ok(strncmp(id, before, 13) >= 0 && strcmp(id, before) != 0, "ids are ordered by time and differ");
		snprintf(before, sizeof(before), "%s", id);
		unsigned long high = strtoul(id, NULL, 16), low = strtoul(id + 9, NULL, 16);
		const long long ms = (long long)(high << 16 | (low & 0xffff));
		ok(llabs(ms / 1000 - (long long)time(NULL)) <= 1, "the id holds the time");
		is_text(value_of(&r, FIELD_RECORD), r.id, "and is the record's");
	}
}

static void test_values(void)
{
	struct arena *a = fresh_arena();
	static char big[6000];
	struct record r = some_record(a, "c\nRUNVET_DECISION=allow\n\x1b[2J\xff\xc3(\xe2\x80\xae");
	is_text(value_of(&r, FIELD_CONTAINER_ID), "c\\x0aRUNVET_DECISION=allow\\x0a\\x1b[2J\\xff\\xc3(\\xe2\\x80\\xae",
		"control bytes, broken UTF-8 and turned text are spelt out");
	ok(!r.truncated, "which is no truncation");
	is_int(record_add(&r, FIELD_BUNDLE, bytes_of("/b\xc3\xa4r/\xe6\xbc\xa2")), 0, "other text is added");
	is_text(value_of(&r, FIELD_BUNDLE), "/b\xc3\xa4r/\xe6\xbc\xa2", "and kept as it is");
	const size_t count = r.count;
	is_int(record_add(&r, FIELD_ROOT, (struct bytes){ 0 }), 0, "NULL is fine");
	is_int(r.count, count, "and left out");

	memset(big, 'a', sizeof(big));
	memcpy(big + 500, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 18);
	is_int(record_add(&r, FIELD_ROOT, (struct bytes){ big, sizeof(big) }), 0, "6000 bytes are added");
	const struct entry *e = record_find(&r, FIELD_ROOT);
	ok(e->value.len <= field_row(FIELD_ROOT)->cap && e->value.len > field_row(FIELD_ROOT)->cap - 5,
		"within the cap");
	ok(memcmp(e->value.data + e->value.len - 5, "\xc3\xa4...", 5) == 0, "cut on a character's edge, marked by ...");
	ok(r.truncated, "and the record says truncated");
	is_int(doc_get(doc_of(a, line_of(a, &r)), "truncated")->integer.magnitude, 1, "so does its line");

	struct record exact = some_record(a, "x");
	memset(big, 0x01, sizeof(big));
	is_int(record_add(&exact, FIELD_ROOT, (struct bytes){ big, field_row(FIELD_ROOT)->cap / 4 }), 0,
		"escapes to the cap");
	ok(!exact.truncated && record_find(&exact, FIELD_ROOT)->value.len == field_row(FIELD_ROOT)->cap,
		"exactly is not cut");
	is_int(record_add(&exact, FIELD_BUNDLE, (struct bytes){ big, field_row(FIELD_BUNDLE)->cap / 4 + 1 }), 0,
		"one more");
	ok(exact.truncated, "is");
}

static void test_limit(void)
{
	struct arena *a = fresh_arena();
	static char wide[5000];
	struct record r = some_record(a, "x");
	for (size_t i = 0; i + 2 <= sizeof(wide); i += 2)
		memcpy(wide + i, "\xc3\xa4", 2);
	for (unsigned f = 0; f < FIELD_MAX; f++)
		if (!field_row((enum field)f)->repeated && !record_find(&r, (enum field)f) && f != FIELD_HASH)
			(void)record_add(&r, (enum field)f, (struct bytes){ wide, sizeof(wide) });
	/* Of lists as much as audit/facts.c adds, and of each the longest that it may be. */
	for (unsigned i = 0; i < LIMIT_RECORD_LISTED; i++) {
		(void)record_add(&r, FIELD_CAPABILITY, bytes_of(arena_printf(a, "CAP_%038u", i)));
		(void)record_add(&r, FIELD_CAP_ADDED, bytes_of(arena_printf(a, "CAP_%038u", i)));
	}
	for (unsigned i = 0; i < 8; i++) {
		(void)record_add(&r, FIELD_NAMESPACE, BYTES("cgroup|joined"));
		(void)record_add(&r, FIELD_HOST_NS, BYTES("cgroup"));
	}
	for (unsigned i = 0; i < 2; i++)
		(void)record_add(&r, FIELD_LSM, (struct bytes){ wide, sizeof(wide) });
	const size_t bare = strlen(line_of(a, &r));
	ok(bare <= LIMIT_RECORD, "every field full of two-byte characters: %zu of %zu bytes", bare, LIMIT_RECORD);
	is_int(doc_find(doc_of(a, line_of(a, &r)), "facts.capabilities")->count, LIMIT_RECORD_LISTED,
		"with every capability");
	for (unsigned i = 0; i < 200; i++)
		(void)record_add(&r, FIELD_VIOLATION, bytes_of(arena_printf(a, "rule.%u|error|/a/%u|%0400u", i, i, i)));
	const char *line = line_of(a, &r);
	ok(strlen(line) <= LIMIT_RECORD, "200 violations more: %zu bytes", strlen(line));
	const struct doc *d = doc_of(a, line);
	ok(doc_get(d, "violations") && doc_get(d, "truncated"), "some were dropped, and the line says so");
	is_int(doc_find(d, "facts.capabilities")->count, LIMIT_RECORD_LISTED, "and not one capability");

	struct record plain = some_record(a, "x");
	for (unsigned i = 0; i < 200; i++)
		(void)record_add(&plain, FIELD_VIOLATION,
			bytes_of(arena_printf(a, "rule.%u|error|/a/%u|%0400u", i, i, i)));
	const char *without = arena_copy(a, bytes_of(line_of(a, &plain)));
	is_at(doc_find(doc_of(a, without), "violations")->first, "rule", "rule.0");
	(void)record_add(&plain, FIELD_HASH, BYTES("0123456789012345678901234567890123456789012345678901234567890123"));
	const char *with = line_of(a, &plain), *hash = strstr(with, ",\"hash\":\"");
	ok(strlen(with) <= LIMIT_RECORD && hash && strlen(with) == strlen(without) + 74 &&
			strncmp(with, without, (size_t)(hash - with)) == 0 &&
			strcmp(hash + 74, without + (hash - with)) == 0,
		"the hash changes nothing else, though lines had to be dropped");
}

static struct finding finding(const char *id, enum severity s, const char *pointer)
{
	return (struct finding){ .id = id,
		.severity = s,
		.pointer = pointer,
		.says = "process.x must be good",
		.found = "found \"hunter2\"" };
}

static void test_denial(void)
{
	struct arena *a = fresh_arena();
	struct finding f[] = {
		finding("spec.warned", SEV_WARNING, "/w"),
		finding("spec.one", SEV_ERROR, "/mounts/7|x"),
		finding("spec.two", SEV_ERROR, "/a\nb"),
		finding("spec.one", SEV_ERROR, "/mounts/8"),
		finding("spec.told", SEV_INFO, "/i"),
	};
	static const struct finding watched[] = { { .id = "nnp", .severity = SEV_ERROR },
		{ .id = "caps.allowed", .severity = SEV_ERROR }, { .id = "nnp", .severity = SEV_ERROR },
		{ .id = "res.memory", .severity = SEV_WARNING } };
	const struct shadowed shadows[] = {
		{ .profile = "baseline@v1.37", .errors = 3, .warnings = 1, .findings = watched, .count = 4 },
		{ .profile = "tenant" },
	};
	static const char *const exempt[] = { "EX-7", "EX-9" };
	const struct applied applied = { .profile = "restricted@v1.36",
		.exempt = exempt,
		.exempt_count = 2,
		.shadows = shadows,
		.shadow_count = 2 };
	const struct report report = { .file = "config.json",
		.findings = f,
		.count = 5,
		.errors = 3,
		.warnings = 1,
		.infos = 1,
		.applied = &applied };
	struct policy policy = { .mode = MODE_ENFORCE, .digest = "aa" };
	const struct occurrence o = {
		.verb = "create",
		.id = "3f2c9b7a51de0123456789abcdef0123456789abcdef0123456789abcdef0123",
		.bundle = "/run/b",
		.root = "/run/runc",
		.delegate = "/usr/bin/runc",
		.config_digest = "bb",
		.policy = &policy,
		.report = &report,
		.decision = { .kind = DECISION_DENY, .reason = "rule-violation", .because = &f[1] },
		.began = now(),
	};
	struct record r;
	is_int(record_init(&r, a, NULL), 0, "begun");
	is_int(record_fill(&r, &o, NULL), 0, "filled");
	is_text(value_of(&r, FIELD_MESSAGE), "denied create of container 3f2c9b7a51de: spec.one, spec.two",
		"the sentence");
	is_text(value_of(&r, FIELD_MESSAGE_ID), ID_DENIED, "its id");
	is_text(value_of(&r, FIELD_PRIORITY), "4", "its priority");
	is_text(value_of(&r, FIELD_DECISION), "deny", "its decision");
	is_text(value_of(&r, FIELD_VIOLATION_COUNT), "3", "three errors");
	const char *line = line_of(a, &r);
	const struct doc *d = doc_of(a, line);
	ok(sorted(d) && ascii(line), "the line is sorted and ASCII");
	is_at(d, "event.code", "create.denied");
	is_at(d, "severity", "warning");
	is_at(d, "config.digest", "sha256:bb");
	is_at(d, "policy.digest", "sha256:aa");
	is_at(d, "policy.name", "restricted");
	is_at(d, "policy.version", "v1.36");
	const struct doc *used = doc_find(d, "policy.exempt"), *shadow = doc_find(d, "policy.shadow");
	ok(used && used->count == 2 && bytes_is(used->first->next->string, "EX-9"), "each exemption that was used");
	is_int(shadow ? shadow->count : 0, 2, "what each shadow would have said");
	is_at(shadow->first, "profile", "baseline@v1.37");
	is_at(shadow->first, "decision", "deny");
	is_at(shadow->first, "rules", "nnp,caps.allowed");
	is_at(shadow->first->next, "decision", "allow");
	is_at(d, "container.id", o.id);
	is_at(d, "runtime.path", "/usr/bin/runc");
	is_at(d, "mode", "enforce");
	is_at(d, "reason", "rule-violation");
	is_at(d, "id", r.id);
	is_int(doc_find(d, "process.pid")->integer.magnitude, getpid(), "process.pid is a number");
	is_int(doc_find(d, "process.parent_pid")->integer.magnitude, getppid(), "and so is its parent's");
	const struct doc *v = doc_get(d, "violations");
	is_int(v->count, 4, "errors and warnings are listed, infos are not");
	is_at(v->first, "rule", "spec.one");
	is_at(v->first, "path", "/mounts/7\\x7cx");
	is_at(v->first->next, "path", "/a\\x0ab");
	is_at(v->first->next->next->next, "severity", "warning");
	ok(!strstr(line, "hunter2"), "what may not be shown is not shown");
	for (size_t i = 0; i < r.count; i++)
		if (memmem(r.entries[i].value.data, r.entries[i].value.len, "hunter2", 7))
			ok(false, "nor in field %d", (int)r.entries[i].field);
	size_t rules = 0;
	for (size_t i = 0; i < r.count; i++)
		rules += r.entries[i].field == FIELD_RULE;
	is_int(rules, 2, "each rule once");
	char exe[512];
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)getppid());
	const ssize_t n = readlink(path, exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	if (n > 0)
		is_at(d, "caller.exe", exe);
	ok(!record_find(&r, FIELD_OBJECT_PID), "our parent is no engine's monitor");
}

static void test_kinds(void)
{
	static const struct {
		enum decision_kind kind;
		const char *verb, *id, *reason, *says, *priority, *message_id, *event;
	} rows[] = {
		{ DECISION_ALLOW, "create", "web", NULL, "allowed create of container web", "5", ID_ALLOWED,
			"create.allowed" },
		{ DECISION_ALLOW, "exec", "web", NULL, "allowed exec in container web", "5", ID_ALLOWED,
			"exec.allowed" },
		{ DECISION_WOULD_DENY, "run", "web", "rule-violation",
			"would have denied run of container web: spec.one", "4", ID_WOULD_DENY, "run.would-deny" },
		{ DECISION_BYPASS, "create", "a\x1b[1m", "break-glass",
			"let through create of container a\\x1b[1m: spec.one", "4", ID_BYPASS, "create.bypassed" },
		{ DECISION_ERROR, "create", NULL, "bundle-unreadable",
			"refused create of a container without a name: bundle-unreadable (json.utf8): it is broken",
			"3", ID_ERROR, "create.error" },
	};
	struct finding f = finding("spec.one", SEV_ERROR, "");
	struct report report = { .findings = &f, .count = 1, .errors = 1 };
	struct fail why = { .code = -EBADMSG,
		.cause = CAUSE_BUNDLE,
		.rule = "json.utf8",
		.says = "it is broken",
		.file = "c.json" };
	why.place.line = 3;
	why.place.column = 7;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = fresh_arena();
		const bool broken = rows[i].kind == DECISION_ERROR;
		const struct report none = { 0 };
		const struct occurrence o = {
			.verb = rows[i].verb,
			.id = rows[i].id,
			.report = broken                         ? NULL
				: rows[i].kind == DECISION_ALLOW ? &none
								 : &report,
			.why = broken ? &why : NULL,
			.decision = { .kind = rows[i].kind, .reason = rows[i].reason },
		};
		struct record r;
		(void)record_init(&r, a, NULL);
		is_int(record_fill(&r, &o, NULL), 0, "%s is filled", rows[i].event);
		is_text(value_of(&r, FIELD_MESSAGE), rows[i].says, "its sentence");
		is_text(value_of(&r, FIELD_PRIORITY), rows[i].priority, "its priority");
		is_text(value_of(&r, FIELD_MESSAGE_ID), rows[i].message_id, "its message id");
		is_text(value_of(&r, FIELD_EVENT), rows[i].event, "its code");
		ok(!record_find(&r, FIELD_ELAPSED_US) && !record_find(&r, FIELD_MODE), "what is unknown is left out");
		if (broken)
			is_text(value_of(&r, FIELD_VIOLATION), "json.utf8|error||it is broken (c.json:3:7)",
				"and what broke where");
	}
}

/* Whom it is about: with the word of trust of the least of it, and in the sentence only what an engine vouches for. */
static void test_identity(void)
{
	static const struct {
		const char *context, *says, *trust, *engine_trust;
	} rows[] = {
		{ "{\"engine\":\"containerd-cri\",\"namespace\":\"k8s.io\","
		  "\"container\":{\"name\":\"app\",\"type\":\"container\"},"
		  "\"pod\":{\"namespace\":\"pay\",\"name\":\"web-1\",\"uid\":\"u-1\",\"sandbox\":\"s-1\"},"
		  "\"image\":{\"ref\":\"r/web:1\",\"digest\":\"sha256:00\"},\"trust\":{\"engine\":\"place\","
		  "\"namespace\":\"place\",\"container\":\"engine\",\"pod\":\"engine\",\"image\":\"engine\"}}",
			"allowed create of container web (pay/web-1/app)", "engine", "place" },
		{ "{\"engine\":\"docker\",\"container\":{\"name\":\"x\"},\"pod\":{\"namespace\":\"pay\",\"name\":"
		  "\"web-1\",\"uid\":\"u-1\",\"sandbox\":\"s-1\"},\"image\":{\"digest\":\"sha256:00\"},"
		  "\"trust\":{\"engine\":\"place\",\"container\":\"engine\",\"pod\":\"claim\",\"image\":\"engine\"}}",
			"allowed create of container web", "claim", "place" },
		{ "{\"engine\":\"docker\",\"container\":{\"name\":\"x\"},\"pod\":{\"namespace\":\"pay\",\"uid\":\"u-"
		  "1\"},"
		  "\"trust\":{\"engine\":\"claim\",\"container\":\"engine\",\"container.name\":\"claim\","
		  "\"pod\":\"engine\"}}",
			"allowed create of container web", "claim", "claim" },
		{ "{\"container\":{\"id\":\"web\"},\"trust\":{\"container\":\"claim\"}}",
			"allowed create of container web", "(absent)", "(absent)" },
		{ "{\"pod\":{\"namespace\":\"a\\u001b[2J\\nb\",\"name\":\"\\u202e\",\"uid\":7},\"trust\":{\"pod\":"
		  "\"engine\"}}",
			"allowed create of container web (a\\x1b[2J\\x0ab/\\xe2\\x80\\xae)", "engine", "(absent)" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = fresh_arena();
		const struct occurrence o = { .verb = "create", .id = "web", .context = doc_of(a, rows[i].context) };
		struct record r = { 0 };
		struct fail why;
		is_int(record_init(&r, a, &why) | record_fill(&r, &o, &why), 0, "a record with a context");
		const struct doc *d = doc_of(a, line_of(a, &r));
		is_at(d, "message", rows[i].says);
		is_at(d, "identity_trust", rows[i].trust);
		is_at(d, "engine.trust", rows[i].engine_trust);
		ok(sorted(d), "keys are sorted");
		if (i > 0)
			continue;
		is_at(d, "engine.name", "containerd-cri");
		is_at(d, "engine.namespace", "k8s.io");
		is_at(d, "container.name", "app");
		is_at(d, "container.type", "container");
		is_at(d, "container.image.name", "r/web:1");
		is_at(d, "container.image.id", "sha256:00");
		is_at(d, "k8s.namespace.name", "pay");
		is_at(d, "k8s.pod.name", "web-1");
		is_at(d, "k8s.pod.uid", "u-1");
		is_at(d, "sandbox.id", "s-1");
	}
}

static void test_caller(void)
{
	struct caller c;
	caller_read(fresh_arena(), &c);
	ok(c.uid == geteuid() || c.parent == 0, "the caller's effective user");

	static const struct {
		const char *text, *unit;
	} rows[] = {
		{ "0::/system.slice/containerd.service\n", "containerd.service" },
		{ "12:pids:/x\n1:name=systemd:/system.slice/docker.service/foo\n0::/system.slice/other.service\n",
			"docker.service" },
		{ "1:name=systemd:/\n0::/machine.slice/libpod-conmon-1.scope\n", "libpod-conmon-1.scope" },
		{ "0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.service\n", "user@1000.service" },
		{ "0::/kubepods/burst/pod\n", "" },
		{ "0::/system.slice/_cpu.service", "cpu.service" },
		{ "0::/../a.service\n", "" },
		{ "", "" },
		{ "nonsense", "" },
		{ "0::", "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(bytes_is(unit_of_cgroup(bytes_of(rows[i].text)), rows[i].unit), "unit %s", rows[i].unit);
	ok(caller_is_monitor("/usr/bin/conmon") && caller_is_monitor("/usr/bin/containerd-shim-runc-v2 (deleted)") &&
			caller_is_monitor("/usr/bin/crio"),
		"conmon, shims and crio are monitors");
	ok(!caller_is_monitor("/usr/bin/podman") && !caller_is_monitor("/tmp/conmon/sh") && !caller_is_monitor(NULL) &&
			!caller_is_monitor("/usr/bin/conmon2"),
		"podman and others are not");
}

/* The line that a chain gets is written once, with the hash put where it belongs. */
static void test_hashed(void)
{
	struct arena *a = fresh_arena();
	struct record r = { 0 };
	struct fail f = { 0 };
	char hash[DIGEST_HEX] = "", sum[DIGEST_HEX];
	const struct occurrence o = { .verb = "create", .id = "x", .decision = { .kind = DECISION_ALLOW } };
	is_int(record_init(&r, a, &f), 0, "(a record)");
	is_int(record_fill(&r, &o, &f), 0, "(filled)");
	struct text line = text_growing(a);
	(void)record_add(&r, FIELD_PREV, BYTES("before"));
	const char *without = line_of(a, &r);
	line = text_growing(a);
	is_int(record_json_hashed(&r, BYTES("before"), hash, &line), 0, "one that links has");
	digest_hex(BYTES("before"), bytes_of(without), sum);
	ok(strcmp(hash, sum) == 0, "over what came before and the line without it");
	(void)record_add(&r, FIELD_HASH, bytes_of(hash));
	ok(strcmp(line.data, line_of(a, &r)) == 0, "and the line is that of the record with it");
}

static void test_exhausted(void)
{
	for (size_t limit = 0; limit < 200000; limit += 7777) {
		struct arena small;
		struct record r;
		const struct occurrence o = { .verb = "create", .id = "x", .decision = { .kind = DECISION_ALLOW } };
		arena_init(&small, limit);
		struct fail f = { 0 };
		int e = record_init(&r, &small, &f);
		if (e == 0)
			e = record_fill(&r, &o, &f);
		struct text t = text_growing(&small);
		if (e == 0)
			e = record_json(&r, &t);
		ok(e == 0 || e == -ENOMEM, "with %zu bytes of memory: done, or -ENOMEM", limit);
		arena_done(&small);
	}
}

int main(void)
{
	test_table();
	test_order();
	test_id();
	test_values();
	test_limit();
	test_denial();
	test_kinds();
	test_identity();
	test_caller();
	test_hashed();
	test_exhausted();
	arena_done(fresh_arena());
	return tap_done();
}
