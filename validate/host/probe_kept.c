/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stays as it is until the next boot, so that it is found out once: which filters the kernel knows, which files
 * the cgroups of a controller have, which file systems there are, and that a quota of namespaces was not zero. Lines of
 * words, the first two of which name what it is: "files v2.memory memory.max …". Nothing is kept that could refuse
 * tomorrow what runs by then: no zero, and no file system that is not there yet. The last line of a kind holds.
 */
#include <unistd.h>

#include "validate/base/fd.h"
#include "validate/host/kept.h"
#include "validate/host/probe.h"
#include "validate/host/read.h"

#define NAME "facts"
#define FORMAT "runvet-facts 1"

/* Quotas and filters are of a user namespace: what is kept of another one is not ours. */
static struct bytes lines_of(struct probe *p)
{
	struct bytes text, line, word;
	uint64_t inode;
	if (p->kept_read)
		return p->kept;
	p->kept_read = true;
	const int directory = p->host->live ? kept_directory(p->host) : -1;
	text = kept_read(p->arena, p->host, directory, NAME, FORMAT);
	(void)fd_close(directory);
	(void)probe_user_namespace(p);
	if (read_line(&text, &line) && read_word(&line, &word) && bytes_is(word, "in") && read_word(&line, &word) &&
		read_number(word, &inode) && inode == p->user_inode)
		p->kept = text;
	return p->kept;
}

bool probe_recall(struct probe *p, const char *what, const char *of, struct bytes *ret)
{
	struct bytes text = p->host->cache ? lines_of(p) : (struct bytes){ 0 }, line, word;
	bool found = false;
	while (read_line(&text, &line))
		if (read_word(&line, &word) && bytes_is(word, what) && read_word(&line, &word) && bytes_is(word, of)) {
			*ret = line;
			found = true;
		}
	return found;
}

struct text *probe_learn(struct probe *p, const char *what, const char *of)
{
	if (!p->host->live || !p->host->cache)
		return NULL;
	if (!p->learned.arena)
		p->learned = text_growing(p->arena);
	text_printf(&p->learned, "%s%s %s", p->learned.len ? "\n" : "", what, of);
	return &p->learned;
}

void probe_keep(struct probe *p)
{
	if (!p->learned.len)
		return;
	cleanup_close int directory = kept_directory(p->host);
	const struct bytes before = lines_of(p);
	struct text all = text_growing(p->arena);
	text_printf(&all, "in %llu\n", (unsigned long long)p->user_inode);
	text_bytes(&all, before);
	text_bytes(&all, (struct bytes){ p->learned.data, p->learned.len });
	text_char(&all, '\n');
	if (directory >= 0 && p->user_inode && !all.cut)
		kept_write(p->arena, p->host, directory, NAME, FORMAT, (struct bytes){ all.data, all.len });
}
