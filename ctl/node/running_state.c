/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where runtimes write of a container: runc and youki keep ID/state.json, crun ID/status, runsc ID.state or
 * ID_sandbox:SANDBOX.state. What stands there validate/host/state.c tells. A state is whoever's who owns it: all is
 * read as if it were hostile.
 */
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
#include "validate/base/listing.h"
#include "validate/doc/doc.h"
#include "validate/host/read.h"
#include "validate/host/state.h"

#define NAMES_MOST 8192u

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *names_in(struct arena *a, int top, const char *path)
{
	cleanup_close int fd = read_open(top, path, O_RDONLY | O_DIRECTORY);
	uint64_t room[LISTING_MANY];
	struct listing l = { .fd = fd, .room = room, .size = sizeof(room) };
	const char **names = NULL;
	size_t count = 0, most = 0;

	if (fd < 0)
		return NULL;
	for (const char *name = listing_next(&l); name && count < NAMES_MOST; name = listing_next(&l)) {
		if (count + 1 >= most) {
			const char **more = arena_array(a, most ? most * 2 : 32, sizeof(*more));
			if (!more)
				break;
			if (count)
				memcpy(more, names, count * sizeof(*more));
			names = more;
			most = most ? most * 2 : 32;
		}
		names[count] = arena_copy(a, bytes_of(name));
		if (names[count])
			count++;
	}
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	return names;
}

static void tell(struct arena *a, const struct doc *root, struct running *ret)
{
	struct state said;

	if (!state_tell(a, root, &said)) {
		ret->trouble = "its state is of no runtime that is known";
		return;
	}
	ret->runtime = said.runtime;
	ret->bundle = said.bundle;
	if (said.id && strcmp(said.runtime, "runsc") == 0)
		ret->id = said.id;
	ret->pid = said.pid;
	ret->started = said.started;
	ret->created = said.created;
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
