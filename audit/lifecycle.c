/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain's lock is held for some microseconds by whoever appends, and many containers end at once when a node is
 * drained. So it is tried some times, with a turn for whoever may hold it in between, and never waited for: with the
 * lock held for good all tries together take a tenth of a millisecond. What no try got, journald has.
 */
#include "audit/lifecycle.h"

#include <errno.h>
#include <sched.h>

#include "audit/chain.h"
#include "audit/identity.h"
#include "audit/journal.h"
#include "audit/parts.h"
#include "audit/policy_seen.h"
#include "audit/quiet.h"
#include "validate/base/limits.h"
#include "validate/base/text.h"

#define TRIES 8u

static void write_message(struct text *to, const struct step *s)
{
	text_printf(to, "%s of ", s->verb);
	write_container(to, s->id);
	identity_write(s->note ? s->note->identity : NULL, to);
	if (s->signal)
		text_printf(to, " with %s", s->signal);
}

int record_fill_step(struct record *r, const struct step *s)
{
	struct text message = text_growing(r->arena);
	struct caller c;
	const char *event = arena_printf(r->arena, "container.%s", s->verb);
	write_message(&message, s);
	const struct pair pairs[] = {
		{ FIELD_MESSAGE, message.data },
		{ FIELD_MESSAGE_ID, ID_LIFECYCLE },
		{ FIELD_EVENT, event },
		{ FIELD_SEVERITY, "info" },
		{ FIELD_ACTION, s->verb },
		{ FIELD_CONTAINER_ID, s->id },
		{ FIELD_RUNTIME, s->delegate },
		{ FIELD_ROOT, s->root },
		{ FIELD_SIGNAL, s->signal },
		{ FIELD_CREATE_RECORD, s->note && s->note->record[0] ? s->note->record : NULL },
	};
	int e = event && !message.cut ? record_pairs(r, pairs, sizeof(pairs) / sizeof(pairs[0])) : -ENOMEM;

	caller_read(r->arena, &c);
	r->action = s->verb;
	e = e < 0 ? e : record_number(r, FIELD_PRIORITY, 6);
	e = e < 0 ? e : record_identity(r, s->note ? s->note->identity : NULL);
	e = e < 0 ? e : record_caller(r, &c);
	return e < 0 ? e : record_machine(r);
}

/* To the chain, or the one in memory. The limit is beyond that of rotation, which is for those who may take time. */
static int chain_now(struct record *r, const struct places *p)
{
	const size_t count = r->count;
	int e = chain_append(r, p->log_dir, LIMIT_CHAIN_BYTES + LIMIT_CHAIN_SLACK, deadline_in(0), NULL);

	if (e == 0 || e == -ETIMEDOUT || e == -EFBIG)
		return e;
	e = record_add(r, FIELD_COMMIT, BYTES("spilled"));
	e = e < 0 ? e : chain_append(r, p->run_dir, LIMIT_SPILL_BYTES, deadline_in(0), NULL);
	if (e < 0)
		r->count = count;
	return e;
}

void record_tell(struct record *r, const struct places *p, const struct policy_seen *seen)
{
	struct quiet quiet;
	const char *socket;

	quiet_begin(&quiet);
	int e = seen->chain ? chain_now(r, p) : 0;
	if (seen->journal)
		(void)journal_send(r, p, deadline_in(0), &socket, NULL);
	for (unsigned i = 0; i < TRIES && e == -ETIMEDOUT; i++) {
		(void)sched_yield();
		e = chain_now(r, p);
	}
	quiet_end(&quiet);
}

void lifecycle_tell(struct arena *a, const struct places *p, const struct step *s)
{
	struct policy_seen seen;
	struct record r;
	struct fail ignored;

	if (!s->id || !p->run_dir)
		return;
	(void)policy_seen_read(p, &seen);
	if (seen.lifecycle && record_init(&r, a, &ignored) == 0 && record_fill_step(&r, s) == 0)
		record_tell(&r, p, &seen);
}
