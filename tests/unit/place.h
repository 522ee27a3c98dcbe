/* SPDX-License-Identifier: Apache-2.0 */
/* A config.json, a host, and what is answered about one place of it. */
#pragma once

#include "tests/tap.h"
#include "tests/unit/leave.h"
#include "validate/base/fd.h"
#include "validate/doc/make.h"
#include "validate/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct host host = { .root = -1 };
static char work[] = "/tmp/runvet-place.XXXXXX";

/* In the working directory, which is the tree: "name", "text"; the directories above it are made. */
__attribute__((unused)) static void put(const char *name, const char *text)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s", name);
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash = '/';
	}
	(void)unlink(path);
	const int fd = fd_open(AT_CWD, path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd < 0 || fd_write_all(fd, bytes_of(text), NULL) < 0)
		printf("Bail out! %s cannot be written\n", path);
	(void)fd_close(fd);
}

__attribute__((unused)) static void link_to(const char *target, const char *name)
{
	(void)unlink(name);
	if (symlink(target, name) < 0)
		printf("Bail out! %s cannot be made\n", name);
}

/* The member down that path, "mounts/1"; arrays by index. */
static const struct doc *at(const struct doc *d, const char *path)
{
	while (d && *path) {
		const size_t len = strcspn(path, "/");
		const struct doc *m = d->first;
		for (; m; m = m->next)
			if (d->type == DOC_ARRAY ? m->index == (uint32_t)strtoul(path, NULL, 10)
						 : bytes_equal(m->key, (struct bytes){ path, len }))
				break;
		d = m;
		path += path[len] ? len + 1 : len;
	}
	return d;
}

/* The answer to that question about that place, in JSON; "{}" when there is none. */
static const char *answer(const char *json, enum ask ask, const char *place)
{
	const struct doc_options options = { .file = "config.json" };
	const struct doc *config, *said, *d;
	struct fail failure;
	struct text t = text_growing(&arena);
	char pointer[512];
	if (doc_parse(&arena, bytes_of(json), &options, &config, &failure) < 0)
		return arena_printf(&arena, "%s", failure.says);
	struct asked one = { .asks = ASK(ask), .value = at(config, place) };
	struct asking asking = { .all = ASK(ask), .places = &one };
	const struct host_question q = { .config = config, .below = "", .asking = &asking };
	if (!one.value || host_look(&arena, &host, &q, &said, &failure) < 0)
		return "no answer at all";
	(void)snprintf(pointer, sizeof(pointer), "/%s", place);
	d = doc_get(doc_get(said, "places"), pointer);
	if (d)
		doc_write(d, false, &t);
	return t.data ? t.data : "";
}

#define has(got, part, ...) has_part((got), (part), true, __FILE__, __LINE__, __VA_ARGS__)
#define has_not(got, part, ...) has_part((got), (part), false, __FILE__, __LINE__, __VA_ARGS__)
#define has_part(got, part, wanted, file, line, ...) do { \
	const char *place_got = (got); \
	if (!tap_ok((strstr(place_got, (part)) != NULL) == (wanted), file, line, __VA_ARGS__)) \
		printf("#  got: %s\n# %s: %s\n", place_got, (wanted) ? "want in it" : "do not want", (part)); \
} while (0)

/* Begins in a new directory, which stands for the host. */
__attribute__((unused)) static void place_start(void)
{
	arena_init(&arena, (size_t)256 << 20);
	if (!mkdtemp(work) || chdir(work) < 0 || (host.root = fd_open(AT_CWD, ".", O_PATH | O_DIRECTORY, 0)) < 0)
		printf("Bail out! there is no directory to work in\n");
}

__attribute__((unused)) static void place_end(void)
{
	host.root = fd_close(host.root);
	arena_done(&arena);
	ok(chdir("/") == 0 && leave_nothing(work), "nothing is left behind");
}
