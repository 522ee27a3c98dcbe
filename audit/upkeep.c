/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the trail says of itself. A chain proves what stands in it, and nothing about its own end: who can write to it
 * can cut it off, or write it anew from the first line. So every now and then it is told to journald how far it had
 * come, and a journal that is sent on to another machine takes that proof along.
 */
#include "audit/upkeep.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/chain_file.h"
#include "audit/journal.h"
#include "audit/parts.h"
#include "audit/places.h"
#include "validate/base/limits.h"

#define MARK_SIZE (CHAIN_ID + 20 + 1) /* "CHAIN SEQ\n", the number as wide as it gets */

int record_fill_checkpoint(struct record *r, struct bytes chain, uint64_t seq, struct bytes hash)
{
	const char *message = arena_printf(r->arena, "the chain %.*s stands at record %" PRIu64, (int)chain.len,
		chain.data, seq);
	const struct pair pairs[] = {
		{ FIELD_MESSAGE, message },
		{ FIELD_MESSAGE_ID, ID_CHECKPOINT },
		{ FIELD_EVENT, "audit.checkpoint" },
		{ FIELD_SEVERITY, "info" },
	};
	int e = message ? record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0])) : -ENOMEM;
	e = e < 0 ? e : record_number(r, FIELD_PRIORITY, 6);
	e = e < 0 ? e : record_add(r, FIELD_CHAIN, chain);
	e = e < 0 ? e : record_number(r, FIELD_CHECK_SEQ, seq);
	return e < 0 ? e : record_add(r, FIELD_CHECK_HASH, hash);
}

int record_fill_merged(struct record *r, const struct merged *merged)
{
	const char *message = arena_printf(r->arena,
		"the chain could not take %" PRIu64 " records since %s; they are beside it, in %s", merged->count,
		merged->since, merged->name);
	const struct pair pairs[] = {
		{ FIELD_MESSAGE, message },
		{ FIELD_MESSAGE_ID, ID_AUDIT_GAP },
		{ FIELD_EVENT, "audit.spilled" },
		{ FIELD_SEVERITY, "critical" },
		{ FIELD_GAP_SINCE, merged->since },
		{ FIELD_GAP_CHAIN, merged->chain },
		{ FIELD_CHECK_HASH, merged->hash },
	};
	int e = message ? record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0])) : -ENOMEM;
	e = e < 0 ? e : record_number(r, FIELD_PRIORITY, 2);
	e = e < 0 ? e : record_number(r, FIELD_GAP_COUNT, merged->count);
	return e < 0 ? e : record_number(r, FIELD_CHECK_SEQ, merged->seq);
}

/* Whether the mark is of this chain and not so many records old. */
static bool marked(int fd, struct bytes chain, uint64_t seq)
{
	char text[MARK_SIZE + 1];
	const ssize_t n = pread(fd, text, MARK_SIZE, 0);
	if (n != MARK_SIZE || memcmp(text, chain.data, chain.len) != 0)
		return false;
	text[MARK_SIZE] = '\0';
	const uint64_t last = strtoull(text + CHAIN_ID, NULL, 10);
	return seq < last + LIMIT_CHECKPOINT;
}

static int tell(const struct record *of, const struct places *p, uint64_t seq, struct bytes chain, struct bytes hash)
{
	struct record r;
	const char *socket;
	int e = record_init(&r, of->arena, NULL);
	e = e < 0 ? e : record_fill_checkpoint(&r, chain, seq, hash);
	return e < 0 ? e : journal_send(&r, p, deadline_in(0), &socket, NULL);
}

/* Where the chain stands after a record that it has. */
struct stand {
	struct bytes chain, hash;
	uint64_t seq;
};

static bool stand_of(const struct record *r, struct stand *ret)
{
	const struct entry *chain = record_find(r, FIELD_CHAIN), *number = record_find(r, FIELD_SEQ),
			   *hash = record_find(r, FIELD_HASH);
	if (!chain || !number || !hash || chain->value.len != CHAIN_ID - 1)
		return false;
	*ret = (struct stand){ chain->value, hash->value, strtoull(number->value.data, NULL, 10) };
	return true;
}

bool checkpoint_due(const struct record *r, const struct places *p)
{
	struct stand now;
	if (!stand_of(r, &now))
		return false;
	if (r->opens)
		return true;
	const int dir = dir_kept(p->run_dir, NULL, false);
	cleanup_close int fd = dir < 0 ? dir : file_ours(dir, "checkpoint", O_RDONLY, NULL);
	if (fd >= 0)
		return !marked(fd, now.chain, now.seq);
	/* Where no mark can be, it would be told each time. */
	return fd == -ENOENT || now.seq % LIMIT_CHECKPOINT == 0;
}

void checkpoint_tell(const struct record *r, const struct places *p)
{
	struct stand now;
	char text[MARK_SIZE + 1];
	if (!stand_of(r, &now))
		return;
	const int dir = dir_kept(p->run_dir, NULL, true);
	cleanup_close int fd = dir < 0 ? -1 : file_ours(dir, "checkpoint", O_RDWR | O_CREAT, NULL);
	if (fd < 0 && !r->opens && now.seq % LIMIT_CHECKPOINT != 0)
		return;
	if (tell(r, p, now.seq, now.chain, now.hash) < 0)
		return;
	(void)snprintf(text, sizeof(text), "%.32s %020" PRIu64, now.chain.data, now.seq);
	text[MARK_SIZE - 1] = '\n';
	if (fd >= 0 && pwrite(fd, text, MARK_SIZE, 0) != MARK_SIZE)
		(void)unlinkat(dir, "checkpoint", 0);
}
