/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents as large as they may be, and larger: what is refused says so, what is judged stays within bounds, and what
 * a report leaves out is counted. Time grows with the text and not with its square.
 */
#include <time.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/check.h"

#define HEAD "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"rootfs\"},"
#define PROCESS_ "\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"/\",\"args\":[\"a\"]"
#define LINUX_ "\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]"

static struct arena arena;
static double seconds;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Parses and judges; false when it could not even be reported. */
static bool judge(struct bytes text, struct report *ret)
{
	const struct doc_options options = { .file = "f", .cause = CAUSE_BUNDLE };
	struct fail why = { 0 };
	const struct doc *root = NULL;
	const double start = now();
	*ret = (struct report){ 0 };
	int r = doc_parse(&arena, text, &options, &root, &why);
	if (r == 0) {
		const struct check_input in = { .file = "f", .text = text, .root = root, .below = "" };
		r = check(&arena, &in, ret, &why);
	} else {
		r = report_of_fail(&arena, &why, ret);
	}
	seconds = now() - start;
	if (r < 0)
		printf("# %s\n", why.says);
	return r == 0;
}

/* A text of head, n times each, with a comma between, and tail. */
static struct bytes repeated(const char *head, const char *each, size_t n, const char *tail)
{
	struct text to = text_growing(&arena);
	text_add(&to, head);
	for (size_t i = 0; i < n; i++) {
		text_add(&to, i ? "," : "");
		text_add(&to, each);
	}
	text_add(&to, tail);
	return to.cut ? (struct bytes){ 0 } : (struct bytes){ to.data, to.len };
}

static bool refused(struct bytes text, const char *id)
{
	struct report r;
	return judge(text, &r) && r.count == 1 && r.errors == 1 && strcmp(r.findings[0].id, id) == 0;
}

static void size(void)
{
	static const char head[] = HEAD PROCESS_ "}," LINUX_ "},\"mounts\":[],\"x\":\"", tail[] = "\"}";
	const size_t around = sizeof(head) - 1 + sizeof(tail) - 1;
	struct report r;
	for (size_t more = 0; more <= 1; more++) {
		arena_init(&arena, 3 * LIMIT_ARENA);
		const size_t len = LIMIT_DOC_BYTES + more;
		char *data = arena_alloc(&arena, len);
		memset(data, 'a', len);
		memcpy(data, head, sizeof(head) - 1);
		memcpy(data + len - sizeof(tail) + 1, tail, sizeof(tail) - 1);
		ok(len > around && judge((struct bytes){ data, len }, &r), "a document of %zu bytes is judged", len);
		is_int(r.errors, more, "it is refused when it is one byte too long");
		is_text(r.count ? r.findings[0].id : "", more ? "json.depth-and-size" : "json.unknown-property",
			"and for that");
		arena_done(&arena);
	}
}

static void mounts(void)
{
	struct report r;
	arena_init(&arena, LIMIT_ARENA);
	struct bytes text = repeated(HEAD PROCESS_ "}," LINUX_ "},\"mounts\":[", "{\"destination\":\"a\"}", 100000,
		"]}");
	ok(judge(text, &r), "100 000 mounts are judged");
	is_int(r.count, LIMIT_FINDINGS, "as many findings as there is room for");
	ok(r.errors + r.warnings >= 200000, "and all of them are counted");
	is_int((long long)report_left_out(&r), (long long)(r.errors + r.warnings + r.infos - LIMIT_FINDINGS),
		"so that what is left out is known");
	arena_done(&arena);
	arena_init(&arena, LIMIT_ARENA);
	text = repeated(HEAD "\"mounts\":[", "{\"destination\":\"/a\",\"type\":\"tmpfs\",\"options\":[\"ro\"]}", 210000,
		"]}");
	ok(refused(text, "json.depth-and-size"), "with more values than a document may have, they are refused");
	arena_done(&arena);
}

static void depth(void)
{
	struct report r;
	for (unsigned deep = LIMIT_DOC_DEPTH; deep <= 100000; deep = deep == LIMIT_DOC_DEPTH ? deep + 1 : 100000) {
		arena_init(&arena, LIMIT_ARENA);
		struct text to = text_growing(&arena);
		text_add(&to, HEAD PROCESS_ "}," LINUX_ "},\"mounts\":[],\"x\":");
		for (unsigned i = 1; i < deep; i++)
			text_char(&to, '[');
		for (unsigned i = 1; i < deep; i++)
			text_char(&to, ']');
		text_char(&to, '}');
		const struct bytes text = { to.data, to.len };
		if (deep == LIMIT_DOC_DEPTH)
			ok(judge(text, &r) && r.errors == 0, "%u deep is judged", deep);
		else
			ok(refused(text, "json.depth-and-size"), "%u deep is refused", deep);
		arena_done(&arena);
		if (deep == 100000)
			break;
	}
}

/* The places where one value of two bytes breaks the most rules. */
static void findings(void)
{
	static const struct {
		const char *head, *each, *tail;
		size_t n;
		size_t at_least;
	} floods[] = {
		{ HEAD PROCESS_ ",\"rlimits\":[", "{}", "]}}", 340000, 1000000 },
		{ HEAD LINUX_ ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[", "{}", "]}}}", 250000,
			500000 },
		{ HEAD LINUX_ ",\"uidMappings\":[", "{}", "]}}", 250000, 750000 },
		{ HEAD LINUX_ ",\"devices\":[", "{}", "]}}", 250000, 500000 },
		{ HEAD PROCESS_ ",\"env\":[", "1", "]}}", 250000, 250000 },
		{ HEAD PROCESS_ ",\"capabilities\":{\"effective\":[", "\"CAP_X\"", "]}}}", 250000, 250000 },
		{ HEAD "\"mounts\":[", "{\"destination\":\"\",\"options\":[]}", "]}", 80000, 80000 },
	};
	for (size_t i = 0; i < sizeof(floods) / sizeof(floods[0]); i++) {
		struct report r;
		arena_init(&arena, LIMIT_ARENA);
		const struct bytes text = repeated(floods[i].head, floods[i].each, floods[i].n, floods[i].tail);
		ok(text.len && judge(text, &r), "%zu of %s are judged", floods[i].n, floods[i].each);
		ok(r.errors + r.warnings + r.infos >= floods[i].at_least, "%zu findings are counted",
			r.errors + r.warnings + r.infos);
		is_int((long long)r.count, LIMIT_FINDINGS, "no more are kept than there is room for");
		ok(report_left_out(&r) == r.errors + r.warnings + r.infos - r.count, "%zu are left out",
			report_left_out(&r));
		bool ordered = true;
		for (size_t k = 1; k < r.count; k++)
			ordered &= strcmp(r.findings[k].id, r.findings[k - 1].id) != 0 ||
				r.findings[k].place.line > r.findings[k - 1].place.line ||
				r.findings[k].place.column >= r.findings[k - 1].place.column;
		ok(ordered, "those of one rule stand in the order of the text");
		ok(seconds < 10, "it took %.3f s", seconds);
		arena_done(&arena);
	}
}

/* What compares elements with one another must not do so pair by pair. */
static void linear(void)
{
	static const struct {
		const char *name, *head, *form, *tail;
	} lists[] = {
		{ "mounts", HEAD "\"mounts\":[", "{\"destination\":\"/%zu\"}", "]}" },
		{ "rlimits", HEAD PROCESS_ ",\"rlimits\":[", "{\"type\":\"%zu\"}", "]}}" },
		{ "env", HEAD PROCESS_ ",\"env\":[", "\"A%zu=\"", "]}}" },
		{ "capabilities", HEAD PROCESS_ ",\"capabilities\":{\"bounding\":[", "\"CAP_%zu\"", "]}}}" },
		{ "namespaces", HEAD "\"linux\":{\"namespaces\":[", "{\"type\":\"%zu\"}", "]}}" },
		{ "mappings", HEAD LINUX_ ",\"uidMappings\":[", "{\"containerID\":%zu}", "]}}" },
		{ "devices", HEAD LINUX_ ",\"devices\":[", "{\"path\":\"/dev/%zu\"}", "]}}" },
		{ "device rules", HEAD LINUX_ ",\"resources\":{\"devices\":[", "{\"major\":%zu}", "]}}}" },
		{ "syscalls", HEAD LINUX_ ",\"seccomp\":{\"syscalls\":[", "{\"names\":[\"s%zu\"]}", "]}}}" },
		{ "names", HEAD LINUX_ ",\"seccomp\":{\"syscalls\":[{\"names\":[", "\"s%zu\"", "]}]}}}" },
		{ "sysctl", HEAD LINUX_ ",\"sysctl\":{", "\"net.%zu\":\"1\"", "}}}" },
		{ "unified", HEAD LINUX_ ",\"resources\":{\"unified\":{", "\"a.%zu\":\"1\"", "}}}}" },
		{ "annotations", HEAD "\"annotations\":{", "\"org.opencontainers.%zu\":\"1\"", "}}" },
		{ "strangers", "{", "\"x%zu\":1", "}" },
	};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		double took[2] = { 0, 0 };
		for (size_t large = 0; large < 2; large++) {
			struct report r;
			arena_init(&arena, LIMIT_ARENA);
			struct text to = text_growing(&arena);
			text_add(&to, lists[i].head);
			for (size_t k = 0; k < (large ? 80000u : 8000u); k++) {
				const char *gap = strchr(lists[i].form, '%');
				text_add(&to, k ? "," : "");
				text_bytes(&to, (struct bytes){ lists[i].form, (size_t)(gap - lists[i].form) });
				text_printf(&to, "%zu%s", k, gap + 3);
			}
			text_add(&to, lists[i].tail);
			ok(!to.cut && judge((struct bytes){ to.data, to.len }, &r), "%s are judged", lists[i].name);
			took[large] = seconds;
			arena_done(&arena);
		}
		/* Ten times the text; a hundred times the time would be pair by pair. */
		ok(took[1] < 30 * took[0] + 0.1, "%s: %.4f s, and %.4f s for ten times as many", lists[i].name, took[0],
			took[1]);
	}
}

int main(void)
{
	size();
	mounts();
	depth();
	findings();
	linear();
	return tap_done();
}
