/* SPDX-License-Identifier: Apache-2.0 */
/* What a report is made of: bounded counts, columns of time, durations, escaping, and a file that is replaced whole. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/audit/page.h"
#include "ctl/audit/replace.h"
#include "tests/tap.h"

static struct arena arena;

static void test_top(void)
{
	struct top t;
	const struct top_entry *list[8];
	char name[32];
	const struct timespec when = { .tv_sec = 1 };

	is_int(top_init(&t, &arena, 16), 0, "a table of 16");
	ok(!top_add(&t, BYTES(""), KIND_ALLOW, when), "an empty name is none");
	for (int i = 0; i < 10; i++)
		for (int k = 0; k <= i; k++) {
			(void)snprintf(name, sizeof(name), "name %d", i);
			top_add(&t, bytes_of(name), k ? KIND_ALLOW : KIND_DENY, when);
		}
	ok(!t.full && t.used == 10, "while there is room nothing is lost");
	is_int(top_list(&t, list, 3), 3, "three are asked for");
	is_text(list[0]->name, "name 9", "the most frequent is first");
	ok(top_least(list[0]) == 10 && list[0]->over == 0, "its count is exact");
	ok(list[0]->by[KIND_DENY] == 1 && list[0]->by[KIND_ALLOW] == 9, "by kind as well");
	is_text(list[2]->name, "name 7", "the third is third");

	/* Names without end, among them one that is in a tenth of all. */
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(name, sizeof(name), i % 10 == 0 ? "often" : "once %d", i);
		top_add(&t, bytes_of(name), KIND_ALLOW, when);
	}
	const size_t n = top_list(&t, list, 8);
	ok(n == 8 && t.full && t.used == 16, "the table is full, and no larger");
	is_text(list[0]->name, "often", "what is frequent is not missed");
	ok(top_least(list[0]) <= 2000 && list[0]->count >= 2000, "its true count lies between the two that are given");
	is_int(t.total, 20055, "all were counted");
	for (size_t i = 0; i < t.used; i++)
		ok(t.entries[i].count >= t.entries[i].over, "no entry is below zero");

	char *much = arena_alloc(&arena, 4001);
	memset(much, 'x', 4000);
	const struct top_entry *e = top_add(&t, (struct bytes){ much, 4000 }, KIND_ALLOW, when);
	ok(strlen(e->name) < TOP_NAME && strcmp(e->name + strlen(e->name) - 3, "...") == 0,
		"a long name is cut, and says so");
	much[3999] = 'y';
	ok(top_add(&t, (struct bytes){ much, 4000 }, KIND_ALLOW, when)->count != e->count + 2,
		"another that begins so is another");
}

static uint64_t all_of(const struct timeline *t)
{
	uint64_t n = 0;
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < KIND_MAX; k++)
			n += t->by[i][k];
	return n;
}

static void test_timeline(void)
{
	static const int64_t spans[] = { 10, 119, 120, 121, 3600, 86400, 86400 * 30, INT64_C(86400) * 3650 };

	for (size_t s = 0; s < sizeof(spans) / sizeof(spans[0]); s++) {
		struct timeline up = { 0 }, down = { 0 }, mixed = { 0 };
		const int64_t begin = 1795000000;
		for (int64_t i = 0; i <= 1000; i++) {
			const int64_t at = spans[s] * i / 1000;
			timeline_add(&up, (struct timespec){ .tv_sec = begin + at }, KIND_ALLOW);
			timeline_add(&down, (struct timespec){ .tv_sec = begin + spans[s] - at }, KIND_DENY);
			timeline_add(&mixed, (struct timespec){ .tv_sec = begin + (i % 2 ? at : spans[s] - at) },
				KIND_ALLOW);
		}
		ok(all_of(&up) == 1001 && all_of(&down) == 1001 && all_of(&mixed) == 1001, "%lld s: nothing is lost",
			(long long)spans[s]);
		ok(up.count <= TIMELINE_COLUMNS && up.width == down.width && up.first == down.first &&
				mixed.first == up.first,
			"%lld s: the same columns, whatever the order", (long long)spans[s]);
		const struct timespec first = timeline_at(&up, 0), end = timeline_at(&up, up.count);
		ok(first.tv_sec <= begin && end.tv_sec > begin + spans[s] && first.tv_sec > begin - timeline_width(&up),
			"%lld s: they begin and end where the records do", (long long)spans[s]);
	}
}

static void test_elapsed(void)
{
	static struct elapsed e;
	unsigned wrong = 0;

	is_int(elapsed_at(&e, 500), 0, "of nothing there is no percentile");
	for (uint64_t us = 1; us <= 100000; us++)
		elapsed_add(&e, us);
	for (unsigned p = 1; p <= 1000; p++) {
		const uint64_t got = elapsed_at(&e, p), want = p * 100;
		wrong += got < want || got > want + want / 14 + 1;
	}
	is_int(wrong, 0, "a percentile is never too small, and at most 7 %% too large");
	is_int(elapsed_at(&e, 1000), 100000, "the last one is the greatest");
	elapsed_add(&e, UINT64_MAX);
	ok(elapsed_at(&e, 1000) == UINT64_MAX, "any duration has its bin");
}

static void test_escape(void)
{
	struct text t = text_growing(&arena);
	page_text(&t, "<script>\"'`&amp;");
	is_text(t.data, "&lt;script&gt;&quot;&#39;&#96;&amp;amp;", "markup becomes text");
}

static void test_replace(void)
{
	char dir[] = "/tmp/runvet-report.XXXXXX", path[64], link[64], at[64];
	struct stat st;

	ok(mkdtemp(dir) != NULL, "a directory");
	(void)snprintf(path, sizeof(path), "%s/page", dir);
	(void)snprintf(link, sizeof(link), "%s/link", dir);
	(void)umask(0);
	is_int(replace_file(path, BYTES("one"), 0640, false), 0, "a file is written");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0640 && st.st_size == 3, "with its mode");
	ok(symlink(path, link) == 0, "a symlink to it");
	is_int(replace_file(link, BYTES("other"), 0600, true), 0, "the symlink is written to");
	ok(lstat(link, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 5, "it is replaced");
	ok(stat(path, &st) == 0 && st.st_size == 3, "what it pointed to is as it was");
	(void)snprintf(at, sizeof(at), "%s/none/page", dir);
	ok(replace_file(at, BYTES("x"), 0600, false) < 0, "no directory is made");
	(void)unlink(path);
	(void)unlink(link);
	is_int(rmdir(dir), 0, "nothing is left beside it");
}

static void test_words(void)
{
	mode_t mode;
	ok(option_number("17", 100) == 17 && option_number("0", 100) == 0, "numbers");
	ok(!option_number("101", 100) && !option_number("-1", 100) && !option_number("1x", 100) &&
			!option_number("", 100),
		"no numbers");
	ok(option_mode("0644", &mode) && mode == 0644 && option_mode("600", &mode) && mode == 0600, "modes");
	ok(!option_mode("4755", &mode) && !option_mode("rw", &mode) && !option_mode("68", &mode), "no modes");
}

int main(void)
{
	arena_init(&arena, (size_t)16 << 20);
	test_top();
	test_timeline();
	test_elapsed();
	test_escape();
	test_replace();
	test_words();
	arena_done(&arena);
	return tap_done();
}
