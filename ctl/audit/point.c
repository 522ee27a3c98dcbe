/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/point.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "validate/base/file.h"
#include "validate/base/limits.h"

#define POINT_MEMORY ((size_t)4 << 20)

void point_init(struct point *p)
{
	*p = (struct point){ 0 };
	arena_init(&p->arena, POINT_MEMORY);
}

void point_done(struct point *p)
{
	arena_done(&p->arena);
}

static struct point_chain *find(struct point *p, struct bytes chain)
{
	for (size_t i = 0; i < p->count; i++)
		if (bytes_is(chain, p->chains[i].chain))
			return &p->chains[i];
	return NULL;
}

/* --- the file ---------------------------------------------------------------------------------------------------- */

static uint64_t number(const struct doc *d, const char *name)
{
	const struct doc *n = doc_get(d, name);
	return n && n->type == DOC_INT && !n->integer.negative ? n->integer.magnitude : 0;
}

static bool take_chain(struct point *p, const struct doc *d)
{
	const struct bytes chain = doc_string(d, "chain", (struct bytes){ 0 }),
			   hash = doc_string(d, "hash", (struct bytes){ 0 });
	struct point_chain *c = &p->chains[p->count];

	if (p->count == POINT_CHAINS || chain.len != sizeof(c->chain) - 1 || hash.len != sizeof(c->hash) - 1 ||
		number(d, "seq") == 0 || find(p, chain))
		return false;
	*c = (struct point_chain){
		.seq = number(d, "seq"),
		.inode = number(d, "inode"),
		.begin = 1,
		.offset = number(d, "offset"),
		.past = number(d, "past"),
		.line = number(d, "line"),
	};
	memcpy(c->chain, chain.data, chain.len);
	memcpy(c->hash, hash.data, hash.len);
	p->count++;
	return true;
}

int point_read(struct point *p, const char *path)
{
	const struct file_want want = { .dir = AT_CWD, .path = path, .limit = LIMIT_CONF_BYTES, .owner = OWNER_ANY };
	const struct doc_options options = { .file = path };
	struct file f = { .fd = -1 };
	struct fail why = { 0 };
	const struct doc *root = NULL;

	int r = file_read(&p->arena, &want, &f, &why);
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = doc_parse(&p->arena, f.bytes, &options, &root, &why);
	(void)fd_close(f.fd);
	if (r < 0) {
		(void)trouble("%s cannot be read: %s", path, why.says[0] ? why.says : errno_words(r));
		return r;
	}
	const struct doc *chains = doc_get(root, "chains");
	bool good = number(root, "version") == 1 && chains && chains->type == DOC_ARRAY;
	for (const struct doc *d = good ? chains->first : NULL; d; d = d->next)
		good = good && take_chain(p, d);
	const struct bytes cursor = doc_string(root, "journal", (struct bytes){ 0 });
	p->cursor = cursor.len > 0 ? arena_copy(&p->arena, cursor) : NULL;
	if (good)
		return 0;
	(void)trouble("%s is no checkpoint of an export", path);
	return -EBADMSG;
}

static void write_text(const struct point *p, struct text *to)
{
	bool any = false;

	text_add(to, "{\"version\":1,\"chains\":[");
	for (size_t i = 0; i < p->count; i++) {
		const struct point_chain *c = &p->chains[i];
		/* Chains that were merged go one day; what was read of them need not be known any more. */
		if (!c->used || !c->chain[0])
			continue;
		text_printf(to,
			"%s\n{\"chain\":\"%s\",\"seq\":%" PRIu64 ",\"hash\":\"%s\",\"inode\":%" PRIu64
			",\"offset\":%" PRIu64 ",\"past\":%" PRIu64 ",\"line\":%" PRIu64 "}",
			any ? "," : "", c->chain, c->seq, c->hash, c->inode, c->offset, c->past, c->line);
		any = true;
	}
	text_add(to, "]");
	if (p->cursor) {
		text_add(to, ",\n\"journal\":");
		text_json(to, bytes_of(p->cursor));
	}
	text_add(to, "}\n");
}

int point_write(const struct point *p, const char *path)
{
	struct arena a;
	struct text to;

	arena_init(&a, POINT_MEMORY);
	to = text_growing(&a);
	write_text(p, &to);
	const char *temporary = arena_printf(&a, "%s.%d", path, (int)getpid());
	int r = to.cut || !temporary ? -ENOMEM : 0;
	if (r == 0)
		(void)unlink(temporary);
	cleanup_close int fd = r < 0 ? r : fd_open(AT_CWD, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		r = fd;
	if (r == 0)
		r = fd_write_all(fd, (struct bytes){ to.data, to.len }, NULL);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0) {
		(void)trouble("%s cannot be written: %s", path, errno_words(r));
		if (temporary)
			(void)unlink(temporary);
	}
	arena_done(&a);
	return r;
}

/* --- where the hint leads ---------------------------------------------------------------------------------------- */

/* Whether the line that ends there is the record that was exported last. */
static bool ends_there(const struct point_chain *c, int fd)
{
	char *text = malloc(LIMIT_RECORD + 2);
	struct links links;
	bool same = false;

	const size_t want = c->offset < LIMIT_RECORD + 2 ? (size_t)c->offset : LIMIT_RECORD + 2;
	if (text && want > 1 && pread(fd, text, want, (off_t)(c->offset - want)) == (ssize_t)want &&
		text[want - 1] == '\n') {
		const char *before = memrchr(text, '\n', want - 1), *start = before ? before + 1 : text;
		const struct bytes line = { start, (size_t)(text + want - 1 - start) };
		same = line_links(line, &links) && links.seq == c->seq && bytes_is(links.hash, c->hash) &&
			bytes_is(links.chain, c->chain);
	}
	free(text);
	return same;
}

/* Whether what stands before the hint is what it was. Lines that never were records have no word on that. */
static bool holds(const struct point_chain *c, const struct part *part)
{
	if (c->past == 0 || c->past < c->offset || c->inode != part->inode)
		return false;
	return c->seq == 0 || (c->offset > 0 && ends_there(c, part->fd));
}

unsigned long point_skip(struct point *p, struct parts *parts)
{
	for (size_t i = parts->count; i-- > 0;)
		for (size_t k = 0; k < p->count; k++) {
			struct point_chain *c = &p->chains[k];
			const struct part *part = &parts->list[i];
			if (!holds(c, part) || lseek(part->fd, (off_t)c->past, SEEK_SET) < 0)
				continue;
			parts_drop(parts, i);
			c->first = c->last = c->seq;
			c->used = true;
			return (unsigned long)c->line;
		}
	return 0;
}

/* --- records ----------------------------------------------------------------------------------------------------- */

bool point_wants(struct point *p, const struct source *s)
{
	const struct seen *r = &s->seen;
	struct point_chain *c = r->sound ? find(p, r->chain) : NULL;

	if (!c)
		return true;
	/* The chain was read up to there before its entry in the journal came. */
	if (r->in == IN_JOURNAL)
		return r->seq == 0 || r->seq > c->seq || r->seq < c->begin;
	c->used = true;
	c->first = c->first == 0 || r->seq < c->first ? r->seq : c->first;
	c->last = r->seq > c->last ? r->seq : c->last;
	if (r->seq == c->seq && !bytes_is(r->hash, c->hash))
		c->changed = true;
	return r->seq > c->seq;
}

static struct point_chain *add(struct point *p, struct bytes chain, uint64_t seq)
{
	struct point_chain *c = p->count < POINT_CHAINS ? &p->chains[p->count++] : NULL;

	if (!c)
		return NULL;
	*c = (struct point_chain){ .first = seq, .begin = seq };
	if (chain.len == sizeof(c->chain) - 1)
		memcpy(c->chain, chain.data, chain.len);
	return c;
}

/* A line that is no record: the place behind it is all that is known. */
static void pass_line(struct point *p, const struct source *s)
{
	struct point_chain *c = NULL;

	for (size_t i = 0; i < p->count; i++)
		if (p->chains[i].inode == s->inode)
			c = &p->chains[i];
	if (!c)
		c = add(p, (struct bytes){ 0 }, 0);
	if (!c || s->offset < c->past)
		return;
	c->inode = s->inode;
	c->past = s->offset;
	c->line = s->seen.number;
}

int point_pass(struct point *p, const struct source *s)
{
	const struct seen *r = &s->seen;

	if (r->in == IN_JOURNAL) {
		seen_recycle(&p->arena);
		p->cursor = arena_copy(&p->arena, bytes_of(r->cursor));
		return p->cursor ? 0 : -ENOMEM;
	}
	if (!r->sound) {
		pass_line(p, s);
		return 0;
	}
	struct point_chain *c = find(p, r->chain);
	if (!c)
		c = add(p, r->chain, r->seq);
	if (!c || r->seq < c->seq)
		return 0;
	c->seq = c->last = r->seq;
	memcpy(c->hash, r->hash.data, sizeof(c->hash) - 1);
	c->inode = s->inode;
	c->offset = c->past = s->offset;
	c->line = r->number;
	c->used = true;
	return 0;
}

bool point_missing(const struct point *p)
{
	bool any = false;

	for (size_t i = 0; i < p->count; i++) {
		const struct point_chain *c = &p->chains[i];
		if (!c->used)
			continue;
		any |= c->changed || c->last < c->seq || c->first > c->seq + 1;
		if (c->changed)
			(void)trouble("chain %s: record %" PRIu64 " is another one than was exported: the chain was "
				      "written anew",
				c->chain, c->seq);
		else if (c->last < c->seq)
			(void)trouble("chain %s ends at record %" PRIu64 ", but %" PRIu64
				      " was exported already: its end "
				      "was cut off",
				c->chain, c->last, c->seq);
		else if (c->first > c->seq + 1)
			(void)trouble("chain %s: the records %" PRIu64 " to %" PRIu64 " were gone before they were "
				      "exported",
				c->chain, c->seq + 1, c->first - 1);
	}
	return any;
}
