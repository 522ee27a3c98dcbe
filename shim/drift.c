/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file is known by device, inode, size and both of its times; the time of its last change (ctime) nobody can set. So
 * an equal identity is an equal file, unless somebody has changed the clock or the disk beneath: then it was root, who
 * could have done anything else as well. What has another identity may still say the same, and that is asked of its
 * bytes. Where it does not, the sketch in the note tells the places that differ; what stood there nobody knows any
 * more.
 */
#include "shim/drift.h"

#include <errno.h>
#include <fcntl.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/fingerprint/sketch.h"
#include "validate/policy/start.h"

#define NAMED_MOST 4u /* places that a sentence names */

static const char usual[] = "config.json";

/* What it is called in its directory. */
static const char *name_of(const struct note *n)
{
	const char *slash = strrchr(n->config_file, '/');
	return slash ? slash + 1 : usual;
}

/* The directory that it lies in. */
static const char *directory_of(struct arena *a, const struct note *n)
{
	const char *slash = strrchr(n->config_file, '/');
	return slash ? arena_copy(a, (struct bytes){ n->config_file, (size_t)(slash - n->config_file) + 1 })
		     : n->bundle;
}

/* Reads it, and says what it is now. */
static void read_it(struct arena *a, int dir, const struct note *n, struct drift *d)
{
	const struct file_want want = {
		.dir = dir,
		.path = name_of(n),
		.limit = LIMIT_DOC_BYTES,
		.owner = OWNER_BUNDLE,
		.cause = CAUSE_BUNDLE,
		.rule = "",
		.digest = true,
	};
	struct fail why = { 0 };
	const int r = file_read(a, &want, &d->file, &why);

	if (r == -ENOENT) {
		d->config = DRIFT_GONE;
	} else if (r == -ELOOP || r == -ENOTSUP || r == -EPERM || r == -EFBIG) {
		d->config = DRIFT_CONTENT;
		d->odd = arena_copy(a, bytes_of(why.says));
	} else if (r < 0) {
		d->config = DRIFT_UNKNOWN;
	} else {
		(void)fd_close(d->file.fd);
		d->file.fd = -1;
		d->read = true;
		const bool same = strcmp(d->file.digest, n->config_digest) == 0;
		const bool copy = d->file.identity.device != n->config.device ||
			d->file.identity.inode != n->config.inode;
		d->config = !same ? DRIFT_CONTENT : copy ? DRIFT_COPY : DRIFT_NONE;
	}
}

void drift_look(struct arena *a, const struct note *n, bool read, struct drift *ret)
{
	const char *path = directory_of(a, n);
	struct stat st;

	*ret = (struct drift){ .file.fd = -1 };
	if (!path || path[0] != '/' || n->config_digest[0] == '\0')
		return;
	cleanup_close int dir = fd_open(AT_CWD, path, O_PATH | O_DIRECTORY, 0);
	if (dir < 0 || fstat(dir, &st) < 0) {
		ret->config = dir == -ENOENT ? DRIFT_GONE : DRIFT_UNKNOWN;
		return;
	}
	ret->bundle = n->bundle_inode != 0 && (st.st_dev != n->bundle_device || st.st_ino != n->bundle_inode);
	if (fstatat(dir, name_of(n), &st, AT_SYMLINK_NOFOLLOW) < 0) {
		ret->config = errno == ENOENT ? DRIFT_GONE : DRIFT_UNKNOWN;
		return;
	}
	const struct identity now = identity_of(&st);
	if (!read && identity_equal(&now, &n->config))
		ret->config = DRIFT_NONE;
	else
		read_it(a, dir, n, ret);
}

const struct doc *drift_document(struct arena *a, struct drift *d)
{
	const struct doc_options options = { .file = usual, .cause = CAUSE_BUNDLE };
	struct fail ignored;

	if (d->read && !d->document && doc_parse(a, d->file.bytes, &options, &d->document, &ignored) < 0)
		d->document = NULL;
	return d->document;
}

/* "/process/args, /mounts/3 and 2 more are not as they were". */
static const char *places(struct arena *a, const char *const *parts)
{
	struct text to = text_growing(a);
	size_t count = 0;

	while (parts[count])
		count++;
	for (size_t i = 0; i < count && i < NAMED_MOST; i++) {
		text_add(&to, i == 0 ? "" : i + 1 == count ? " and " : ", ");
		text_shown(&to, bytes_of(parts[i]), LIMIT_QUOTE / 2);
	}
	if (count > NAMED_MOST)
		text_printf(&to, " and %zu more", count - NAMED_MOST);
	text_add(&to, count == 1 ? " is not as it was" : " are not as they were");
	return to.cut ? NULL : to.data;
}

/* What is known of the change. */
static struct start_breach content_breach(struct arena *a, const struct note *n, struct drift *d)
{
	struct start_breach b = { .id = "drift.config", .pointer = "", .fact = d->odd };

	if (!d->read)
		return b;
	const struct doc *now = drift_document(a, d);
	const char *const *parts = now && n->sketch ? sketch_differs(a, n->sketch, now) : NULL;
	if (!now)
		b.fact = "it is no JSON any more";
	else if (!parts)
		b.fact = "its content is another one";
	else if (!parts[0])
		b.fact = "what it says is the same, in other spelling or order";
	else
		b.fact = places(a, parts);
	b.places = parts;
	if (parts && parts[0] && !parts[1])
		b.pointer = parts[0];
	return b;
}

int drift_report(struct arena *a, const struct note *n, struct drift *d, struct report *to)
{
	static const struct start_breach plain[] = {
		[DRIFT_UNKNOWN] = { 0 },
		[DRIFT_NONE] = { 0 },
		[DRIFT_COPY] = { .id = "drift.replaced", .pointer = "" },
		[DRIFT_CONTENT] = { .id = "drift.config" },
		[DRIFT_GONE] = { .id = "drift.missing", .pointer = "" },
	};
	static const struct start_breach moved = { .id = "drift.bundle", .pointer = "" };
	struct start_breach b = plain[d->config];

	if (d->config == DRIFT_CONTENT)
		b = content_breach(a, n, d);
	to->file = usual;
	if (b.id && start_add(a, n->start, &b, to, NULL) < 0)
		return -ENOMEM;
	return d->bundle ? start_add(a, n->start, &moved, to, NULL) : 0;
}
