/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of the looks, and the one process that they are about. Its directory of /proc is opened once: whatever is
 * read below it is of that process, or of none when it has gone; its number alone may be another's by then. So the
 * system calls that take a number are made first, and believed only when the process is still there afterwards.
 */
#include "validate/host/boundary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "validate/base/fd.h"
#include "validate/host/boundary_parts.h"
#include "validate/host/read.h"
#include "validate/host/state.h"
#include "validate/rule/around.h"

static const char *const line_names[LINES] = {
	[LINE_STATE] = "State",
	[LINE_UMASK] = "Umask",
	[LINE_UID] = "Uid",
	[LINE_GID] = "Gid",
	[LINE_GROUPS] = "Groups",
	[LINE_CAP_INHERITABLE] = "CapInh",
	[LINE_CAP_PERMITTED] = "CapPrm",
	[LINE_CAP_EFFECTIVE] = "CapEff",
	[LINE_CAP_BOUNDING] = "CapBnd",
	[LINE_CAP_AMBIENT] = "CapAmb",
	[LINE_NO_NEW_PRIVILEGES] = "NoNewPrivs",
	[LINE_SECCOMP] = "Seccomp",
	[LINE_CPUS] = "Cpus_allowed_list",
	[LINE_MEMS] = "Mems_allowed_list",
};

bool boundary_wants(const struct boundary *b, const char *path)
{
	return !b->of->config || !around_unset(doc_find(b->of->config, path));
}

struct bytes boundary_read(const struct boundary *b, const char *name)
{
	return read_closing(b->arena, fd_open(b->process, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0), BOUNDARY_FILE);
}

bool boundary_integer(struct bytes text, int64_t *ret)
{
	const bool negative = text.len > 1 && text.data[0] == '-';
	uint64_t n;
	if (!read_number((struct bytes){ text.data + negative, text.len - negative }, &n) || n > INT64_MAX)
		return false;
	*ret = negative ? -(int64_t)n : (int64_t)n;
	return true;
}

/* Takes the status apart. Its name comes first and may hold anything but a newline, which the kernel escapes. */
static void take_lines(struct boundary *b, struct bytes text)
{
	struct bytes line;
	while (read_line(&text, &line)) {
		const char *colon = line.len ? memchr(line.data, ':', line.len) : NULL;
		const size_t n = colon ? (size_t)(colon - line.data) : 0;
		for (size_t i = 0; colon && i < LINES; i++)
			if (!b->lines[i].data && bytes_is((struct bytes){ line.data, n }, line_names[i]))
				b->lines[i] = read_trimmed((struct bytes){ colon + 1, line.len - n - 1 });
	}
}

/* Whether its status can be read, and it has not ended. */
static bool lives(struct boundary *b)
{
	take_lines(b, boundary_read(b, "status"));
	const struct bytes state = b->lines[LINE_STATE];
	return state.len > 0 && state.data[0] != 'Z' && state.data[0] != 'X' && state.data[0] != 'x';
}

/* Whether it began when the caller says. */
static bool is_meant(struct boundary *b)
{
	uint64_t started;
	return !b->of->started || (state_started(boundary_read(b, "stat"), &started) && started == b->of->started);
}

static int open_process(const struct boundary_of *of)
{
	char path[32];
	if (of->pid <= 0)
		return -ESRCH;
	(void)snprintf(path, sizeof(path), "proc/%d", (int)of->pid);
	return read_open(of->top, path, O_PATH | O_DIRECTORY);
}

static void look(struct boundary *b)
{
	struct doc *first = make_document(b->arena); /* by number, so that it is not believed yet */
	struct doc *to = b->to;
	b->to = first;
	boundary_schedule(b);
	b->to = to;
	if (!is_meant(b) || !lives(b))
		return;
	boundary_user_read(b);
	boundary_process(b);
	struct doc *process = make_member(b->arena, b->to, "process");
	for (const struct doc *m = first ? first->first : NULL; m; m = m->next) {
		const char *key = arena_copy(b->arena, m->key);
		if (key)
			make_copy(b->arena, process, key, m);
	}
	boundary_namespaces(b);
	boundary_mounts_read(b);
	boundary_mounts(b);
	boundary_paths(b);
	boundary_devices(b);
	boundary_cgroup(b);
	boundary_inner(b);
}

int boundary_look(struct arena *a, const struct boundary_of *of, const struct doc **ret, struct fail *reterr)
{
	struct boundary b = {
		.arena = a,
		.of = of,
		.to = make_document(a),
		.process = open_process(of),
		.root = -1,
		.entered_fd = -1,
	};
	make_int(a, b.to, "pid", of->pid);
	make_bool(a, b.to, "created", of->created);
	if (b.process >= 0)
		look(&b);
	(void)fd_close(b.process);
	(void)fd_close(b.root);
	(void)fd_close(b.entered_fd);
	if (!make_whole(b.to))
		return fail(reterr, -ENOMEM, CAUSE_INTERNAL, "", "no memory for what the container got");
	*ret = b.to;
	return 0;
}
