/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the document lies, whose it is, and that it stays what it was. Paths are taken as the delegates take them: the
 * bundle and the files named on the command line count from the working directory, config.json from the bundle, and
 * nobody's working directory is changed on the way. Only the last component of a path may be no symlink: engines reach
 * their directories through /var/run and the like, so ancestors are theirs to choose.
 */
#include "shim/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "shim/stdin.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

static const char *const input_rules[] = {
	[INPUT_NONE] = "",
	[INPUT_CONFIG] = "bundle.config-regular-file",
	[INPUT_PROCESS] = "bundle.process-file",
	[INPUT_RESOURCES] = "bundle.resources-file",
};

static int named(struct fail *reterr, const char *name, int code)
{
	if (reterr) {
		struct text to = text_over(reterr->file, sizeof(reterr->file));
		text_shown(&to, bytes_of(name), sizeof(reterr->file) - 1);
	}
	return code;
}

/* "link/" would be followed where "link" is not; the slashes say nothing else. */
static const char *without_slashes(struct arena *a, const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return arena_copy(a, (struct bytes){ path, len });
}

static int open_folder(struct arena *a, const char *path, bool follow, struct folder *ret, struct fail *reterr)
{
	ret->path = without_slashes(a, path);
	if (!ret->path)
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "memory is used up");
	const int fd = fd_open(AT_CWD, ret->path, O_PATH | O_DIRECTORY | (follow ? 0 : O_NOFOLLOW), 0);
	if (fd < 0) {
		struct stat st;
		const bool link = !follow && lstat(ret->path, &st) == 0 && S_ISLNK(st.st_mode);
		return fail(reterr, fd, CAUSE_BUNDLE, "bundle.directory", "%s",
			link ? "it is a symbolic link; name the folder that it points to" : errno_words(fd));
	}
	if (fstat(fd, &ret->st) < 0) {
		const int r = -errno;
		(void)fd_close(fd);
		return fail(reterr, r, CAUSE_BUNDLE, "bundle.directory", "%s", errno_words(r));
	}
	ret->fd = fd;
	return 0;
}

const char *path_absolute(struct arena *a, const char *path)
{
	char cwd[PATH_MAX];

	if (path[0] == '/' || !getcwd(cwd, sizeof(cwd)) || cwd[0] != '/')
		return path;
	return strcmp(path, ".") == 0 ? arena_copy(a, bytes_of(cwd))
				      : arena_printf(a, "%s/%s", strcmp(cwd, "/") == 0 ? "" : cwd, path);
}

static int read_document(struct arena *a, const char *base, struct input *in, struct fail *reterr)
{
	const struct file_want want = {
		.dir = in->dir.fd,
		.path = base,
		.limit = LIMIT_DOC_BYTES,
		.owner = OWNER_BUNDLE,
		.cause = CAUSE_BUNDLE,
		.rule = input_rules[in->kind],
		.digest = true,
	};
	const int r = file_read(a, &want, &in->file, reterr);

	if (r < 0)
		in->file.fd = -1;
	if (r == -ENOENT && in->kind == INPUT_CONFIG)
		(void)fail(reterr, r, CAUSE_BUNDLE, "bundle.config-present", "%s", errno_words(r));
	return r < 0 ? named(reterr, in->name, r) : 0;
}

/* A document that the command line names by its own path, counted from the working directory. */
static int read_named(struct arena *a, const char *path, struct input *in, struct fail *reterr)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *dir = !slash ? "."
		: slash == path  ? "/"
				 : arena_copy(a, (struct bytes){ path, (size_t)(slash - path) });

	if (!dir)
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "memory is used up");
	if (*base == '\0')
		return named(reterr, in->name,
			fail(reterr, -EISDIR, CAUSE_BUNDLE, input_rules[in->kind],
				"a path that ends in / names no file"));
	const int r = open_folder(a, dir, true, &in->dir, reterr);
	return r < 0 ? named(reterr, in->name, r) : read_document(a, base, in, reterr);
}

static int read_config(struct arena *a, const struct request *q, struct input *in, struct fail *reterr)
{
	const char *bundle = q->value[SLOT_BUNDLE], *config = q->value[SLOT_CONFIG];

	/*
	 * Delegates read an empty --bundle as the working directory, or fail; the canonical shape refuses it before
	 * us.
	 */
	if (!bundle || *bundle == '\0')
		bundle = ".";
	in->bundle = path_absolute(a, bundle);
	int r = open_folder(a, bundle, false, &in->root, reterr);
	if (r < 0)
		return named(reterr, in->bundle ? in->bundle : bundle, r);
	/* crun counts --config from the working directory, unless it is the very word config.json. */
	if (!config || strcmp(config, "config.json") == 0) {
		in->dir = in->root;
		return read_document(a, "config.json", in, reterr);
	}
	return read_named(a, config, in, reterr);
}

static int read_stdin(struct arena *a, struct input *in, struct fail *reterr)
{
	in->from_stdin = true;
	in->file.path = "-";
	const int r = stdin_read(a, &in->file, &in->cut, reterr);
	return r < 0 ? named(reterr, in->name, r) : 0;
}

int input_read(struct arena *a, const struct request *q, struct input *ret, struct fail *reterr)
{
	*ret = (struct input){ .root.fd = -1, .dir.fd = -1, .file.fd = -1, .name = "" };

	if (q->verb == VERB_EXEC) {
		if (!q->value[SLOT_PROCESS])
			return 0;
		ret->kind = INPUT_PROCESS;
		ret->name = "process.json";
		return read_named(a, q->value[SLOT_PROCESS], ret, reterr);
	}
	if (q->verb == VERB_UPDATE) {
		const char *path = q->value[SLOT_RESOURCES];
		if (!path)
			return 0;
		ret->kind = INPUT_RESOURCES;
		ret->name = "resources";
		return strcmp(path, "-") == 0 ? read_stdin(a, ret, reterr) : read_named(a, path, ret, reterr);
	}
	ret->kind = INPUT_CONFIG;
	ret->name = "config.json";
	return read_config(a, q, ret, reterr);
}

/* Whether uid is what the mappings give to the container's id 0. */
static bool maps_to_root(const struct doc *mappings, uid_t uid)
{
	if (!mappings || mappings->type != DOC_ARRAY)
		return false;
	for (const struct doc *m = mappings->first; m; m = m->next) {
		const struct doc *inside = doc_get(m, "containerID"), *outside = doc_get(m, "hostID"),
				 *size = doc_get(m, "size");
		if (size && doc_within(size, 1, UINT32_MAX) && inside && doc_within(inside, 0, 0) && outside &&
			doc_within(outside, (int64_t)uid, uid))
			return true;
	}
	return false;
}

int input_owner(struct input *in, const struct doc *config, struct fail *reterr)
{
	const struct stat *st = &in->dir.st;

	if (in->dir.fd < 0)
		return 0;
	if ((st->st_mode & S_IWOTH) && !(st->st_mode & S_ISVTX))
		return named(reterr, in->name,
			fail(reterr, -EPERM, CAUSE_BUNDLE, "bundle.owner",
				"others may write to the folder it lies in"));
	if (st->st_uid == geteuid() || owner_is_root(st->st_uid, st->st_uid != 0 && fd_writable(in->dir.fd)))
		return 0;
	in->mapped_owner = in->kind == INPUT_CONFIG && maps_to_root(doc_find(config, "linux.uidMappings"), st->st_uid);
	if (in->mapped_owner)
		return 0;
	return named(reterr, in->name,
		fail(reterr, -EPERM, CAUSE_BUNDLE, "bundle.owner",
			"the folder it lies in belongs neither to root, nor to the user who runs this%s",
			in->kind == INPUT_CONFIG ? ", nor to the container's root" : ""));
}

/* mtime and size of a directory may change: pid files and logs are made there. */
static int folder_unchanged(const struct folder *f, struct fail *reterr)
{
	struct stat now;

	if (f->fd < 0)
		return 0;
	if (stat(f->path, &now) < 0)
		return fail(reterr, -ESTALE, CAUSE_BUNDLE, "bundle.unchanged", "its folder is gone since it was read");
	if (now.st_dev != f->st.st_dev || now.st_ino != f->st.st_ino)
		return fail(reterr, -ESTALE, CAUSE_BUNDLE, "bundle.unchanged",
			"its folder is another one since it was read");
	return 0;
}

int input_unchanged(const struct input *in, struct fail *reterr)
{
	if (in->kind == INPUT_NONE || in->from_stdin)
		return 0;
	int r = folder_unchanged(&in->root, reterr);
	if (r == 0 && in->dir.fd != in->root.fd)
		r = folder_unchanged(&in->dir, reterr);
	if (r == 0) {
		r = file_unchanged(in->dir.fd, &in->file, CAUSE_BUNDLE, reterr);
		if (r < 0 && reterr)
			(void)snprintf(reterr->rule, sizeof(reterr->rule), "bundle.unchanged");
	}
	return r < 0 ? named(reterr, in->name, r) : 0;
}

int input_replay(const struct input *in, struct fail *reterr)
{
	/* Without a digest nothing was taken: the delegate may still wait for it itself. */
	return in->from_stdin && in->file.digest[0] != '\0' ? stdin_replay(in->file.bytes, reterr) : 0;
}

void input_close(struct input *in)
{
	if (in->kind == INPUT_NONE)
		return;
	in->file.fd = fd_close(in->file.fd);
	if (in->dir.fd != in->root.fd)
		(void)fd_close(in->dir.fd);
	in->root.fd = in->dir.fd = fd_close(in->root.fd);
}
