/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of config.json between create and start, over a small tree: the file that was approved, a copy of it,
 * another content, something that is no file, nothing, and each of these in another directory; and what is said of it.
 */
#include "shim/drift.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"
#include "validate/base/limits.h"
#include "validate/fingerprint/sketch.h"

#define APPROVED "{\"ociVersion\":\"1.0.2\",\"hostname\":\"a\",\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]}}"

static struct arena arena;
static char top[] = "/tmp/runvet-drift.XXXXXX";

static const char *in_top(const char *name)
{
	return arena_printf(&arena, "%s/%s", top, name);
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void clear(const char *name)
{
	(void)nftw(in_top(name), drop, 8, FTW_DEPTH | FTW_PHYS);
}

/* Opened as it is, not anew: the file stays the same one. */
static void put(const char *name, const char *text)
{
	FILE *f = fopen(in_top(name), "w");
	ok(f && fputs(text, f) >= 0 && fclose(f) == 0, "%s is written", name);
}

/* Until a change has another time than that of the file: clocks of file systems tick some hundred times a second. */
static void tick(const struct identity *of)
{
	struct stat st;
	for (int i = 0; i < 2000; i++) {
		FILE *f = fopen(in_top("tick"), "w");
		if (f)
			(void)fclose(f);
		const bool at = f && stat(in_top("tick"), &st) == 0;
		if (at && identity_of(&st).changed != of->changed)
			return;
		(void)usleep(1000);
	}
}

/* A bundle with an approved config.json, and the note about it. */
static struct note approve(const char *file)
{
	const struct doc_options options = { .file = file };
	const struct file_want want = { .dir = AT_FDCWD,
		.path = in_top(file),
		.limit = LIMIT_DOC_BYTES,
		.digest = true };
	const struct doc *config = NULL;
	struct note n = { .bundle = in_top("b"), .config_file = "" };
	struct file f = { .fd = -1 };
	struct fail why = { 0 };
	struct stat st;

	clear("b");
	(void)mkdir(in_top("b"), 0700);
	put(file, APPROVED);
	if (!ok(file_read(&arena, &want, &f, &why) == 0 && stat(n.bundle, &st) == 0 &&
			    doc_parse(&arena, f.bytes, &options, &config, &why) == 0,
		    "%s is approved %s", file, why.says))
		return n;
	(void)close(f.fd);
	n.config = f.identity;
	tick(&n.config);
	memcpy(n.config_digest, f.digest, sizeof(n.config_digest));
	n.bundle_device = st.st_dev;
	n.bundle_inode = st.st_ino;
	n.sketch = sketch_make(&arena, config, "record");
	const struct doc_options plain = { .file = "note" };
	(void)doc_parse(&arena, bytes_of("{\"drift\":\"enforce\"}"), &plain, &n.start, &why);
	return n;
}

/* What is said of it: "drift.config /hostname: …", findings one after the other. */
static const char *said(const struct note *n, struct drift *d)
{
	struct report r = { 0 };
	struct text to = text_growing(&arena);

	if (drift_report(&arena, n, d, &r) < 0)
		return "no memory";
	for (size_t i = 0; i < r.count; i++)
		text_printf(&to, "%s%s %s: %s", i ? "; " : "", r.findings[i].id, r.findings[i].pointer,
			r.findings[i].fact ? r.findings[i].fact : "");
	return to.data ? to.data : "";
}

/* One look after one change, and what comes of it. */
static struct drift looked(const struct note *n, enum drifted want, const char *says, const char *what)
{
	struct drift d;

	drift_look(&arena, n, false, &d);
	is_int(d.config, want, "%s", what);
	is_text(said(n, &d), says, "%s: what is said", what);
	return d;
}

static void untouched(void)
{
	struct note n = approve("b/config.json");
	struct drift d = looked(&n, DRIFT_NONE, "", "the file that was approved");

	ok(!d.read && !d.bundle && !drift_document(&arena, &d), "is not read");
	drift_look(&arena, &n, true, &d);
	is_int(d.config, DRIFT_NONE, "also where its bytes are wanted");
	ok(d.read && bytes_is(d.file.bytes, APPROVED), "which are there then");
	const struct doc *document = drift_document(&arena, &d);
	ok(document && document == drift_document(&arena, &d), "and are parsed once");
	(void)chmod(in_top("b/config.json"), 0400);
	d = looked(&n, DRIFT_NONE, "", "a file of another mode and the same content");
	ok(d.read, "has been read");
	n.bundle_inode = 0;
	d = looked(&n, DRIFT_NONE, "", "a note without a directory");
	ok(!d.bundle, "misses none");
}

static void copied(void)
{
	const struct note n = approve("b/config.json");

	put("b/new", APPROVED);
	(void)rename(in_top("b/new"), in_top("b/config.json"));
	(void)looked(&n, DRIFT_COPY, "drift.replaced : ", "a copy");
}

static void changed(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "{\"ociVersion\":\"1.0.2\",\"hostname\":\"b\",\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]}}",
			"drift.config /hostname: /hostname is not as it was" },
		{ "{\"ociVersion\":\"1.0.2\",\"process\":{\"cwd\":\"/\",\"args\":[\"id\"]}}",
			"drift.config : /process/args and /hostname are not as they were" },
		{ "{\"ociVersion\":\"1\",\"hostname\":\"c\",\"domainname\":\"d\",\"process\":{\"cwd\":\"/x\","
		  "\"args\":[\"id\"]}}",
			"drift.config : /ociVersion, /hostname, /domainname, /process/cwd and 1 more are not as they "
			"were" },
		{ " " APPROVED, "drift.config : what it says is the same, in other spelling or order" },
		{ "{", "drift.config : it is no JSON any more" },
		{ "", "drift.config : it is no JSON any more" },
	};
	struct note n = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = approve("b/config.json");
		put("b/config.json", cases[i].text);
		(void)looked(&n, DRIFT_CONTENT, cases[i].says, "edited in place");
		(void)unlink(in_top("b/config.json"));
		put("b/config.json", cases[i].text);
		(void)looked(&n, DRIFT_CONTENT, cases[i].says, "replaced");
	}
	n.sketch = NULL;
	put("b/config.json", cases[0].text);
	(void)looked(&n, DRIFT_CONTENT, "drift.config : its content is another one", "without a sketch");
}

/* None of them is opened to be read, and none is waited for. */
static void odd(void)
{
	static const char *const kinds[] = { "a link to the approved file", "a pipe", "a directory",
		"a file that all may write to" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct note n = approve("b/config.json");
		const char *path = in_top("b/config.json");
		struct drift d;
		(void)rename(path, in_top("b/was"));
		if (i == 0)
			(void)!symlink("was", path);
		else if (i == 1)
			(void)mkfifo(path, 0600);
		else if (i == 2)
			(void)mkdir(path, 0700);
		else
			put("b/config.json", APPROVED);
		if (i == 3)
			(void)chmod(path, 0666);
		(void)alarm(60);
		drift_look(&arena, &n, false, &d);
		(void)alarm(0);
		is_int(d.config, DRIFT_CONTENT, "%s is another content", kinds[i]);
		ok(!d.read && d.odd && d.odd[0], "it is said why it was not read: %s", d.odd ? d.odd : "(null)");
		is_text(said(&n, &d), arena_printf(&arena, "drift.config : %s", d.odd ? d.odd : ""), "to its reader");
	}
}

static void missing(void)
{
	struct note n = approve("b/config.json");

	(void)unlink(in_top("b/config.json"));
	(void)looked(&n, DRIFT_GONE, "drift.missing : ", "a file that is gone");
	(void)rmdir(in_top("b"));
	(void)looked(&n, DRIFT_GONE, "drift.missing : ", "a directory that is gone");
	put("b", "");
	(void)looked(&n, DRIFT_UNKNOWN, "", "a file where the directory was");
	(void)unlink(in_top("b"));
	n.bundle = "b";
	(void)looked(&n, DRIFT_UNKNOWN, "", "a path that is not absolute");
	n = approve("b/config.json");
	n.config_digest[0] = '\0';
	(void)looked(&n, DRIFT_UNKNOWN, "", "a note without a digest");
}

static void another_directory(void)
{
	const struct note n = approve("b/config.json");

	(void)rename(in_top("b"), in_top("was"));
	(void)mkdir(in_top("b"), 0700);
	put("b/config.json", APPROVED);
	struct drift d = looked(&n, DRIFT_COPY, "drift.replaced : ; drift.bundle : ", "another directory with a copy");
	ok(d.bundle, "is another one");
	put("b/config.json", "{\"ociVersion\":\"1.0.2\",\"hostname\":\"a\",\"process\":{\"cwd\":\"/\",\"args\":[]}}");
	(void)looked(&n, DRIFT_CONTENT,
		"drift.config /process/args: /process/args is not as it was; drift.bundle : ", "with another file");
	(void)unlink(in_top("b/config.json"));
	(void)looked(&n, DRIFT_GONE, "drift.missing : ; drift.bundle : ", "with none");
	(void)rename(in_top("was/config.json"), in_top("b/config.json"));
	d = looked(&n, DRIFT_NONE, "drift.bundle : ", "with the very file");
	clear("was");
}

/* --config of crun, and its like: another name, in another place. */
static void named_otherwise(void)
{
	struct note n = approve("b/config.json");

	n = approve("other.json");
	n.config_file = in_top("other.json");
	struct stat st;
	ok(stat(top, &st) == 0, "it lies beside the bundle");
	n.bundle_device = st.st_dev;
	n.bundle_inode = st.st_ino;
	put("b/config.json", "{}");
	(void)looked(&n, DRIFT_NONE, "", "a document of another name");
	put("other.json",
		"{\"ociVersion\":\"1.0.2\",\"hostname\":\"z\",\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]}}");
	(void)looked(&n, DRIFT_CONTENT, "drift.config /hostname: /hostname is not as it was", "and it changed");
}

int main(void)
{
	arena_init(&arena, LIMIT_ARENA);
	if (!ok(mkdtemp(top) != NULL, "a directory of our own"))
		return tap_done();
	(void)umask(077);
	untouched();
	copied();
	changed();
	odd();
	missing();
	another_directory();
	named_otherwise();
	clear(".");
	(void)rmdir(top);
	arena_done(&arena);
	return tap_done();
}
