/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is new in the files of a chain: merged ones first, then those rotated out, the oldest first, then the one under
 * way.
 */
#include "ctl/audit/metrics.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/places.h"
#include "validate/base/digest.h"
#include "validate/base/fd.h"
#include "validate/base/limits.h"

#define LINE_MEMORY ((size_t)4 << 20)

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

/* merged-CHAIN before merged-CHAIN-17, then chain.8 ... chain.1, chain. */
static int in_order(const struct dirent **a, const struct dirent **b)
{
	const bool x = (*a)->d_name[0] == 'm', y = (*b)->d_name[0] == 'm';
	char one[256], two[256];

	if (x != y)
		return x ? -1 : 1;
	if (!x)
		return -versionsort(a, b);
	(void)snprintf(one, sizeof(one), "%.*s", (int)strlen((*a)->d_name) - 6, (*a)->d_name);
	(void)snprintf(two, sizeof(two), "%.*s", (int)strlen((*b)->d_name) - 6, (*b)->d_name);
	return strverscmp(one, two);
}

static struct metrics_chain *chain_of(struct metrics *m, struct bytes chain)
{
	for (size_t i = 0; i < m->chain_count; i++)
		if (bytes_is(chain, m->chains[i].chain))
			return &m->chains[i];
	/* Of so many chains the oldest is forgotten. */
	if (m->chain_count == METRICS_CHAINS)
		memmove(m->chains, m->chains + 1, --m->chain_count * sizeof(m->chains[0]));
	struct metrics_chain *c = &m->chains[m->chain_count++];
	*c = (struct metrics_chain){ 0 };
	(void)snprintf(c->chain, sizeof(c->chain), "%.*s", (int)(chain.len < CHAIN_ID ? chain.len : CHAIN_ID - 1),
		chain.data);
	return c;
}

/* Whether it is a record that was not counted yet. */
static bool link_up(struct metrics *m, const struct links *l)
{
	struct metrics_chain *c = chain_of(m, l->chain);

	if (l->seq <= c->seq) {
		m->broken = true;
		return false;
	}
	if (c->seq > 0 && l->seq > c->seq + 1) {
		m->failures[STAGE_MISSING] += l->seq - c->seq - 1;
		m->broken = true;
	} else if (c->seq > 0 && !bytes_is(l->prev, c->hash)) {
		m->broken = true;
	}
	c->seq = l->seq;
	(void)snprintf(c->hash, sizeof(c->hash), "%.*s", (int)(l->hash.len < DIGEST_HEX ? l->hash.len : DIGEST_HEX - 1),
		l->hash.data);
	return true;
}

static void on_line(struct metrics *m, const char *file, struct bytes line)
{
	const struct doc_options options = { .file = file, .cause = CAUSE_AUDIT };
	struct seen s = { .text = line, .place = file, .in = IN_CHAIN };
	struct links links;
	struct fail why = { 0 };
	struct arena a;

	arena_init(&a, LINE_MEMORY);
	s.sound = line_links(line, &links);
	if (doc_parse(&a, line, &options, &s.root, &why) < 0)
		s.root = NULL;
	s.seq = s.sound ? links.seq : 0;
	if (!s.sound || link_up(m, &links))
		metrics_take(m, &s);
	arena_done(&a);
}

/* How far the file whose first line has this digest was read; NULL: there are more files than are ever kept. */
static struct metrics_file *file_of(struct metrics *m, const char *first)
{
	for (size_t i = 0; i < m->file_count; i++)
		if (strcmp(m->files[i].first, first) == 0)
			return &m->files[i];
	if (m->file_count == METRICS_FILES)
		return NULL;
	struct metrics_file *f = &m->files[m->file_count++];
	*f = (struct metrics_file){ 0 };
	(void)snprintf(f->first, sizeof(f->first), "%s", first);
	return f;
}

static int read_from(struct metrics *m, const char *name, FILE *f, struct metrics_file *at)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	/* It can only grow; a shorter one was cut. */
	if (fseeko(f, 0, SEEK_END) < 0)
		return -errno;
	if ((uint64_t)ftello(f) < at->offset) {
		m->broken = true;
		at->offset = (uint64_t)ftello(f);
	}
	if (fseeko(f, (off_t)at->offset, SEEK_SET) < 0)
		return -errno;
	/* Without its newline the last line is half a one: somebody writes it. */
	while ((n = getline(&line, &size, f)) > 0 && line[n - 1] == '\n') {
		on_line(m, name, (struct bytes){ line, (size_t)n - 1 });
		at->offset += (uint64_t)n;
	}
	free(line);
	return ferror(f) ? -EIO : 0;
}

static int on_file(struct metrics *m, int dir, const char *name)
{
	char first[DIGEST_HEX], *line = NULL;
	size_t size = 0;
	const int fd = file_ours(dir, name, O_RDONLY, NULL);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "re");
	int r = 0;

	if (!f) {
		(void)fd_close(fd);
		return fd == -ENOENT ? 0 : fd < 0 ? fd : -errno;
	}
	const ssize_t n = getline(&line, &size, f);
	if (n > 0 && line[n - 1] == '\n') {
		digest_hex((struct bytes){ line, (size_t)n }, (struct bytes){ 0 }, first);
		struct metrics_file *at = file_of(m, first);
		if (at) {
			at->met = true;
			r = read_from(m, name, f, at);
		}
	}
	free(line);
	(void)fclose(f);
	return r;
}

int metrics_read(struct metrics *m, const char *directory, struct fail *reterr)
{
	struct dirent **names = NULL;
	cleanup_close int dir = dir_ours(AT_CWD, directory, false);
	int r = 0;

	if (dir == -ENOENT)
		return 0;
	const int n = dir < 0 ? dir : scandirat(dir, ".", &names, is_chain, in_order);
	if (n < 0) {
		r = dir < 0 ? dir : -errno;
		return fail(reterr, r, CAUSE_AUDIT, "", "%s cannot be read: %s", directory, errno_words(r));
	}
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = on_file(m, dir, names[i]->d_name);
		if (r < 0)
			(void)fail(reterr, r, CAUSE_AUDIT, "", "%s/%s cannot be read: %s", directory, names[i]->d_name,
				errno_words(r));
		free(names[i]);
	}
	free((void *)names);
	return r;
}
