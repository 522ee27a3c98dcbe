/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a record of an examined chain again, by the index that was made while it was read. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/chain_examine.h"
#include "validate/base/limits.h"

#define BLOCK_SIZE (8 * LIMIT_RECORD)

void examination_done(struct examination *e)
{
	for (size_t i = 0; i < e->file_count; i++)
		(void)fd_close(e->files[i].fd);
	e->file_count = e->step_count = 0;
}

const struct chain_known *examination_chain(const struct examination *e, struct bytes chain)
{
	for (size_t i = 0; i < e->chain_count; i++)
		if (bytes_is(chain, e->chains[i].chain))
			return &e->chains[i];
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	const struct chain_step *x = a, *y = b;
	if (x->chain != y->chain)
		return x->chain < y->chain ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* The last step that is not behind the record. NULL: there is none. */
static const struct chain_step *step_before(const struct examination *e, uint32_t chain, uint64_t seq)
{
	const struct chain_step key = { .seq = seq, .chain = chain };
	size_t low = 0, high = e->step_count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (by_number(&e->steps[middle], &key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && e->steps[low - 1].chain == chain ? &e->steps[low - 1] : NULL;
}

/* What was found of the block of lines that was read last. */
struct block {
	const struct chain_step *step;
	size_t count;
	struct {
		uint64_t seq;
		char hash[DIGEST_HEX];
	} lines[CHAIN_STEP_LINES];
};

/* The records from that step on, up to the next one. */
static int read_block(const struct examination *e, const struct chain_step *step, struct block *b, char *buffer)
{
	const struct chain_file *f = &e->files[step->file];
	size_t have = 0;
	*b = (struct block){ .step = step };
	for (off_t at = step->at; b->count < CHAIN_STEP_LINES;) {
		const ssize_t n = pread(f->fd, buffer + have, BLOCK_SIZE - have, at);
		const char *end;
		size_t used = 0;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		at += n;
		have += (size_t)n;
		while (b->count < CHAIN_STEP_LINES && (end = memchr(buffer + used, '\n', have - used))) {
			struct links l;
			char sum[DIGEST_HEX];
			const size_t len = (size_t)(end - buffer) - used;
			if (line_claims((struct bytes){ buffer + used, len }, &l, sum) &&
				bytes_is(l.chain, e->chains[step->chain].chain)) {
				b->lines[b->count].seq = l.seq;
				memcpy(b->lines[b->count].hash, l.hash.data, DIGEST_HEX - 1);
			}
			b->count++;
			used += len + 1;
		}
		memmove(buffer, buffer + used, have - used);
		have -= used;
		if (have == BLOCK_SIZE)
			have = 0; /* no line is that long; it was told of already */
	}
	return 0;
}

int examination_hash(struct examination *e, struct bytes chain, uint64_t seq, char ret[static DIGEST_HEX])
{
	const struct chain_known *k = examination_chain(e, chain);
	if (!k)
		return -ENOENT;
	if (!e->block) {
		qsort(e->steps, e->step_count, sizeof(*e->steps), by_number);
		e->block = arena_alloc(e->arena, sizeof(*e->block));
		e->buffer = arena_alloc(e->arena, BLOCK_SIZE);
		if (!e->block || !e->buffer)
			return -ENOMEM;
		e->block->step = NULL;
	}
	const struct chain_step *step = step_before(e, (uint32_t)(k - e->chains), seq);
	if (!step)
		return -ENOENT;
	const int r = step == e->block->step ? 0 : read_block(e, step, e->block, e->buffer);
	if (r < 0)
		return r;
	for (size_t i = 0; i < e->block->count; i++)
		if (e->block->lines[i].seq == seq) {
			memcpy(ret, e->block->lines[i].hash, DIGEST_HEX);
			return 0;
		}
	return -ENOENT;
}
