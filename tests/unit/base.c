/* SPDX-License-Identifier: Apache-2.0 */
/* Arena, text, failures, descriptors, time and digests; files have a program of their own. */
#include "tests/tap.h"
#include "validate/base/arena.h"
#include "validate/base/digest.h"
#include "validate/base/fail.h"
#include "validate/base/fd.h"
#include "validate/base/text.h"
#include "validate/base/when.h"

#include <errno.h>
#include <fcntl.h>
#include <sha256.h>
#include <stdalign.h>
#include <stdint.h>
#include <unistd.h>

static bool all_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static void test_arena(void)
{
	struct arena a;
	arena_init(&a, (size_t)1 << 20);
	arena_done(&a);
	arena_done(NULL);
	bool aligned = true, zero = true;
	for (size_t n = 0; n < 300; n++) {
		char *p = arena_alloc(&a, n);
		aligned = aligned && p && (uintptr_t)p % alignof(max_align_t) == 0;
		zero = zero && p && all_zero(p, n);
		if (p)
			memset(p, 0xff, n);
	}
	ok(aligned, "what is given out is aligned for any type");
	ok(zero, "and zeroed");
	char *large = arena_alloc(&a, 700000);
	ok(large && all_zero(large, 700000), "a large piece too");
	ok(a.used <= a.limit, "%zu of %zu bytes are used", a.used, a.limit);
	ok(!arena_alloc(&a, 700000), "the ceiling holds");
	ok(arena_alloc(&a, 10) != NULL, "and small pieces still fit");
	ok(!arena_alloc(&a, SIZE_MAX) && !arena_alloc(&a, SIZE_MAX - 8), "absurd sizes are refused");
	ok(!arena_array(&a, SIZE_MAX / 8, 16), "and products that overflow");
	is_text(arena_copy(&a, (struct bytes){ "abcdef", 3 }), "abc", "a copy ends in NUL");
	is_text(arena_copy(&a, (struct bytes){ 0 }), "", "also of nothing");
	is_text(arena_printf(&a, "%d-%s", 7, "x"), "7-x", "a formatted string");
	char *grows = arena_alloc(&a, 100);
	ok(arena_extend(&a, grows, 100, 300) && all_zero(grows, 300), "the last piece can grow where it stands");
	memset(grows, 0xff, 300);
	char *next = arena_alloc(&a, 10);
	ok(next >= grows + 300 && all_zero(next, 10), "what is given out then lies behind it");
	ok(!arena_extend(&a, grows, 300, 400), "a piece that is no longer the last cannot");
	ok(!arena_extend(&a, next, 10, 5) && !arena_extend(&a, next, 10, 2000000), "nor shrink, nor outgrow its block");
	arena_done(&a);
	is_int(a.used, 0, "all of it is given back");

	size_t given = 0;
	arena_init(&a, 300000);
	while (arena_alloc(&a, 100))
		given += 100;
	ok(given > 200000 && given <= 300000, "of 300000 bytes %zu can be had in pieces of 100", given);
	arena_done(&a);
	arena_init(&a, 0);
	ok(!arena_alloc(&a, 1), "nothing comes out of nothing");
	arena_done(&a);
}

/* What is given back is there again, empty, and what was there before it is as it was. */
static void test_arena_release(void)
{
	struct arena a;
	arena_init(&a, (size_t)8 << 20);
	struct arena_mark mark = arena_mark(&a);
	arena_release(&a, &mark);
	ok(!a.blocks, "of an empty arena nothing is given back");
	char *kept = arena_alloc(&a, 40), *word = arena_copy(&a, BYTES("word"));
	memset(kept, 0xff, 40);
	mark = arena_mark(&a);
	char *first = arena_alloc(&a, 5000);
	memset(first, 0xff, 5000);
	is_text(arena_copy(&a, BYTES("for a moment")), "for a moment", "copies too are for a moment");
	const struct arena_mark inner = arena_mark(&a);
	memset(arena_alloc(&a, 100), 0xff, 100);
	arena_release(&a, &inner);
	arena_release(&a, &mark);
	char *again = arena_alloc(&a, 5000);
	ok(again == first && all_zero(again, 5000), "the same memory is given out again, zeroed");
	is_text(word, "word", "what was copied before stays");
	is_text(arena_copy(&a, BYTES("another")), "another", "and copying goes on");
	ok(word[4] == '\0' && strcmp(word, "word") == 0, "beside it");
	ok((unsigned char)kept[0] == 0xff && (unsigned char)kept[39] == 0xff, "and no other");

	mark = arena_mark(&a);
	const size_t before = a.used;
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(&a, 5000), 0xff, 5000);
	ok(a.used > before, "a block is full, the next one is begun");
	arena_release(&a, &mark);
	const size_t filled = a.used;
	for (int i = 0; i < 40; i++) {
		char *p = arena_alloc(&a, 5000);
		if (!p || !all_zero(p, 5000))
			ok(false, "what is given back of another block is zeroed");
	}
	is_int(a.used, filled, "and given out before a new one is taken");
	mark = arena_mark(&a);
	char *large = arena_alloc(&a, (size_t)3 << 20);
	ok(large != NULL, "a piece with a block to itself");
	arena_release(&a, &mark);
	char *behind = arena_alloc(&a, 100);
	ok(behind && (behind < large || behind >= large + ((size_t)3 << 20)), "is not given out again");
	arena_done(&a);
}

static void test_text(void)
{
	char buffer[8];
	struct text t = text_over(buffer, sizeof(buffer));
	text_add(&t, "abc");
	text_char(&t, 'd');
	is_text(buffer, "abcd", "text is added");
	text_add(&t, "efgh");
	is_text(buffer, "abcdefg", "what does not fit is cut");
	ok(t.cut, "and it is said");
	t = text_over(buffer, sizeof(buffer));
	text_add(&t, "abcdef\xc3\xa4!");
	is_text(buffer, "abcdef", "never within a character");
	text_add(&t, "x");
	is_text(buffer, "abcdef", "nothing is added behind a cut");
	t = text_over(buffer, 1);
	text_add(&t, "x");
	ok(buffer[0] == '\0' && t.cut, "a text of size 1 stays empty");
	t = text_over(buffer, sizeof(buffer));
	text_printf(&t, "%d%s", 12, "3456\xe2\x82\xac");
	is_text(buffer, "123456", "the same for what is formatted");

	struct arena a;
	arena_init(&a, 70000);
	t = text_growing(&a);
	is_text(t.data, "", "a growing text is empty at first");
	for (int i = 0; i < 1000; i++)
		text_printf(&t, "%04d", i);
	ok(t.len == 4000 && !t.cut && memcmp(t.data + 3996, "0999", 5) == 0, "and grows");
	text_printf(&t, "%02000d", 5);
	ok(t.len == 6000 && !t.cut, "also by more than a little at once");
	while (!t.cut)
		text_add(&t, "0123456789");
	ok(t.len < t.size && strlen(t.data) == t.len, "until the arena is used up, then it is cut");
	arena_done(&a);
}

static void is_json(struct bytes b, const char *want)
{
	char buffer[256];
	struct text t = text_over(buffer, sizeof(buffer));
	text_json(&t, b);
	is_text(buffer, want, "%zu bytes as JSON", b.len);
}

static void is_shown(struct bytes b, size_t cap, const char *want)
{
	char buffer[256];
	struct text t = text_over(buffer, sizeof(buffer));
	text_shown(&t, b, cap);
	is_text(buffer, want, "%zu bytes shown in %zu", b.len, cap);
	ok(t.len <= cap, "and no longer");
}

static void test_escapes(void)
{
	is_json(BYTES(""), "\"\"");
	is_json(BYTES("a\"\\/\b\f\n\r\t\x01\x7f"), "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"");
	is_json(BYTES("\0x"), "\"\\u0000x\"");
	is_json(BYTES("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\\u00e4\\u20ac\\ud83d\\ude00\"");
	is_json(BYTES("a\xff\xc3z\xed\xa0\x80"), "\"a\\ufffd\\ufffdz\\ufffd\\ufffd\\ufffd\"");
	is_json(BYTES("\xef\xbf\xbf\xf4\x8f\xbf\xbf"), "\"\\uffff\\udbff\\udfff\"");
	is_shown(BYTES("plain \xc3\xa4"), 99, "plain \xc3\xa4");
	is_shown(BYTES("\x1b[31m\n"), 99, "\\x1b[31m\\x0a");
	is_shown(BYTES("\x7f\xc2\x9b"), 99, "\\x7f\\xc2\\x9b");
	is_shown(BYTES("a\xe2\x80\xae"
		       "b"),
		99, "a\\xe2\\x80\\xaeb");
	is_shown(BYTES("\xe2\x81\xa6\xd8\x9c"), 99, "\\xe2\\x81\\xa6\\xd8\\x9c");
	is_shown(BYTES("\xffx"), 99, "\\xffx");
	is_shown(BYTES("abcdef"), 6, "abcdef");
	is_shown(BYTES("abcdefg"), 6, "abc...");
	is_shown(BYTES("ab\xc3\xa4"
		       "cdef"),
		6, "ab...");
	is_shown(BYTES("a\x01"
		       "bcd"),
		7, "a...");
	is_shown(BYTES("abcdefg"), 2, "..");
}

static void test_utf8(void)
{
	unsigned wrong = 0;
	for (unsigned c = 0; c < 0x110800; c++) {
		char b[4];
		size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
		for (size_t i = n, v = c; i > 0; i--, v >>= 6)
			b[i - 1] = (char)(i == 1 ? lead[n] | v : 0x80 | (v & 0x3f));
		const bool good = c < 0x110000 && (c & 0xfffff800) != 0xd800;
		wrong += utf8_length((struct bytes){ b, n }) != (good ? n : 0);
		wrong += n > 1 && utf8_length((struct bytes){ b, n - 1 }) != 0;
	}
	is_int(wrong, 0, "every code point, whole and cut");
	is_int(utf8_length(BYTES("\xc1\xbf")), 0, "overlong of two");
	is_int(utf8_length(BYTES("\xe0\x9f\xbf")), 0, "overlong of three");
	is_int(utf8_length(BYTES("\xf0\x8f\xbf\xbf")), 0, "overlong of four");
	is_int(utf8_length(BYTES("\xf5\x80\x80\x80")), 0, "a lead that is none");
	is_int(utf8_length(BYTES("")), 0, "nothing");
}

static void test_fail(void)
{
	struct fail f;
	memset(&f, 0x55, sizeof(f));
	is_int(fail(&f, -EINVAL, CAUSE_BUNDLE, "json.utf8", "at %d", 5), -EINVAL, "the code is returned");
	is_text(f.says, "at 5", "the sentence is formatted");
	is_text(f.rule, "json.utf8", "the rule is named");
	ok(f.code == -EINVAL && f.cause == CAUSE_BUNDLE && !f.file[0] && !f.pointer[0] && !f.place.line,
		"the rest cleared");
	char longer[600];
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	is_int(fail(&f, -EIO, CAUSE_AUDIT, NULL, "%s", longer), -EIO, "a sentence too long");
	is_int(strlen(f.says), sizeof(f.says) - 1, "is cut");
	is_int(fail(NULL, -EIO, CAUSE_AUDIT, "", "x"), -EIO, "nobody has to listen");
	is_text(cause_name(CAUSE_COMMAND_LINE), "commandLine", "a cause has a name");
	is_text(cause_name(CAUSE_RUNTIMES), "runtimes", "each its own");

	static const char *const triggers[] = { "permission denied", "is a directory", "not a directory", "not found",
		"no such file", "no such process", "executable", "does not exist", "not running",
		"operation not permitted" };
	unsigned wrong = 0;
	for (int code = -200; code <= 200; code++)
		for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++)
			wrong += strcasestr(errno_words(code), triggers[i]) != NULL;
	is_int(wrong, 0, "no errno is told in words that engines listen for");
	is_text(errno_words(-ENOENT), "it is missing", "either sign");
	is_text(errno_words(ENOENT), "it is missing", "is understood");
	ok(strlen(errno_words(12345)) > 0, "an unknown one has words too");
}

static void test_fd(void)
{
	int saved = fcntl(0, F_DUPFD_CLOEXEC, 10);
	(void)close(0);
	int fd = fd_open(AT_CWD, "/dev/null", O_RDONLY, 0);
	ok(fd > 2, "with stdin closed a new descriptor is %d", fd);
	ok(fcntl(fd, F_GETFD) & FD_CLOEXEC, "and close-on-exec");
	ok(fcntl(0, F_GETFD) < 0, "stdin is still closed");
	if (saved >= 0)
		(void)dup2(saved, 0);
	(void)close(saved);
	is_int(fd_high(-EMFILE), -EMFILE, "an error is handed on");
	is_int(fd_open(AT_CWD, "/nowhere/at/all", O_RDONLY, 0), -ENOENT, "what is missing is -ENOENT");
	errno = 77;
	is_int(fd_close(fd), -1, "closing gives -1");
	ok(errno == 77 && fcntl(fd, F_GETFD) < 0, "keeps errno, and closes");
	is_int(fd_close(-1), -1, "nothing to close is fine");

	int pair[2];
	size_t done = 99;
	if (!ok(pipe2(pair, O_CLOEXEC | O_NONBLOCK) == 0, "a pipe"))
		return;
	is_int(fd_write_all(pair[1], BYTES("hello"), &done), 0, "all is written");
	is_int(done, 5, "and counted");
	static char much[1 << 20];
	is_int(fd_write_all(pair[1], (struct bytes){ much, sizeof(much) }, &done), -EAGAIN, "a full pipe is an error");
	ok(done > 0 && done < sizeof(much), "%zu bytes went", done);
	is_int(fd_write_all(-1, BYTES("x"), NULL), -EBADF, "so is a closed descriptor");
	fd = fd_open(AT_CWD, "/dev/full", O_WRONLY, 0);
	is_int(fd_write_all(fd, BYTES("x"), NULL), -ENOSPC, "and a full disk");
	(void)fd_close(fd);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void test_deadline(void)
{
	ok(deadline_left(deadline_in(100000)) > 90000 && deadline_left(deadline_in(100000)) <= 100000,
		"a hundred seconds are a hundred seconds");
	is_int(deadline_left(deadline_in(0)), 0, "no time is left of none");
	is_int(deadline_left(deadline_in(-5)), 0, "nor of less");
	is_int(deadline_left((struct deadline){ { 0, 0 } }), 0, "nor long after");
	struct deadline d = deadline_in(20);
	(void)usleep(25000);
	is_int(deadline_left(d), 0, "time passes");
}

static void is_when(int64_t seconds, long nanos, const char *want)
{
	char buffer[WHEN_SIZE];
	struct timespec t = { seconds, nanos }, back = { 0 };
	when_write(t, true, buffer);
	is_text(buffer, want, "%lld s, written", (long long)seconds);
	ok(when_read(bytes_of(buffer), &back) == 0 && back.tv_sec == seconds && back.tv_nsec == nanos, "and back");
}

static void test_when(void)
{
	static const char *const bad[] = { "", "2026-11-21", "2026-11-21T22:01:42", "2026-11-21T22:01:42+00:00",
		"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
		"2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "2026-01-01 00:00:00Z",
		"+026-01-01T00:00:00Z", " 2026-01-01T00:00:00Z", "2026-1-01T00:00:00Z" };
	char buffer[WHEN_SIZE];
	struct timespec t;
	is_when(0, 0, "1970-01-01T00:00:00.000000000Z");
	is_when(-1, 999999999, "1969-12-31T23:59:59.999999999Z");
	is_when(951782399, 1, "2000-02-28T23:59:59.000000001Z");
	is_when(951782400, 0, "2000-02-29T00:00:00.000000000Z");
	is_when(4107542400, 0, "2100-03-01T00:00:00.000000000Z");
	is_when(1795298502, 673724228, "2026-11-21T22:01:42.673724228Z");
	is_when(253402300799, 0, "9999-12-31T23:59:59.000000000Z");
	is_when(-62167219200, 0, "0000-01-01T00:00:00.000000000Z");
	when_write((struct timespec){ INT64_MAX, 0 }, false, buffer);
	is_text(buffer, "9999-12-31T23:59:59Z", "the end of time has four digits");
	when_write((struct timespec){ INT64_MIN, 0 }, false, buffer);
	is_text(buffer, "0000-01-01T00:00:00Z", "so has its beginning");
	ok(when_read(BYTES("2026-11-21T22:01:42.5Z"), &t) == 0 && t.tv_nsec == 500000000, "half a second");
	ok(when_read(BYTES("2026-11-21T22:01:42.1234567899Z"), &t) == 0 && t.tv_nsec == 123456789,
		"less than a nanosecond");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(when_read(bytes_of(bad[i]), &t), -EINVAL, "no time: '%s'", bad[i]);
	unsigned wrong = 0;
	for (int64_t day = -400000; day < 400000; day += 1) {
		struct tm tm;
		const time_t at = day * 86400 + 3661;
		when_write((struct timespec){ at, 0 }, false, buffer);
		(void)gmtime_r(&at, &tm);
		char want[WHEN_SIZE];
		(void)strftime(want, sizeof(want), "%FT%TZ", &tm);
		wrong += tm.tm_year >= -900 && strcmp(buffer, want) != 0;
		wrong += when_read(bytes_of(buffer), &t) != 0 || t.tv_sec != at;
	}
	is_int(wrong, 0, "two thousand years, as the C library sees them");
	ok(when_now().tv_sec > 1700000000, "it is late");
}

/* Every byte at every place, before and behind the eight that are looked at together. */
static void test_plain(void)
{
	char text[20], shown[64];
	size_t wrong = 0;

	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < sizeof(text); at++) {
			const bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
			memset(text, 'x', sizeof(text));
			text[at] = (char)c;
			for (size_t len = at + 1; len <= sizeof(text); len++)
				wrong += text_plain((struct bytes){ text, len }) != (plain ? len : at);
			/* What stands behind it makes no difference. */
			memset(text + at, c, sizeof(text) - at);
			wrong += text_plain((struct bytes){ text, sizeof(text) }) != (plain ? sizeof(text) : at);
		}
	wrong += text_plain(BYTES("")) != 0;
	is_int(wrong, 0, "what stands for itself is told from what does not");
	for (size_t cap = 3; cap < 12; cap++) {
		struct text t = text_over(shown, sizeof(shown));
		text_shown(&t, BYTES("ab\"cde\tfgh"), cap);
		wrong += t.len > cap || strncmp(shown, "ab\"cde", t.len - 3) != 0 ||
			strcmp(shown + t.len - 3, "...") != 0;
	}
	is_int(wrong, 0, "and a cut falls where it has to");
}

/*
 * Every length around the edges of blocks, in two parts cut anywhere, against libmd alone. Under valgrind, whose
 * processor has no instructions for it, the same goes the other way.
 */
static void test_digest(void)
{
	static char text[520];
	char hex[DIGEST_HEX], want[SHA256_DIGEST_STRING_LENGTH];
	size_t wrong = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7 + i / 64);
	for (size_t len = 0; len <= sizeof(text); len++) {
		(void)SHA256Data((const uint8_t *)text, len, want);
		for (size_t cut = 0; cut <= len; cut += len % 64 == 0 ? 1 : 13) {
			digest_hex((struct bytes){ text, cut }, (struct bytes){ text + cut, len - cut }, hex);
			wrong += strcmp(hex, want) != 0;
		}
	}
	is_int(wrong, 0, "digests are libmd's, whatever the length and wherever it is cut");
	digest_hex(BYTES(""), BYTES(""), hex);
	is_text(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"SHA-256 of nothing (FIPS 180-4)");
	digest_hex(BYTES("a"), BYTES("bc"), hex);
	is_text(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "of abc, in two parts");
	FILE *f = tmpfile();
	(void)SHA256Data((const uint8_t *)text, sizeof(text), want);
	ok(f && fwrite(text, 1, sizeof(text), f) == sizeof(text) && fflush(f) == 0, "a file to digest");
	ok(digest_file(fileno(f), sizeof(text), hex) == 0 && strcmp(hex, want) == 0, "a file's digest is its text's");
	is_int(digest_file(fileno(f), sizeof(text) - 1, hex), -EFBIG, "and one that is too long has none");
	(void)fclose(f);
}

int main(void)
{
	test_arena();
	test_arena_release();
	test_text();
	test_escapes();
	test_utf8();
	test_fail();
	test_fd();
	test_deadline();
	test_when();
	test_digest();
	test_plain();
	return tap_done();
}
