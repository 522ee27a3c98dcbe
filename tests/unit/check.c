/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine says of a document: word for word, in which order, where, how much, and how little to whom. */
#include "validate/check.h"
#include "validate/rule/around.h"

#include <errno.h>

#include "tests/tap.h"
#include "validate/base/limits.h"

/* A document that keeps every rule, with room for one thing more at its top and one in its process. */
#define PROCESS_ "{\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"/\",\"args\":[\"/a\"]"
#define MOUNTS_                                                                                                        \
	"\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\"},{\"destination\":\"/sys\",\"type\":\"sysfs\"},"     \
	"{\"destination\":\"/dev/pts\",\"type\":\"devpts\"},{\"destination\":\"/dev/shm\",\"type\":\"tmpfs\"}]"
#define LINUX_ "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}]"
#define DOC(process, top, linux)                                                                                       \
	"{\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"rootfs\"}," MOUNTS_ ",\"process\":" PROCESS_ process "}" top   \
	"," LINUX_ ",\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}],"                                   \
	"\"gidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}]" linux "}}"

static struct arena arena;

static bool judge(const char *below, struct bytes text, struct report *ret)
{
	const struct doc_options options = { .file = "f", .cause = CAUSE_BUNDLE };
	struct fail why = { 0 };
	const struct doc *root;
	int r = doc_parse(&arena, text, &options, &root, &why);
	if (r == 0) {
		const struct check_input in = { .file = "f", .text = text, .root = root, .below = below };
		r = check(&arena, &in, ret, &why);
	}
	if (r < 0)
		printf("# %s\n", why.says);
	return r == 0;
}

struct sentence {
	const char *text;
	const char *id, *pointer;
	const char *all;  /* as the owner of the file reads it */
	const char *safe; /* as a record shows it; NULL: the same */
};

/* Each document has one finding. */
static const struct sentence sentences[] = {
	{ DOC(",\"env\":[\"A=\",1]", "", ""), "type.process.env", "/process/env/1",
		"process.env[1] must be a string, found a number", NULL },
	{ DOC(",\"env\":[\"SECRET\"]", "", ""), "spec.process.env-format", "/process/env/0",
		"process.env[0] must have the form NAME=value, found \"SECRET\"",
		"process.env[0] must have the form NAME=value" },
	{ DOC(",\"env\":\"SECRET\"", "", ""), "type.process.env", "/process/env",
		"process.env must be an array, found a string", NULL },
	{ DOC(",\"oomScoreAdj\":1001", "", ""), "spec.process.oom-score-range", "/process/oomScoreAdj",
		"process.oomScoreAdj must lie within -1000 to 1000, found 1001", NULL },
	{ DOC(",\"oomScoreAdj\":-9223372036854775808", "", ""), "spec.process.oom-score-range", "/process/oomScoreAdj",
		"process.oomScoreAdj must lie within -1000 to 1000, found -9223372036854775808", NULL },
	{ DOC(",\"terminal\":\"true\"", "", ""), "type.process.terminal", "/process/terminal",
		"process.terminal must be a boolean, found a string; write it without quotes", NULL },
	{ DOC("", "", ",\"resources\":{\"cpu\":{\"shares\":-1}}"), "type.linux.resources.cpu.shares",
		"/linux/resources/cpu/shares",
		"linux.resources.cpu.shares must be an integer from 0 to 18446744073709551615, found -1", NULL },
	{ DOC("", "", ",\"resources\":{\"cpu\":{\"shares\":1.0}}"), "type.linux.resources.cpu.shares",
		"/linux/resources/cpu/shares",
		"linux.resources.cpu.shares must be an integer from 0 to 18446744073709551615, "
		"found 1.0, written with a fraction or an exponent",
		NULL },
	{ DOC("", "", ",\"resources\":{\"cpu\":{\"shares\":1e3}}"), "type.linux.resources.cpu.shares",
		"/linux/resources/cpu/shares",
		"linux.resources.cpu.shares must be an integer from 0 to 18446744073709551615, "
		"found 1e3, written with a fraction or an exponent",
		NULL },
	{ DOC("", "", ",\"resources\":{\"cpu\":{\"shares\":-0}}"), "type.linux.resources.cpu.shares",
		"/linux/resources/cpu/shares",
		"linux.resources.cpu.shares must be an integer from 0 to 18446744073709551615, "
		"found -0, a negative zero",
		NULL },
	{ DOC("", "", ",\"resources\":{\"cpu\":{\"shares\":18446744073709551616}}"), "type.linux.resources.cpu.shares",
		"/linux/resources/cpu/shares",
		"linux.resources.cpu.shares must be an integer from 0 to 18446744073709551615, "
		"found 18446744073709551616, which no 64-bit integer holds",
		NULL },
	{ DOC("", ",\"annotations\":{\"x.my key\":7}", ""), "type.annotations.*", "/annotations/x.my key",
		"annotations[\"x.my key\"] must be a string, found a number", NULL },
	{ DOC("", ",\"annotations\":{\"x.a/b~c\":null}", ""), "type.annotations.*", "/annotations/x.a~1b~0c",
		"annotations[\"x.a/b~c\"] must be a string, found null", NULL },
	{ DOC("", ",\"annotations\":{\"\\u001b[2J. permission denied\":7}", ""), "type.annotations.*",
		"/annotations/\033[2J. permission denied", "annotations[\"...\"] must be a string, found a number",
		NULL },
	{ DOC("", ",\"annotations\":{\"\\u001b[2J.\":7}", ""), "type.annotations.*", "/annotations/\033[2J.",
		"annotations[\"\\x1b[2J.\"] must be a string, found a number", NULL },
	{ DOC("", ",\"hostname\":null", ""), "json.no-null", "/hostname", "hostname is null, which counts as absent",
		NULL },
	{ DOC("", ",\"Hooks\":{}", ""), "json.case-variant-name", "/Hooks",
		"Hooks is taken for hooks by delegates that ignore case, and by no other; write hooks", NULL },
	{ DOC("", ",\"namespaces\":[]", ""), "json.unknown-property", "/namespaces",
		"namespaces is no property of the runtime specification; namespaces belongs in linux", NULL },
	{ DOC("", ",\"limit\":1", ""), "json.unknown-property", "/limit",
		"limit is no property of the runtime specification; "
		"limit belongs in linux.resources.memory or in linux.resources.pids",
		NULL },
	{ DOC(",\"uid\":1", "", ""), "json.unknown-property", "/process/uid",
		"process.uid is no property of the runtime specification; "
		"uid belongs in process.user or in linux.devices[]",
		NULL },
	{ DOC(",\"root\":{}", "", ""), "json.unknown-property", "/process/root",
		"process.root is no property of the runtime specification; root belongs in the top level", NULL },
	{ DOC("", ",\"hostnme\":\"x\"", ""), "json.unknown-property", "/hostnme",
		"hostnme is no property of the runtime specification; did you mean hostname?", NULL },
	{ DOC("", ",\"x-vendor\":{\"process\":{\"args\":1}}", ""), "json.unknown-property", "/x-vendor",
		"x-vendor is no property of the runtime specification", NULL },
	{ DOC("", "", ",\"maskedPaths\":[\"permission denied\"]"), "spec.linux.masked-paths.absolute",
		"/linux/maskedPaths/0", "linux.maskedPaths[0] must be an absolute path, found \"permission denied\"",
		"linux.maskedPaths[0] must be an absolute path, found a string of 17 bytes" },
	{ DOC("", "", ",\"maskedPaths\":[\"\"]"), "spec.linux.masked-paths.absolute", "/linux/maskedPaths/0",
		"linux.maskedPaths[0] must be an absolute path, found \"\"", NULL },
	{ DOC("", "", ",\"rootfsPropagation\":\"no\""), "spec.linux.rootfs-propagation.enum",
		"/linux/rootfsPropagation",
		"linux.rootfsPropagation must be one of shared, slave, private, unbindable, rshared, rslave, rprivate, "
		"runbindable, found \"no\"",
		NULL },
	{ DOC("", "", ",\"intelRdt\":{\"l3CacheSchema\":\"x\"}"), "spec.linux.intel-rdt.l3-prefix",
		"/linux/intelRdt/l3CacheSchema", "linux.intelRdt.l3CacheSchema should start with L3:, found \"x\"",
		NULL },
	{ DOC("", ",\"hooks\":{\"poststop\":[{\"path\":\"/x\",\"timeout\":0}]}", ""), "spec.hooks.timeout-positive",
		"/hooks/poststop/0/timeout", "hooks.poststop[0].timeout must be 1 or more, found 0", NULL },
	{ DOC("", ",\"hooks\":{\"poststop\":[{}]}", ""), "spec.hooks.path-required", "/hooks/poststop/0",
		"hooks.poststop[0].path is required", NULL },
	{ DOC("", ",\"windows\":{\"x\":\"/secret\"}", ""), "spec.platform.foreign-section", "/windows",
		"windows should not be set; it is for another platform and has no effect here", NULL },
	{ DOC("", "", ",\"sysctl\":{\"user.a\":1}"), "type.linux.sysctl.*", "/linux/sysctl/user.a",
		"linux.sysctl[\"user.a\"] must be a string, found a number", NULL },
	{ DOC("", "",
		  ",\"cgroupsPath\":\"/../"
		  "0123456789012345678901234567890123456789012345678901234567890123456789"
		  "0123456789012345678901234567890123456789012345678901234567890123456789\""),
		"spec.linux.cgroups-path.dotdot", "/linux/cgroupsPath",
		"linux.cgroupsPath should have no \"..\" in its path, found "
		"\"/../0123456789012345678901234567890123456789012345678901234567890123456789"
		"012345678901234567890123456789012345678901234567890...\"",
		NULL },
};

static void say(void)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		const struct sentence *s = &sentences[i];
		struct report r = { 0 };
		char all[1024], safe[1024];
		struct text x = text_over(all, sizeof(all)), y = text_over(safe, sizeof(safe));
		arena_init(&arena, LIMIT_ARENA);
		if (ok(judge("", bytes_of(s->text), &r) && r.count == 1, "%s: one finding", s->id)) {
			const struct finding *f = &r.findings[0];
			finding_write(f, SHOW_ALL, &x);
			finding_write(f, SHOW_SAFE, &y);
			is_text(f->id, s->id, "%s: its id", s->id);
			is_text(f->pointer, s->pointer, "%s: its place", s->id);
			is_text(all, s->all, "%s: in full", s->id);
			is_text(safe, s->safe ? s->safe : s->all, "%s: as may be recorded", s->id);
			is_int(r.errors + r.warnings + r.infos, 1, "%s: counted", s->id);
		} else {
			for (size_t k = 0; k < r.count; k++)
				printf("# %s: %s\n", r.findings[k].id, r.findings[k].says);
		}
		arena_done(&arena);
	}
}

/* Table first, then place: whatever the order in the document. */
static void order(void)
{
	static const char text[] = "{\n"
				   "\t\"linux\": { \"devices\": [ {}, {} ] },\n"
				   "\t\"x\": 1,\n"
				   "\t\"process\": { \"cwd\": \"x\", \"oomScoreAdj\": 5000 }\n"
				   "}\n";
	static const char *const want[] = {
		"json.unknown-property 3:2 /x",
		"spec.version.required 1:1 ",
		"spec.root.required 1:1 ",
		"spec.process.user.required 4:13 /process",
		"spec.process.args-nonempty 4:13 /process",
		"spec.process.cwd-absolute 4:22 /process/cwd",
		"spec.process.oom-score-range 4:42 /process/oomScoreAdj",
		"spec.mounts.present 1:1 ",
		"spec.linux.devices.path-required 2:26 /linux/devices/0",
		"spec.linux.devices.path-required 2:30 /linux/devices/1",
		"spec.linux.devices.type-required 2:26 /linux/devices/0",
		"spec.linux.devices.type-required 2:30 /linux/devices/1",
	};
	struct report r = { 0 };
	arena_init(&arena, LIMIT_ARENA);
	ok(judge("", bytes_of(text), &r), "a document with many faults is judged");
	is_int(r.count, sizeof(want) / sizeof(want[0]), "every fault is found");
	for (size_t i = 0; i < r.count && i < sizeof(want) / sizeof(want[0]); i++) {
		char got[256];
		const struct finding *f = &r.findings[i];
		snprintf(got, sizeof(got), "%s %u:%u %s", f->id, f->place.line, f->place.column, f->pointer);
		is_text(got, want[i], "finding %zu", i);
	}
	is_int(r.errors, 10, "errors are counted");
	is_int(r.warnings, 1, "warnings too");
	is_int(r.infos, 1, "and the rest");
	arena_done(&arena);
}

/* A part of a config.json: pointers are within it, sentences name the whole. */
static void parts(void)
{
	struct report r = { 0 };
	arena_init(&arena, LIMIT_ARENA);
	ok(judge("process", BYTES(PROCESS_ ",\"cwd2\":1}"), &r) && r.count == 1, "a process is judged by itself");
	is_text(r.findings[0].pointer, "/cwd2", "its pointer is within it");
	is_text(r.findings[0].says, "process.cwd2 is no property of the runtime specification", "its sentence is not");
	ok(judge("process", BYTES("{\"args\":[]}"), &r) && r.errors == 3, "what a process needs is missed in it");
	is_text(r.findings[0].says, "process.user is required", "by its full name");
	is_text(r.findings[0].pointer, "", "at the top");
	ok(judge("process", BYTES("7"), &r) && r.errors == 1, "a process has to be an object");
	is_text(r.findings[0].id, "type.process", "by its own type");
	is_text(r.findings[0].says, "process must be an object", "in words");
	ok(judge("linux.resources", BYTES("{\"pids\":{\"limit\":\"1\"}}"), &r) && r.errors == 1, "so are resources");
	is_text(r.findings[0].pointer, "/pids/limit", "with their pointers");
	ok(judge("linux.resources", BYTES("{}"), &r) && r.count == 0, "empty resources are none to speak of");
	ok(judge("", BYTES("[]"), &r) && r.errors == 1, "a config.json has to be an object");
	is_text(r.findings[0].id, "json.top-level-object", "under the name of that rule");
	is_text(r.findings[0].says, "the document must be an object", "in words");
	arena_done(&arena);
}

/* What the whole document would have to tell is not held against a part of it. */
static void unknown_is_no_breach(void)
{
	struct report r = { 0 };
	arena_init(&arena, LIMIT_ARENA);
	ok(judge("linux", BYTES("{\"maskedPaths\":[\"/x\"],\"uidMappings\":[]}"), &r) && r.errors == 0,
		"namespaces that cannot be seen are not missed");
	ok(judge("", BYTES(DOC("", "", ",\"timeOffsets\":{\"boottime\":{}}")), &r) && r.errors == 1,
		"those that can be seen to be absent are");
	arena_done(&arena);
}

/* A flood of remarks, and one error at its end. */
static void flood(void)
{
	struct report r = { 0 };
	arena_init(&arena, LIMIT_ARENA);
	struct text to = text_growing(&arena);
	text_add(&to, "{");
	for (int i = 0; i < 3000; i++)
		text_printf(&to, "\"x%d\":1,", i);
	text_add(&to, "\"ociVersion\":7}");
	ok(judge("", (struct bytes){ to.data, to.len }, &r), "a flood is judged");
	is_int(r.count, LIMIT_FINDINGS, "only so many findings are kept");
	is_int(r.infos, 3000, "all remarks are counted");
	bool found = false;
	for (size_t i = 0; i < r.count; i++)
		found |= strcmp(r.findings[i].id, "type.oci-version") == 0;
	ok(found, "the error is among those kept");
	arena_done(&arena);
}

/* Names as long as the document allows must not become findings as long. */
static void long_names(void)
{
	struct report r = { 0 };
	arena_init(&arena, LIMIT_ARENA);
	struct text to = text_growing(&arena);
	text_add(&to, "{\"annotations\":{\"");
	for (int i = 0; i < 100000; i++)
		text_add(&to, "\\u0007key");
	text_add(&to, "\":1},\"p\":1}");
	ok(judge("", (struct bytes){ to.data, to.len }, &r), "a name of 400 KB is judged");
	for (size_t i = 0; i < r.count; i++)
		ok(strlen(r.findings[i].pointer) < LIMIT_POINTER && strlen(r.findings[i].says) < 640, "%s is short",
			r.findings[i].id);
	arena_done(&arena);
}

/* An arena that is too small is told, not suffered. */
static void no_memory(void)
{
	static const char text[] = DOC("", ",\"annotations\":{\"a\":1}", "");
	const struct doc_options options = { .file = "f", .cause = CAUSE_BUNDLE };
	struct arena full;
	struct fail why = { 0 };
	struct report r = { 0 };
	const struct doc *root = NULL;
	arena_init(&arena, LIMIT_ARENA);
	arena_init(&full, 100);
	doc_parse(&arena, bytes_of(text), &options, &root, &why);
	const struct check_input in = { .file = "f", .text = bytes_of(text), .root = root, .below = "" };
	is_int(check(&full, &in, &r, &why), -ENOMEM, "no memory is a failure");
	is_int(why.code, -ENOMEM, "with a reason");
	is_int(why.cause, CAUSE_INTERNAL, "of ours");
	arena_done(&full);
	arena_done(&arena);
}

/* By their components, however they are spelt: what is settled by the first byte that differs is settled rightly. */
static void paths(void)
{
	static const struct {
		const char *above, *path;
		int order;
		bool covers;
	} pairs[] = {
		{ "/a/b", "/a/bc", -1, false },
		{ "/a/b", "/a/c/b", -1, false },
		{ "/a/b", "/a/b/c", -1, true },
		{ "/a/b/", "/a/b", 0, true },
		{ "/a//b", "/a/b/c", -1, true },
		{ "/a/.", "/a/.x", -1, true },
		{ "/a/.", "/a/x", -1, true },
		{ "/a/./x", "/a/x", 0, true },
		{ "/a.b", "/ab", -1, false },
		{ "/a-b", "/a/b", 1, false },
		{ "/a/..", "/a/.b", -1, false },
		{ "/a\xff", "/ab", 1, false },
		{ "/", "/a", -1, true },
		{ "", "/a", -1, true },
		{ "a/b", "/a/b", 0, true },
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct bytes a = bytes_of(pairs[i].above), b = bytes_of(pairs[i].path);
		const int order = path_order(a, b), back = path_order(b, a);
		is_int((order > 0) - (order < 0), pairs[i].order, "%s to %s", pairs[i].above, pairs[i].path);
		is_int((back > 0) - (back < 0), -pairs[i].order, "and back");
		is_int(path_covers(a, b), pairs[i].covers, "whether %s covers %s", pairs[i].above, pairs[i].path);
	}
}

int main(void)
{
	paths();
	say();
	order();
	parts();
	unknown_is_no_breach();
	flood();
	long_names();
	no_memory();
	return tap_done();
}
