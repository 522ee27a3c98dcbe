/* SPDX-License-Identifier: Apache-2.0 */
/* Paths that the document names: root.path, hooks, the listener, and what is run in the container. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"
#include "validate/host/crossing.h"
#include "validate/host/place_parts.h"
#include "validate/rule/around.h"

#define PATH_PARTS 64u /* of process.env's PATH, and directories above a rootfs */

/* The path in that member; or the value itself, where a row asks there. */
static struct bytes path_of(const struct doc *value, const char *member)
{
	return value->type == DOC_STRING ? value->string : around_string(value, member);
}

/* The directory, and the name in it; NULL data without memory. */
static struct bytes join(struct arena *a, struct bytes directory, struct bytes name)
{
	char *to = arena_array(a, directory.len + name.len + 2, 1);
	if (!to)
		return (struct bytes){ 0 };
	if (directory.len)
		memcpy(to, directory.data, directory.len);
	to[directory.len] = '/';
	if (name.len)
		memcpy(to + directory.len + 1, name.data, name.len);
	return (struct bytes){ to, directory.len + 1 + name.len };
}

/* What lies at a name in the rootfs, where the engine or the delegate is going to mount. Not followed. */
static void tell_entry(struct place_look *l, const struct spot *rootfs, const char *name, struct doc *to)
{
	struct stat st;
	const struct bytes above = rootfs->path.len > 1 ? rootfs->path : BYTES("");
	const struct bytes path = join(l->arena, above, bytes_of(name));
	const struct mount *m = path.data ? crossing_next(&l->mounts, rootfs->mount, path) : NULL;
	const char *kind = "other";
	if (!path.data || (m && crossing_waits(&l->mounts, m)) || (l->listed && !listed_clear(l->listed, path)))
		return;
	if (fstatat(rootfs->fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0) {
		if (errno != ENOENT)
			return;
		kind = "absent";
	} else if (S_ISDIR(st.st_mode)) {
		kind = "directory";
	} else if (S_ISLNK(st.st_mode)) {
		kind = "symlink";
	}
	make_string(l->arena, to, name, bytes_of(kind));
}

/* Tells of those directories above a resolved path that `worth` says yes to. */
static void tell_above(struct place_look *l, struct bytes path, bool (*worth)(const struct stat *st),
	struct doc *answer)
{
	struct doc *above = make_array(l->arena, answer, "above");
	for (unsigned i = 0; above && path.len > 1 && i < PATH_PARTS; i++) {
		struct spot s;
		while (path.len > 1 && path.data[path.len - 1] != '/')
			path.len--;
		path.len -= path.len > 1;
		place_look_host(l, path, &s);
		if (s.found == FOUND_IT && worth(&s.st)) {
			struct doc *one = make_object(l->arena, above, NULL);
			make_string(l->arena, one, "path", path);
			make_uint(l->arena, one, "uid", s.st.st_uid);
			make_uint(l->arena, one, "gid", s.st.st_gid);
			make_uint(l->arena, one, "mode", s.st.st_mode & 07777);
		}
		spot_done(&s);
	}
}

/* Whether the mapped root of a user namespace may pass is then a question of the owner. */
static bool not_all_search(const struct stat *st)
{
	return !(st->st_mode & S_IXOTH);
}

/* In a directory that is sticky nobody replaces what is root's. */
static bool others_write(const struct stat *st)
{
	return st->st_uid != 0 || ((st->st_mode & (S_IWGRP | S_IWOTH)) && !(st->st_mode & S_ISVTX));
}

void place_rootfs(struct place_look *l, const struct doc *value, struct doc *answer)
{
	(void)value;
	const struct spot *s = place_rootfs_spot(l);
	place_tell(l, s, answer, NULL);
	if (s->found != FOUND_IT || !S_ISDIR(s->st.st_mode))
		return;
	/* Without mappings nobody asks who may search. */
	if (around_first(doc_get(place_config(l), "linux"), "uidMappings"))
		tell_above(l, s->path, not_all_search, answer);
	tell_entry(l, s, "dev", answer);
	tell_entry(l, s, "proc", answer);
	tell_entry(l, s, "sys", answer);
}

/* Those run in the container: their paths are not the host's. */
static bool runs_in_container(const struct doc *hook)
{
	return hook->parent && bytes_is(hook->parent->key, "startContainer");
}

void place_hook(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	if (runs_in_container(value))
		return;
	place_walk_host(l, path_of(value, "path"), &s);
	/* Run by us, as far as the kernel is concerned: a file that some may run is of no use if we may not. */
	if (s.found == FOUND_IT && l->host->live && S_ISREG(s.st.st_mode) && fd_may(s.fd, X_OK) == -EACCES)
		s.st.st_mode &= ~(mode_t)0111;
	place_tell(l, &s, answer, NULL);
	spot_done(&s);
}

void place_hook_above(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	if (runs_in_container(value))
		return;
	place_walk_host(l, path_of(value, "path"), &s);
	if (s.found == FOUND_IT)
		tell_above(l, s.path, others_write, answer);
	spot_done(&s);
}

/* "sha256:…"; nothing of what is no file, or is too long. */
static struct bytes digest_of(const struct spot *s, char *said, size_t size)
{
	char path[64], digest[DIGEST_HEX];
	struct text to = text_over(said, size);
	if (s->found != FOUND_IT || !S_ISREG(s->st.st_mode))
		return BYTES("");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
	const int fd = fd_open(AT_CWD, path, O_RDONLY | O_NONBLOCK, 0);
	if (fd >= 0 && digest_file(fd, LIMIT_HOOK_BYTES, digest) == 0)
		text_printf(&to, "sha256:%s", digest);
	(void)fd_close(fd);
	return (struct bytes){ to.data, to.len };
}

/* It is read to its end; only who names a digest pays for that. */
void place_hook_digest(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	char said[DIGEST_HEX + 8];
	if (runs_in_container(value))
		return;
	place_walk_host(l, path_of(value, "path"), &s);
	if (s.found == FOUND_IT || s.found == FOUND_WAITING)
		make_string(l->arena, answer, "digest", digest_of(&s, said, sizeof(said)));
	spot_done(&s);
}

void place_container_hook(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	place_walk_container(l, path_of(value, "path"), true, &s);
	place_tell_below(l, &s, answer, NULL);
	spot_done(&s);
}

void place_listener(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	place_look_host(l, path_of(value, "listenerPath"), &s);
	place_tell(l, &s, answer, NULL);
	spot_done(&s);
}

void place_cwd(struct place_look *l, const struct doc *value, struct doc *answer)
{
	struct spot s;
	place_walk_container(l, path_of(value, "cwd"), false, &s);
	place_tell_below(l, &s, answer, NULL);
	spot_done(&s);
}

/* The last PATH of env, as the delegates have it; NULL data when there is none. */
static struct bytes search_path(const struct doc *process)
{
	struct bytes found = { 0 };
	for (const struct doc *e = around_first(process, "env"); e; e = e->next)
		if (e->type == DOC_STRING && bytes_start(e->string, "PATH="))
			found = (struct bytes){ e->string.data + 5, e->string.len - 5 };
	return found;
}

/* A bare name: the first of PATH's directories that has it, or that nobody can look into. */
static void search(struct place_look *l, struct bytes path, struct bytes name, struct spot *ret)
{
	*ret = (struct spot){ .fd = -1,
		.found = path.data ? FOUND_ABSENT : FOUND_UNKNOWN,
		.path = name,
		.clean = true };
	size_t count = 0;
	for (size_t i = 0; path.data && i <= path.len;) {
		const char *colon = i < path.len ? memchr(path.data + i, ':', path.len - i) : NULL;
		const size_t end = colon ? (size_t)(colon - path.data) : path.len;
		const struct bytes directory = { path.data + i, end - i };
		struct spot s = { .fd = -1 };
		i = end + 1;
		if (directory.len && directory.data[0] == '/' && ++count <= PATH_PARTS)
			place_walk_container(l, join(l->arena, directory, name), true, &s);
		if (s.found == FOUND_ABSENT ||
			(s.found == FOUND_IT && !(S_ISREG(s.st.st_mode) && (s.st.st_mode & 0111)))) {
			spot_done(&s);
			continue;
		}
		*ret = s;
		return;
	}
}

void place_command(struct place_look *l, const struct doc *value, struct doc *answer)
{
	const struct doc *process = place_owner(value, "args"), *first = around_first(process, "args");
	struct spot s;
	if (!first || first->type != DOC_STRING || !first->string.len)
		return;
	const struct bytes name = first->string, cwd = around_string(process, "cwd");
	if (!memchr(name.data, '/', name.len))
		search(l, search_path(process), name, &s);
	else if (name.data[0] == '/')
		place_walk_container(l, name, true, &s);
	else if (cwd.len)
		place_walk_container(l, join(l->arena, cwd, name), true, &s);
	else
		return;
	place_tell_below(l, &s, answer, NULL);
	spot_done(&s);
}
