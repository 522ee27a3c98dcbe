/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain as a reader sees it: files that somebody else may be writing, or may have changed. A line is a record when
 * its own hash fits it and it is what a writer of ours can have made: one JSON object in printable ASCII. Everything
 * else comes too, as something that is not sound.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "ctl/audit/source_chain.h"
#include "validate/base/limits.h"
#include "validate/base/when.h"

#define READ_SIZE (4 * LIMIT_RECORD)
#define LINE_MEMORY ((size_t)16 << 20) /* for one record as a tree */
#define SHOWN_OF_LONG ((size_t)4096)   /* of a line that is none: its beginning */

struct chain {
	struct source source;
	const struct query *query;
	struct arena names, arena; /* of the parts; of the record under view */
	struct parts parts;
	const char *path; /* of the part under way */
	char *buffer;
	size_t used, have;
	uint64_t offset; /* in the part, of what is behind the buffer */
	unsigned long number;
	bool passing; /* over the rest of a line that is too long */
	struct timespec last;
};

static void chain_done(struct source *s)
{
	struct chain *c = (struct chain *)s;

	parts_done(&c->parts);
	free(c->buffer);
	arena_done(&c->arena);
	arena_done(&c->names);
	free(c);
}

struct line {
	struct bytes text;
	bool whole; /* it ends, and within what is read at once */
};

/* A line out of what was read. false: more has to be read first. */
static bool take_line(struct chain *c, struct line *ret)
{
	while (c->used < c->have) {
		const char *start = c->buffer + c->used;
		const char *end = memchr(start, '\n', c->have - c->used);
		if (!end && c->have - c->used < READ_SIZE)
			return false;
		const bool passed = c->passing;
		const size_t len = end ? (size_t)(end - start) : READ_SIZE;
		c->used += len + (end ? 1 : 0);
		c->passing = !end;
		if (passed)
			continue; /* it was told of when it began */
		c->number++;
		*ret = (struct line){ { start, len }, end != NULL };
		return true;
	}
	return false;
}

/* Reads on; 0 at the end of the file, or a negative errno once it has complained. */
static ssize_t read_more(struct chain *c)
{
	memmove(c->buffer, c->buffer + c->used, c->have - c->used);
	c->have -= c->used;
	c->used = 0;
	const ssize_t n = read(c->parts.list[0].fd, c->buffer + c->have, READ_SIZE - c->have);
	if (n < 0) {
		const int r = -errno;
		(void)trouble("%s cannot be read: %s", c->path, errno_words(r));
		return r;
	}
	c->have += (size_t)n;
	c->offset += (uint64_t)n;
	c->source.bytes += (uint64_t)n;
	return n;
}

/* Where its reading begins was set when it was opened. */
static void begin_part(struct chain *c, unsigned long number)
{
	const off_t at = c->parts.count > 0 ? lseek(c->parts.list[0].fd, 0, SEEK_CUR) : 0;

	c->offset = at > 0 ? (uint64_t)at : 0;
	c->number = number;
}

/* 1, 0 when there is none (yet), or a negative errno. */
static int next_line(struct chain *c, struct line *ret)
{
	while (c->parts.count > 0) {
		c->path = c->parts.list[0].path;
		if (take_line(c, ret))
			return 1;
		const ssize_t n = read_more(c);
		if (n < 0)
			return (int)n;
		if (n > 0)
			continue;
		/* At the end of all, half a line is one that somebody is writing. */
		if (c->parts.count == 1)
			return 0;
		const size_t half = c->passing ? 0 : c->have;
		c->have = 0;
		c->passing = false;
		if (half > 0) {
			c->number++;
			*ret = (struct line){ { c->buffer, half }, false };
			return 1;
		}
		parts_drop(&c->parts, 1);
		begin_part(c, 0);
	}
	return 0;
}

/* The time that a line says, before it is known to be sound: to pass over what nobody asked for. */
static bool time_of(struct bytes line, struct timespec *ret)
{
	static const char member[] = ",\"time\":\"";
	const char *at = memmem(line.data, line.len, member, sizeof(member) - 1);

	if (!at)
		return false;
	at += sizeof(member) - 1;
	const char *end = memchr(at, '"', line.len - (size_t)(at - line.data));
	return end && when_read((struct bytes){ at, (size_t)(end - at) }, ret) == 0;
}

static bool printable(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < 0x20 || b.data[i] > 0x7e)
			return false;
	return true;
}

static void judge(struct chain *c, const struct line *line)
{
	const struct doc_options options = { .file = c->path, .cause = CAUSE_AUDIT };
	struct seen *s = &c->source.seen;
	struct links links;
	struct fail why = { 0 };

	seen_recycle(&c->arena);
	*s = (struct seen){ .text = line->text,
		.place = c->path,
		.number = c->number,
		.in = IN_CHAIN,
		.when = c->last };
	if (!line->whole || line->text.len > LIMIT_RECORD) {
		s->text.len = line->text.len < SHOWN_OF_LONG ? line->text.len : SHOWN_OF_LONG;
		return;
	}
	if (doc_parse(&c->arena, line->text, &options, &s->root, &why) < 0 || s->root->type != DOC_OBJECT)
		s->root = NULL;
	s->sound = s->root && printable(line->text) && line_links(line->text, &links) &&
		when_read(seen_string(s, "time"), &s->when) == 0;
	if (!s->sound)
		return;
	s->chain = links.chain;
	s->hash = links.hash;
	s->seq = links.seq;
	c->last = s->when;
}

static int chain_next(struct source *s)
{
	struct chain *c = (struct chain *)s;
	const struct query *q = c->query;
	struct line line;
	int r;

	while ((r = next_line(c, &line)) > 0) {
		struct timespec t;
		if (q->part && !memmem(line.text.data, line.text.len, q->part, strlen(q->part)))
			continue;
		if (time_of(line.text, &t) && !query_within(q, t))
			continue;
		judge(c, &line);
		s->inode = c->parts.list[0].inode;
		s->offset = c->offset - (c->have - c->used);
		if (s->seen.sound || c->last.tv_sec == 0 || query_within(q, c->last))
			return 1;
	}
	return r;
}

struct source *chain_source(const struct query *q, struct parts *p, struct arena *names, unsigned long before)
{
	struct chain *c = calloc(1, sizeof(*c));

	if (!c) {
		parts_done(p);
		arena_done(names);
		return NULL;
	}
	c->source.next = chain_next;
	c->source.done = chain_done;
	c->source.total = p->total;
	c->query = q;
	c->names = *names;
	c->parts = *p;
	c->parts.names = &c->names;
	arena_init(&c->arena, LINE_MEMORY);
	c->buffer = malloc(READ_SIZE);
	begin_part(c, before);
	if (c->buffer)
		return &c->source;
	chain_done(&c->source);
	return NULL;
}
