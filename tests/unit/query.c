/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the trail: times as they are said, options and what is wrong with them, filters, and chains that somebody
 * rotated, spilled, cut, changed or filled with what is no record.
 */
#include "ctl/audit/query.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "ctl/audit/point.h"
#include "ctl/audit/print.h"
#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"

static const struct verb verb = { .name = "audit test" };
static char dir[40];
static struct arena arena;

/* --- times ------------------------------------------------------------------------------------------------------- */

static const char *when(const char *word)
{
	static char text[WHEN_SIZE];
	struct timespec t, now;

	(void)when_read(BYTES("2026-11-22T06:30:15Z"), &now);
	if (query_time(word, now, &t) < 0)
		return "none";
	when_write(t, false, text);
	return text;
}

static void test_times(void)
{
	static const struct {
		const char *word, *when;
	} rows[] = {
		{ "now", "2026-11-22T06:30:15Z" },
		{ "today", "2026-11-22T00:00:00Z" },
		{ "yesterday", "2026-11-21T00:00:00Z" },
		{ "tomorrow", "2026-11-23T00:00:00Z" },
		{ "-1h", "2026-11-22T05:30:15Z" },
		{ "-1h 30min", "2026-11-22T05:00:15Z" },
		{ "+2d", "2026-11-24T06:30:15Z" },
		{ "2 hours ago", "2026-11-22T04:30:15Z" },
		{ "3 days ago", "2026-11-19T06:30:15Z" },
		{ "1week ago", "2026-11-15T06:30:15Z" },
		{ "05:00", "2026-11-22T05:00:00Z" },
		{ "05:00:07", "2026-11-22T05:00:07Z" },
		{ "2026-11-20", "2026-11-20T00:00:00Z" },
		{ "2026-11-20 05:00", "2026-11-20T05:00:00Z" },
		{ "2026-11-20 05:00:30", "2026-11-20T05:00:30Z" },
		{ "2026-11-20T05:00:30.123Z", "2026-11-20T05:00:30Z" },
		{ "2026-11-20 05:00 UTC", "2026-11-20T05:00:00Z" },
		{ "2024-02-29", "2024-02-29T00:00:00Z" },
		{ "@1795000000", "2026-11-18T11:06:40Z" },
		{ "", "none" },
		{ "2026-02-30", "none" },
		{ "2026-13-01", "none" },
		{ "25:00", "none" },
		{ "05:61", "none" },
		{ "1h", "none" },
		{ "ago", "none" },
		{ "-", "none" },
		{ "-1x", "none" },
		{ "-99999999999999999999h", "none" },
		{ "-9000000000000000h", "none" },
		{ "2 hours ago please", "none" },
		{ "@", "none" },
		{ "@12x", "none" },
		{ "@99999999999999999999", "none" },
		{ "2026-11-20 05:00 CET", "none" },
		{ "yesterda", "none" },
		{ "2026-11-22T05:00:00ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "none" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_text(when(rows[i].word), rows[i].when, "a time: \"%s\"", rows[i].word);
	(void)setenv("TZ", "Etc/GMT-3", 1);
	tzset();
	is_text(when("2026-11-20 05:00"), "2026-11-20T02:00:00Z", "without a zone it is the reader's own");
	is_text(when("2026-11-20T05:00:00Z"), "2026-11-20T05:00:00Z", "with one it is that");
	is_text(when("today"), "2026-11-21T21:00:00Z", "so is today");
	(void)setenv("TZ", "UTC", 1);
	tzset();
}

/* --- options ----------------------------------------------------------------------------------------------------- */

/* What query_option says of one word and the next, and query_check of all. */
static int take(struct query *q, const char *word, const char *next)
{
	char *argv[] = { arena_copy(&arena, bytes_of(word)), next ? arena_copy(&arena, bytes_of(next)) : NULL, NULL };
	int at = 0;

	const int r = query_option(q, &verb, next ? 2 : 1, argv, &at);
	return r > 0 ? query_check(q, &verb) : r;
}

static void test_options(void)
{
	static const char *const wrong[][2] = {
		{ "--decision", "dny" },
		{ "--decision", NULL },
		{ "--decision=", NULL },
		{ "--action", "creat" },
		{ "--pod", "web" },
		{ "--namespace", "nett" },
		{ "--namespace", "net=hst" },
		{ "--user", "nobody-is-called-so" },
		{ "--since", "yesterda" },
		{ "--since", NULL },
		{ "--last", "0" },
		{ "--last", "-3" },
		{ "--last", "many" },
		{ "--last", "99999999999" },
		{ "--boot=12", NULL },
		{ "--in", "chains" },
		{ "--lifecycle=yes", NULL },
		{ "--reverse", NULL },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct query q;
		query_init(&q);
		is_int(take(&q, wrong[i][0], wrong[i][1]), -AUDIT_TROUBLE, "%s %s is refused", wrong[i][0],
			wrong[i][1] ? wrong[i][1] : "");
		query_done(&q);
	}
	struct query q;
	query_init(&q);
	is_int(take(&q, "--since", "2026-11-22"), 0, "a time");
	is_int(take(&q, "--until=2026-11-21", NULL), -AUDIT_TROUBLE, "that ends before it begins");
	is_int(take(&q, "--nonsense", "x"), 0, "what is no option of a query is left to others");
	query_done(&q);
	const char *help = query_help();
	bool fits = true;
	for (const char *line = help; *line; line = strchr(line, '\n') + 1)
		fits = fits && strcspn(line, "\n") <= 80;
	ok(fits, "the help is at most 80 columns wide");
	for (size_t i = 0; query_options()[i]; i++)
		if (strcmp(query_options()[i], "--format") != 0 && strcmp(query_options()[i], "--help") != 0)
			ok(strstr(help, query_options()[i]), "the help tells of %s", query_options()[i]);
}

/* --- filters ----------------------------------------------------------------------------------------------------- */

static const char a_record[] = "{\"action\":\"create\",\"caller\":{\"exe\":\"/usr/bin/"
			       "conmon\",\"unit\":\"crio.service\"},\"container\":{\"id\":"
			       "\"3f2c9b\",\"image\":{\"id\":\"sha256:77\",\"name\":\"reg/"
			       "web:1\"},\"name\":\"web\"},\"decision\":\"deny\",\"event\":{"
			       "\"code\":\"create.denied\"},\"facts\":{\"capabilities\":[\"CAP_SYS_ADMIN\",\"CAP_"
			       "KILL\"],\"namespaces\":[{\"how\":"
			       "\"host\",\"kind\":\"net\"},{\"how\":\"joined\",\"kind\":\"pid\"},{\"how\":\"new\","
			       "\"kind\":\"mnt\"}]},\"host\":{\"boot_id\":"
			       "\"96076f01-7898-4d2e-a634-36c9e7e30c08\"},\"k8s\":{\"namespace\":{\"name\":"
			       "\"payments\"},\"pod\":{\"name\":\"web-1\"}},"
			       "\"policy\":{\"digest\":\"sha256:9f86\",\"name\":\"baseline\",\"version\":\"v1.37\"},"
			       "\"user\":{\"auid\":1000,\"euid\":0},"
			       "\"violations\":[{\"rule\":\"mount.host\"},{\"rule\":\"caps.allowed\"}]}";

static const struct doc *parse(const char *text)
{
	const struct doc_options options = { .file = "test", .cause = CAUSE_AUDIT };
	const struct doc *root = NULL;
	if (doc_parse(&arena, bytes_of(text), &options, &root, NULL) < 0)
		abort();
	return root;
}

static void test_filters(void)
{
	static const struct {
		const char *option, *word;
		bool takes;
	} rows[] = {
		{ "--decision", "deny", true },
		{ "--decision", "allow", false },
		{ "--action", "create", true },
		{ "--action", "exec", false },
		{ "--event", "create.*", true },
		{ "--event", "*.allowed", false },
		{ "--rule", "mount.host", true },
		{ "--rule", "caps.*", true },
		{ "--rule", "mount", false },
		{ "--rule", "mount.h*t", true },
		{ "--rule", "*x*", false },
		{ "--container", "3f2c", true },
		{ "--container", "web", true },
		{ "--container", "we", false },
		{ "--pod", "payments/web-1", true },
		{ "--pod", "payments/*", true },
		{ "--pod", "*/web-*", true },
		{ "--pod", "shop/*", false },
		{ "--image", "reg/*", true },
		{ "--image", "sha256:77", true },
		{ "--image", "reg", false },
		{ "--caller", "conmon", true },
		{ "--caller", "crio.service", true },
		{ "--caller", "/usr/bin/*", true },
		{ "--caller", "docker*", false },
		{ "--user", "1000", true },
		{ "--user", "0", false },
		{ "--policy", "baseline", true },
		{ "--policy", "baseline@v1.37", true },
		{ "--policy", "baseline@v1.36", false },
		{ "--policy", "sha256:9f", true },
		{ "--policy", "strict", false },
		{ "--capability", "sys_admin", true },
		{ "--capability", "CAP_SYS_ADMIN", true },
		{ "--capability", "cap-kill", true },
		{ "--capability", "chown", false },
		{ "--namespace", "net", true },
		{ "--namespace", "network=host", true },
		{ "--namespace", "net=joined", false },
		{ "--namespace", "pid", true },
		{ "--namespace", "pid=joined", true },
		{ "--namespace", "mount", false },
		{ "--namespace", "mount=new", true },
		{ "--namespace", "ipc", false },
		{ "--boot=96076f0178984d2ea63436c9e7e30c08", NULL, true },
		{ "--boot=96076f0178984d2ea63436c9e7e30c09", NULL, false },
	};
	const struct doc *d = parse(a_record);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct query q;
		query_init(&q);
		if (take(&q, rows[i].option, rows[i].word) < 0)
			abort();
		is_int(query_takes(&q, d), rows[i].takes, "%s %s", rows[i].option, rows[i].word ? rows[i].word : "");
		query_done(&q);
	}
	struct query q;
	query_init(&q);
	(void)take(&q, "--decision", "allow");
	(void)take(&q, "--decision", "deny");
	ok(query_takes(&q, d), "of several words of a filter one has to match");
	(void)take(&q, "--rule", "nnp");
	ok(!query_takes(&q, d), "of several filters all have to");
	query_done(&q);
	query_init(&q);
	const struct doc *small = parse("{\"action\":\"start\",\"event\":{\"code\":\"container.start\"}}");
	ok(!query_takes(&q, small), "steps of containers are left out");
	(void)take(&q, "--action", "start");
	ok(query_takes(&q, small), "unless one asks for that very action");
	query_done(&q);
	ok(query_is_id("0199aa7b") && query_is_id("0199aa7b-3f2c") && !query_is_id("0199aa7") && !query_is_id("web") &&
			!query_is_id("0199aa7b3f2c"),
		"what can be a record's id");
}

/* --- chains ------------------------------------------------------------------------------------------------------ */

struct writer {
	struct head head;
	unsigned files;
	time_t at;
};

/* A line as the chain has it. */
static const char *make_line(struct writer *w, const char *action)
{
	char sum[DIGEST_HEX], time[WHEN_SIZE];
	struct text body = text_growing(&arena), line = text_growing(&arena);

	when_write((struct timespec){ .tv_sec = w->at++ }, true, time);
	const uint64_t seq = ++w->head.seq;
	for (int with = 0; with < 2; with++) {
		struct text *to = with ? &line : &body;
		text_printf(to, "{\"action\":\"%s\",\"chain\":\"%s\",\"decision\":\"allow\"", action, w->head.chain);
		if (with)
			text_printf(to, ",\"hash\":\"%s\"", sum);
		text_printf(to,
			",\"id\":\"%08x-0000-7000-8000-000000000000\",\"prev\":\"%s\",\"seq\":%llu,\"time\":\"%s\"}",
			(unsigned)seq, w->head.hash, (unsigned long long)seq, time);
		if (!with)
			digest_hex(bytes_of(w->head.hash), (struct bytes){ body.data, body.len }, sum);
	}
	memcpy(w->head.hash, sum, sizeof(sum));
	return line.data;
}

static struct writer begin(char c, time_t at)
{
	struct writer w = { .at = at };
	memset(w.head.chain, c, CHAIN_ID - 1);
	memcpy(w.head.hash, CHAIN_NONE, sizeof(w.head.hash));
	return w;
}

static void append(const char *name, struct bytes text)
{
	char path[128];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || fd_write_all(fd, text, NULL) < 0)
		abort();
	close(fd);
}

static void append_line(const char *name, const char *line)
{
	append(name, bytes_of(line));
	append(name, BYTES("\n"));
}

static void fill(const char *name, struct writer *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		append_line(name, make_line(w, "create"));
}

static void fresh(void)
{
	char command[256];
	snprintf(command, sizeof(command), "rm -rf %s && mkdir %s", dir, dir);
	if (system(command) != 0)
		abort();
}

static void rotate(void)
{
	char command[512];
	snprintf(command, sizeof(command),
		"cd %s && for n in 3 2 1; do [ ! -e chain.$n ] || mv chain.$n chain.$((n + 1)); done; mv chain chain.1",
		dir);
	if (system(command) != 0)
		abort();
}

static struct text told;
static int most;

static int on_seen(const struct seen *s, void *data)
{
	(void)data;
	if (s->sound)
		text_printf(&told, "%s%c%llu", told.len ? " " : "", s->chain.data[0], (unsigned long long)s->seq);
	else
		text_printf(&told, "%s%s", told.len ? " " : "", s->root ? "changed" : "none");
	return most > 0 && --most == 0 ? 7 : 0;
}

/* "a1 a2 changed b1": chain and number. */
static const char *each(struct query *q)
{
	told = text_growing(&arena);
	q->directory = dir;
	const int r = query_each(q, on_seen, NULL);
	if (r != 0)
		text_printf(&told, " -> %d", r);
	return told.data;
}

static void test_chain(void)
{
	struct query q;
	struct writer a = begin('a', 1000), b = begin('b', 1002), c = begin('c', 2000);

	query_init(&q);
	fresh();
	is_text(each(&q), "", "nothing");
	fill("chain", &a, 2);
	is_text(each(&q), "a1 a2", "two lines");
	append("chain", BYTES("{\"half"));
	is_text(each(&q), "a1 a2", "half a line at the end is one that somebody is writing");
	fresh();
	a = begin('a', 1000);
	for (int i = 0; i < 12; i++) {
		char name[16];
		snprintf(name, sizeof(name), "chain.%d", 12 - i);
		fill(name, &a, 1);
	}
	fill("chain", &a, 1);
	is_text(each(&q), "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13", "rotated files, the tenth before the second");
	q.last = 2;
	is_text(each(&q), "a12 a13", "the last two");
	q.reverse = true;
	is_text(each(&q), "a13 a12", "the newest first");
	q.last = 1000;
	q.reverse = false;
	is_text(each(&q), "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13", "the last of more than there are");
	q.last = 0;
	most = 3;
	is_text(each(&q), "a1 a2 a3 -> 7", "it ends when the visit says so");
	fresh();
	a = begin('a', 1000);
	fill("chain", &a, 4);
	fill("merged-b.jsonl", &b, 2);
	fill("merged-c.jsonl", &c, 1);
	append_line("other.jsonl", "no chain");
	is_text(each(&q), "a1 a2 a3 b1 a4 b2 c1", "chains that were merged come in between, by their time");
	q.since.tv_sec = 1002;
	q.until.tv_sec = 1003;
	is_text(each(&q), "a3 b1 a4 b2", "within a time");
	query_done(&q);
}

static void test_hostile(void)
{
	struct query q;
	struct writer a = begin('a', 1000);
	char *big = arena_alloc(&arena, 1 << 20);

	query_init(&q);
	fresh();
	memset(big, 'x', 1 << 20);
	fill("chain", &a, 1);
	append("chain", BYTES("\n"));
	append_line("chain", "no json at all");
	append("chain", BYTES("{\"a\0b\":1}\n"));
	append_line("chain", "{\"id\":\"\x1b[2J\xff\"}");
	append("chain", (struct bytes){ big, 1 << 20 });
	append("chain", BYTES("\n"));
	fill("chain", &a, 1);
	is_text(each(&q), "a1 none none none none none a2", "what is no record comes as that, each once");
	fresh();
	a = begin('a', 1000);
	fill("chain", &a, 1);
	char *line = arena_copy(&arena, bytes_of(make_line(&a, "create")));
	memcpy(strstr(line, "allow"), "deny!", 5);
	append_line("chain", line);
	fill("chain", &a, 1);
	(void)take(&q, "--decision", "bypass");
	is_text(each(&q), "changed", "a changed line comes whatever is asked for");
	append_line("chain",
		make_line(&a,
			"a\xc2\x9b"
			"b"));
	is_text(each(&q), "changed changed", "a line with a right hash that no writer of ours makes is none");
	fresh();
	append("chain", (struct bytes){ big, 300000 });
	is_text(each(&q), "none", "a line without an end is told of once");
	query_done(&q);
}

/* --- going on ---------------------------------------------------------------------------------------------------- */

static void test_point(void)
{
	struct query q;
	struct point p;
	struct writer a = begin('a', 1000);
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/point", dir);
	query_init(&q);
	point_init(&p);
	fresh();
	fill("chain", &a, 3);
	q.point = &p;
	is_text(each(&q), "a1 a2 a3", "first all");
	is_text(each(&q), "", "then nothing");
	fill("chain", &a, 1);
	rotate();
	fill("chain", &a, 2);
	is_text(each(&q), "a4 a5 a6", "what came across a rotation");
	is_int(point_write(&p, path), 0, "written");
	point_done(&p);
	point_init(&p);
	is_int(point_read(&p, path), 0, "and read");
	fill("chain", &a, 1);
	append_line("chain", "no record");
	is_text(each(&q), "a7 none", "another run goes on, past what is no record");
	is_text(each(&q), "", "which is told of once");
	fill("chain", &a, 1);
	rotate();
	fill("chain", &a, 1);
	rotate();
	fill("chain", &a, 1);
	is_text(each(&q), "a8 a9 a10", "two rotations at once");
	ok(!point_missing(&p), "nothing is missing");
	/* A copy elsewhere has other inodes: the numbers tell. */
	char command[512];
	snprintf(command, sizeof(command), "cp -r %s %s.copy && rm -rf %s && mv %s.copy %s", dir, dir, dir, dir, dir);
	if (system(command) != 0)
		abort();
	fill("chain", &a, 1);
	is_text(each(&q), "none a11", "by number, where the files are others; what has no number comes again");
	snprintf(command, sizeof(command), "sed -i '$d' %s/chain", dir);
	if (system(command) != 0)
		abort();
	(void)point_write(&p, path);
	point_done(&p);
	point_init(&p);
	(void)point_read(&p, path);
	(void)each(&q);
	ok(point_missing(&p), "an end that was cut off is missed");
	point_done(&p);
	point_init(&p);
	fresh();
	a = begin('a', 1000);
	fill("chain", &a, 2);
	(void)each(&q);
	(void)point_write(&p, path);
	fresh();
	a = begin('a', 500);
	fill("chain", &a, 2);
	(void)each(&q);
	ok(point_missing(&p), "a chain that was written anew is told from the one that was exported");
	point_done(&p);
	point_init(&p);
	append("point", BYTES("{\"version\":1,\"chains\":[{\"chain\":\"x\"}]}"));
	is_int(point_read(&p, path), -EBADMSG, "a checkpoint that is none");
	is_int(point_read(&p, "/nonexistent/point"), 0, "a missing one is a beginning");
	point_done(&p);
	query_done(&q);
}

int main(void)
{
	(void)setenv("TZ", "UTC", 1);
	tzset();
	(void)snprintf(dir, sizeof(dir), "/tmp/runvet-query-%d", (int)getpid());
	arena_init(&arena, LIMIT_ARENA);
	/* Complaints are wanted here, and not to be read. */
	if (!freopen("/dev/null", "we", stderr))
		return 1;
	test_times();
	test_options();
	test_filters();
	test_chain();
	test_hostile();
	test_point();
	char command[96];
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	(void)!system(command);
	arena_done(&arena);
	return tap_done();
}
