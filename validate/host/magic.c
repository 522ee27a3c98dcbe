/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel prints such a link as a path from our root, if there is one. It is that path for us only if the process
 * that has the file open sees the mounts that we see.
 */
#include "validate/host/magic.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "validate/host/read.h"

#define NAMESPACE_NAME 64

/* The last component, taken off the path. */
static struct bytes name_last(struct bytes *path)
{
	size_t n = path->len;
	while (n > 0 && path->data[n - 1] != '/')
		n--;
	const struct bytes name = { path->data + n, path->len - n };
	path->len = n > 0 ? n - 1 : 0;
	return name;
}

static bool is_process(struct bytes directory)
{
	uint64_t pid;
	return read_number(name_last(&directory), &pid);
}

/* Whether the process of that directory sees the mounts that we see. */
static bool sees_ours(int root, struct bytes directory)
{
	char path[PATH_MAX], its[NAMESPACE_NAME], ours[NAMESPACE_NAME];
	if (directory.len < 2 ||
		snprintf(path, sizeof(path), "%.*s/ns/mnt", (int)directory.len - 1, directory.data + 1) >=
			(int)sizeof(path))
		return false;
	/* The text of the link, and neither what it leads to nor a path that others had a hand in. */
	const ssize_t n = readlinkat(root, path, its, sizeof(its));
	return n > 0 && n == readlinkat(root, "proc/self/ns/mnt", ours, sizeof(ours)) &&
		memcmp(its, ours, (size_t)n) == 0;
}

enum magic magic_of(int root, struct bytes link, struct bytes target)
{
	static const char gone[] = " (deleted)";
	struct bytes directory = link;
	const struct bytes name = name_last(&directory);
	struct bytes above = directory;
	const struct bytes kind = name_last(&above);
	const bool in_list = bytes_is(kind, "fd") || bytes_is(kind, "map_files");

	if (bytes_is(kind, "ns") && is_process(above))
		return MAGIC_NAMESPACE;
	if (!in_list &&
		!((bytes_is(name, "exe") || bytes_is(name, "cwd") || bytes_is(name, "root")) && is_process(directory)))
		return MAGIC_NONE;
	if (target.data[0] != '/' ||
		(target.len > sizeof(gone) &&
			memcmp(target.data + target.len - sizeof(gone) + 1, gone, sizeof(gone) - 1) == 0))
		return MAGIC_UNKNOWN;
	return sees_ours(root, in_list ? above : directory) ? MAGIC_PATH : MAGIC_UNKNOWN;
}
