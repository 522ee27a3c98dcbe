/* SPDX-License-Identifier: Apache-2.0 */
/* Which delegate it will be, and that no ring is run. This program bears the note itself: it links shim/elfnote.c. */
#include "shim/delegate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/elfnote.h"
#include "tests/tap.h"
#include "validate/base/limits.h"

static struct arena arena;
static char dir[64] = "/tmp/runvet-delegate-XXXXXX";
static struct runtimes_dirs dirs = { .site = dir, .vendor = "/nonexistent" };

static const char *in_dir(const char *name)
{
	return arena_printf(&arena, "%s/%s", dir, name);
}

/* A program of that size from another one; only: its first bytes. */
static void copy(const char *from, const char *to, size_t only, mode_t mode)
{
	static char buffer[1 << 16];
	FILE *in = fopen(from, "re"), *out = fopen(to, "we");
	if (!in || !out)
		exit(1);
	for (size_t n; only > 0 && (n = fread(buffer, 1, only < sizeof(buffer) ? only : sizeof(buffer), in)) > 0;
		only -= n)
		if (fwrite(buffer, 1, n, out) != n)
			exit(1);
	(void)fclose(in);
	(void)fclose(out);
	if (chmod(to, mode) < 0)
		exit(1);
}

static void entry(const char *name, const char *dialect, const char *paths)
{
	FILE *f = fopen(in_dir(arena_printf(&arena, "%s.json", name)), "we");
	if (!f)
		exit(1);
	(void)fprintf(f, "{\"name\":\"%s\",\"dialect\":\"%s\",\"priority\":1000,\"paths\":[%s]}", name, dialect, paths);
	(void)fclose(f);
}

static bool bears(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool yes = fd >= 0 && elfnote_present(fd);
	(void)close(fd);
	return yes;
}

static void notes(void)
{
	copy("/proc/self/exe", in_dir("copy"), SIZE_MAX, 0755);
	ok(bears("/proc/self/exe"), "this program bears the note");
	ok(bears(in_dir("copy")), "so does a copy of it");
	ok(!bears("/bin/sh"), "another program does not");
	ok(!bears("/etc/passwd"), "nor a text");
	ok(!bears("/dev/null"), "nor nothing");
	for (size_t only = 1; only < 5000; only += 61) {
		copy("/proc/self/exe", in_dir("cut"), only, 0755);
		(void)bears(in_dir("cut"));
	}
	ok(true, "files cut anywhere are survived");
	/* Every byte of the headers wrong, one at a time: whatever the answer, it has to be one. */
	copy("/proc/self/exe", in_dir("bent"), 8192, 0755);
	int fd = open(in_dir("bent"), O_RDWR | O_CLOEXEC);
	size_t found = 0;
	for (off_t at = 0; at < 1024; at++) {
		unsigned char was, wrong[] = { 0xff, 0x00, 0x80 };
		if (pread(fd, &was, 1, at) != 1)
			exit(1);
		for (size_t i = 0; i < sizeof(wrong); i++) {
			if (pwrite(fd, &wrong[i], 1, at) != 1)
				exit(1);
			found += elfnote_present(fd);
		}
		if (pwrite(fd, &was, 1, at) != 1)
			exit(1);
	}
	(void)close(fd);
	ok(found > 0, "and so are wrong headers");
}

/* runtime_find of the called name comes first: these calls go by the name in argv[0], as AT_EXECFN is this test's. */
static int choose(const char *called, const struct note *note, bool strict, struct delegate *d, struct fail *why)
{
	char name[128];
	(void)snprintf(name, sizeof(name), "%s", called);
	char *argv[] = { name, NULL };
	*why = (struct fail){ 0 };
	return strict ? delegate_choose(&arena, &dirs, argv, note, d, why)
		      : delegate_guess(&arena, &dirs, argv, note, d);
}

static void rings(void)
{
	struct delegate d;
	struct fail why;
	const char *self = arena_printf(&arena, "\"/proc/self/exe\""),
		   *real = arena_printf(&arena, "\"%s\"", in_dir("real"));
	copy("/bin/sh", in_dir("real"), SIZE_MAX, 0755);

	entry("t", "runc", real);
	is_int(choose("runvet", NULL, true, &d, &why), 0, "a plain runtime is taken: %s", why.says);
	is_text(d.path, in_dir("real"), "it is the one");
	ok(d.identity.inode != 0 && !d.from_note, "and known");

	entry("t", "runc", arena_printf(&arena, "%s,%s", self, real));
	is_int(choose("runvet", NULL, true, &d, &why), -ELOOP, "ourselves are a ring");
	ok(strcmp(why.rule, "runtime.ring") == 0 && strstr(why.says, "/proc/self/exe is runvet itself"),
		"which is named: %s", why.says);
	is_text(d.path, in_dir("real"), "and what would be run anyway is another");
	is_int(choose("runvet", NULL, false, &d, &why), 0, "verbs that have to work");
	is_text(d.path, in_dir("real"), "step over it");

	ok(symlink("/proc/self/exe", in_dir("link")) == 0, "a symlink to us");
	const char *mine = called_name((char *[]){ NULL });
	entry(mine, "runc", arena_printf(&arena, "\"%s\"", in_dir("link")));
	is_int(choose("runvet", NULL, true, &d, &why), -ELOOP, "is a ring");
	is_text(d.path, "", "and nothing is left to run");
	ok(choose("runvet", NULL, false, &d, &why) == -ENOENT && d.path[0] == '\0',
		"not even for verbs that have to work");
	(void)unlink(in_dir(arena_printf(&arena, "%s.json", mine)));
	entry("t", "runc", arena_printf(&arena, "\"%s\",%s", in_dir("copy"), real));
	is_int(choose("runvet", NULL, true, &d, &why), -ELOOP, "a copy is a ring");
	is_int(choose("runvet", NULL, false, &d, &why), 0, "stepped over");
	is_text(d.path, in_dir("real"), "likewise");
}

static void doubts(void)
{
	struct delegate d;
	struct fail why;
	entry("t", "runc", arena_printf(&arena, "\"%s\"", in_dir("real")));
	(void)chmod(in_dir("real"), 0757);
	is_int(choose("runvet", NULL, true, &d, &why), -EPERM, "one that others may write is refused");
	is_text(why.rule, "runtime.owner", "by its rule");
	is_int(choose("runvet", NULL, false, &d, &why), 0, "but kills and deletes");
	(void)chmod(in_dir("real"), 0755);
	(void)!chown(in_dir("real"), 1234, 1234);
	is_int(choose("runvet", NULL, true, &d, &why), -EPERM, "one of another user's is refused");
	(void)!chown(in_dir("real"), 0, 0);
	(void)chmod(in_dir("real"), 0644);
	entry("runc", "runc", arena_printf(&arena, "\"%s\"", in_dir("real")));
	(void)choose("runvet", NULL, true, &d, &why);
	ok(strcmp(d.path, in_dir("real")) != 0, "one that cannot be run is none");
	(void)unlink(in_dir("runc.json"));
	(void)chmod(in_dir("real"), 0755);
}

static void by_note(void)
{
	struct delegate d;
	struct fail why;
	copy("/bin/sh", in_dir("noted"), SIZE_MAX, 0755);
	entry("other", "crun", "\"/nonexistent\"");
	struct note n = { .delegate = in_dir("noted"), .runtime = "other", .pid = 1 };
	is_int(choose("runvet", &n, true, &d, &why), 0, "the noted delegate is taken: %s", why.says);
	ok(d.from_note && strcmp(d.path, in_dir("noted")) == 0 && strcmp(d.runtime.dialect->name, "crun") == 0,
		"with its dialect");
	n.runtime = "gone";
	is_int(choose("runvet", &n, true, &d, &why), 0, "also when its entry is gone");
	is_text(d.path, in_dir("noted"), "the path is");
	n.dialect = "youki";
	is_int(choose("runvet", &n, true, &d, &why), 0, "and when the note knows how it speaks");
	ok(d.runtime.dialect == dialect_find("youki"), "it is spoken to in its dialect, not in that of our name");
	n.dialect = NULL;
	n.delegate = "/nonexistent";
	is_int(choose("runvet", &n, true, &d, &why), 0, "when the delegate is gone, there is no note");
	ok(!d.from_note && strcmp(d.path, in_dir("real")) == 0, "the default is taken");
	n.delegate = in_dir("copy");
	is_int(choose("runvet", &n, false, &d, &why), 0, "when the place has become ours");
	is_text(d.path, in_dir("real"), "it is not run");
	n = (struct note){ .delegate = in_dir("noted"),
		.runtime = "other",
		.pid = getpid(),
		.pid_started = process_started(getpid()) };
	is_int(choose("runvet", &n, true, &d, &why), -ELOOP, "the same process twice is a ring");
	is_text(d.path, "", "with no way out");
	n.pid_started--;
	is_int(choose("runvet", &n, true, &d, &why), 0, "the same number later is not");
}

static void broken(void)
{
	struct delegate d;
	struct fail why;
	FILE *f = fopen(in_dir("zz.json"), "we");
	if (!f)
		exit(1);
	(void)fputs("{", f);
	(void)fclose(f);
	ok(choose("runvet", NULL, true, &d, &why) < 0 && strstr(why.file, "zz.json"),
		"a broken file stops the default: %s", why.file);
	ok(choose("runvet", NULL, false, &d, &why) < 0 && strcmp(d.path, in_dir("real")) == 0,
		"and yet there is one to run");
	(void)unlink(in_dir("zz.json"));
}

static void called(void)
{
	char runvet[] = "/usr/bin/runvet", empty[] = "", slash[] = "/";
	ok(strcmp(called_name((char *[]){ runvet, NULL }), "delegate") != 0,
		"called by argv[0] only where AT_EXECFN says nothing");
	ok(strstr(called_name((char *[]){ empty, NULL }), "delegate") != NULL,
		"this test is called by its own name: %s", called_name((char *[]){ slash, NULL }));
}

/* What the delegate gets: argv byte for byte but for its first word, the environment, a descriptor. */
static void exec(void)
{
	struct delegate d = { .path = "/bin/sh", .runtime = { .argv0 = NULL } };
	char zero[] = "runvet", c[] = "-c", script[] = "printf '%s|' \"$0\" \"$@\" \"$V\"; cat <&7", a[] = "a b",
	     empty[] = "", v[] = "V=w";
	int out[2], in[2];
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(in, O_CLOEXEC) < 0)
		exit(1);
	(void)fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		(void)dup2(out[1], 1);
		(void)dup2(in[0], 7);
		_exit(-delegate_exec(&d, (char *[]){ zero, c, script, a, empty, NULL }, (char *[]){ v, NULL }));
	}
	(void)!write(in[1], "seven", 5);
	(void)close(in[1]), (void)close(out[1]);
	char got[256] = "";
	ssize_t n, len = 0;
	while ((n = read(out[0], got + len, sizeof(got) - 1 - (size_t)len)) > 0)
		len += n;
	int status;
	(void)waitpid(child, &status, 0);
	is_text(got, "a b||w|seven", "argv, environment and descriptors arrive");
	d.path = "/nonexistent";
	is_int(delegate_exec(&d, (char *[]){ NULL }, (char *[]){ NULL }), -ENOENT, "what is missing is told");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	if (!mkdtemp(dir))
		return 1;
	notes();
	called();
	exec();
	if (geteuid() == 0) {
		rings();
		doubts();
		by_note();
		broken();
	}
	static const char *const made[] = { "copy", "cut", "bent", "real", "link", "noted", "t.json", "other.json" };
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		(void)unlink(in_dir(made[i]));
	ok(rmdir(dir) == 0, "nothing is left");
	arena_done(&arena);
	return tap_done();
}
