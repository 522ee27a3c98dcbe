/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald itself on the other side: what it stores is what was sent, and whatever state it is in, nobody waits
 * too long.
 */
#include "audit/journal.h"

#include "tests/unit/journald.h"
#include "validate/doc/doc.h"

static const struct places plain = { .journal = JOURNAL_NONE, .journal_default = JOURNAL_DEFAULT };
static const struct places both = { .journal = JOURNAL_RUNVET, .journal_default = JOURNAL_DEFAULT };
static struct fail why;

static const struct doc *read_back(struct arena *a, const char *id, const char *options)
{
	const struct doc *d = NULL;
	const struct doc_options o = { .file = "journalctl" };
	char arguments[200];
	snprintf(arguments, sizeof(arguments), "%s -o json RUNVET_RECORD=%s", options, id);
	const char *text = journalctl(arguments);
	is_int(count_of(text, "\n"), 1, "one entry has this record's id");
	const char *copy = arena_copy(a, (struct bytes){ text, strcspn(text, "\n") });
	is_int(doc_parse(a, bytes_of(copy), &o, &d, &why), 0, "it is read back %s", why.says);
	return d;
}

static int send_it(const struct record *r, const struct places *p, long ms, const char **ret_socket)
{
	why = (struct fail){ 0 };
	return journal_send(r, p, deadline_in(ms), ret_socket, &why);
}

/* Adds as no record_add would: raw. */
static void add_raw(struct record *r, enum field f, const char *data, size_t len)
{
	(void)record_add(r, f, BYTES("x"));
	r->entries[r->count - 1].value = (struct bytes){ data, len };
}

static bool has(const struct doc *value, struct bytes want)
{
	if (value && value->type == DOC_STRING)
		return bytes_equal(value->string, want);
	if (!value || value->type != DOC_ARRAY)
		return false;
	/* An array of numbers is one value with bytes that are no text; of strings, several values. */
	if (value->first && value->first->type == DOC_INT) {
		size_t i = 0;
		for (const struct doc *e = value->first; e; e = e->next, i++)
			if (i >= want.len || e->integer.magnitude != (unsigned char)want.data[i])
				return false;
		return i == want.len;
	}
	for (const struct doc *e = value->first; e; e = e->next)
		if (has(e, want))
			return true;
	return false;
}

static void test_same(void)
{
	static char big[5000], huge[300000];
	static const char forged[] = "x\nRUNVET_DECISION=allow\n\nMESSAGE=forged\nRUNVET_DECISION=allow\n";
	struct arena *a = fresh_arena();
	const char *socket = NULL;
	memset(big, 'b', sizeof(big));
	for (size_t i = 0; i < sizeof(huge); i++)
		huge[i] = (char)('a' + i % 26);
	for (int round = 0; round < 2; round++) {
		struct record r = some_record(a, "caf\xc3\xa9 \"q\" \\ \n\x1b[2J");
		(void)record_add(&r, FIELD_RULE, BYTES("spec.one"));
		(void)record_add(&r, FIELD_RULE, BYTES("spec.two"));
		(void)record_add(&r, FIELD_DECISION, BYTES("deny"));
		add_raw(&r, FIELD_BUNDLE, forged, sizeof(forged) - 1);
		add_raw(&r, FIELD_ROOT, big, sizeof(big));
		add_raw(&r, FIELD_CALLER_UNIT, "a\nb\nc", 5);
		add_raw(&r, FIELD_CALLER_EXE, "\xff\x00\n\x01z", 5);
		add_raw(&r, FIELD_REASON, "", 0);
		if (round == 1)
			add_raw(&r, FIELD_VIOLATION, huge, sizeof(huge));
		is_int(send_it(&r, &plain, 1000, &socket), 0, "sent %s %s", round ? "with 300 kB, by memfd" : "",
			why.says);
		is_text(socket, JOURNAL_DEFAULT, "to the default socket, there being no other");
		is_int(geteuid() == 0 ? journal_ack(socket, deadline_in(5000)) : 0, 0, "acknowledged");
		const struct doc *d = read_back(a, r.id, "");
		for (size_t i = 0; i < r.count; i++) {
			const struct field_row *row = field_row(r.entries[i].field);
			if (row->journal)
				ok(has(doc_get(d, row->journal), r.entries[i].value), "%s is what was sent",
					row->journal);
			else
				ok(!row->json || !strchr(row->json, '_') || !doc_get(d, row->json), "%s is not there",
					row->json);
		}
		ok(doc_get(d, "RUNVET_RULE")->type == DOC_ARRAY && doc_get(d, "RUNVET_RULE")->count == 2,
			"two rules, two values");
		ok(bytes_is(doc_string(d, "RUNVET_DECISION", BYTES("")), "deny"), "the decision is not forged");
		is_text(journalctl("-o cat MESSAGE=forged"), "", "nor a second entry");
		ok(bytes_is(doc_string(d, "_TRANSPORT", BYTES("")), "journal"), "it came by the native protocol");
	}
	is_text(arena_copy(a, bytes_of(journalctl("-o cat -p 4 SYSLOG_IDENTIFIER=runvet"))), "",
		"priorities count: none below 5");
	const char *text = journalctl("-o cat SYSLOG_IDENTIFIER=runvet");
	is_int(count_of(text, "\n"), 2, "a line each");
	ok(!strchr(text, '\x1b'), "that turns no terminal");
}

static void test_namespace(void)
{
	struct arena *a = fresh_arena();
	const char *socket = NULL;
	struct record r = some_record(a, "web");
	is_int(send_it(&r, &both, 1000, &socket), 0, "with a namespace: sent %s", why.says);
	const bool reaches = journal_reaches_namespaces;
	is_text(socket, reaches ? JOURNAL_RUNVET : JOURNAL_DEFAULT, "there, or where libsystemd sends everything");
	is_int(journal_ack(socket, deadline_in(5000)), 0, "acknowledged there");
	const struct doc *d = read_back(a, r.id, reaches ? "--namespace=runvet" : "");
	ok(bytes_is(doc_string(d, "_NAMESPACE", BYTES("")), reaches ? "runvet" : ""), "it is in the namespace, or not");
	char arguments[100];
	snprintf(arguments, sizeof(arguments), "%s -o cat RUNVET_RECORD=%s", reaches ? "" : "--namespace=runvet", r.id);
	is_text(journalctl(arguments), "", "and nowhere else");

	fflush(stdout);
	int status = -1;
	const pid_t child = fork();
	if (child == 0) {
		if (setresuid(65534, 65534, 65534) < 0)
			_exit(9);
		struct record s = some_record(a, "rootless");
		int e = send_it(&s, &both, 1000, &socket);
		_exit(e != 0                                                 ? 1
				: strcmp(socket, JOURNAL_DEFAULT) != 0       ? 2
				: journal_ack(socket, deadline_in(100)) == 0 ? 3
									     : 0);
	}
	waitpid(child, &status, 0);
	is_int(WEXITSTATUS(status), 0,
		"a user who may not speak to it uses the default one, and may not ask for an ack");
	is_int(journal_ack(JOURNAL_DEFAULT, deadline_in(5000)), 0, "(acknowledged)");
	is_int(count_of(journalctl("-o cat RUNVET_CONTAINER_ID=rootless _UID=65534"), "\n"), 1, "his record is there");
}

/* Runs journal_send until it fails; how long the failing call took. */
static int send_until_full(struct arena *a, long ms, double *ret_ms)
{
	int e = 0;
	const char *socket;
	for (int i = 0; e == 0 && i < 5000; i++) {
		struct record r = some_record(a, "web");
		const struct timespec began = now();
		e = send_it(&r, &plain, ms, &socket);
		*ret_ms = ms_since(began);
	}
	return e;
}

static void test_stalled(void)
{
	double ms;
	struct arena *a = fresh_arena();
	journald_signal(SIGSTOP);
	is_int(send_until_full(a, 0, &ms), -EAGAIN, "a stopped journald, its queue full, no time: -EAGAIN");
	ok(ms < 1000, "at once: %.2f ms", ms);
	is_int(send_until_full(a, 100, &ms), -EAGAIN, "100 ms to wait: -EAGAIN");
	ok(ms >= 99 && ms < 5000, "after %.2f ms", ms);
	ok(strstr(why.says, JOURNAL_DEFAULT), "and says who: %s", why.says);
	struct timespec began = now();
	is_int(journal_ack(JOURNAL_DEFAULT, deadline_in(100)), -ETIMEDOUT, "it acknowledges nothing");
	ms = ms_since(began);
	ok(ms >= 99 && ms < 5000, "for %.2f ms", ms);
	is_int(journal_ack(JOURNAL_DEFAULT, deadline_in(0)), -ETIMEDOUT, "nor at once");
	journald_signal(SIGCONT);
	is_int(journal_ack(JOURNAL_DEFAULT, deadline_in(10000)), 0, "running again, it does");
	const char *socket;
	struct record r = some_record(a, "web");
	is_int(send_it(&r, &plain, 1000, &socket), 0, "and takes records");
}

static void test_gone(void)
{
	struct arena *a = fresh_arena();
	const char *socket = "untouched";
	struct record r = some_record(a, "web");
	journald_kill();
	struct timespec began = now();
	is_int(send_it(&r, &plain, 1000, &socket), -ECONNREFUSED, "a killed journald: -ECONNREFUSED");
	is_int(journal_ack(JOURNAL_DEFAULT, deadline_in(1000)), -ECONNREFUSED, "no ack either");
	is_text(socket, "untouched", "no socket took it");
	rename(JOURNAL_DEFAULT, "/run/systemd/journal/aside");
	is_int(send_it(&r, &plain, 1000, &socket), -ENOENT, "no socket: -ENOENT, which libsystemd would call success");
	is_int(send_it(&r, &both, 1000, &socket), journal_reaches_namespaces ? 0 : -ENOENT,
		"the namespace takes it all the same, if it can be reached");
	ok(ms_since(began) < 1000, "none of it was waited for");
	rename("/run/systemd/journal/aside", JOURNAL_DEFAULT);
	is_int(journal_ack(JOURNAL_NONE, deadline_in(100)), -ENOENT, "nobody to ask");
	char longer[200];
	memset(longer, 'x', sizeof(longer) - 1);
	longer[0] = '/';
	longer[sizeof(longer) - 2] = '/';
	longer[sizeof(longer) - 1] = '\0';
	is_int(journal_ack(longer, deadline_in(100)), -ENAMETOOLONG, "a path beyond what a socket can have");
	is_int(send_it(&r, &(struct places){ .journal_default = longer }, 100, &socket), -ENAMETOOLONG,
		"when sending too");
	journald_start();
	is_int(send_it(&r, &plain, 1000, &socket), 0, "started again, it takes records");
	is_int(journal_ack(socket, deadline_in(5000)), 0, "and acknowledges");
}

static void test_flooded(void)
{
	struct arena *a = fresh_arena();
	double worst = 0;
	int sent = 0, acked = 0;
	const pid_t flooder = flood();
	for (int i = 0; i < 20; i++) {
		const char *socket;
		struct record r = some_record(a, "web");
		const struct timespec began = now();
		const struct deadline until = deadline_in(50);
		const int e = send_it(&r, &plain, 50, &socket);
		sent += e == 0;
		acked += e == 0 && journal_ack(socket, until) == 0;
		const double ms = ms_since(began);
		worst = ms > worst ? ms : worst;
	}
	end(flooder);
	printf("# flooded: %d of 20 sent, %d acknowledged within 50 ms\n", sent, acked);
	/* What it waited for would take for ever; a machine that is busy with other things has its share. */
	ok(worst < 2000, "flooded by nobody: send and ack together stay within their deadline: %.1f ms", worst);
	is_int(journal_ack(JOURNAL_DEFAULT, deadline_in(20000)), 0, "afterwards it acknowledges again");
}

int main(void)
{
	need_journald();
	const int before = open_descriptors();
	test_same();
	test_namespace();
	test_stalled();
	test_gone();
	test_flooded();
	/* libsystemd keeps its socket, which is close-on-exec. */
	is_int(open_descriptors(), before + !journal_reaches_namespaces, "every descriptor is closed again");
	arena_done(fresh_arena());
	return tap_done();
}
