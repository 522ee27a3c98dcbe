/* SPDX-License-Identifier: Apache-2.0 */
/* runtimes.d: which of three places counts, what is refused and where, what plain `runvet` stands for. */
#include "shim/runtimes.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "validate/base/limits.h"

static struct arena arena;
static char site[64] = "/tmp/runvet-site-XXXXXX", vendor[64] = "/tmp/runvet-vendor-XXXXXX";
static struct runtimes_dirs dirs = { .site = site, .vendor = vendor };

__attribute__((format(printf, 4, 5))) static void put(const char *dir, const char *name, mode_t mode,
	const char *format, ...)
{
	char path[256];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "we");
	if (!f)
		exit(1);
	va_list ap;
	va_start(ap, format);
	(void)vfprintf(f, format, ap);
	va_end(ap);
	(void)fclose(f);
	if (chmod(path, mode) < 0)
		exit(1);
}

static void drop(const char *dir, const char *name)
{
	char path[256];
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
}

#define ENTRY(name, dialect, priority, path)                                                                           \
	"{\"name\":\"" name "\",\"dialect\":\"" dialect "\",\"priority\":" priority ",\"paths\":[\"" path "\"]}"

static void precedence(void)
{
	struct runtime r;
	struct fail why;
	is_int(runtime_find(&arena, &dirs, "runc", &r, &why), 0, "without files the compiled-in copy is found");
	is_text(r.file, "(built in)", "and says so");
	is_text(r.dialect->name, "runc", "its dialect");
	is_int(r.priority, 60, "its priority");
	ok(r.paths[0] && r.paths[0][0] == '/', "its paths");
	ok(!r.argv0 && r.option_count == 0, "and nothing else");

	put(vendor, "runc.json", 0644, ENTRY("runc", "runc", "7", "/vendor"));
	is_int(runtime_find(&arena, &dirs, "runc", &r, &why), 0, "the vendor's file");
	is_text(r.paths[0], "/vendor", "stands over the compiled-in copy");
	put(site, "runc.json", 0644,
		"{\"name\":\"runc\",\"dialect\":\"crun\",\"paths\":[\"/a\",\"/"
		"b\"],\"argv0\":\"krun\",\"quirks\":[\"rewrites-config\",\"time-unlisted\"],"
		"\"options\":[{\"name\":\"x\",\"verb\":\"create\",\"value\":true},{\"name\":\"y\"}]}");
	is_int(runtime_find(&arena, &dirs, "runc", &r, &why), 0, "the site's file");
	is_text(r.paths[1], "/b", "stands over both");
	ok(!r.paths[2], "its paths end");
	is_text(r.dialect->name, "crun", "dialect");
	is_text(r.argv0, "krun", "argv0");
	ok(strcmp(r.quirks[0], "rewrites-config") == 0 && strcmp(r.quirks[1], "time-unlisted") == 0 && !r.quirks[2],
		"quirks");
	is_int(r.priority, 0, "no priority is 0");
	is_int(r.option_count, 2, "options");
	ok(strcmp(r.options[0].verb, "create") == 0 && strcmp(r.options[0].name, "x") == 0 &&
			r.options[0].arity == ARITY_VALUE && !r.options[1].verb && r.options[1].arity == ARITY_FLAG,
		"as they were written");
	drop(site, "runc.json");
	drop(vendor, "runc.json");
}

/* A file that came with runvet is not parsed, unless there is one byte more to it. */
static void installed(void)
{
	struct runtime r;
	struct fail why = { 0 };
	const struct runtime_embedded *e = runtime_embedded_find("crun");
	put(vendor, "crun.json", 0644, "%s", e->text);
	is_int(runtime_find(&arena, &dirs, "crun", &r, &why), 0, "as it was installed");
	ok(r.name == e->name && strcmp(r.file, "(built in)") != 0, "it is known, and named by its file: %s", r.file);
	put(vendor, "crun.json", 0644, "%s ", e->text);
	is_int(runtime_find(&arena, &dirs, "crun", &r, &why), 0, "with a byte more");
	ok(r.name != e->name && r.priority == e->priority, "it is parsed");
	put(vendor, "crun.json", 0644, "%s,", e->text);
	ok(runtime_find(&arena, &dirs, "crun", &r, &why) < 0, "and what is broken is seen: %s", why.says);
	put(vendor, "crun.json", 0666, "%s", e->text);
	is_int(runtime_find(&arena, &dirs, "crun", &r, &why), -EPERM, "nor is it believed where others may write");
	put(vendor, "runc.json", 0644, "%s", e->text);
	ok(runtime_find(&arena, &dirs, "runc", &r, &why) < 0 && strcmp(why.rule, "runtimes.name") == 0,
		"another one's text is not this one's");
	drop(vendor, "crun.json"), drop(vendor, "runc.json");
}

static void names(void)
{
	struct runtime r;
	static const char *const bad[] = { "", ".", "..", ".runc", "../runc", "a/b", "a b", "a\n", "r\xc3\xbcnc",
		"0123456789012345678901234567890123456789012345678901234567890123x" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!runtime_name_valid(bad[i]) && runtime_find(&arena, &dirs, bad[i], &r, NULL) == -ENOENT,
			"bad name %zu is never looked up", i);
	ok(runtime_name_valid("containerd-shim-runc-v2") && runtime_name_valid("a.B_9"), "good names are");
	is_int(runtime_find(&arena, &dirs, "no-such", &r, NULL), -ENOENT, "an unknown name has no entry");
	put(site, "mine.json", 0644, ENTRY("mine", "runc", "1", "/opt/mine"));
	is_int(runtime_find(&arena, &dirs, "mine", &r, NULL), 0, "a file adds a runtime");
	drop(site, "mine.json");
}

static void breaks(const char *text, const char *rule, const char *pointer)
{
	struct runtime r;
	struct fail why = { 0 };
	put(site, "runc.json", 0644, "%s", text);
	int e = runtime_find(&arena, &dirs, "runc", &r, &why);
	ok(e < 0, "%s is refused", text);
	is_text(why.rule, rule, "by its rule");
	is_text(why.pointer, pointer, "at its place");
	is_int(why.cause, CAUSE_RUNTIMES, "the cause is runtimes");
	ok(strstr(why.file, "/runc.json") != NULL, "the file is named: %s", why.file);
	ok(r.name && strcmp(r.file, "(built in)") == 0, "and the compiled-in copy is there for the others");
}

static void broken(void)
{
	breaks("{", "json.well-formed", "");
	breaks("[]", "json.top-level-object", "");
	breaks("{\"name\":\"crun\",\"dialect\":\"runc\",\"paths\":[\"/a\"]}", "runtimes.name", "/name");
	breaks("{\"name\":\"runc\",\"dialect\":\"kata\",\"paths\":[\"/a\"]}", "runtimes.dialect", "/dialect");
	breaks("{\"name\":\"runc\",\"dialect\":\"runc\",\"paths\":[\"runc\"]}", "runtimes.path-absolute", "/paths/0");
	breaks("{\"name\":\"runc\",\"dialect\":\"runc\",\"paths\":[\"/a\"],\"prio\":1}", "json.unknown-property",
		"/prio");
	breaks("{\"name\":\"runc\",\"dialect\":\"runc\",\"paths\":[\"/a\"],\"quirks\":[\"odd\"]}", "runtimes.quirk",
		"/quirks/0");
	breaks("{\"name\":\"runc\",\"dialect\":\"runc\",\"paths\":[\"/a\"],\"options\":[{\"name\":\"--x\"}]}",
		"runtimes.option-name", "/options/0");
	breaks("{\"name\":\"runc\",\"dialect\":\"runc\",\"paths\":[\"/"
	       "a\"],\"options\":[{\"name\":\"config\",\"verb\":\"create\",\"value\":true}]}",
		"runtimes.option-reserved", "/options/0");
	breaks("{\"name\":\"runc\",\"dialect\":\"runc\",\"paths\":[\"/"
	       "a\"],\"options\":[{\"name\":\"x\",\"verb\":\"creat\"}]}",
		"runtimes.option-verb", "/options/0");
	put(site, "runc.json", 0666, ENTRY("runc", "runc", "1", "/a"));
	struct runtime r;
	struct fail why = { 0 };
	ok(runtime_find(&arena, &dirs, "runc", &r, &why) == -EPERM && strcmp(why.rule, "runtimes.file") == 0,
		"a file that others may write is refused");
	drop(site, "runc.json");
	char path[256];
	(void)snprintf(path, sizeof(path), "%s/runc.json", site);
	ok(symlink("/etc/hostname", path) == 0 && runtime_find(&arena, &dirs, "runc", &r, &why) == -ELOOP,
		"a symlink is refused");
	drop(site, "runc.json");
	ok(mkfifo(path, 0600) == 0 && runtime_find(&arena, &dirs, "runc", &r, &why) == -ENOTSUP,
		"a fifo is refused, without waiting");
	drop(site, "runc.json");
	put(site, "own.json", 0644, "{}");
	ok(runtime_find(&arena, &dirs, "own", &r, &why) < 0 && !r.name,
		"a broken one that is not compiled in leaves nothing");
	drop(site, "own.json");
}

static void defaults(void)
{
	struct runtime r;
	struct fail why = { 0 };
	char low[128], high[128], odd[128];
	(void)snprintf(low, sizeof(low), "%s/low", vendor);
	(void)snprintf(high, sizeof(high), "%s/high", vendor);
	(void)snprintf(odd, sizeof(odd), "%s/odd", vendor);
	put(vendor, "low", 0755, "#!/bin/sh\n");
	put(vendor, "high", 0755, "#!/bin/sh\n");
	put(vendor, "odd", 0644, "#!/bin/sh\n");
	put(vendor, "l.json", 0644, ENTRY("l", "runc", "900", "%s"), low);
	put(site, "h.json", 0644, ENTRY("h", "crun", "901", "%s"), high);
	put(site, "b.json", 0644, ENTRY("b", "crun", "901", "%s"), low);
	put(site, "o.json", 0644, ENTRY("o", "runc", "999", "%s"), odd);
	put(site, "s.json", 0644, ENTRY("s", "containerd-shim", "1000", "%s"), high);
	put(site, ".json", 0644, "{");
	put(site, "README", 0644, "not one");
	is_int(runtime_default(&arena, &dirs, &r, &why), 0, "the default is found");
	is_text(r.name, "b", "highest priority, installed, a runtime, then by name");
	put(site, "z.json", 0644, "{");
	ok(runtime_default(&arena, &dirs, &r, &why) < 0, "a broken file anywhere is an error");
	ok(r.name && strcmp(r.name, "b") == 0, "and the best of the rest is kept");
	ok(strstr(why.file, "/z.json") != NULL, "the file is named");
	static const char *const all[] = { "z.json", "h.json", "b.json", "o.json", "s.json", ".json", "README" };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		drop(site, all[i]);
	drop(vendor, "l.json");

	/* More than one look at the directory has room for. */
	struct runtime_seen *kept = NULL;
	const struct runtimes_dirs keeping = { .site = site, .vendor = vendor, .seen = &kept };
	for (unsigned i = 0; i < 50; i++) {
		const char *name = arena_printf(&arena, "a-name-of-some-length-so-that-many-take-room-%02u", i);
		put(i % 2 ? site : vendor, arena_printf(&arena, "%s.json", name), 0644, ENTRY("%s", "runc", "%u", "%s"),
			name, 900 + i, low);
	}
	is_int(runtime_default(&arena, &keeping, &r, &why), 0, "of many: %s", why.says);
	is_text(r.name, "a-name-of-some-length-so-that-many-take-room-49", "the one with the highest priority");
	for (unsigned i = 0; i < 50; i++)
		drop(i % 2 ? site : vendor,
			arena_printf(&arena, "a-name-of-some-length-so-that-many-take-room-%02u.json", i));
	is_int(runtime_default(&arena, &keeping, &r, &why), 0, "one call sees one default");
	is_int(r.priority, 949, "although it is gone");

	const struct runtimes_dirs none = { .site = "/nonexistent/a", .vendor = "/nonexistent/b" };
	int e = runtime_default(&arena, &none, &r, &why);
	ok(e == 0 || e == -ENOENT, "without directories it is what is installed here: %s", r.name ? r.name : "nothing");

	struct runtime self = { .paths = (const char *const[]){ "/proc/self/exe", odd, "relative", vendor, low,
					NULL } };
	is_text(runtime_installed(&self), low,
		"ourselves, what is no program, no absolute path, a directory: passed over");
	drop(vendor, "low"), drop(vendor, "high"), drop(vendor, "odd");
}

static bool same_words(const char *const *a, const char *const *b)
{
	size_t i = 0;
	while (a[i] && b[i] && strcmp(a[i], b[i]) == 0)
		i++;
	return !a[i] && !b[i];
}

/* The files as shipped are the ones compiled in, they keep their own rules, and say what was made of them. */
static void shipped(void)
{
	size_t n = 0;
	for (const struct runtime_embedded *e = runtimes_embedded; e->name[0]; e++, n++) {
		struct runtime r;
		struct fail why = { 0 };
		is_int(runtime_parse(&arena, bytes_of(e->text), e->name, "x", &r, &why), 0, "%s: %s", e->name,
			why.says);
		ok(strlen(e->text) < 1024, "%s is small", e->name);
		ok((r.dialect == NULL) == (strncmp(e->name, "containerd-shim", 15) == 0), "%s has its dialect",
			e->name);
		ok(r.dialect || r.priority == 0, "%s: a shim is never the default", e->name);

		struct runtime made;
		is_int(runtime_embedded_read(&arena, e, "y", &made, &why), 0, "%s is read without a parser", e->name);
		ok(strcmp(made.name, r.name) == 0 && made.dialect == r.dialect && made.priority == r.priority &&
				same_words(made.paths, r.paths) && same_words(made.quirks, r.quirks) && !made.argv0 &&
				!r.argv0 && made.option_count == 0 && r.option_count == 0,
			"%s: both say the same", e->name);
		is_text(made.file, "y", "and name the file that was read");
	}
	is_int(n, 5, "five are compiled in");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	if (!mkdtemp(site) || !mkdtemp(vendor))
		return 1;
	shipped();
	names();
	if (geteuid() == 0) {
		precedence();
		installed();
		broken();
		defaults();
	}
	ok(rmdir(site) == 0 && rmdir(vendor) == 0, "nothing is left");
	arena_done(&arena);
	return tap_done();
}
