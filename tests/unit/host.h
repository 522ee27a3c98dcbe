/* SPDX-License-Identifier: Apache-2.0 */
/* Small trees that stand for hosts: unpacked from tests/host/NAME.tree below /tmp, and looked at. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "validate/base/limits.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

#define TREE_PATH 512

/* The path of something in the tree; the directories above it are made. */
__attribute__((unused)) static const char *tree_path(const char *top, const char *inside)
{
	static char path[TREE_PATH + 8192];
	snprintf(path, sizeof(path), "%s%s", top, inside);
	for (char *p = path + strlen(top) + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		(void)mkdir(path, 0755);
		*p = '/';
	}
	return path;
}

/* A file with that text in place of what is there. */
__attribute__((unused)) static void tree_put(const char *top, const char *inside, const char *text)
{
	const char *path = tree_path(top, inside);
	(void)unlink(path);
	FILE *f = fopen(path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		printf("Bail out! %s cannot be written\n", path);
}

static int tree_remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	(void)remove(path);
	return 0;
}

__attribute__((unused)) static void tree_remove(const char *top, const char *inside)
{
	char path[TREE_PATH * 2];
	snprintf(path, sizeof(path), "%s%s", top, inside);
	(void)nftw(path, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* "/path" and its lines behind tabs; "/path -> target"; "#" and what follows is passed over. */
__attribute__((unused)) static void tree_unpack(const char *top, const char *file)
{
	static char line[8192];
	FILE *from = fopen(file, "re"), *to = NULL;
	if (!from) {
		printf("Bail out! %s cannot be read\n", file);
		exit(1);
	}
	while (fgets(line, sizeof(line), from)) {
		if (line[0] == '\t' && to) {
			fputs(line + 1, to);
			continue;
		}
		if (to)
			fclose(to);
		to = NULL;
		line[strcspn(line, "\n")] = '\0';
		char *arrow = strstr(line, " -> ");
		if (line[0] != '/')
			continue;
		if (arrow)
			*arrow = '\0';
		const char *path = tree_path(top, line);
		(void)unlink(path);
		if (arrow && symlink(arrow + 4, path) < 0)
			printf("Bail out! %s cannot be linked\n", path);
		if (!arrow)
			to = fopen(path, "we");
	}
	if (to)
		fclose(to);
	fclose(from);
}

/* A new directory with what all hosts have and what this one has; NULL: nothing. `top` takes its path. */
__attribute__((unused)) static int tree_open(char top[static TREE_PATH], const char *name)
{
	char file[TREE_PATH];
	snprintf(top, TREE_PATH, "/tmp/runvet-host-XXXXXX");
	if (!mkdtemp(top)) {
		printf("Bail out! no directory below /tmp\n");
		exit(1);
	}
	if (name) {
		tree_unpack(top, "tests/host/common.tree");
		snprintf(file, sizeof(file), "tests/host/%s.tree", name);
		tree_unpack(top, file);
	}
	return open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* All that a tree says of a host; NULL when that failed. */
__attribute__((unused)) static const struct doc *tree_look(struct arena *a, int root)
{
	const struct host h = { .root = root };
	const struct doc *found = NULL;
	struct fail broken;
	return host_all(a, &h, &found, &broken) == 0 ? found : NULL;
}
