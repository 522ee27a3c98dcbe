/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/trail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/sink.h"
#include "ctl/ctl.h"
#include "validate/base/fd.h"

#define ID_SIZE ((size_t)36)
#define ID_LEAST ((size_t)8)
#define LINE_MEMORY ((size_t)16 << 20) /* for one record as a tree */

struct walk {
	struct arena *arena;
	const char *part, *path; /* of the file under way */
	int (*visit)(const struct trail_line *line, void *data);
	void *data;
	size_t files;
};

static int on_line(struct walk *w, struct bytes line, unsigned long number)
{
	const struct doc_options options = { .file = w->path, .cause = CAUSE_AUDIT };
	struct trail_line found = { .file = w->path, .number = number, .text = line };
	struct links links;
	struct fail why = { 0 };
	struct arena a;

	if (!memmem(line.data, line.len, w->part, strlen(w->part)))
		return 0;
	arena_init(&a, LINE_MEMORY);
	int r = -EBADMSG;
	if (line_links(line, &links) && doc_parse(&a, line, &options, &found.root, &why) == 0)
		r = w->visit(&found, w->data);
	else
		(void)trouble("%s:%lu: it is no record, or it was changed after it was written", w->path, number);
	arena_done(&a);
	return r;
}

static int read_lines(struct walk *w, FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	unsigned long number = 0;
	ssize_t n;
	int r = 0;

	/* Without its newline the last line is half a one: somebody writes it, or was stopped while he did. */
	while (r == 0 && (n = getline(&line, &size, f)) > 0 && line[n - 1] == '\n')
		r = on_line(w, (struct bytes){ line, (size_t)n - 1 }, ++number);
	if (r == 0 && ferror(f)) {
		(void)trouble("%s cannot be read", w->path);
		r = -EIO;
	}
	free(line);
	return r;
}

static int on_file(struct walk *w, int dir, const char *name)
{
	const int fd = fd_open(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "re");
	int r = fd;

	if (fd == -ENOENT)
		return 0; /* rotated away meanwhile */
	if (!f) {
		(void)trouble("%s cannot be read: %s", w->path, errno_words(fd < 0 ? fd : -errno));
		(void)fd_close(fd);
		return r < 0 ? r : -EIO;
	}
	w->files++;
	r = read_lines(w, f);
	(void)fclose(f);
	return r;
}

static int is_chain(const struct dirent *e)
{
	const char *n = e->d_name, *digits = n + strlen("chain.");
	const size_t len = strlen(n);

	if (strcmp(n, "chain") == 0)
		return 1;
	if (strncmp(n, "chain.", 6) == 0)
		return *digits && strspn(digits, "0123456789") == strlen(digits);
	return strncmp(n, "merged-", 7) == 0 && len > 13 && strcmp(n + len - 6, ".jsonl") == 0;
}

static int on_directory(struct walk *w, const char *path)
{
	struct dirent **names = NULL;
	cleanup_close int dir = fd_open(AT_CWD, path, O_RDONLY | O_DIRECTORY, 0);
	const int n = dir < 0 ? dir : scandirat(dir, ".", &names, is_chain, versionsort);
	int r = 0;

	if (dir == -ENOENT)
		return 0;
	if (n < 0) {
		r = dir < 0 ? dir : -errno;
		(void)trouble("%s cannot be read: %s", path, errno_words(r));
		return r;
	}
	for (int i = 0; i < n; i++) {
		w->path = arena_printf(w->arena, "%s/%s", path, names[i]->d_name);
		if (r == 0)
			r = w->path ? on_file(w, dir, names[i]->d_name) : -ENOMEM;
		free(names[i]);
	}
	free(names);
	return r;
}

int trail_each(struct arena *a, const char *part, int (*visit)(const struct trail_line *line, void *data), void *data)
{
	struct walk w = { .arena = a, .part = part, .visit = visit, .data = data };
	struct places places;

	if (places_default(a, NULL, &places) < 0)
		return trouble("no memory"), -ENOMEM;
	int r = on_directory(&w, places.log_dir);
	if (r == 0 && strcmp(places.log_dir, places.run_dir) != 0)
		r = on_directory(&w, places.run_dir);
	if (r == 0 && w.files == 0) {
		(void)trouble("there is no chain of records below %s or %s", places.log_dir, places.run_dir);
		r = -ENODATA;
	}
	return r;
}

struct search {
	struct arena *arena;
	const char *id;
	struct trail_line found;
	bool several;
};

/* The line outlives the walk. */
static int keep(struct search *s, const struct trail_line *line)
{
	const struct doc_options options = { .file = "record", .cause = CAUSE_AUDIT };
	struct fail why = { 0 };

	s->found = *line;
	s->found.file = arena_copy(s->arena, bytes_of(line->file));
	s->found.text.data = arena_copy(s->arena, line->text);
	if (s->found.file && s->found.text.data)
		return doc_parse(s->arena, s->found.text, &options, &s->found.root, &why);
	return -ENOMEM;
}

static int match(const struct trail_line *line, void *data)
{
	struct search *s = data;
	const struct bytes id = doc_string(line->root, "id", (struct bytes){ 0 });

	if (!bytes_start(id, s->id))
		return 0;
	/* A chain that was spilled may still be there while it is merged. */
	if (s->found.root && !bytes_equal(id, doc_string(s->found.root, "id", (struct bytes){ 0 })))
		s->several = true;
	return keep(s, line);
}

int trail_find(struct arena *a, const char *id, struct trail_line *ret)
{
	struct search s = { .arena = a, .id = id };
	const char *part = arena_printf(a, "\"id\":\"%s", id);

	const int r = part ? trail_each(a, part, match, &s) : -ENOMEM;
	if (r < 0)
		return r;
	if (!s.found.root) {
		(void)trouble("no record has an id that begins with %s", id);
		return -ENOENT;
	}
	if (s.several) {
		(void)trouble("several records have an id that begins with %s: give more of it", id);
		return -ENOTUNIQ;
	}
	*ret = s.found;
	return 0;
}

bool trail_is_id(const char *word)
{
	const size_t len = strlen(word);
	if (len < ID_LEAST || len > ID_SIZE)
		return false;
	for (size_t i = 0; i < len; i++) {
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? word[i] != '-' : !memchr("0123456789abcdef", word[i], 16))
			return false;
	}
	return true;
}
