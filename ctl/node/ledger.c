/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger, and how a file is put in its place. */
#include "ctl/node/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/read.h"

static const char *const phases[] = {
	[PHASE_NONE] = "none",
	[PHASE_INSTALLING] = "installing",
	[PHASE_INSTALLED] = "installed",
	[PHASE_DRAINING] = "draining",
	[PHASE_REMOVING] = "removing",
};

/* --- files ----------------------------------------------------------------------------------------------------- */

int place_parent(const struct node *n, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const char *directory = slash && slash > path ? arena_copy(n->a, (struct bytes){ path, (size_t)(slash - path) })
						      : "/";

	*ret_name = slash ? slash + 1 : path;
	return directory ? node_at(n, directory, O_RDONLY | O_DIRECTORY) : -ENOMEM;
}

/* Makes the directories that are missing above `path`. */
static int make_above(const struct node *n, const char *path, const char **ret_made)
{
	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *directory = arena_copy(n->a, (struct bytes){ path, (size_t)(slash - path) }), *name;
		if (!directory)
			return -ENOMEM;
		if (node_stat(n, directory, NULL))
			continue;
		cleanup_close int in = place_parent(n, directory, &name);
		if (in < 0)
			return in;
		if (mkdirat(in, name, 0755) < 0 && errno != EEXIST)
			return -errno;
		if (fsync(in) < 0)
			return -errno;
		if (ret_made && !**ret_made)
			*ret_made = directory;
	}
	return 0;
}

static const char *beside(const struct node *n, const char *name)
{
	return arena_printf(n->a, ".%s.runvet-new", name);
}

static int fill(int in, const char *name, struct bytes text, const struct ledger *like)
{
	const unsigned mode = like && like->there ? like->mode & 07777 : 0644;

	(void)unlinkat(in, name, 0);
	cleanup_close int fd = fd_open(in, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fd;
	int r = fd_write_all(fd, text, NULL);
	if (r == 0 && like && like->there && fchown(fd, like->uid, like->gid) < 0)
		r = -errno;
	if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		r = -errno;
	return r;
}

int place_file(const struct node *n, const char *path, struct bytes text, const struct ledger *like,
	const char **ret_made)
{
	const char *made = "", *name;
	int r = make_above(n, path, &made);

	if (ret_made)
		*ret_made = made;
	if (r < 0)
		return r;
	cleanup_close int in = place_parent(n, path, &name);
	const char *new = beside(n, name);
	if (in < 0 || !new)
		return in < 0 ? in : -ENOMEM;
	r = fill(in, new, text, like);
	if (r == 0 && renameat(in, new, in, name) < 0)
		r = -errno;
	if (r == 0 && fsync(in) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(in, new, 0);
	return r;
}

void place_clear(const struct node *n, const char *path)
{
	const char *name;
	cleanup_close int in = place_parent(n, path, &name);
	const char *new = beside(n, name);

	if (in >= 0 && new)
		(void)unlinkat(in, new, 0);
}

/* --- the ledger ------------------------------------------------------------------------------------------------ */

static const char *at(const struct ledger *l, const char *file)
{
	return arena_printf(l->node->a, LEDGER "/%s/%s", l->key, file);
}

static const char *word(const struct ledger *l, const struct doc *d, const char *key)
{
	const struct bytes b = doc_string(d, key, (struct bytes){ 0 });
	const char *ret = b.data ? arena_copy(l->node->a, b) : "";
	return ret ? ret : "";
}

static unsigned number(const struct doc *d, const char *key)
{
	const struct doc *n = doc_get(d, key);
	return n && doc_within(n, 0, UINT32_MAX) ? (unsigned)n->integer.magnitude : 0;
}

static struct bytes kept(const struct ledger *l, const char *file)
{
	const char *path = at(l, file);
	const struct bytes b = path ? read_closing(l->node->a, node_at(l->node, path, O_RDONLY), LIMIT_CONF_BYTES)
				    : (struct bytes){ 0 };
	return b;
}

int ledger_read(const struct node *n, const char *key, struct ledger *ret, const char **ret_why)
{
	struct conf c;

	*ret = (struct ledger){ .node = n, .key = key, .made = "" };
	const char *path = at(ret, "state.json");
	if (!path)
		return -ENOMEM;
	conf_read(n, path, CONF_JSON, &c);
	if (!c.there)
		return 0;
	const struct bytes phase = doc_string(c.root, "phase", (struct bytes){ 0 });
	for (size_t i = PHASE_INSTALLING; i <= PHASE_REMOVING; i++)
		if (bytes_is(phase, phases[i]))
			ret->phase = (enum phase)i;
	if (ret->phase == PHASE_NONE || c.st.st_uid != 0) {
		*ret_why = arena_printf(n->a, "%s is not what install wrote: %s", path,
			c.root ? "its phase, or its owner" : c.why.says);
		return -EBADMSG;
	}
	ret->name = word(ret, c.root, "name");
	ret->binary = word(ret, c.root, "binary");
	ret->runtime = word(ret, c.root, "runtime");
	ret->path = word(ret, c.root, "path");
	ret->made = word(ret, c.root, "made");
	ret->usual = doc_true(c.root, "default");
	ret->there = doc_true(c.root, "there");
	ret->dpkg = doc_true(c.root, "dpkg");
	ret->mode = number(c.root, "mode");
	ret->uid = number(c.root, "uid");
	ret->gid = number(c.root, "gid");
	ret->before = kept(ret, "before");
	ret->after = kept(ret, "after");
	ret->between = kept(ret, "between");
	return 0;
}

int ledger_step(struct ledger *l, enum phase phase)
{
	struct arena *a = l->node->a;
	struct doc *d = make_document(a);
	struct text to = text_growing(a);
	const char *path = at(l, "state.json");

	l->phase = phase;
	(void)make_uint(a, d, "version", 1);
	(void)make_string(a, d, "phase", bytes_of(phases[phase]));
	(void)make_string(a, d, "name", bytes_of(l->name));
	(void)make_string(a, d, "binary", bytes_of(l->binary));
	(void)make_string(a, d, "runtime", bytes_of(l->runtime));
	(void)make_string(a, d, "path", bytes_of(l->path));
	(void)make_string(a, d, "made", bytes_of(l->made));
	(void)make_bool(a, d, "default", l->usual);
	(void)make_bool(a, d, "there", l->there);
	(void)make_bool(a, d, "dpkg", l->dpkg);
	(void)make_uint(a, d, "mode", l->mode);
	(void)make_uint(a, d, "uid", l->uid);
	(void)make_uint(a, d, "gid", l->gid);
	if (!make_whole(d) || !path)
		return -ENOMEM;
	doc_write(d, true, &to);
	text_char(&to, '\n');
	return to.cut ? -ENOMEM : place_file(l->node, path, (struct bytes){ to.data, to.len }, NULL, NULL);
}

int ledger_write(struct ledger *l, enum phase phase)
{
	const struct {
		const char *file;
		struct bytes text;
	} files[] = { { "before", l->before }, { "after", l->after }, { "between", l->between } };
	/* What was there is nobody else's to read, if it was not. */
	const struct ledger like = { .there = true, .mode = 0600 };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *path = files[i].text.data ? at(l, files[i].file) : NULL;
		const int r = path ? place_file(l->node, path, files[i].text, &like, NULL) : 0;
		if (r < 0)
			return r;
	}
	return ledger_step(l, phase);
}

int ledger_remove(const struct ledger *l)
{
	static const char *const files[] = { "state.json", ".state.json.runvet-new", "before", ".before.runvet-new",
		"after", ".after.runvet-new", "between", ".between.runvet-new" };
	const char *name;
	cleanup_close int in = place_parent(l->node, at(l, ""), &name);

	for (size_t i = 0; in >= 0 && i < sizeof(files) / sizeof(files[0]); i++)
		if (unlinkat(in, files[i], 0) < 0 && errno != ENOENT)
			return -errno;
	cleanup_close int all = node_at(l->node, LEDGER, O_RDONLY | O_DIRECTORY);
	if (in >= 0 && all >= 0 && (unlinkat(all, l->key, AT_REMOVEDIR) < 0 || fsync(all) < 0) && errno != ENOENT)
		return -errno;
	return 0;
}

int ledger_lock(const struct node *n)
{
	const char *none = "";
	int r = make_above(n, LEDGER "/", &none);

	if (r < 0)
		return r;
	const int fd = node_at(n, LEDGER, O_RDONLY | O_DIRECTORY);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = -errno;
		(void)fd_close(fd);
		return r;
	}
	return fd;
}
