/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runtimes write of a container. runc and youki keep ID/state.json, crun ID/status, runsc ID.state or
 * ID_sandbox:SANDBOX.state; runc names its bundle among the labels of its own configuration. A state is whoever's who
 * owns it: all is read as if it were hostile, and nothing is believed but what stands there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/note.h"
#include "ctl/node/running_parts.h"
#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"
#include "validate/doc/doc.h"
#include "validate/host/read.h"

#define NAMES_MOST 8192u

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *names_in(struct arena *a, int top, const char *path)
{
	const int fd = read_open(top, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const char **names = NULL;
	size_t count = 0, room = 0;

	if (!dir) {
		(void)fd_close(fd);
		return NULL;
	}
	for (struct dirent *e = readdir(dir); e && count < NAMES_MOST; e = readdir(dir)) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (count + 1 >= room) {
			const char **more = arena_array(a, room ? room * 2 : 32, sizeof(*more));
			if (!more)
				break;
			if (count)
				memcpy(more, names, count * sizeof(*more));
			names = more;
			room = room ? room * 2 : 32;
		}
		names[count] = arena_copy(a, bytes_of(e->d_name));
		if (names[count])
			count++;
	}
	(void)closedir(dir);
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	return names;
}

static const char *string_at(struct arena *a, const struct doc *d, const char *path)
{
	const struct bytes b = doc_string(d, path, (struct bytes){ 0 });
	return b.len ? arena_copy(a, b) : NULL;
}

static uint64_t number_at(const struct doc *d, const char *path)
{
	const struct doc *n = doc_find(d, path);
	return n && doc_within(n, 0, INT64_MAX) ? n->integer.magnitude : 0;
}

/* runc's own configuration has its bundle as a label, "bundle=/path", behind whatever annotations there are. */
static const char *label_bundle(struct arena *a, const struct doc *root)
{
	const struct doc *labels = doc_find(root, "config.labels");
	const char *ret = NULL;

	for (const struct doc *l = labels && labels->type == DOC_ARRAY ? labels->first : NULL; l; l = l->next)
		if (l->type == DOC_STRING && bytes_start(l->string, "bundle=/"))
			ret = arena_copy(a, (struct bytes){ l->string.data + 7, l->string.len - 7 });
	return ret;
}

/* Where each runtime says what. A document is a runtime's if what has to be there is there. */
static const struct dialect_state {
	const char *runtime;
	const char *has; /* a member that no other has */
	const char *bundle, *pid, *started, *created;
} states[] = {
	{ "runc", "init_process_pid", NULL, "init_process_pid", "init_process_start", "created" },
	{ "crun", "cgroup-path", "bundle", "pid", "process-start-time", "created" },
	{ "crun", "rootfs", "bundle", "pid", "process-start-time", "created" },
	{ "runsc", "bundleDir", "bundleDir", "sandbox.pid", NULL, "createdAt" },
	{ "youki", "ociVersion", "bundle", "pid", NULL, "created" },
};

static void tell(struct arena *a, const struct doc *root, struct running *ret)
{
	const struct dialect_state *s = states;
	const struct dialect_state *end = states + sizeof(states) / sizeof(states[0]);

	while (s < end && !doc_get(root, s->has))
		s++;
	if (s == end) {
		ret->trouble = "its state is of no runtime that is known";
		return;
	}
	ret->runtime = s->runtime;
	ret->bundle = s->bundle ? string_at(a, root, s->bundle) : label_bundle(a, root);
	const char *id = string_at(a, root, "id");
	if (id && strcmp(s->runtime, "runsc") == 0)
		ret->id = id;
	const uint64_t pid = number_at(root, s->pid);
	ret->pid = pid <= INT32_MAX ? (pid_t)pid : 0;
	ret->started = s->started ? number_at(root, s->started) : 0;
	(void)when_read(doc_string(root, s->created, (struct bytes){ 0 }), &ret->created);
	if (!ret->bundle || ret->bundle[0] != '/')
		ret->bundle = NULL;
}

static void parse(struct arena *a, struct bytes text, struct running *ret)
{
	const struct doc_options options = { .file = "state", .cause = CAUSE_BUNDLE };
	const struct doc *root;
	struct fail why = { 0 };

	if (doc_parse(a, text, &options, &root, &why) < 0)
		ret->trouble = arena_printf(a, "its state cannot be read: %s", why.says);
	else
		tell(a, root, ret);
}

/* "ID_sandbox:SANDBOX.state" and "ID.state", as runsc has them. */
static const char *runsc_id(struct arena *a, const char *name)
{
	const size_t n = strlen(name);
	if (n < 7 || strcmp(name + n - 6, ".state") != 0)
		return NULL;
	const char *sandbox = strstr(name, "_sandbox:");
	return arena_copy(a, (struct bytes){ name, sandbox ? (size_t)(sandbox - name) : n - 6 });
}

/* A state that is there, whatever can be made of it. */
static void take(struct arena *a, int fd, struct running *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)fd_close(fd);
		ret->trouble = "its state is no regular file";
		return;
	}
	ret->owner = st.st_uid;
	const struct bytes text = read_closing(a, fd, LIMIT_DOC_BYTES);
	if (text.data)
		parse(a, text, ret);
	else
		ret->trouble = "its state cannot be read";
}

bool running_read(struct arena *a, int top, const char *root, const char *name, struct running *ret)
{
	const char *direct = runsc_id(a, name);
	const char *const paths[] = {
		arena_printf(a, "%s/%s/state.json", root, name),
		arena_printf(a, "%s/%s/status", root, name),
		direct ? arena_printf(a, "%s/%s", root, name) : NULL,
	};

	*ret = (struct running){ .id = direct ? direct : name, .runtime = "", .root = arena_printf(a, "/%s", root) };
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const int fd = paths[i] ? read_open(top, paths[i], O_RDONLY | O_NOFOLLOW) : -ENOENT;
		if (fd >= 0) {
			take(a, fd, ret);
		} else if (fd != -ENOENT && fd != -ENOTDIR) {
			ret->trouble = arena_printf(a, "its state cannot be read: %s", errno_words(fd));
		} else {
			continue;
		}
		/* runc and crun hold a container that was created at this fifo until it is started. */
		const char *fifo = arena_printf(a, "%s/%s/exec.fifo", root, name);
		const int waiting = fifo && !direct ? read_open(top, fifo, O_PATH | O_NOFOLLOW) : -ENOENT;
		ret->state = waiting >= 0 ? RUNNING_CREATED : RUNNING_UNKNOWN;
		(void)fd_close(waiting);
		return true;
	}
	return false;
}

/* A zombie has ended as well: its parent did not look yet. */
static bool process_lives(pid_t pid, uint64_t started)
{
	char path[32], text[512];
	const uint64_t since = process_started(pid);

	if (since == 0 || (started && since != started))
		return false;
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	cleanup_close int fd = fd_open(AT_CWD, path, O_RDONLY, 0);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *at = strrchr(text, ')');
	return at && at[1] == ' ' && at[2] != 'Z' && at[2] != 'X';
}

void running_ask(struct running *r, bool live)
{
	if (!live || r->pid == 0)
		return;
	if (!process_lives(r->pid, r->started))
		r->state = RUNNING_STOPPED;
	else if (r->state != RUNNING_CREATED)
		r->state = RUNNING_YES;
}
