/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the container's cgroup is. The paths of /proc/PID/cgroup count from the cgroup namespace of who reads them, as
 * do its mounts: where a path leads out of that it is not looked for. The mounts are where every system has them;
 * reading all of our own mountinfo to find others takes longer than all the rest on a busy node.
 */
#include "validate/host/boundary_cgroup.h"

#include <errno.h>
#include <fcntl.h>

#include "validate/base/fd.h"
#include "validate/host/read.h"
#include "validate/rule/around.h"

#define CGROUP "sys/fs/cgroup"
#define RULES_MOST 1024u

/* The path in "4:memory:/path", of "0::/path" for v2; the controllers of that line in *ret_names. Empty: none. */
static struct bytes path_of(struct bytes text, const char *controller, struct bytes *ret_names)
{
	struct bytes line;
	while (read_line(&text, &line)) {
		const char *a = memchr(line.data, ':', line.len);
		const char *b = a ? memchr(a + 1, ':', line.len - (size_t)(a + 1 - line.data)) : NULL;
		if (!b)
			continue;
		*ret_names = (struct bytes){ a + 1, (size_t)(b - a - 1) };
		if (controller ? mount_option(*ret_names, controller, NULL) : ret_names->len == 0)
			return (struct bytes){ b + 1, line.len - (size_t)(b + 1 - line.data) };
	}
	return (struct bytes){ 0 };
}

/* Whether it stays below where it starts. */
static bool stays(struct bytes path)
{
	size_t at = 0;
	struct bytes part;
	while (path_part(path, &at, &part))
		if (bytes_is(part, ".."))
			return false;
	return path.len > 0 && path.data[0] == '/';
}

/* That cgroup below a hierarchy's mount ("" is the top of all); -1 when it is not there. */
static int open_cgroup(struct boundary_cgroup *c, struct bytes mount, struct bytes path)
{
	if (!stays(path) || c->top < 0)
		return -1;
	const char *whole = arena_printf(c->b->arena, "%.*s%s%.*s", (int)mount.len, mount.len ? mount.data : "",
		mount.len ? "" : ".", (int)path.len, path.data);
	const int fd = whole ? read_open(c->top, whole, O_PATH | O_DIRECTORY) : -ENOMEM;
	return fd < 0 ? -1 : fd;
}

static bool there(int directory, const char *name)
{
	const int fd = directory < 0 ? -1 : fd_open(directory, name, O_PATH | O_NOFOLLOW, 0);
	(void)fd_close(fd);
	return fd >= 0;
}

/* The directory of a controller of v1, opened once; -1 when it is on v2, or nowhere. */
static int v1_directory(struct boundary_cgroup *c, const char *controller)
{
	struct bytes names;
	for (size_t i = 0; i < c->v1_count; i++)
		if (strcmp(c->v1[i].controller, controller) == 0)
			return c->v1[i].directory;
	if (c->unified || c->v1_count == CGROUP_HIERARCHIES)
		return -1;
	const struct bytes path = path_of(c->text, controller, &names);
	int fd = path.len ? open_cgroup(c, names, path) : -1;
	if (fd < 0 && path.len)
		fd = open_cgroup(c, bytes_of(controller), path);
	c->v1[c->v1_count].controller = controller;
	c->v1[c->v1_count++].directory = fd;
	return fd;
}

struct bytes cgroup_file(struct boundary_cgroup *c, const char *controller, const char *v1, const char *v2,
	bool *ret_v2)
{
	const int old = controller ? v1_directory(c, controller) : -1;
	*ret_v2 = old < 0;
	const int directory = old >= 0 ? old : c->v2;
	const char *name = old >= 0 ? v1 : v2;
	if (directory < 0 || !name)
		return (struct bytes){ 0 };
	return read_closing(c->b->arena, fd_open(directory, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0),
		BOUNDARY_FILE);
}

/* What v1 lets it use: "c 1:3 rwm". */
static void add_devices(struct boundary_cgroup *c, struct doc *to)
{
	bool v2;
	struct bytes text = cgroup_file(c, "devices", "devices.list", NULL, &v2), line;
	struct doc *list = text.data ? make_array(c->b->arena, to, "devices") : NULL;
	while (list && list->count < RULES_MOST && read_line(&text, &line))
		if (line.len)
			make_string(c->b->arena, list, NULL, line);
}

/* One of those that every delegate makes in each hierarchy. */
static struct bytes any_path(const struct boundary_cgroup *c)
{
	static const char *const controllers[] = { "memory", "devices", "pids", "name=systemd", "cpu", "freezer" };
	struct bytes names, path = path_of(c->text, NULL, &names);
	if (c->unified)
		return path;
	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
		const struct bytes one = strcmp(controllers[i], "name=systemd") == 0
			? (struct bytes){ 0 }
			: path_of(c->text, controllers[i], &names);
		if (one.len)
			return one;
	}
	return path;
}

void boundary_cgroup(struct boundary *b)
{
	struct boundary_cgroup c = { .b = b, .text = boundary_read(b, "cgroup"), .v2 = -1, .top = -1 };
	struct bytes names;
	if (!c.text.data)
		return;
	struct doc *to = make_object(b->arena, b->to, "cgroup");
	c.top = read_open(b->of->top, CGROUP, O_PATH | O_DIRECTORY);
	c.unified = there(c.top, "cgroup.controllers");
	const bool hybrid = !c.unified && there(c.top, "unified/cgroup.procs");
	const struct bytes v2 = path_of(c.text, NULL, &names), path = any_path(&c);
	if (v2.len && (c.unified || hybrid))
		c.v2 = open_cgroup(&c, hybrid ? BYTES("unified") : (struct bytes){ 0 }, v2);
	if (path.len)
		make_string(b->arena, to, "path", path);
	if (c.top >= 0)
		make_string(b->arena, to, "mode", c.unified ? BYTES("v2") : hybrid ? BYTES("hybrid") : BYTES("v1"));
	const struct doc *resources = doc_find(b->of->config, "linux.resources");
	if (resources) {
		struct doc *limits = make_object(b->arena, to, "limits");
		cgroup_limits(&c, limits);
		cgroup_block_io(&c, limits);
		cgroup_named(&c, limits);
	}
	if (!b->of->config || doc_get(resources, "devices"))
		add_devices(&c, to);
	for (size_t i = 0; i < c.v1_count; i++)
		(void)fd_close(c.v1[i].directory);
	(void)fd_close(c.v2);
	(void)fd_close(c.top);
}
