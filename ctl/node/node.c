/* SPDX-License-Identifier: Apache-2.0 */
/* Files and programs of a node. Nothing is run, nothing waits, and what is read has a bound. */
#include "ctl/node/node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ctl/node/running_parts.h"
#include "ctl/node/toml.h"
#include "shim/elfnote.h"
#include "validate/base/fd.h"
#include "validate/base/glob.h"
#include "validate/base/limits.h"
#include "validate/host/read.h"

#define NVIDIA_CONFIG "/etc/nvidia-container-runtime/config.toml"

int node_open(struct arena *a, const char *root, struct node *ret)
{
	size_t len = root ? strlen(root) : 0;

	while (len > 0 && root[len - 1] == '/')
		len--;
	*ret = (struct node){ .a = a, .top = -1, .live = len == 0 };
	ret->root = len ? arena_copy(a, (struct bytes){ root, len }) : "";
	if (!ret->root)
		return -ENOMEM;
	ret->top = fd_open(AT_CWD, len ? ret->root : "/", O_PATH | O_DIRECTORY, 0);
	return ret->top < 0 ? ret->top : 0;
}

void node_close(struct node *n)
{
	n->top = fd_close(n->top);
}

int node_at(const struct node *n, const char *path, int flags)
{
	while (*path == '/')
		path++;
	return read_open(n->top, *path ? path : ".", flags);
}

bool node_stat(const struct node *n, const char *path, struct stat *ret)
{
	struct stat st;
	cleanup_close int fd = node_at(n, path, O_PATH);

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	if (ret)
		*ret = st;
	return true;
}

void conf_read(const struct node *n, const char *path, enum conf_kind kind, struct conf *ret)
{
	const struct doc_options options = { .file = path, .cause = CAUSE_INTERNAL };
	const int fd = node_at(n, path, O_RDONLY);

	*ret = (struct conf){ .path = path, .there = fd != -ENOENT && fd != -ENOTDIR };
	if (fd < 0) {
		(void)fail(&ret->why, fd, CAUSE_INTERNAL, "", "it cannot be opened: %s", errno_words(fd));
		return;
	}
	(void)fstat(fd, &ret->st);
	ret->text = read_closing(n->a, fd, LIMIT_CONF_BYTES);
	if (!ret->text.data)
		(void)fail(&ret->why, -EIO, CAUSE_INTERNAL, "", "it cannot be read, or is over 1 MiB");
	else if (kind == CONF_TOML)
		(void)toml_parse(n->a, ret->text, path, &ret->root, &ret->why);
	else
		(void)doc_parse(n->a, ret->text, &options, &ret->root, &ret->why);
	if (ret->root && ret->root->type != DOC_OBJECT) {
		ret->root = NULL;
		(void)fail(&ret->why, -EBADMSG, CAUSE_INTERNAL, "", "it is no object");
	}
}

const char *const *node_names(const struct node *n, const char *directory, const char *pattern)
{
	const char *const *all = names_in(n->a, n->top, directory[1] ? directory + 1 : ".");
	size_t count = 0, kept = 0;

	while (all && all[count])
		count++;
	const char **ret = count ? arena_array(n->a, count + 1, sizeof(const char *)) : NULL;
	for (size_t i = 0; ret && i < count; i++)
		if (glob_match(bytes_of(pattern), bytes_of(all[i])))
			ret[kept++] = all[i];
	return kept ? ret : NULL;
}

/* What is at an absolute path. */
static enum through look(const struct node *n, const char *path, struct stat *st)
{
	cleanup_close int fd = node_at(n, path, O_RDONLY);

	if (fd < 0 || fstat(fd, st) < 0 || !S_ISREG(st->st_mode) || !(st->st_mode & 0111))
		return THROUGH_MISSING;
	return elfnote_present(fd) ? THROUGH_RUNVET : THROUGH_OTHER;
}

/* A name, in the directories of PATH. */
static void search(const struct node *n, const char *word, const char *path, struct program *ret)
{
	while (path && *path) {
		const size_t len = strcspn(path, ":");
		const char *at = len ? arena_printf(n->a, "%.*s/%s", (int)len, path, word) : NULL;
		if (at && at[0] == '/' && (ret->through = look(n, at, &ret->st)) != THROUGH_MISSING) {
			ret->path = at;
			return;
		}
		path += len + (path[len] == ':');
	}
}

/* NVIDIA's runtime rewrites the bundle and calls the first of these that it finds. */
static void behind_nvidia(const struct node *n, const char *path, struct program *ret)
{
	struct conf c;
	struct stat st;

	conf_read(n, NVIDIA_CONFIG, CONF_TOML, &c);
	const struct doc *list = doc_find(c.root, "nvidia-container-runtime.runtimes");
	for (const struct doc *d = list && list->type == DOC_ARRAY ? list->first : NULL; d; d = d->next) {
		struct program p = { 0 };
		const char *word = d->type == DOC_STRING ? arena_copy(n->a, d->string) : NULL;
		if (!word)
			continue;
		if (word[0] == '/')
			p.through = look(n, word, &st);
		else
			search(n, word, path, &p);
		if (p.through == THROUGH_MISSING)
			continue;
		if (p.through == THROUGH_RUNVET) {
			ret->through = THROUGH_RUNVET;
			ret->behind = "nvidia-container-runtime";
		}
		return;
	}
}

void program_find(const struct node *n, const char *word, const char *path, struct program *ret)
{
	*ret = (struct program){ 0 };
	if (word[0] == '/') {
		ret->path = word;
		ret->through = look(n, word, &ret->st);
	} else if (!strchr(word, '/')) {
		search(n, word, path, ret);
	}
	const char *slash = ret->path ? strrchr(ret->path, '/') : NULL;
	if (ret->through == THROUGH_OTHER && slash && strncmp(slash + 1, "nvidia-container-runtime", 24) == 0)
		behind_nvidia(n, path, ret);
}
