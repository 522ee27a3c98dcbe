/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker tells its runtime neither image nor labels. Both stand in its own file about the container, which is there
 * before the container is created. Reading it costs as much as reading config.json again, so nobody pays for it whose
 * policy does not ask.
 */
#include "validate/policy/docker.h"

#include <fcntl.h>

#include "validate/base/fd.h"
#include "validate/base/file.h"
#include "validate/base/limits.h"
#include "validate/policy/managed.h"
#include "validate/policy/owned.h"

const struct doc *docker_container(struct arena *a, const struct calling *c)
{
	const char *data = docker_root(a, c->config);
	const char *path = arena_printf(a, "%s/containers/%s", data ? data : "/var/lib/docker", c->id);
	const struct doc_options options = { .file = "config.v2.json", .cause = CAUSE_INTERNAL };
	const struct doc *root = NULL;
	struct fail ignored;
	struct file f;
	struct owned o;
	cleanup_close int dir = path ? owned_open(a, c->host, path, &o) : -1;
	const struct file_want want = {
		.dir = dir,
		.path = "config.v2.json",
		.limit = LIMIT_CONF_BYTES,
		.owner = OWNER_ROOT,
		.cause = CAUSE_INTERNAL,
		.rule = "",
	};

	if (dir < 0 || !o.place || file_read(a, &want, &f, &ignored) < 0)
		return NULL;
	(void)fd_close(f.fd);
	if (doc_parse(a, f.bytes, &options, &root, &ignored) < 0)
		return NULL;
	return bytes_is(doc_string(root, "ID", (struct bytes){ 0 }), c->id) ? root : NULL;
}
