/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which documents are meant. A word is a file, a bundle, or "-"; a directory that is no bundle stands for all bundles
 * below it and all *.json that look like a runtime configuration; a pattern that is no file, for what it fits. Nothing
 * below a bundle is looked at (its rootfs is the container's), no symbolic link is followed on the way down, and there
 * is an end to how deep and how many.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/check/check.h"
#include "ctl/ctl.h"
#include "validate/base/fd.h"
#include "validate/base/fail.h"
#include "validate/base/glob.h"
#include "validate/base/limits.h"

#define DEPTH_MOST 32
#define ENTRIES_MOST 1000000u
#define NAMED_MOST 1000000u
#define LOOKED_AT 65536u /* bytes of a loose file that are looked at */

static void add(struct named *n, const char *path)
{
	if (n->count == n->room) {
		const size_t room = n->room ? n->room * 2 : 64;
		const char **more = n->count < NAMED_MOST ? arena_array(&n->arena, room, sizeof(*more)) : NULL;
		if (!more) {
			(void)trouble("too many documents are named");
			n->faults = true;
			return;
		}
		if (n->count > 0)
			memcpy(more, n->paths, n->count * sizeof(*more));
		n->paths = more;
		n->room = room;
	}
	const char *copy = arena_copy(&n->arena, bytes_of(path));
	n->faults |= !copy;
	if (copy)
		n->paths[n->count++] = copy;
}

static bool ends_in_json(const char *name)
{
	const size_t len = strlen(name);
	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

/* Only config.json has this member; a document that is broken behind it is still meant. */
static bool looks_like_config(const char *path)
{
	char head[4096 + 16];
	size_t kept = 0, looked = 0;
	cleanup_close int fd = fd_open(AT_CWD, path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0);

	while (fd >= 0 && looked < LOOKED_AT) {
		const ssize_t got = read(fd, head + kept, 4096);
		if (got <= 0)
			return false;
		looked += (size_t)got;
		kept += (size_t)got;
		if (memmem(head, kept, "\"ociVersion\"", 12))
			return true;
		/* The name may stand across two readings. */
		const size_t tail = kept < 11 ? kept : 11;
		memmove(head, head + kept - tail, tail);
		kept = tail;
	}
	return false;
}

static bool is_bundle(const char *dir)
{
	struct stat st;
	cleanup_close int fd = fd_open(AT_CWD, dir, O_PATH | O_DIRECTORY, 0);
	return fd >= 0 && fstatat(fd, "config.json", &st, 0) == 0 && S_ISREG(st.st_mode);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* What is wanted of a tree. */
struct walk {
	struct named *to;
	const char *pattern; /* that paths have to fit; NULL: all */
	size_t looked, found;
	bool cut;
};

/* One entry; returns whether to go below it. */
static bool look_at(struct walk *w, const FTSENT *e)
{
	const bool fits = !w->pattern || glob_match(bytes_of(w->pattern), bytes_of(e->fts_path));
	const bool hidden = e->fts_level > 0 && e->fts_name[0] == '.';

	if (e->fts_info == FTS_D) {
		/* Of a pattern the bundle is meant when it fits, and its config.json when that does. */
		if (!hidden && is_bundle(e->fts_path)) {
			if (fits) {
				w->found++;
				add(w->to, e->fts_path);
			}
			return w->pattern && !fits;
		}
		return !hidden && e->fts_level < DEPTH_MOST;
	}
	if (e->fts_info == FTS_F && fits && !hidden &&
		(w->pattern || (ends_in_json(e->fts_name) && looks_like_config(e->fts_path)))) {
		w->found++;
		add(w->to, e->fts_path);
	}
	return false;
}

static void walk(struct walk *w, const char *from)
{
	char *const roots[] = { arena_copy(&w->to->arena, bytes_of(from)), NULL };
	FTS *tree = roots[0] ? fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name) : NULL;

	for (FTSENT *e = tree ? fts_read(tree) : NULL; e; e = fts_read(tree)) {
		if (++w->looked > ENTRIES_MOST || w->to->faults) {
			w->cut = true;
			break;
		}
		if (e->fts_info == FTS_DNR)
			(void)trouble("%s cannot be read: %s", e->fts_path, errno_words(e->fts_errno));
		w->to->faults |= e->fts_info == FTS_DNR;
		if (!look_at(w, e) && e->fts_info == FTS_D)
			(void)fts_set(tree, e, FTS_SKIP);
	}
	if (tree)
		(void)fts_close(tree);
}

static void add_tree(struct named *n, const char *dir)
{
	struct walk w = { .to = n };
	size_t len = strlen(dir);
	char *from = arena_copy(&n->arena, bytes_of(dir));

	/* fts would write "dir//file". */
	while (from && len > 1 && from[len - 1] == '/')
		from[--len] = '\0';
	walk(&w, from ? from : dir);
	if (w.cut)
		(void)trouble("%s holds more than %u entries; name a part of it", dir, ENTRIES_MOST);
	else if (w.found == 0)
		(void)trouble("there is no bundle below %s, and no runtime configuration", dir);
	n->faults |= w.cut || w.found == 0;
}

static void add_pattern(struct named *n, const char *pattern)
{
	struct walk w = { .to = n, .pattern = pattern };
	const size_t plain = strcspn(pattern, "*");
	size_t len = plain;
	struct stat st;

	while (len > 0 && pattern[len - 1] != '/')
		len--;
	char *from = arena_copy(&n->arena, (struct bytes){ pattern, len > 1 ? len - 1 : len });
	if (from && len == 0) {
		/* Without a directory before it, what fits has none either. */
		w.pattern = arena_printf(&n->arena, "./%s", pattern);
		from = arena_copy(&n->arena, BYTES("."));
	}
	if (!from || !w.pattern) {
		n->faults = true;
		return;
	}
	if (stat(from, &st) == 0)
		walk(&w, from);
	if (w.found == 0 && !n->faults)
		(void)trouble("nothing fits %s", pattern);
	n->faults |= w.found == 0 || w.cut;
}

void named_add(struct named *n, const char *word)
{
	struct stat st;

	if (strcmp(word, "-") == 0 || stat(word, &st) < 0) {
		if (strcmp(word, "-") != 0 && strchr(word, '*'))
			add_pattern(n, word);
		else
			add(n, word);
	} else if (S_ISDIR(st.st_mode) && !is_bundle(word)) {
		add_tree(n, word);
	} else {
		add(n, word);
	}
}

int named_from(struct named *n, const char *file)
{
	const char *name;
	struct bytes text;

	if (input_get(&n->arena, file, &name, &text) < 0)
		return CTL_USAGE;
	if (text.len > LIMIT_DOC_BYTES)
		return trouble("%s is longer than %zu bytes", file, LIMIT_DOC_BYTES);
	const char end = memchr(text.data, '\0', text.len) ? '\0' : '\n';
	for (size_t i = 0; i < text.len;) {
		const char *stop = memchr(text.data + i, end, text.len - i);
		const size_t len = stop ? (size_t)(stop - text.data) - i : text.len - i;
		const char *path = arena_copy(&n->arena, (struct bytes){ text.data + i, len });
		if (path && *path)
			named_add(n, path);
		i += len + 1;
	}
	return CTL_GOOD;
}
