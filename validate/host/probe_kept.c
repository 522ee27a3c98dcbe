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

struct kept_line {
	struct bytes what, of, words;
};

/* Takes the lines apart, once; without memory for them nothing was kept. */
static void take_apart(struct probe *p, struct bytes text)
{
	struct bytes line;
	size_t most = 0;
	for (struct bytes rest = text; read_line(&rest, &line);)
		most++;
	p->lines = arena_array(p->arena, most, sizeof(*p->lines));
	while (p->lines && p->line_count < most && read_line(&text, &line)) {
		struct kept_line *to = &p->lines[p->line_count];
		if (read_word(&line, &to->what) && read_word(&line, &to->of)) {
			to->words = line;
			p->line_count++;
		}
	}
}

/* Quotas and filters are of a user namespace: what is kept of another one is not ours. */
static void recall_all(struct probe *p)
{
	struct bytes text, line, word;
	uint64_t inode;
	if (p->kept_read)
		return;
	p->kept_read = true;
	if (!p->host->live)
		return;
	text = kept_read(p->arena, p->host, kept_once(p->host, &p->kept), NAME, FORMAT);
	(void)probe_user_namespace(p);
	if (read_line(&text, &line) && read_word(&line, &word) && bytes_is(word, "in") && read_word(&line, &word) &&
		read_number(word, &inode) && inode == p->user_inode) {
		take_apart(p, text);
	}
}

bool probe_recall(struct probe *p, const char *what, const char *of, struct bytes *ret)
{
	const struct bytes kind = bytes_of(what), name = bytes_of(of);
	if (!p->host->cache)
		return false;
	recall_all(p);
	for (size_t i = p->line_count; i-- > 0;)
		if (bytes_equal(p->lines[i].of, name) && bytes_equal(p->lines[i].what, kind)) {
			*ret = p->lines[i].words;
			return true;
		}
	return false;
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

/* What was kept already, but for what is said anew of all mounts. */
static void keep_before(const struct probe *p, struct text *to)
{
	for (size_t i = 0; i < p->line_count; i++) {
		const struct kept_line *l = &p->lines[i];
		if (p->mounts_learned && (bytes_is(l->what, "mounts") || bytes_is(l->what, "cgroup")))
			continue;
		text_printf(to, "%.*s %.*s%.*s\n", (int)l->what.len, l->what.data, (int)l->of.len, l->of.data,
			(int)l->words.len, l->words.data);
	}
}

void probe_keep(struct probe *p)
{
	if (!p->learned.len)
		return;
	const int directory = kept_once(p->host, &p->kept);
	struct text all = text_growing(p->arena);
	text_printf(&all, "in %llu\n", (unsigned long long)p->user_inode);
	recall_all(p);
	keep_before(p, &all);
	text_bytes(&all, (struct bytes){ p->learned.data, p->learned.len });
	text_char(&all, '\n');
	if (directory >= 0 && p->user_inode && !all.cut)
		kept_write(p->arena, p->host, directory, NAME, FORMAT, (struct bytes){ all.data, all.len });
}
