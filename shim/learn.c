/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written here is what others will be held to. So nobody but root may be able to put it elsewhere, or something
 * else in its place; and of two that learn at the same time the first one's word holds.
 */
#include "shim/learn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/quiet.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/policy/held.h"

static int broken(struct fail *reterr, const char *file, int code, const char *says)
{
	(void)fail(reterr, code, CAUSE_POLICY, "", "no lock can be learned: %s", says);
	if (reterr)
		(void)snprintf(reterr->file, sizeof(reterr->file), "%s", file);
	return code;
}

/* The directory of the file, if only root may write there; or a negative errno. */
static int open_directory(struct arena *a, const char *file, const char **ret_name, struct fail *reterr)
{
	const char *slash = strrchr(file, '/');
	const char *path = arena_copy(a, (struct bytes){ file, (size_t)(slash - file) + 1 });
	struct stat st;

	if (!path)
		return broken(reterr, file, -ENOMEM, "memory is used up");
	*ret_name = slash + 1;
	int dir = fd_open(AT_CWD, path, O_RDONLY | O_DIRECTORY, 0);
	int r = dir < 0 ? dir : fstat(dir, &st) < 0 ? -errno : 0;
	if (r < 0)
		(void)broken(reterr, file, r, r == -ENOENT ? "its directory is missing" : errno_words(r));
	else if (!owner_is_root(st.st_uid, fd_writable(dir)) || (st.st_mode & (S_IWGRP | S_IWOTH)))
		r = broken(reterr, file, -EPERM, "others than root may write in its directory");
	if (r < 0) {
		(void)fd_close(dir);
		return r;
	}
	return dir;
}

/* Gives the finished file its name, unless that is taken: 0 then, too. */
static int settle(int dir, const char *draft, const char *name)
{
	int r = renameat2(dir, draft, dir, name, RENAME_NOREPLACE) < 0 ? -errno : 0;
	if (r == -EINVAL || r == -ENOSYS)
		r = linkat(dir, draft, dir, name, 0) < 0 ? -errno : 0;
	(void)unlinkat(dir, draft, 0);
	return r == -EEXIST ? 0 : r;
}

static int write_draft(int dir, const char *draft, struct bytes text)
{
	int fd = fd_open(dir, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fd;
	int r = fd_write_all(fd, text, NULL);
	if (r == 0 && fchmod(fd, 0644) < 0)
		r = -errno;
	(void)fd_close(fd);
	if (r < 0)
		(void)unlinkat(dir, draft, 0);
	return r;
}

/*
 * Writes the file, whole or not at all, 0644, and never over one that is there. Its directory has to be root's alone.
 * 0, also when another container was first; or a negative errno with *reterr: -EPERM the directory is not root's,
 * -ENOENT it is missing, or what the file system says.
 */
static int learn_write(struct arena *a, const struct learning *l, struct fail *reterr)
{
	struct text text = text_growing(a);
	const char *name = NULL;
	char draft[64];
	struct quiet quiet;

	lock_write(&l->lock, &text);
	(void)snprintf(draft, sizeof(draft), ".runvet-lock.%ld", (long)getpid());
	if (text.cut)
		return broken(reterr, l->file, -ENOMEM, "memory is used up");
	cleanup_close int dir = open_directory(a, l->file, &name, reterr);
	if (dir < 0)
		return dir;
	quiet_begin(&quiet);
	int r = write_draft(dir, draft, (struct bytes){ text.data, text.len });
	if (r == 0)
		r = settle(dir, draft, name);
	quiet_end(&quiet);
	return r < 0 ? broken(reterr, l->file, r, errno_words(r)) : 0;
}

/* Adds a finding that stands for itself. */
static int add(struct arena *a, struct report *r, enum severity severity, const char *says)
{
	struct finding *grown = arena_array(a, r->count + 1, sizeof(*grown));

	if (!grown || !says)
		return -ENOMEM;
	if (r->count > 0)
		memcpy(grown, r->findings, r->count * sizeof(*grown));
	grown[r->count++] = (struct finding){ .id = "det.lock", .severity = severity, .pointer = "", .says = says };
	r->findings = grown;
	r->warnings += severity == SEV_WARNING;
	r->infos += severity == SEV_INFO;
	return 0;
}

void learn_lock(struct arena *a, struct report *report)
{
	const struct learning *l = report->applied ? report->applied->learn : NULL;
	struct fail why = { 0 };

	if (!l)
		return;
	if (learn_write(a, l, &why) < 0)
		(void)add(a, report, SEV_WARNING, arena_printf(a, "%s: %s", why.file, why.says));
	else
		(void)add(a, report, SEV_INFO, arena_printf(a, "%s: the lock was learned", l->file));
}
