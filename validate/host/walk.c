/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A path is opened in one call when mountinfo knows every mount on it and it holds no symlink, which is the usual
 * case; else it is taken apart, and the same is asked of every component.
 *
 * A symlink of /proc that is no path (exe, cwd, fd, ns) is not followed, as nobody can say what stands behind it. Its
 * text counts where the process lives in our mount namespace, because then the text is the path.
 */
#include "validate/host/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/arrive.h"
#include "validate/host/crossing.h"
#include "validate/host/magic.h"

struct walk {
	struct place_look *look;
	const struct walk_root *root;
	struct spot *to;
	int fd;                    /* of `at`; the root's own is not closed */
	const struct mount *mount; /* that `at` lies on */
	bool directory;            /* `at` is one */
	bool anew;                 /* at the root, from where the rest was not tried at once yet */
	bool magic;                /* the text of a magic link was taken for a path */
	unsigned links, steps;
	size_t len;
	char *at;   /* as resolved so far: the root's path, then ours */
	char *rest; /* still to go: the end of walk_text.rest, before which more of it can be put */
};

/* Where the text that is still to go ends, always. */
static char *rest_end(const struct walk *w)
{
	return w->look->walks->text.rest + LIMIT_WALK_PATH - 1;
}

static struct bytes walked(const struct walk *w)
{
	return (struct bytes){ w->at, w->len };
}

/* Stands at fd now, which lies on that mount. */
static void stand(struct walk *w, int fd, const struct mount *mount)
{
	if (w->fd != w->root->fd && w->fd != fd)
		(void)fd_close(w->fd);
	w->fd = fd;
	w->mount = mount;
	w->directory = fd == w->root->fd || S_ISDIR(w->to->st.st_mode);
}

/* Keeps that much of the path's text. */
static void cut(struct walk *w, size_t len)
{
	w->len = len;
	w->at[len] = '\0';
}

static void restart(struct walk *w)
{
	stand(w, w->root->fd, w->root->mount);
	if (w->root->path.len)
		memcpy(w->at, w->root->path.data, w->root->path.len);
	cut(w, w->root->path.len);
	w->anew = true;
}

/* How the walk ended; false, so that it can be returned. */
static bool end(struct walk *w, enum found found)
{
	w->to->found = found;
	return false;
}

static bool append(struct walk *w, struct bytes name)
{
	if (w->len + name.len + 2 > LIMIT_WALK_PATH)
		return end(w, FOUND_UNKNOWN);
	w->at[w->len++] = '/';
	memcpy(w->at + w->len, name.data, name.len);
	cut(w, w->len + name.len);
	return true;
}

static bool is_covered(const struct walk_root *root, struct bytes at)
{
	const struct bytes own = { at.data + root->path.len, at.len - root->path.len };
	for (size_t i = 0; i < root->cover_count; i++) {
		const struct bytes c = root->covers[i];
		if (own.len >= c.len && memcmp(own.data, c.data, c.len) == 0 &&
			(own.len == c.len || own.data[c.len] == '/'))
			return true;
	}
	return false;
}

/*
 * Opens `name`, a path below where we stand that leads to the text in `at`: see arrive. *ret_mount is the mount that it
 * lies on, or that was in the way.
 */
static int arrive_at(struct walk *w, const char *name, const struct mount **ret_mount)
{
	*ret_mount = w->mount;
	return arrive(w->look, w->fd, name, walked(w), ret_mount, &w->to->st);
}

/* Whether that is a /proc which keeps the processes of others to itself. */
static bool hides(const struct mount *m)
{
	struct bytes who;
	return m && bytes_is(m->type, "proc") && mount_option(m->super, "hidepid", &who) && !bytes_is(who, "0") &&
		!bytes_is(who, "off");
}

/* Ends the walk by an error. */
static bool end_by(struct walk *w, int code, const struct mount *mount)
{
	w->to->mount = mount;
	switch (code) {
	case -EREMOTE:
		return end(w, FOUND_WAITING);
	case -ENOENT:
		return end(w, hides(mount) ? FOUND_UNKNOWN : FOUND_ABSENT);
	case -ENOTDIR:
	case -ENAMETOOLONG:
		return end(w, FOUND_ABSENT);
	default:
		return end(w, FOUND_UNKNOWN);
	}
}

/* Puts a path, or the beginning of one, before what is still to go, which is empty or begins with a slash. */
static bool prepend(struct walk *w, struct bytes path)
{
	if (path.len > (size_t)(w->rest - w->look->walks->text.rest))
		return end(w, FOUND_UNKNOWN);
	w->rest -= path.len;
	memcpy(w->rest, path.data, path.len);
	return true;
}

/* Goes on where a symlink leads to. It is in the directory `at` up to parent_len, where we stand unless we leapt. */
static bool follow(struct walk *w, struct bytes target, size_t parent_len)
{
	const size_t base = w->root->path.len;
	if (!prepend(w, target))
		return false;
	cut(w, parent_len);
	if (target.data[0] != '/') {
		if (!w->anew && parent_len != base)
			return true;
		if (!prepend(w, BYTES("/")) || !prepend(w, (struct bytes){ w->at + base, parent_len - base }))
			return false;
	}
	restart(w);
	return true;
}

/* A symlink in the directory where we stand; its own path is in `at`. */
static bool take_link(struct walk *w, int link, const struct mount *mount, size_t parent_len)
{
	char target[PATH_MAX];
	const ssize_t n = readlinkat(link, "", target, sizeof(target));
	w->to->clean = false;
	if (n <= 0 || (size_t)n == sizeof(target))
		return end(w, FOUND_UNKNOWN);
	if (++w->links > LIMIT_WALK_LINKS)
		return end(w, FOUND_ABSENT);
	const struct bytes says = { target, (size_t)n };
	if (w->look->host->live && mount && bytes_is(mount->type, "proc")) {
		const enum magic magic = magic_of(w->look->host->root, walked(w), says);
		w->magic = w->magic || magic != MAGIC_NONE;
		w->to->namespace = magic == MAGIC_NAMESPACE && !*w->rest;
		if (magic == MAGIC_UNKNOWN || magic == MAGIC_NAMESPACE)
			return end(w, FOUND_UNKNOWN);
	}
	return follow(w, says, parent_len);
}

static bool enter(struct walk *w, struct bytes name)
{
	const size_t parent_len = w->len;
	const struct mount *mount;
	char one[NAME_MAX + 1];
	memcpy(one, name.data, name.len);
	one[name.len] = '\0';
	if (!append(w, name))
		return false;
	if (is_covered(w->root, walked(w)))
		return end(w, FOUND_COVERED);
	int fd = arrive_at(w, one, &mount);
	if (fd < 0)
		return end_by(w, fd, mount);
	if (S_ISLNK(w->to->st.st_mode)) {
		const bool more = take_link(w, fd, mount, parent_len);
		(void)fd_close(fd);
		return more;
	}
	stand(w, fd, mount);
	return true;
}

/* "..": within a mount the kernel knows the way; from the uppermost directory of one it is walked anew. */
static bool climb(struct walk *w)
{
	size_t len = w->len;
	w->to->clean = false;
	if (len == w->root->path.len) {
		w->to->escapes = true;
		return true;
	}
	const bool top = !w->mount || bytes_equal(w->mount->point, walked(w));
	while (w->at[len - 1] != '/')
		len--;
	cut(w, len - 1);
	const struct mount *mount = w->mount;
	if (!top) {
		const int fd = arrive_near(w->look, w->fd, "..", mount, &w->to->st);
		if (fd >= 0)
			stand(w, fd, mount);
		return fd >= 0 || end(w, FOUND_UNKNOWN);
	}
	const size_t base = w->root->path.len;
	stand(w, w->root->fd, w->root->mount);
	if (w->len == base)
		return true;
	const int fd = arrive_at(w, w->at + base + 1, &mount);
	if (fd == -ELOOP) { /* where it cannot be opened at once */
		const bool fits = prepend(w, (struct bytes){ w->at + base, w->len - base });
		restart(w);
		return fits;
	}
	if (fd < 0)
		return end_by(w, fd == -ENOENT ? -ESTALE : fd, mount);
	stand(w, fd, mount);
	return true;
}

/* Whether what is still to go can be taken as it is: "/a/b", without anything to be resolved in it. */
static bool is_plain(const char *path)
{
	if (path[0] != '/' || !path[1])
		return false;
	for (const char *c = path; (c = strchr(c, '/')); c++)
		if (c[1] == '/' || c[1] == '.' || !c[1])
			return false; /* ".name" pays for its rarity */
	return true;
}

/* From the root, all at once; *ret_taken is false when the path has to be taken apart. */
static bool leap(struct walk *w, bool *ret_taken)
{
	const struct mount *mount;
	const size_t base = w->root->path.len;
	*ret_taken = true;
	if (!append(w, (struct bytes){ w->rest + 1, (size_t)(rest_end(w) - w->rest) - 1 }))
		return false;
	const bool covered = is_covered(w->root, walked(w));
	const int fd = arrive_at(w, w->at + base + 1, &mount);
	if (fd == -ELOOP || (fd >= 0 && covered)) {
		(void)fd_close(fd);
		cut(w, base);
		*ret_taken = false;
		return true;
	}
	w->rest = rest_end(w);
	if (fd < 0)
		return end_by(w, fd, mount);
	if (S_ISLNK(w->to->st.st_mode)) {
		const char *name = strrchr(w->at, '/');
		const bool more = take_link(w, fd, mount, (size_t)(name - w->at));
		(void)fd_close(fd);
		return more;
	}
	stand(w, fd, mount);
	return true;
}

/* One component. */
static bool step(struct walk *w)
{
	const size_t skip = strspn(w->rest, "/");
	const struct bytes one = { w->rest + skip, strcspn(w->rest + skip, "/") };
	w->rest += skip + one.len;
	if (++w->steps > LIMIT_WALK_STEPS)
		return end(w, FOUND_UNKNOWN);
	if (!w->directory || one.len > NAME_MAX)
		return end(w, FOUND_ABSENT);
	if (bytes_is(one, "."))
		w->to->clean = false;
	else if (bytes_is(one, ".."))
		return climb(w);
	return one.len == 0 || bytes_is(one, ".") || enter(w, one);
}

static void go(struct walk *w)
{
	for (bool more = true; more && *w->rest;) {
		bool taken = false;
		if (w->anew && is_plain(w->rest))
			more = leap(w, &taken);
		w->anew = w->anew && taken;
		if (!taken)
			more = step(w);
	}
}

/* What was found, as the caller gets it. */
static void finish(struct walk *w)
{
	struct spot *to = w->to;
	const size_t base = w->root->path.len, rest = (size_t)(rest_end(w) - w->rest);
	if (to->found == FOUND_ABSENT && w->magic)
		to->found = FOUND_UNKNOWN; /* its text may be of another time, or hidden by a mount */
	if (rest && w->len + rest < LIMIT_WALK_PATH) {
		memcpy(w->at + w->len, w->rest, rest + 1);
		w->len += rest;
	}
	if (to->found == FOUND_ABSENT && is_covered(w->root, walked(w)))
		to->found = FOUND_COVERED;
	const struct bytes own = { w->at + base, w->len - base };
	const char *copy = own.len ? arena_copy(w->look->arena, own) : "/";
	to->path = copy ? bytes_of(copy) : (struct bytes){ 0 };
	if (to->found == FOUND_IT && w->fd == w->root->fd) {
		w->fd = arrive_near(w->look, w->root->fd, ".", w->mount, &to->st);
		if (w->fd < 0)
			to->found = FOUND_UNKNOWN;
	}
	if (to->found == FOUND_IT && copy) {
		to->mount = w->mount;
		to->fd = w->fd;
	} else {
		to->found = to->found == FOUND_IT ? FOUND_UNKNOWN : to->found;
		stand(w, w->root->fd, NULL);
	}
}

void walk(struct place_look *l, const struct walk_root *root, struct bytes path, struct spot *ret)
{
	*ret = (struct spot){ .found = FOUND_IT, .fd = -1, .path = path, .clean = true };
	if (root->fd < 0 || root->path.len >= PATH_MAX || !path.len || path.data[0] != '/' ||
		memchr(path.data, '\0', path.len)) {
		ret->found = FOUND_UNKNOWN;
		return;
	}
	if (path.len >= PATH_MAX) {
		ret->found = FOUND_ABSENT; /* no system call takes it */
		return;
	}
	struct walk w = { .look = l, .root = root, .to = ret, .fd = root->fd, .at = l->walks->text.at };
	w.rest = rest_end(&w);
	*w.rest = '\0';
	restart(&w);
	if (prepend(&w, path))
		go(&w);
	finish(&w);
}

/* What is at a plain path, by the directory that it is in; false when it has to be walked. */
static bool glance(struct place_look *l, const struct walk_root *root, struct bytes path, struct spot *ret)
{
	const size_t base = root->path.len;
	char *text = l->walks->text.at;
	if (!l->listed || root->fd < 0 || !root->mount || base + path.len >= PATH_MAX ||
		memchr(path.data, '\0', path.len))
		return false;
	*ret = (struct spot){ .found = FOUND_IT, .fd = -1, .mount = root->mount, .clean = true };
	if (bytes_is(path, "/") && root->st) {
		ret->path = path;
		ret->st = *root->st;
		return true;
	}
	if (base)
		memcpy(text, root->path.data, base);
	memcpy(text + base, path.data, path.len);
	text[base + path.len] = '\0';
	const struct bytes whole = { text, base + path.len };
	if (!is_plain(text + base) || is_covered(root, whole) ||
		!arrive_by_name(l, root->fd, text + base + 1, whole, &ret->mount, &ret->st))
		return false;
	const char *copy = arena_copy(l->arena, path);
	ret->path = (struct bytes){ copy, copy ? path.len : 0 };
	return copy != NULL;
}

void walk_look(struct place_look *l, const struct walk_root *root, struct bytes path, struct spot *ret)
{
	if (!path.len || !glance(l, root, path, ret))
		walk(l, root, path, ret);
}
