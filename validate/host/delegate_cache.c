/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a delegate said, in a file of ours, in a form that needs no parsing (validate/host/flat.h). It is believed only
 * when nobody but us could have written it: a regular file of the effective user, 0600, of one name, in a directory
 * that is his alone; when it was written by this release for this very binary; and when all of it can be read.
 * Everything else is as if it were not there. It never changes: another takes its place.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "config.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/make.h"
#include "validate/host/delegate_parts.h"
#include "validate/host/flat.h"

#define NAME_SIZE 64

/*
 * By a hash of the path (FNV-1a), so that none can lead out of the directory or be too long for it. Whom a file speaks
 * of it says itself: two paths that met in one name would take turns.
 */
static void name_of(const char *path, const char *ending, char ret[static NAME_SIZE])
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	(void)snprintf(ret, NAME_SIZE, "delegate.%016llx%s", (unsigned long long)hash, ending);
}

static bool nobody_elses(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() && (st->st_mode & 07777) == 0600 && st->st_nlink == 1;
}

/* A number of the document is the same as one of the machine's. */
static bool says_number(const struct doc *asked, const char *key, bool negative, uint64_t magnitude)
{
	const struct doc *d = doc_get(asked, key);

	return d && d->type == DOC_INT && d->integer.magnitude == magnitude &&
		d->integer.negative == (negative && magnitude != 0);
}

static uint64_t magnitude_of(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* Whether it speaks of that binary, and is written as we write it. */
static bool speaks_of(const struct doc *d, const struct delegate_want *want)
{
	const struct doc *asked = doc_get(d, "asked");
	const struct identity *id = &want->identity;

	return bytes_is(doc_string(d, "path", BYTES("")), want->path) &&
		bytes_is(doc_string(asked, "by", BYTES("")), RUNVET_VERSION) &&
		bytes_is(doc_string(asked, "argv0", BYTES("")), want->argv0 ? want->argv0 : "") &&
		says_number(asked, "device", false, id->device) && says_number(asked, "inode", false, id->inode) &&
		says_number(asked, "size", false, id->size) &&
		says_number(asked, "modified", id->modified < 0, magnitude_of(id->modified)) &&
		says_number(asked, "changed", id->changed < 0, magnitude_of(id->changed));
}

/* One that told too little is asked again after a while; one from the future (a clock was set) at once. */
static bool is_stale(const struct doc *d, const struct stat *st)
{
	if (doc_true(d, "asked.settled"))
		return false;
	const time_t now = when_now().tv_sec, then = st->st_mtim.tv_sec;
	return then > now || now - then >= REST_FEATURES_S;
}

int delegate_cache_read(struct arena *a, int dir, const struct delegate_want *want, struct delegate_kept *ret)
{
	char name[NAME_SIZE];
	struct stat st;
	const struct doc *d;

	*ret = (struct delegate_kept){ 0 };
	name_of(want->path, ".flat", name);
	cleanup_close int fd = fd_open(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0 || fstat(fd, &st) < 0 || !nobody_elses(&st) || st.st_size > (off_t)LIMIT_FEATURES_KEPT)
		return 0;
	char *data = arena_alloc(a, (size_t)st.st_size + 1);
	if (!data)
		return -ENOMEM;
	const ssize_t n = read(fd, data, (size_t)st.st_size + 1);
	if (n != st.st_size)
		return 0;
	const int r = flat_read(a, (struct bytes){ data, (size_t)n }, &d);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (d->type == DOC_OBJECT && speaks_of(d, want))
		*ret = (struct delegate_kept){ .document = d, .stale = is_stale(d, &st) };
	return 0;
}

/* Makes (or opens) a file of ours, 0600 whatever the umask. */
static int open_ours(int dir, const char *name, int flags)
{
	struct stat st;
	const int fd = fd_open(dir, name, flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);

	if (fd < 0)
		return fd;
	if (fchmod(fd, 0600) == 0 && fstat(fd, &st) == 0 && nobody_elses(&st))
		return fd;
	(void)fd_close(fd);
	return -EPERM;
}

int delegate_cache_lock(int dir, const char *path)
{
	char name[NAME_SIZE];

	name_of(path, ".lock", name);
	const int fd = open_ours(dir, name, O_RDWR);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	const int r = -errno;
	(void)fd_close(fd);
	return r;
}

void delegate_cache_mark(struct arena *a, struct doc *document, const struct delegate_want *want,
	const struct delegate_answer *answer)
{
	struct doc *asked = make_object(a, document, "asked");

	(void)make_bool(a, asked, "settled", answer->settled);
	if (answer->lacks)
		(void)make_string(a, asked, "lacks", bytes_of(answer->lacks));
	(void)make_string(a, asked, "by", BYTES(RUNVET_VERSION));
	if (want->argv0)
		(void)make_string(a, asked, "argv0", bytes_of(want->argv0));
	(void)make_uint(a, asked, "device", want->identity.device);
	(void)make_uint(a, asked, "inode", want->identity.inode);
	(void)make_uint(a, asked, "size", want->identity.size);
	(void)make_int(a, asked, "modified", want->identity.modified);
	(void)make_int(a, asked, "changed", want->identity.changed);
}

static void write_file(int dir, const char *name, struct bytes text)
{
	char temporary[NAME_SIZE + 16];

	(void)snprintf(temporary, sizeof(temporary), ".%s.%d", name, (int)getpid());
	(void)unlinkat(dir, temporary, 0); /* of an earlier process of that number */
	cleanup_close int fd = open_ours(dir, temporary, O_WRONLY | O_EXCL);
	if (fd >= 0 && (fd_write_all(fd, text, NULL) < 0 || renameat(dir, temporary, dir, name) < 0))
		(void)unlinkat(dir, temporary, 0);
}

void delegate_cache_write(struct arena *a, int dir, const char *path, const struct doc *document)
{
	char name[NAME_SIZE];
	struct text t = text_growing(a);

	if (!flat_write(document, &t) || t.cut || t.len > LIMIT_FEATURES_KEPT)
		return;
	name_of(path, ".flat", name);
	/* Beyond RLIMIT_FSIZE a write kills by default; the disposition is the delegate's again afterwards. */
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	(void)sigaction(SIGXFSZ, &ignore, &before);
	write_file(dir, name, (struct bytes){ t.data, t.len });
	(void)sigaction(SIGXFSZ, &before, NULL);
}
