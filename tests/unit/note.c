/* SPDX-License-Identifier: Apache-2.0 */
/* Notes: what is written is read back; what anybody else could have written is not believed; what is gone is swept. */
#include "audit/note.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "audit/sink.h"
#include "tests/unit/audit.h"

#define RUN "/run/runvet"

static const struct note sample = {
	.delegate = "/usr/bin/runc",
	.runtime = "runc",
	.dialect = "crun",
	.record = "0199a4c2-5b1e-7c3d-9f10-2b6f0c9d1e7a",
	.bundle = "/run/b\xc3\xa4r\"\n",
	.config_digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	.config = { .device = 1, .inode = UINT64_MAX, .size = 3, .modified = -4, .changed = INT64_MAX },
	.bundle_device = 2049,
	.bundle_inode = UINT64_MAX - 1,
	.config_file = "/srv/other.json",
	.judged_anew = true,
	.pid_file = "/run/p\xc3\xaf"
		    "d",
	.pid = 4242,
	.pid_started = 77,
};

/* The one file in the directory of notes; NULL when there is none. */
static const char *only_note(void)
{
	static char path[300];
	DIR *d = opendir(RUN "/ctr");
	path[0] = '\0';
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			snprintf(path, sizeof(path), RUN "/ctr/%s", e->d_name);
	if (d)
		closedir(d);
	return path[0] ? path : NULL;
}

static size_t notes(void)
{
	size_t n = 0;
	DIR *d = opendir(RUN "/ctr");
	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
	if (d)
		closedir(d);
	return n;
}

static const struct doc *parsed(struct arena *a, const char *text)
{
	const struct doc_options options = { .file = "test" };
	const struct doc *d = NULL;
	struct fail why;
	if (doc_parse(a, bytes_of(text), &options, &d, &why) < 0)
		abort();
	return d;
}

static int reread(const char *root, const char *id)
{
	struct note n;
	return note_read(fresh_arena(), RUN, root, id, &n);
}

/* What later verbs are to know of the container. */
static void test_described(void)
{
	struct arena *a = fresh_arena();
	struct note n, with = sample;
	with.identity = parsed(a, "{\"engine\":\"docker\",\"trust\":{\"engine\":\"place\"}}");
	with.posture = parsed(a, "{\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]},\"maskedPaths\":11}");
	is_int(note_write(a, RUN, "", "web", &sample), 0, "a note as an older runvet wrote it");
	is_int(note_read(a, RUN, "", "web", &n), 0, "is read");
	ok(!n.identity && !n.posture, "and nothing is known of identity and posture");
	is_int(note_write(a, RUN, "", "web", &with), 0, "a note with both");
	is_int(note_read(a, RUN, "", "web", &n), 0, "is read");
	ok(bytes_is(doc_string(n.identity, "trust.engine", (struct bytes){ 0 }), "place"), "identity");
	ok(doc_find(n.posture, "capabilities.bounding") && doc_get(n.posture, "maskedPaths")->integer.magnitude == 11,
		"posture");
	is_text(n.bundle, sample.bundle, "and the rest");
	with.start = parsed(a, "{\"drift\":\"enforce\"}");
	with.sketch = parsed(a, arena_printf(a, "{\"key\":\"%016000d\"}", 1));
	is_int(note_write(a, RUN, "", "web", &with), 0, "a sketch too long for a note");
	ok(note_read(a, RUN, "", "web", &n) == 0 && !n.sketch && n.posture && n.identity && n.start,
		"is left out first");
	with.sketch = parsed(a, "{\"key\":\"k\",\"parts\":{\"/process\":\"9f\"}}");
	with.posture = parsed(a, arena_printf(a, "{\"profile\":\"%016000d\"}", 1));
	is_int(note_write(a, RUN, "", "web", &with), 0, "a posture too long for a note");
	ok(note_read(a, RUN, "", "web", &n) == 0 && !n.sketch && !n.posture && n.identity && n.start,
		"goes after the sketch");
	ok(bytes_is(doc_string(n.start, "drift", (struct bytes){ 0 }), "enforce"), "what is wanted of start stays");
	with.identity = with.posture;
	is_int(note_write(a, RUN, "", "web", &with), 0, "an identity that is as long");
	ok(note_read(a, RUN, "", "web", &n) == 0 && !n.identity && n.start, "goes too");
	with.identity = parsed(a, "{\"engine\":\"docker\"}");
	with.posture = parsed(a, "{}");
	is_int(note_write(a, RUN, "", "web", &with), 0, "a note with all");
	ok(note_read(a, RUN, "", "web", &n) == 0 && n.sketch && n.posture && n.identity && n.start, "has all");
	is_text(n.delegate, sample.delegate, "and with the delegate");
	with.posture = parsed(a, "[1]");
	is_int(note_write(a, RUN, "", "web", &with), 0, "a posture that is none");
	ok(note_read(a, RUN, "", "web", &n) == 0 && n.identity && !n.posture, "is not known");
}

static void clear(void)
{
	if (system("rm -rf " RUN) != 0)
		abort();
}

static void test_round(void)
{
	struct arena *a = fresh_arena();
	struct stat st;
	struct note n;
	is_int(note_read(a, RUN, "/run/runc", "web", &n), -ENOENT, "no directory, no note");
	is_int(note_write(a, RUN, "/run/runc", "web", &sample), 0, "a note is written");
	is_int(note_read(a, RUN, "/run/runc", "web", &n), 0, "and read");
	is_text(n.delegate, sample.delegate, "delegate");
	is_text(n.runtime, sample.runtime, "runtime");
	is_text(n.dialect, sample.dialect, "dialect");
	is_text(n.record, sample.record, "record");
	is_text(n.bundle, sample.bundle, "bundle, whatever is in it");
	is_text(n.config_digest, sample.config_digest, "digest");
	ok(identity_equal(&n.config, &sample.config), "identity, to the last bit");
	ok(n.bundle_device == sample.bundle_device && n.bundle_inode == sample.bundle_inode, "and the bundle's");
	is_text(n.pid_file, sample.pid_file, "pid file");
	is_text(n.config_file, sample.config_file, "another document");
	ok(n.judged_anew, "which was judged anew");
	ok(n.pid == sample.pid && n.pid_started == sample.pid_started, "process");
	const char *path = only_note();
	ok(path && strlen(strrchr(path, '/') + 1) == 32 && strspn(strrchr(path, '/') + 1, "0123456789abcdef") == 32,
		"its name is 32 hex digits");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "it is 0600");
	ok(stat(RUN "/ctr", &st) == 0 && (st.st_mode & 07777) == 0700 && stat(RUN, &st) == 0 &&
			(st.st_mode & 07777) == 0700,
		"in directories of 0700");
	is_int(reread("/run/run", "cweb"), -ENOENT, "root and id are not just joined");
	is_int(reread(NULL, "web"), -ENOENT, "no root is another root");
	struct note other = sample;
	other.delegate = "/usr/bin/crun";
	is_int(note_write(a, RUN, "/run/runc", "web", &other), 0, "written again");
	is_int(note_read(a, RUN, "/run/runc", "web", &n), 0, "read again");
	is_text(n.delegate, "/usr/bin/crun", "it is the new one");
	is_int(notes(), 1, "nothing else is left there");
	is_int(note_write(a, RUN, NULL, "../../etc/passwd", &sample), 0, "an id cannot lead out");
	is_int(note_read(a, RUN, NULL, "../../etc/passwd", &n), 0, "and has its note");
	is_int(notes(), 2, "beside the other one");
	is_int(note_write(a, RUN, NULL, "web\xff", &sample), -EILSEQ, "an id that is not UTF-8 has none");
	char *huge = calloc(1, 17000);
	memset(huge, 'x', 16999);
	is_int(note_write(a, RUN, huge, "web", &sample), -EFBIG, "nor one beyond the limit");
	free(huge);
	is_int(notes(), 2, "of which nothing stays");
	const struct note bare = { .delegate = "/usr/bin/runc" };
	is_int(note_write(a, RUN, "", "bare", &bare), 0, "what is unknown may be left out");
	is_int(note_read(a, RUN, NULL, "bare", &n), 0, "and an empty root is no root");
	ok(n.config_digest[0] == '\0' && n.bundle[0] == '\0' && n.pid == 0, "it reads as unknown");
}

static void test_disbelief(void)
{
	static const char *const texts[] = { "", "{", "[]", "null", "{\"id\":\"web\"}",
		"{\"root\":\"\",\"id\":\"web\",\"delegate\":\"runc\"}",
		"{\"root\":\"\",\"id\":\"web\",\"delegate\":\"/x\",\"configDigest\":\"short\"}",
		"{\"root\":\"\",\"id\":\"web\",\"id\":\"web\",\"delegate\":\"/x\"}" };
	struct arena *a = fresh_arena();
	char path[300], aside[320];
	size_t len = 0;
	clear();
	(void)note_write(a, RUN, NULL, "web", &sample);
	snprintf(path, sizeof(path), "%s", only_note());
	is_int(reread(NULL, "web"), 0, "(the note)");
	chmod(path, 0602);
	is_int(reread(NULL, "web"), -EPERM, "a note that others may write to");
	chmod(path, 0620);
	is_int(reread(NULL, "web"), -EPERM, "or a group");
	chmod(path, 0644);
	is_int(reread(NULL, "web"), 0, "reading may who will");
	chmod(RUN "/ctr", 0777);
	is_int(reread(NULL, "web"), -EPERM, "a directory that others may write to");
	chmod(RUN "/ctr", 0700);
	if (geteuid() == 0) {
		(void)!chown(path, 65534, 65534);
		is_int(reread(NULL, "web"), -EPERM, "another's note");
		(void)!chown(path, 0, 0);
	}
	char *text = slurp(path, &len);
	is_int(rename(path, RUN "/aside"), 0, "(moved)");
	is_int(symlink(RUN "/aside", path), 0, "(linked)");
	is_int(reread(NULL, "web"), -EPERM, "a link to a note");
	unlink(path);
	mkfifo(path, 0600);
	is_int(reread(NULL, "web"), -EPERM, "a fifo, without waiting for it");
	unlink(path);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		spill_to(path, texts[i], strlen(texts[i]));
		is_int(reread(NULL, "web"), -EBADMSG, "a note that says %s", texts[i]);
	}
	char *other = strdup(text);
	memcpy(strstr(other, "\"web\""), "\"wob\"", 5);
	spill_to(path, other, len);
	is_int(reread(NULL, "web"), -EBADMSG, "a note about another container");
	free(other);
	unlink(path);
	snprintf(aside, sizeof(aside), "rm -rf " RUN "/ctr; ln -s /run/elsewhere " RUN "/ctr; mkdir -p /run/elsewhere");
	is_int(system(aside), 0, "(a link)");
	ok(note_write(a, RUN, NULL, "web", &sample) < 0 && rmdir("/run/elsewhere") == 0,
		"nothing is written through a link");
	clear();
	mkdir(RUN, 0700);
	chmod(RUN, 0777);
	is_int(note_write(a, RUN, NULL, "web", &sample), -EPERM, "nor to a directory that others may write to");
	clear();
}

/* Seconds from now to when it was marked as swept, after a sweep that found it marked so many seconds from now. */
static int swept_after(struct arena *a, int seconds)
{
	const time_t now = time(NULL);
	const struct timespec when[2] = { { .tv_sec = now + seconds }, { .tv_sec = now + seconds } };
	struct stat st;
	spill_to(RUN "/swept", "", 0);
	if (utimensat(AT_FDCWD, RUN "/swept", when, 0) < 0)
		abort();
	note_sweep(a, RUN);
	if (stat(RUN "/swept", &st) < 0)
		abort();
	const int after = (int)(st.st_mtim.tv_sec - now);
	return after == 1 ? 0 : after; /* the next second has begun meanwhile */
}

static void test_sweep(void)
{
	struct arena *a = fresh_arena();
	clear();
	mkdir("/run/state", 0700);
	mkdir("/run/state/alive", 0700);
	mkdir("/run/runc", 0700);
	mkdir("/run/runc/default", 0700);
	(void)note_write(a, RUN, "/run/state", "alive", &sample);
	(void)note_write(a, RUN, NULL, "default", &sample);
	(void)note_write(a, RUN, "/run/state", "running", &sample);
	for (int i = 0; i < 10; i++)
		(void)note_write(a, RUN, "/run/state", arena_printf(a, "gone-%d", i), &sample);
	note_retire(RUN, "/run/state", "alive");
	note_retire(RUN, NULL, "default");
	for (int i = 0; i < 10; i++)
		note_retire(RUN, "/run/state", arena_printf(a, "gone-%d", i));
	note_retire(RUN, NULL, "never-was");
	note_retire("/run/nowhere", NULL, "x");
	spill_to(RUN "/ctr/.0123456789abcdef0123456789abcdef.1", "{", 1);
	is_int(notes(), 14, "13 notes and what a killed writer left");
	is_int(reread("/run/state", "gone-0"), 0, "a retired note can still be read");
	note_sweep(a, RUN);
	is_int(notes(), 14, "none is swept within a minute");
	note_sweep_at(a, RUN, time(NULL) + 59);
	is_int(notes(), 14, "nor just before it is over");
	note_sweep_at(a, RUN, time(NULL) + 62);
	is_int(notes(), 14 - (int)LIMIT_SWEEP_REMOVED, "then a few at a time");
	note_sweep_at(a, RUN, time(NULL) + 62);
	is_int(notes(), 3, "until only those are left ...");
	is_int(reread("/run/state", "alive"), 0, "whose container is there, though delete was asked for");
	is_int(reread(NULL, "default"), 0, "which is also looked for where delegates keep it by default");
	is_int(reread("/run/state", "running"), 0, "and those nobody asked to delete");
	rmdir("/run/runc/default");
	note_sweep_at(a, RUN, time(NULL) + 62);
	is_int(reread(NULL, "default"), -ENOENT, "it is swept once it is gone");
	(void)note_write(a, RUN, "/run/state", "alive", &sample);
	rmdir("/run/state/alive");
	note_sweep_at(a, RUN, time(NULL) + 62);
	is_int(reread("/run/state", "alive"), 0, "a new note for the same id is not retired");
	is_int(swept_after(a, -1000), 0, "what was swept a while ago is swept again, and marked");
	is_int(swept_after(a, -30), -30, "half a minute ago: not yet");
	is_int(swept_after(a, 1000), 0, "a time to come is a clock that was set back");
}

static void test_places(void)
{
	struct arena *a = fresh_arena();
	struct places p;
	is_int(places_default(a, "/run/user/0", &p), 0, "places");
	if (geteuid() == 0 && !rootless()) {
		is_text(p.log_dir, "/var/log/runvet", "root's log");
		is_text(p.run_dir, "/run/runvet", "root's notes, whatever XDG_RUNTIME_DIR says");
		is_text(p.journal, "/run/systemd/journal.runvet/socket", "the namespace's socket first");
		is_text(p.journal_default, "/run/systemd/journal/socket", "then the default");
	}
	mkdir("/run/user", 0755);
	mkdir("/run/user/1234", 0700);
	mkdir("/run/other", 0700);
	(void)!chown("/run/user/1234", 1234, 1234);
	if (chown("/run/other", 999, 999) < 0)
		chmod("/run/other", 0777);
	fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		if (geteuid() == 0 && setresuid(1234, 1234, 1234) < 0)
			_exit(0);
		(void)places_default(a, "/run/user/1234", &p);
		int bad = strcmp(p.run_dir, "/run/user/1234/runvet") != 0 ||
			strcmp(p.log_dir, "/run/user/1234/runvet/log") != 0;
		static const char *const foreign[] = { "/run/other", "run/user/1234", "/run/none", "", NULL };
		for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
			(void)places_default(a, foreign[i], &p);
			char own[64];
			snprintf(own, sizeof(own), "/run/user/%d/runvet", (int)geteuid());
			bad |= strcmp(p.run_dir, own) != 0 ? 2 : 0;
		}
		_exit(bad);
	}
	int status = -1;
	waitpid(child, &status, 0);
	is_int(WEXITSTATUS(status), 0, "a user's places lie in a runtime directory of his own");
}

/* Root of a namespace of remapped ids, with the /run that it finds. Exit status: 0 as on a host, 1 as for a user. */
static int places_remapped(bool run_of_its_own)
{
	int up[2], down[2];
	if (pipe(up) < 0 || pipe(down) < 0)
		return -1;
	fflush(stdout);
	const pid_t child = fork();
	if (child == 0) {
		char c = 0;
		struct places p;
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || write(up[1], "x", 1) != 1 ||
			read(down[0], &c, 1) != 1 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
			_exit(9);
		if (run_of_its_own && mount("tmpfs", "/run", "tmpfs", 0, "mode=755") < 0)
			_exit(9);
		if (places_default(fresh_arena(), NULL, &p) < 0)
			_exit(8);
		_exit(strcmp(p.run_dir, "/run/runvet") == 0 && strcmp(p.log_dir, "/var/log/runvet") == 0 ? 0
				: strcmp(p.run_dir, "/run/user/100000/runvet") == 0                      ? 1
													 : 2);
	}
	char c = 0;
	int status = -1;
	close(up[1]); /* a child that cannot unshare says nothing */
	if (read(up[0], &c, 1) == 1) {
		char path[64];
		snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)child);
		(void)write_proc(path, "0 100000 1000");
		snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)child);
		(void)write_proc(path, "0 100000 1000");
		(void)!write(down[1], "x", 1);
	}
	close(down[1]);
	waitpid(child, &status, 0);
	close(up[0]);
	close(down[0]);
	return WEXITSTATUS(status);
}

static void test_places_remapped(void)
{
	const int own = places_remapped(true);
	if (geteuid() != 0 || own == 9) {
		printf("# no remapped user namespace to be had\n");
		return;
	}
	is_int(own, 0, "in a container with remapped ids and a /run of its own, root's places are root's");
	is_int(places_remapped(false), 1, "with the host's /run they are a user's");
}

static void test_process(void)
{
	ok(process_started(getpid()) > 0, "this process has a start time");
	ok(process_started(getpid()) >= process_started(getppid()), "not before its parent's");
	is_int(process_started(0x3fffffff), 0, "one that is not there has none");
	FILE *f = popen("awk '{print $22}' /proc/$PPID/stat", "re");
	unsigned long long want = 0;
	ok(f && fscanf(f, "%llu", &want) == 1 && want == process_started(getpid()), "which is field 22 of its stat");
	pclose(f);
}

int main(void)
{
	private_run("mode=755,size=16m");
	test_places_remapped(); /* first, because rootless() asks once */
	test_round();
	test_described();
	clear();
	test_disbelief();
	test_sweep();
	test_places();
	test_process();
	arena_done(fresh_arena());
	return tap_done();
}
