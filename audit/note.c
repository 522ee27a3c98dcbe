/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes. A name is a digest of root and id, so that no id can lead out of the directory or be too long for it; what
 * stands inside has to agree. A note is believed only when nobody but us or root could have written it, and whoever
 * reads one has to be able to do without.
 *
 * A retired note is one that its owner can no longer write to (0400): a mark that costs one system call and keeps the
 * text.
 */
#include "audit/note.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "audit/caller.h"
#include "audit/places.h"
#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/listing.h"
#include "validate/base/text.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"

#define NAME_LEN 32
#define SWEPT "swept" /* in run_dir */
#define RETIRED_S 60  /* a delete that is under way, and those who ask for the state right after it */

static void note_name(const char *root, const char *id, char ret[static NAME_LEN + 1])
{
	char hex[DIGEST_HEX];
	/* With its NUL, which neither can hold: "a" and "bc" is not "ab" and "c". */
	digest_hex(root ? (struct bytes){ root, strlen(root) + 1 } : (struct bytes){ "", 1 }, bytes_of(id), hex);
	memcpy(ret, hex, NAME_LEN);
	ret[NAME_LEN] = '\0';
}

/* The directory of notes; made when `make` is set. A descriptor that is lent, or a negative errno. */
static int notes_dir(const char *run_dir, bool make)
{
	return dir_kept(run_dir, "ctr", make);
}

static bool is_utf8(struct bytes b)
{
	while (b.len > 0) {
		const size_t plain = text_plain(b); /* the usual case, at once */
		const size_t n = plain > 0 ? plain : utf8_length(b);
		if (n == 0)
			return false;
		b = (struct bytes){ b.data + n, b.len - n };
	}
	return true;
}

static int put_string(struct text *t, const char *key, const char *value)
{
	if (!is_utf8(bytes_of(value)))
		return -EILSEQ; /* it would be read back as something else */
	text_printf(t, "\"%s\":", key);
	text_json(t, bytes_of(value));
	text_char(t, ',');
	return 0;
}

static void put_doc(struct text *t, const char *key, const struct doc *d)
{
	if (!d)
		return;
	text_printf(t, "\"%s\":", key);
	doc_write(d, false, t);
	text_char(t, ',');
}

static int note_text(const char *root, const char *id, const struct note *n, struct text *t)
{
	char boot[BOOT_ID];
	(void)boot_id(boot);
	const struct {
		const char *key, *value;
	} strings[] = {
		{ "root", root ? root : "" },
		{ "id", id },
		{ "delegate", n->delegate ? n->delegate : "" },
		{ "runtime", n->runtime ? n->runtime : "" },
		{ "dialect", n->dialect ? n->dialect : "" },
		{ "record", n->record ? n->record : "" },
		{ "bundle", n->bundle ? n->bundle : "" },
		{ "configFile", n->config_file ? n->config_file : "" },
		{ "pidFile", n->pid_file ? n->pid_file : "" },
		{ "configDigest", n->config_digest },
		{ "boot", boot },
	};
	text_char(t, '{');
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		if (put_string(t, strings[i].key, strings[i].value) < 0)
			return -EILSEQ;
	put_doc(t, "identity", n->identity);
	put_doc(t, "posture", n->posture);
	put_doc(t, "start", n->start);
	put_doc(t, "sketch", n->sketch);
	text_printf(t,
		"\"config\":{\"device\":%" PRIu64 ",\"inode\":%" PRIu64 ",\"size\":%" PRIu64 ",\"modified\":%" PRId64
		",\"changed\":%" PRId64 "},",
		n->config.device, n->config.inode, n->config.size, n->config.modified, n->config.changed);
	text_printf(t, "\"bundleAt\":{\"device\":%" PRIu64 ",\"inode\":%" PRIu64 "},", n->bundle_device,
		n->bundle_inode);
	if (n->judged_anew)
		text_add(t, "\"judgedAnew\":true,");
	text_printf(t, "\"pid\":%d,\"pidStarted\":%" PRIu64 ",\"version\":1}\n", (int)n->pid, n->pid_started);
	if (t->cut)
		return -ENOMEM;
	return t->len > LIMIT_NOTE_BYTES ? -EFBIG : 0;
}

/* The text, without what it has no room for. */
static int note_fitted(struct arena *a, const char *root, const char *id, const struct note *n, struct text *ret)
{
	struct note less = *n;
	const struct doc **const parts[] = { &less.sketch, &less.posture, &less.identity };

	*ret = text_growing(a);
	int r = note_text(root, id, &less, ret);
	for (size_t i = 0; r == -EFBIG && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!*parts[i])
			continue;
		*parts[i] = NULL;
		*ret = text_growing(a);
		r = note_text(root, id, &less, ret);
	}
	return r;
}

int note_write(struct arena *a, const char *run_dir, const char *root, const char *id, const struct note *n)
{
	char name[NAME_LEN + 1], temporary[NAME_LEN + 32];
	struct text t;
	int r = note_fitted(a, root, id, n, &t);
	if (r < 0)
		return r;
	const int dir = notes_dir(run_dir, true);
	if (dir < 0)
		return dir;
	note_name(root, id, name);
	(void)snprintf(temporary, sizeof(temporary), ".%s.%d", name, (int)getpid());
	cleanup_close int fd = file_ours(dir, temporary, O_WRONLY | O_CREAT | O_EXCL, NULL);
	if (fd == -EEXIST && unlinkat(dir, temporary, 0) == 0) /* of an earlier process of that number */
		fd = file_ours(dir, temporary, O_WRONLY | O_CREAT | O_EXCL, NULL);
	if (fd < 0)
		return fd;
	r = fd_write_all(fd, (struct bytes){ t.data, t.len }, NULL);
	if (r == 0 && renameat(dir, temporary, dir, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(dir, temporary, 0);
	return r;
}

static uint64_t positive(const struct doc *d, const char *path)
{
	const struct doc *n = doc_find(d, path);
	return n && doc_within(n, 0, UINT64_MAX) ? n->integer.magnitude : 0;
}

static int64_t signed_number(const struct doc *d, const char *path)
{
	const struct doc *n = doc_find(d, path);
	if (!n || !doc_within(n, INT64_MIN, INT64_MAX))
		return 0;
	return n->integer.negative ? (int64_t)(0 - n->integer.magnitude) : (int64_t)n->integer.magnitude;
}

static const char *string(struct arena *a, const struct doc *d, const char *key)
{
	const struct bytes b = doc_string(d, key, (struct bytes){ 0 });
	return b.len ? arena_copy(a, b) : "";
}

static const struct doc *object(const struct doc *d, const char *key)
{
	const struct doc *n = doc_get(d, key);
	return n && n->type == DOC_OBJECT ? n : NULL;
}

/* A note that does not tell, as of an older runvet's, is believed: run_dir does not outlive a boot by default. */
static bool of_this_boot(const struct doc *d)
{
	char boot[BOOT_ID];
	const struct bytes noted = doc_string(d, "boot", (struct bytes){ 0 });

	return noted.len == 0 || !boot_id(boot) || bytes_is(noted, boot);
}

static int note_of(struct arena *a, const struct doc *d, struct note *ret)
{
	struct note n = {
		.delegate = string(a, d, "delegate"),
		.runtime = string(a, d, "runtime"),
		.dialect = string(a, d, "dialect"),
		.record = string(a, d, "record"),
		.bundle = string(a, d, "bundle"),
		.config_file = string(a, d, "configFile"),
		.judged_anew = doc_true(d, "judgedAnew"),
		.pid_file = string(a, d, "pidFile"),
		.config = {
			.device = positive(d, "config.device"),
			.inode = positive(d, "config.inode"),
			.size = positive(d, "config.size"),
			.modified = signed_number(d, "config.modified"),
			.changed = signed_number(d, "config.changed"),
		},
		.pid = (pid_t)positive(d, "pid"),
		.pid_started = positive(d, "pidStarted"),
		.identity = object(d, "identity"),
		.posture = object(d, "posture"),
		.start = object(d, "start"),
		.sketch = object(d, "sketch"),
		.bundle_device = positive(d, "bundleAt.device"),
		.bundle_inode = positive(d, "bundleAt.inode"),
	};
	if (!n.delegate || !n.runtime || !n.dialect || !n.record || !n.bundle || !n.config_file || !n.pid_file)
		return -ENOMEM;
	const struct bytes digest = doc_string(d, "configDigest", (struct bytes){ 0 });
	if (n.delegate[0] != '/' || (digest.len != 0 && digest.len != sizeof(n.config_digest) - 1))
		return -EBADMSG;
	if (digest.len > 0)
		memcpy(n.config_digest, digest.data, digest.len);
	*ret = n;
	return 0;
}

/* Reads and parses the note of that name. 0, or a negative errno as note_read. */
static int read_doc(struct arena *a, int dir, const char *name, const struct doc **ret)
{
	struct fail ignored;
	struct file f;
	const struct file_want want = { .dir = dir,
		.path = name,
		.limit = LIMIT_NOTE_BYTES,
		.owner = OWNER_BUNDLE,
		.cause = CAUSE_INTERNAL,
		.rule = "" };
	const struct doc_options options = { .file = name, .cause = CAUSE_INTERNAL };
	int r = file_read(a, &want, &f, &ignored);
	if (r < 0)
		return r == -ENOENT || r == -ENOMEM ? r : -EPERM;
	(void)fd_close(f.fd);
	if (f.st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	r = doc_parse(a, f.bytes, &options, ret, &ignored);
	return r == 0 || r == -ENOMEM ? r : -EBADMSG;
}

int note_read(struct arena *a, const char *run_dir, const char *root, const char *id, struct note *ret)
{
	char name[NAME_LEN + 1];
	const struct doc *d;
	const int dir = notes_dir(run_dir, false);
	if (dir < 0)
		return dir == -ENOENT ? dir : -EPERM;
	note_name(root, id, name);
	const int r = read_doc(a, dir, name, &d);
	if (r < 0)
		return r;
	if (!bytes_is(doc_string(d, "root", (struct bytes){ 0 }), root ? root : "") ||
		!bytes_is(doc_string(d, "id", (struct bytes){ 0 }), id))
		return -EBADMSG;
	if (!of_this_boot(d))
		return -ESTALE;
	return note_of(a, d, ret);
}

void note_retire(const char *run_dir, const char *root, const char *id)
{
	char name[NAME_LEN + 1];
	const int dir = notes_dir(run_dir, false);
	if (dir < 0)
		return;
	note_name(root, id, name);
	cleanup_close int fd = file_ours(dir, name, O_RDONLY, NULL);
	if (fd >= 0)
		(void)fchmod(fd, 0400);
}

/* Gone for sure: what cannot be asked counts as there. */
bool note_container_gone(struct arena *a, const char *run_dir, const char *root, const char *id)
{
	static const char *const usual[] = { "runc", "crun", "youki", "runsc" }; /* beside ours, below /run */
	const char *slash = strrchr(run_dir, '/');
	const int above = slash ? (int)(slash - run_dir) : 0;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		const char *path = root[0] ? arena_printf(a, "%s/%s", root, id)
					   : arena_printf(a, "%.*s/%s/%s", above, run_dir, usual[i], id);
		const int there = path ? fd_there(AT_CWD, path) : 0;
		if (there != -ENOENT && there != -ENOTDIR)
			return false;
		if (root[0])
			break;
	}
	return true;
}

/* Whether the note of that name is old, and about a container that is gone for good. */
static bool may_sweep(struct arena *a, const char *run_dir, int dir, const char *name, time_t when, time_t born)
{
	struct stat st;
	const struct doc *d;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		st.st_ctim.tv_sec + RETIRED_S > when)
		return false;
	if (name[0] == '.') /* left by a writer that was killed */
		return true;
	const bool retired = (st.st_mode & 07777) == 0400;
	if (!retired && st.st_mtim.tv_sec >= born)
		return false;
	if (read_doc(a, dir, name, &d) < 0)
		return true; /* nobody will ever believe it */
	if (!of_this_boot(d))
		return true;
	if (!retired)
		return false;
	const char *root = string(a, d, "root"), *id = string(a, d, "id");
	return root && id && note_container_gone(a, run_dir, root, id);
}

/*
 * A note is due RETIRED_S after it was retired, so who looks more often than that looks in vain, at every container
 * that there is. What was swept to its end is marked by a file whose age says when.
 */
void note_sweep(struct arena *a, const char *run_dir)
{
	struct stat st;
	const time_t when = when_now().tv_sec;
	const int dir = dir_kept(run_dir, NULL, false);
	if (dir < 0)
		return;
	if (fstatat(dir, SWEPT, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mtim.tv_sec <= when &&
		when - st.st_mtim.tv_sec < RETIRED_S)
		return;
	if (!note_sweep_at(a, run_dir, when))
		return;
	cleanup_close int mark = file_ours(dir, SWEPT, O_WRONLY | O_CREAT, NULL);
	if (mark >= 0)
		(void)futimens(mark, NULL);
}

bool note_sweep_at(struct arena *a, const char *run_dir, time_t when)
{
	const int dir = notes_dir(run_dir, false);
	cleanup_close int again = dir < 0 ? -1 : fd_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);
	uint64_t room[LISTING_MANY];
	struct listing l = { .fd = again, .room = room, .size = sizeof(room) };
	struct timespec up = { 0 };
	unsigned looked = 0, removed = 0;
	if (again < 0)
		return false;
	/* By the clock as it is now; a note that seems older is asked for the boot that it is of. */
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	for (const char *name = listing_next(&l); name && looked < LIMIT_SWEEP_LOOKED && removed < LIMIT_SWEEP_REMOVED;
		name = listing_next(&l)) {
		looked++;
		if (strlen(name) >= NAME_LEN && may_sweep(a, run_dir, dir, name, when, when - up.tv_sec) &&
			unlinkat(dir, name, 0) == 0)
			removed++;
	}
	return removed < LIMIT_SWEEP_REMOVED;
}

uint64_t process_started(pid_t pid)
{
	char path[32], text[1024];
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	cleanup_close int fd = fd_open(AT_CWD, path, O_RDONLY, 0);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* The name may hold anything, parentheses too: what counts begins behind the last one, with field 3. */
	const char *at = strrchr(text, ')');
	for (unsigned field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at + 1, NULL, 10) : 0;
}
