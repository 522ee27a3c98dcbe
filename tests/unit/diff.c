/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs and what of it matters: the rows over the whole vocabulary, the walk, and what is shown of a value; and
 * that the fingerprints and the groups say the same over what real engines wrote.
 */
#include "ctl/diff/tell.h"
#include "tests/tap.h"
#include "validate/base/limits.h"

#include <dirent.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static struct arena arena;

static const struct doc *parse(struct bytes text)
{
	static const struct doc_options options = { .file = "config.json", .cause = CAUSE_BUNDLE };
	const struct doc *d = NULL;
	struct fail why = { 0 };

	if (doc_parse(&arena, text, &options, &d, &why) < 0)
		printf("Bail out! %s\n", why.says);
	return d;
}

static struct differences compare(const char *x, const char *y)
{
	const struct fingerprint_of a = { .config = parse(bytes_of(x)) }, b = { .config = parse(bytes_of(y)) };
	const struct fingerprint_of *const both[] = { &a, &b };
	struct differences ret = { 0 };

	ok(diff_configs(&arena, both, &ret) == 0, "they are compared");
	return ret;
}

/* The one at that place, of any group. */
static const struct difference *at(const struct differences *f, const char *place)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->list[i].place, place) == 0)
			return &f->list[i];
	return NULL;
}

static const char *groups_of(const struct differences *f, const char *place)
{
	static const char *const names[] = { "none", "results", "confinement", "both", "noise" };
	const struct difference *d = at(f, place);

	return d && d->groups <= DIFF_NOISE ? names[d->groups] : d ? "odd" : "missing";
}

/* Every place of a vocabulary is spoken for by a row, and every row is reached by some place. */
static void test_rows(enum subject of, const char *what)
{
	const struct place_node *n = vocabulary(&arena, NULL, of);
	size_t places = 0, unnamed = 0;
	char name[512];

	for (; n; n = place_next(n)) {
		struct text t = text_over(name, sizeof(name));
		place_write(n, &t);
		/* Of other systems, and an annotation that delegates refuse: nothing that Linux acts upon. */
		if (!n->typed || t.len == 0)
			continue;
		places++;
		const struct diff_row *row = diff_row_at(&arena, of, name);
		if (!row && ++unnamed)
			printf("# no row: %s\n", name);
		if (row && !(row->groups & DIFF_NOISE) && !row->says)
			ok(false, "%s has a sentence", name);
	}
	ok(places > 0 && unnamed == 0, "%zu places of %s, each with a row", places, what);
}

static void test_row_shape(const struct diff_row *rows, size_t count, const char *table)
{
	size_t bad = 0;

	for (size_t i = 0; i < count; i++) {
		const struct diff_row *r = &rows[i];
		const bool noise = r->groups & DIFF_NOISE;
		const size_t len = r->says ? strlen(r->says) : 0;
		if (!r->groups || (noise && r->groups != DIFF_NOISE) ||
			(!noise && (len < 10 || r->says[len - 1] != '.')) ||
			(r->list == DIFF_KEYED) != (r->by[0] != NULL) || (r->ordered && r->list != DIFF_KEYED)) {
			printf("# %s\n", r->at);
			bad++;
		}
	}
	ok(bad == 0, "%s: every row has a group, a sentence, and a key where its list needs one", table);
}

static void test_walk(void)
{
	struct differences f = compare(
		"{\"process\":{\"args\":[\"a\",\"s3cret\"],\"env\":[\"A=1\",\"OMP_NUM_THREADS=8\",\"TOKEN=s3cret\","
		"\"bare\"],"
		"\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"CAP_CHOWN\"]}},\"mounts\":[{\"destination\":\"/a\","
		"\"source\":\"/x\",\"options\":[\"rbind\",\"ro\",\"password=s3cret\"]},{\"destination\":\"/b\"}],"
		"\"annotations\":{\"k\":\"s3cret\"}}",
		"{\"process\":{\"args\":[\"a\",\"other\"],\"env\":[\"OMP_NUM_THREADS=4\",\"TOKEN=t0ken\",\"A=1\","
		"\"naked\"],"
		"\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_KILL\",\"CAP_SYS_ADMIN\"]}},\"mounts\":["
		"{\"destination\":\"/a\",\"source\":\"/y\",\"options\":[\"rbind\",\"rw\",\"password=t0ken\"]},"
		"{\"destination\":\"/c\"}],\"annotations\":{\"k\":\"t0ken\"},\"unheard-of\":{\"x\":1}}");
	struct text t = text_growing(&arena), j = text_growing(&arena);
	const struct side a = { .word = "a", .kind = SIDE_BUNDLE }, b = { .word = "b", .kind = SIDE_BUNDLE };
	const struct telling_diff told = { .a = &a,
		.b = &b,
		.found = &f,
		.all = true,
		.paint = paint_for(-1, COLOUR_NEVER) };

	is_text(groups_of(&f, "process.args"), "results", "arguments change results");
	is_text(groups_of(&f, "process.env[OMP_NUM_THREADS]"), "results", "a variable is found by its name");
	is_text(groups_of(&f, "process.env[A]"), "missing", "one that moved is the same");
	is_text(groups_of(&f, "process.capabilities.bounding"), "confinement", "capabilities confine");
	is_text(groups_of(&f, "mounts[/a].source"), "both", "where files come from is of both groups");
	is_text(groups_of(&f, "mounts[/b]"), "both", "a mount that is gone");
	is_text(groups_of(&f, "mounts[/c]"), "both", "a mount that is new");
	is_text(groups_of(&f, "unheard-of"), "results", "what no row names changes results");
	is_int(at(&f, "process.capabilities.bounding")->only_b.count, 1, "of a set only what one has");
	is_int(at(&f, "process.capabilities.bounding")->only_a.count, 0, "whatever the order");
	tell_text(&told, &t);
	ok(tell_json(&arena, &told, &j) == 0, "it is written as JSON");
	ok(strstr(t.data, "8 -> 4") && strstr(j.data, "\"a\": \"8\""), "a harmless variable is shown");
	ok(strstr(t.data, "CAP_SYS_ADMIN") != NULL, "a capability is shown");
	ok(!strstr(t.data, "s3cret") && !strstr(t.data, "t0ken") && !strstr(t.data, "naked") && !strstr(t.data, "bare"),
		"nothing secret is shown in text");
	ok(!strstr(j.data, "s3cret") && !strstr(j.data, "t0ken") && !strstr(j.data, "naked"), "nor in JSON");
	f = compare("{\"process\":{\"capabilities\":{\"bounding\":[]}},\"mounts\":[{\"destination\":\"/s\","
		    "\"type\":\"tmpfs\",\"source\":\"s\",\"options\":[\"size=1\"]}]}",
		"{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}},\"mounts\":[{\"destination\":\"/s\","
		"\"type\":\"tmpfs\",\"source\":\"s\",\"options\":[\"size=2\"]}]}");
	is_text(groups_of(&f, "process.capabilities.bounding"), "confinement",
		"what the postures have otherwise confines");
	is_text(groups_of(&f, "mounts[/s].options[size]"), "results",
		"what they have not, does not, whatever its row says");
	f = compare("{\"root\":{\"path\":\"r\"}}", "{\"root\":{\"path\":\"r\",\"readonly\":false}}");
	is_int((long long)(f.results + f.confinement), 0, "what is left out and what says nothing are the same");
	f = compare(
		"{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"a\",\"b\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"}]}}}",
		"{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"b\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"a\",\"c\"],\"action\":\"SCMP_ACT_ALLOW\"}]}}}");
	is_int((long long)at(&f, "linux.seccomp.syscalls")->only_b.count, 1, "a filter is compared by system call");
	is_int((long long)at(&f, "linux.seccomp.syscalls")->only_a.count, 0, "wherever its names stand");
}

/* Nobody knows: that is said, of rows that seek it, and nothing is counted as a difference. */
static void test_sought(void)
{
	const struct doc *const sides[] = { parse(BYTES(
						    "{\"delegate\":{\"version\":\"1\"},\"policy\":{\"mode\":\"m\"}}")),
		parse(BYTES("{\"policy\":{\"mode\":\"n\"},\"runvet\":{\"version\":\"2\"}}")) };
	static const char *const unknown[] = { "delegate", "runvet", "delegate.digest", "policy.digest" };
	static const enum diff_lacks of[] = { DIFF_B_LACKS, DIFF_A_LACKS, DIFF_BOTH_LACK, DIFF_BOTH_LACK };
	struct differences f = { 0 };

	ok(diff_walk(&arena, OF_LOCK, "", sides, &f) == 0 && diff_seek(&arena, sides, &f) == 0, "they are compared");
	is_text(groups_of(&f, "policy.mode"), "confinement", "what judged it is of confinement");
	is_int((long long)f.all, 1, "and all that differs");
	is_int((long long)f.unknown_count, 4, "the rest is unknown");
	for (size_t i = 0; i < f.unknown_count && i < 4; i++) {
		is_text(f.unknown[i].place, unknown[i], "what is not known");
		is_int(f.unknown[i].of, of[i], "and of whom");
	}
}

/* Large lists and deep ones take no time that grows with their square. */
static void test_bounds(void)
{
	struct text a = text_growing(&arena), b = text_growing(&arena);
	const clock_t began = clock();

	text_add(&a, "{\"mounts\":[");
	text_add(&b, "{\"mounts\":[");
	for (unsigned i = 0; i < 20000; i++) {
		text_printf(&a, "%s{\"destination\":\"/d\",\"options\":[\"x%u\"]}", i ? "," : "", i);
		text_printf(&b, "%s{\"destination\":\"/%u\",\"options\":[\"ro\"]}", i ? "," : "", 20000 - i);
	}
	text_add(&a, "],\"process\":{\"env\":[\"A=1\"");
	text_add(&b, "],\"process\":{\"env\":[\"A=1\"");
	for (unsigned i = 0; i < 20000; i++) {
		text_add(&a, ",\"A=1\"");
		text_add(&b, ",\"A=2\"");
	}
	text_add(&a, "]}}");
	text_add(&b, "]}}");
	const struct differences f = compare(a.data, b.data);
	ok(f.all > 40000 && f.count <= 2 * DIFF_KEPT, "%zu differences are counted, %zu kept", f.all, f.count);
	ok((clock() - began) / CLOCKS_PER_SEC < 20, "in a time that does not grow with the square");
}

static const struct doc *read_config(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data = arena_alloc(&arena, 1 << 20);
	const ssize_t n = fd < 0 || !data ? -1 : read(fd, data, 1 << 20);

	(void)close(fd);
	return n < 0 ? NULL : parse((struct bytes){ data, (size_t)n });
}

/* Over what engines wrote, each with the one before: fingerprints and groups agree. */
static void test_agreement(void)
{
	static const char place[] = "tests/spec/real";
	struct dirent **names = NULL;
	const int n = scandir(place, &names, NULL, alphasort);
	const struct doc *last = NULL;
	size_t pairs = 0, wrong = 0;

	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		const size_t len = strlen(name);
		const bool config = len > 5 && strcmp(name + len - 5, ".json") == 0 && !strstr(name, ".process.") &&
			!strstr(name, ".resources.");
		const struct doc *d = config ? read_config(arena_printf(&arena, "%s/%s", place, name)) : NULL;
		for (unsigned twice = 0; d && last && twice < 2; twice++) {
			const struct fingerprint_of x = { .config = twice ? d : last }, y = { .config = d };
			const struct fingerprint_of *const both[] = { &x, &y };
			struct fingerprints p, q;
			struct differences f = { 0 };
			if (fingerprints_make(&arena, &x, &p) < 0 || fingerprints_make(&arena, &y, &q) < 0 ||
				diff_configs(&arena, both, &f) < 0)
				wrong++;
			const bool normal = strcmp(p.normal, q.normal) == 0,
				   posture = strcmp(p.posture, q.posture) == 0;
			const bool good = (!normal || f.results + f.confinement == 0) &&
				posture == (f.confinement == 0);
			if (!good)
				printf("# %s: normal %d posture %d: results %zu confinement %zu\n", name, normal,
					posture, f.results, f.confinement);
			wrong += !good;
			pairs++;
		}
		last = d ? d : last;
		free(names[i]);
	}
	free(names);
	ok(pairs > 60 && wrong == 0, "%zu pairs of real documents: fingerprints and groups agree", pairs);
}

int main(void)
{
	arena_init(&arena, (size_t)1 << 30);
	test_row_shape(diff_rows_config, diff_rows_config_count, "config");
	test_row_shape(diff_rows_env, diff_rows_env_count, "environment");
	test_row_shape(diff_rows_host, diff_rows_host_count, "host");
	test_row_shape(diff_rows_beside, diff_rows_beside_count, "beside");
	test_rows(OF_BUNDLE, "config.json");
	test_rows(OF_MACHINE, "a host");
	test_walk();
	test_sought();
	test_bounds();
	test_agreement();
	arena_done(&arena);
	return tap_done();
}
