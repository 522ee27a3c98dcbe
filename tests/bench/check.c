/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What judging costs: parse and check, without the process around them. Usage: bench-check FILE
 *
 * First FILE, as it is. Then documents of 8 KiB, 80 KiB, 800 KiB and the most that is read, which grow in one place
 * each: the cost for a KiB has to stay the same, or somebody can make a create take as long as he likes. Exit status 1
 * when it more than doubles. Every number is the least of several runs, for the machine has other things to do.
 */
#include <stdio.h>
#include <time.h>

#include "validate/base/limits.h"
#include "validate/check.h"

static double microseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Microseconds for one text; negative when it is not to be judged. */
static double judged_once(struct bytes text, struct report *ret)
{
	const struct doc_options options = { .file = "bench", .cause = CAUSE_BUNDLE };
	const struct doc *root = NULL;
	struct fail why = { 0 };
	struct arena a;
	const double start = microseconds();
	arena_init(&a, LIMIT_ARENA);
	int r = doc_parse(&a, text, &options, &root, &why);
	if (r == 0) {
		const struct check_input in = { .file = "bench", .text = text, .root = root, .below = "" };
		r = check(&a, &in, ret, &why);
	}
	arena_done(&a);
	return r < 0 ? -1 : microseconds() - start;
}

static double judged(struct bytes text, int runs, struct report *ret)
{
	double least = judged_once(text, ret);
	for (int i = 1; i < runs && least >= 0; i++) {
		const double t = judged_once(text, ret);
		least = t < least ? t : least;
	}
	return least;
}

/* A document that grows in one place: %zu is the number of the entry. */
static const struct growth {
	const char *name, *head, *entry, *tail;
} growths[] = {
	{ "env", "{\"process\":{\"env\":[\"PATH=/bin\"", ",\"NAME_%zu=value\"", "]}}" },
	{ "mounts", "{\"mounts\":[{\"destination\":\"/m\"}",
		",{\"destination\":\"/a/b%zu\",\"type\":\"bind\",\"source\":\"/"
		"s\",\"options\":[\"rbind\",\"rprivate\",\"ro\"]}",
		"],\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}}" },
	{ "annotations", "{\"annotations\":{\"com.example\":\"x\"", ",\"com.example.key%zu\":\"value\"", "}}" },
	{ "syscalls",
		"{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"",
		",\"name%zu\"", "],\"action\":\"SCMP_ACT_ALLOW\"}]}}}" },
	{ "rules", "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{}",
		",{\"names\":[\"mount\",\"read%zu\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[]}", "]}}}" },
	{ "devices", "{\"linux\":{\"devices\":[{}",
		",{\"path\":\"/dev/d%zu\",\"type\":\"c\",\"major\":10,\"minor\":229,\"fileMode\":438}",
		"],\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":10,\"access\":\"rw\"}]}}}" },
	{ "sysctl", "{\"linux\":{\"sysctl\":{\"net.x\":\"1\"", ",\"net.ipv4.conf.if%zu.forwarding\":\"1\"", "}}}" },
	{ "unknown", "{\"x\":1", ",\"x-vendor-%zu\":\"a\"", "}" },
};

/* Into `data`, which has room for the most that is read. Returns its length. */
static size_t grow(const struct growth *g, size_t size, char *data)
{
	size_t len = (size_t)snprintf(data, size, "%s", g->head);
	const size_t most = size - strlen(g->tail) - strlen(g->entry) - 32;
	for (size_t i = 0; len < most; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		len += (size_t)snprintf(data + len, size - len, g->entry, i);
#pragma GCC diagnostic pop
	}
	return len + (size_t)snprintf(data + len, size - len, "%s", g->tail);
}

/* The largest documents may have more values than are read: then half as large, and half again. */
static double each_kib(const struct growth *g, size_t size, char *data)
{
	struct report r = { 0 };
	double t = -1;
	size_t len = 0;
	for (; t < 0 && size >= 8u << 10; size /= 2) {
		len = grow(g, size, data);
		t = judged((struct bytes){ data, len }, size < 200u << 10 ? 200 : 5, &r);
	}
	return t * 1024 / (double)len;
}

static bool is_linear(const struct growth *g, char *data)
{
	static const size_t sizes[] = { 8u << 10, 80u << 10, 800u << 10, LIMIT_DOC_BYTES };
	double first = 0, worst = 0;
	printf("%-12s", g->name);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const double each = each_kib(g, sizes[i], data);
		printf(" %9.2f", each);
		if (i == 0)
			first = each;
		worst = each > worst ? each : worst;
	}
	printf("  x %.2f\n", worst / first);
	return worst <= 2 * first;
}

int main(int argc, char **argv)
{
	static char text[LIMIT_DOC_BYTES];
	bool good = true;
	FILE *f = argc == 2 ? fopen(argv[1], "re") : NULL;
	if (!f) {
		fprintf(stderr, "usage: bench-check FILE\n");
		return 2;
	}
	const size_t len = fread(text, 1, sizeof(text), f);
	struct report r = { 0 };
	fclose(f);
	const double t = judged((struct bytes){ text, len }, 2000, &r);
	printf("%s: %zu bytes, %.1f us (%zu errors, %zu warnings, %zu infos)\n", argv[1], len, t, r.errors, r.warnings,
		r.infos);
	printf("%-12s %9s %9s %9s %9s  worst, in us for a KiB\n", "", "8 KiB", "80 KiB", "800 KiB", "most");
	for (size_t i = 0; i < sizeof(growths) / sizeof(growths[0]); i++)
		good &= is_linear(&growths[i], text);
	return good ? 0 : 1;
}
